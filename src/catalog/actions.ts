/** What people may do with entries and mounts. What is published everybody signed in may see. */
import type { ActionTable } from '#kernel/policy/policy';

export const catalogActions = {
  'entry.draft': {
    title: { zh: '查看未发布的目录', en: 'See entries before they are published' },
    by: { operator: 'any', 'provider-steward': 'own', 'consumer-steward': 'own', developer: 'own' },
  },
  'entry.edit': { title: { zh: '编制目录', en: 'Edit entries' }, by: { 'provider-steward': 'own' } },
  'entry.step': { title: { zh: '办理目录', en: 'Take a step on an entry' }, by: { operator: 'any', 'provider-steward': 'own' } },
  'mount.edit': { title: { zh: '挂接目录', en: 'Mount entries' }, by: { operator: 'any', 'provider-steward': 'own' } },
} as const satisfies ActionTable;
