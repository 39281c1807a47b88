/** Pages of sharing: services with their try-it, requests, grants, usage. */
import type { Page } from '../../parts/page.ts';

export const pages: readonly Page[] = [
  {
    path: '/services',
    load: () => import('./service-list.tsx'),
    menu: { title: { zh: '服务', en: 'Services' }, order: 50, action: 'share.service.read' },
  },
  { path: '/services/$id', load: () => import('./service-page.tsx') },
  {
    path: '/requests',
    load: () => import('./request-list.tsx'),
    menu: { title: { zh: '共享', en: 'Sharing' }, order: 55, action: 'share.request.read' },
  },
  { path: '/requests/$id', load: () => import('./request-page.tsx') },
  {
    path: '/grants',
    load: () => import('./grant-list.tsx'),
    menu: { title: { zh: '授权', en: 'Grants' }, order: 60, action: 'share.grant.read' },
  },
  { path: '/grants/$id', load: () => import('./grant-page.tsx') },
  {
    path: '/usage',
    load: () => import('./usage-list.tsx'),
    menu: { title: { zh: '用量', en: 'Usage' }, order: 65, action: 'share.usage.read' },
  },
];
