/** The kernel's own part of the whole: its tables, facts and actions. */
import { modelKinds } from '#declare';
import type { Migration } from './db/migrate.ts';
import { documentMigrations } from './documents/documents.ts';
import type { FactTable } from './facts/facts.ts';
import { factMigrations } from './facts/facts.ts';
import { identityMigrations } from './identity/identity.ts';
import { runHappened } from './jobs/happened.ts';
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
  run: {
    action: 'run.list',
    departments: async (kernel, id) => [(await kernel.jobs.find(kernel.db, id))?.department ?? null],
    happened: async (kernel, _actor, id) => {
      const run = await kernel.jobs.find(kernel.db, id);
      return run ? runHappened(run, await kernel.facts.timeline(`run:${id}`, 50)) : [];
    },
  },
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
    sentence: { zh: '为{department}建立账号“{name}”', en: "Account '{name}' was created for {department}" },
    things: { department: 'department' },
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
  'run-queued': { title: { zh: '任务排队', en: 'Run queued' }, sentence: { zh: '等候后台办理', en: 'Waiting for the worker' } },
  'run-started': { title: { zh: '任务开始', en: 'Run started' }, sentence: { zh: '后台进程开始办理', en: 'The worker took it up' } },
  'run-cancel-asked': {
    title: { zh: '要求取消', en: 'Asked to stop' },
    sentence: { zh: '要求停止这个任务', en: 'The run was asked to stop' },
  },
  'run-ended': {
    title: { zh: '任务结束', en: 'Run ended' },
    sentence: { zh: '{state}{why}', en: '{state}{whyEn}' },
    words: {
      state: {
        done: { zh: '完成', en: 'Done' },
        refused: { zh: '被拒绝', en: 'Refused' },
        failed: { zh: '出错', en: 'Failed' },
        cancelled: { zh: '已取消', en: 'Cancelled' },
      },
    },
  },
  'account-disabled': {
    title: { zh: '停用或恢复账号', en: 'Account disabled or restored' },
    sentence: { zh: '{disabled}', en: '{disabled}' },
    words: { disabled: { true: { zh: '已停用', en: 'Disabled' }, false: { zh: '已恢复', en: 'Restored' } } },
  },
  'model-changed': {
    title: { zh: '模型变更', en: 'Model changed' },
    sentence: { zh: '有了新版本（来自{origin}）', en: 'It has a new version (from {origin})' },
    words: { origin: { code: { zh: '代码', en: 'code' }, console: { zh: '控制台', en: 'the console' } } },
  },
} as const satisfies FactTable;
