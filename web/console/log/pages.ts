/** Pages of the access log. */
import type { Page } from '../../parts/page.ts';

export const pages: readonly Page[] = [
  { path: '/log', load: () => import('./log-list.tsx'), menu: { title: { zh: '审计', en: 'Audit' }, order: 90, action: 'log.read' } },
  { path: '/log/$id', load: () => import('./log-record.tsx') },
];
