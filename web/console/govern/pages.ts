/** Pages of governing. */
import type { Page } from '../../parts/page.ts';

export const pages: readonly Page[] = [
  {
    path: '/govern',
    load: () => import('./table-list.tsx'),
    menu: { title: { zh: '治理', en: 'Governance' }, order: 30, action: 'table.list' },
  },
  { path: '/govern/$id', load: () => import('./table-page.tsx') },
];
