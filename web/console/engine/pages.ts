/** Pages of operations: health, runs, accounts. */
import type { Page } from '../../parts/page.ts';

export const pages: readonly Page[] = [
  { path: '/engine', load: () => import('./engine.tsx'), menu: { title: { zh: '运维', en: 'Operations' }, order: 95, action: 'run.list' } },
  { path: '/engine/runs/$id', load: () => import('./run-page.tsx') },
  {
    path: '/accounts',
    load: () => import('./accounts.tsx'),
    menu: { title: { zh: '账号', en: 'Accounts' }, order: 96, action: 'account.list' },
  },
];
