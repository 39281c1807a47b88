/** Pages of collecting. */
import type { Page } from '../../parts/page.ts';

export const pages: readonly Page[] = [
  {
    path: '/collect',
    load: () => import('./source-list.tsx'),
    menu: { title: { zh: '归集', en: 'Collection' }, order: 20, action: 'source.list' },
  },
  { path: '/collect/$id', load: () => import('./source-page.tsx') },
  { path: '/collect/$id/batches/$seq', load: () => import('./batch-page.tsx') },
];
