/** The kernel's own part of the whole: its tables, facts and actions. */
import { modelKinds } from '#declare';
import type { Migration } from './db/migrate.ts';
import { documentMigrations } from './documents/documents.ts';
import type { FactTable } from './facts/facts.ts';
import { factMigrations } from './facts/facts.ts';
import { identityMigrations } from './identity/identity.ts';
import { jobMigrations } from './jobs/jobs.ts';
import { reviewMigrations } from './review/review.ts';
import { secretMigrations } from './secrets.ts';
import type { TimelineTable } from './stage.ts';

export { kernelActions } from './actions.ts';

/** Migrations of the kernel, in order. */
export const kernelMigrations: readonly Migration[] = [
  ...factMigrations,
  ...documentMigrations,
  ...identityMigrations,
  ...reviewMigrations,
  ...jobMigrations,
  ...secretMigrations,
  {
    name: 'kernel/007-process',
    sql: 'create table kernel.process (name text primary key, pid integer not null, started_at timestamptz not null, seen_at timestamptz not null);',
  },
];

const nobodys = async (): Promise<readonly string[]> => [];

/** Accounts and models are no department's: who may see them sees what happened to them. */
export const kernelTimelines: TimelineTable = {
  department: { action: 'account.list', departments: nobodys },
  account: { action: 'account.list', departments: nobodys },
  ...Object.fromEntries(modelKinds.map((kind) => [kind, { action: 'model.read', departments: nobodys }])),
};

/** Facts of the kernel. */
export const kernelFacts = {
  'department-created': {
    title: { zh: '建立部门', en: 'Department created' },
    sentence: { zh: '建立部门“{title}”', en: "Department '{title}' was created" },
  },
  'account-created': {
    title: { zh: '建立账号', en: 'Account created' },
    sentence: { zh: '为“{department}”建立账号“{name}”', en: "Account '{name}' was created for {department}" },
  },
  'password-changed': {
    title: { zh: '修改密码', en: 'Password changed' },
    sentence: { zh: '修改了密码，原有登录全部失效', en: 'The password was changed; every session ended' },
  },
  'demonstration-made': {
    title: { zh: '演示数据建成', en: 'Demonstration made' },
    sentence: { zh: '演示数据已建成，以后启动不再改动', en: 'The demonstration is made; later starts leave it alone' },
  },
  'roles-given': { title: { zh: '授予角色', en: 'Roles given' }, sentence: { zh: '角色改为：{roles}', en: 'Roles are now: {roles}' } },
  'account-disabled': {
    title: { zh: '停用或恢复账号', en: 'Account disabled or restored' },
    sentence: { zh: '停用：{disabled}', en: 'Disabled: {disabled}' },
  },
  'model-changed': {
    title: { zh: '模型变更', en: 'Model changed' },
    sentence: { zh: '模型有了新版本（来自 {origin}）', en: 'The model has a new version (from {origin})' },
  },
} as const satisfies FactTable;
