/** What people may do with libraries. Values are masked for everybody in the console: whoever needs them as they are asks for a grant. */
import type { ActionTable } from '#kernel/policy/policy';

export const libraryActions = {
  'library.list': {
    title: { zh: '查看库', en: 'See the libraries' },
    by: { operator: 'any', 'provider-steward': 'any', 'consumer-steward': 'any', developer: 'any' },
  },
  'library.read': {
    title: { zh: '查看库的记录（脱敏）', en: 'See records of a library (masked)' },
    by: { operator: 'any', 'provider-steward': 'own' },
  },
  'library.build': { title: { zh: '重建库', en: 'Build a library again' }, by: { operator: 'any' } },
} as const satisfies ActionTable;
