/** What people may do with the kernel's own things: accounts, models, runs, the log. */
import type { ActionTable } from './policy/policy.ts';

export const kernelActions = {
  'department.create': { title: { zh: '建立部门', en: 'Create a department' }, by: { 'system-administrator': 'any' } },
  'account.list': {
    title: { zh: '查看账号', en: 'List accounts' },
    by: { 'system-administrator': 'any', 'security-administrator': 'any', 'audit-administrator': 'any' },
  },
  'account.create': { title: { zh: '建立账号', en: 'Create an account' }, by: { 'system-administrator': 'any' } },
  'account.disable': { title: { zh: '停用账号', en: 'Disable an account' }, by: { 'system-administrator': 'any' } },
  'account.roles': { title: { zh: '授予角色', en: 'Give roles' }, by: { 'security-administrator': 'any' } },
  'model.read': {
    title: { zh: '查看模型', en: 'See models' },
    by: { operator: 'any', 'provider-steward': 'any', 'consumer-steward': 'any', developer: 'any', 'security-administrator': 'any' },
  },
  'model.edit': { title: { zh: '修改模型', en: 'Edit models' }, by: { operator: 'any' } },
  'model.apply': { title: { zh: '应用代码中的模型', en: 'Apply the models of the code' }, by: { operator: 'any' } },
  'run.list': {
    title: { zh: '查看任务', en: 'See runs' },
    by: { operator: 'any', 'provider-steward': 'own', 'system-administrator': 'any' },
  },
  'run.cancel': { title: { zh: '取消任务', en: 'Cancel a run' }, by: { operator: 'any', 'provider-steward': 'own' } },
  'engine.read': { title: { zh: '查看运行状况', en: 'See how the platform runs' }, by: { operator: 'any', 'system-administrator': 'any' } },
  'log.read': { title: { zh: '查看访问日志', en: 'Read the access log' }, by: { 'audit-administrator': 'any' } },
} as const satisfies ActionTable;
