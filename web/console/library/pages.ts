/** Pages of the libraries. */
import type { Page } from '../../parts/page.ts';

export const pages: readonly Page[] = [
  {
    path: '/library',
    load: () => import('./library-list.tsx'),
    menu: { title: { zh: '库', en: 'Libraries' }, order: 40, action: 'library.list' },
  },
  { path: '/library/$id', load: () => import('./library-page.tsx') },
  { path: '/library/$id/$entity', load: () => import('./record-page.tsx') },
];
