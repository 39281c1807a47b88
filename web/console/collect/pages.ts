/** Pages of collecting. */
import type { Page } from '../../parts/page.ts';

export const pages: readonly Page[] = [
  {
    path: '/collect',
    load: () => import('./source-list.tsx'),
    menu: { title: { zh: '归集', en: 'Collection' }, order: 20, action: 'source.list' },
  },
  {
    path: '/upload',
    load: () => import('./upload/upload-list.tsx'),
    menu: { title: { zh: '上传', en: 'Upload' }, order: 21, action: 'upload.list' },
  },
  { path: '/upload/table', load: () => import('./upload/table-page.tsx') },
  { path: '/upload/$id', load: () => import('./upload/upload-page.tsx') },
  { path: '/collect/$id', load: () => import('./source-page.tsx') },
  { path: '/collect/$id/batches/$seq', load: () => import('./batch-page.tsx') },
];
