/** The menu: the stages along the river, as far as whoever is signed in may enter them. Plain links, so that every key does what it does elsewhere. */
import { Link } from '@tanstack/react-router';
import type { Page } from '../parts/page.ts';
import { useSay } from '../parts/words.ts';

/** The links; the one of the open page, or of the list it belongs to, is marked. */
export function River({ pages, path }: { pages: readonly Page[]; path: string }) {
  const say = useSay();
  return (
    <nav className="river" aria-label={say({ zh: '主导航', en: 'Main navigation' })}>
      <ul>
        {pages.map((p) => (
          <li key={p.path}>
            <Link to={p.path as never} {...((path === p.path || path.startsWith(`${p.path}/`)) && { 'aria-current': 'page' })}>
              {say(p.menu?.title ?? { zh: p.path })}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
