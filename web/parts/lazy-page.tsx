/** A page whose code is fetched when it is opened: until then the page before it stays, with everything that was typed. */
import { use } from 'react';
import { fetchedCode } from './fetched-code.ts';
import type { Page } from './page.ts';

/** What the router takes for a page: `preload` is waited for before the page is changed. */
export function lazyPage(load: Page['load']): (() => React.JSX.Element) & { preload(): Promise<void> } {
  let coming: ReturnType<Page['load']> | undefined;
  let failed = false;
  const fetching = (): ReturnType<Page['load']> => {
    if (coming && !failed) return coming;
    failed = false;
    coming = fetchedCode(load);
    coming.catch(() => {
      failed = true;
    });
    return coming;
  };
  function LazyPage() {
    // Not fetched again while it is drawn: what failed is shown until somebody asks for the page once more.
    const { default: Shown } = use(coming ?? fetching());
    return <Shown />;
  }
  return Object.assign(LazyPage, { preload: async () => void (await fetching()) });
}
