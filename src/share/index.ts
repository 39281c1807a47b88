/** The face of sharing: the stage, its processes, and what the gateway needs of a grant. */
import type { Stage } from '#kernel/stage';
import { shareActions } from './actions.ts';
import './errors.ts';
import { shareFacts } from './facts.ts';
import { shareJobs, shareSubscriptions } from './jobs.ts';
import { shareMigrations } from './migrations.ts';
import { shareRoutes } from './routes.ts';
import { guardDocuments } from './services.ts';

export { shareProcesses } from './processes.ts';
export { grantState, standingOf, type GrantState, type GrantStanding } from './grants.ts';
export { hashOf, keyHash, secretPattern, type KeyHash } from './keys.ts';
export { sealHolds } from './seal.ts';
export { servingTable } from './serving.ts';
export { shownFields, type ShownField } from './shown.ts';

/** The stage. Guards are added wherever the stage is composed into a process, once. */
export const shareStage: Stage = {
  name: 'share',
  migrations: shareMigrations,
  actions: shareActions,
  facts: shareFacts,
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
