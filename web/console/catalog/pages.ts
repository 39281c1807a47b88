/** Pages of the catalog. */
import type { Page } from '../../parts/page.ts';

export const pages: readonly Page[] = [
  {
    path: '/catalog',
    load: () => import('./entry-list.tsx'),
    menu: { title: { zh: '目录', en: 'Catalog' }, order: 10, action: 'entry.draft' },
  },
  { path: '/catalog/$id', load: () => import('./entry-page.tsx') },
];
