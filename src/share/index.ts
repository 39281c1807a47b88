/** The face of sharing: the stage, its processes, and what the gateway needs of a grant. */
import type { Stage } from '#kernel/stage';
import { shareActions } from './actions.ts';
import './errors.ts';
import { shareFacts } from './facts.ts';
import { shareJobs, shareSubscriptions } from './jobs.ts';
import { shareMigrations } from './migrations.ts';
import { shareRoutes } from './routes.ts';
import { guardDocuments } from './services.ts';
import { shareTimelines } from './timelines.ts';
import { shareWaiting } from './waiting.ts';

export { type GrantStanding, type GrantState, grantState, standingOf } from './grants.ts';
export { hashOf, type KeyHash, keyHash, secretPattern } from './keys.ts';
export { shareProcesses } from './processes.ts';
export { sealHolds } from './seal.ts';
export { servingTable } from './serving.ts';
export { type ShownField, shownFields } from './shown.ts';
export { noticesOn, shareTermsOf } from './standing-on.ts';

/** The stage. Guards are added wherever the stage is composed into a process, once. */
export const shareStage: Stage = {
  name: 'share',
  migrations: shareMigrations,
  actions: shareActions,
  facts: shareFacts,
  timelines: shareTimelines,
  waiting: shareWaiting,
  jobs: (kernel) => {
    guardDocuments(kernel);
    return shareJobs(kernel);
  },
  subscriptions: shareSubscriptions,
  routes: (door, kernel) => {
    guardDocuments(kernel);
    shareRoutes(door, kernel);
  },
};
