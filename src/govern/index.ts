/** The face of govern: data elements and rules applied to landed batches, nothing lost on the way. */
import type { Kernel, Stage } from '#kernel/stage';
import { governActions } from './actions.ts';
import './errors.ts';
import { governFacts } from './facts.ts';
import { governJobs } from './jobs.ts';
import { governMigrations } from './migrations.ts';
import { governRoutes } from './routes.ts';
import { subscriptionsOf } from './subscriptions.ts';
import { governTimelines } from './timelines.ts';
import { governWaiting } from './waiting.ts';

export { maskedSql } from './mask.ts';
export { recordReading } from './reading.ts';
export { rebuildAll } from './rebuild.ts';
export { latestResults, type StoredResult } from './results.ts';
export { momentColumn } from './scan.ts';
export { currentView, findingTable, governedTable, newestOrder } from './tables.ts';

/** The stage. */
export const governStage: Stage = {
  name: 'govern',
  migrations: governMigrations,
  actions: governActions,
  facts: governFacts,
  timelines: governTimelines,
  waiting: governWaiting,
  jobs: (kernel: Kernel) => governJobs(kernel),
  subscriptions: (kernel: Kernel) => subscriptionsOf(kernel),
  routes: governRoutes,
};
