/** What people may do with governed tables. Values are shown to the department's own steward, masked to the operator, to nobody else. */
import type { ActionTable } from '#kernel/policy/policy';

export const governActions = {
  'table.list': {
    title: { zh: '查看治理表与质量', en: 'See governed tables and their quality' },
    by: { operator: 'any', 'provider-steward': 'own' },
  },
  'table.read': {
    title: { zh: '查看治理表的数据行', en: 'Read rows of governed tables' },
    by: { operator: 'any', 'provider-steward': 'own' },
  },
  'binding.edit': { title: { zh: '编辑绑定', en: 'Edit bindings' }, by: { operator: 'any', 'provider-steward': 'own' } },
  'table.rebuild': { title: { zh: '重建治理表', en: 'Rebuild a governed table' }, by: { operator: 'any', 'provider-steward': 'own' } },
} as const satisfies ActionTable;
