/** The page one begins with. */
import type { Page } from '../../parts/page.ts';

export const pages: readonly Page[] = [
  { path: '/desk', load: () => import('./desk.tsx'), menu: { title: { zh: '工作台', en: 'My work' }, order: 1, action: null } },
  { path: '/calendar', load: () => import('./calendar.tsx') },
];
