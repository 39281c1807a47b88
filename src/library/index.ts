/** The face of library: one golden record per thing, each field with its origin, disagreement measured. */
import type { Stage } from '#kernel/stage';
import { libraryActions } from './actions.ts';
import './errors.ts';
import { libraryFacts } from './facts.ts';
import { libraryJobs, librarySubscriptions } from './jobs.ts';
import { libraryMigrations } from './migrations.ts';
import { libraryRoutes } from './routes.ts';
import { libraryTimelines } from './timelines.ts';

export { type ContentDigest, contentDigest } from './digest.ts';

/** The stage. */
export const libraryStage: Stage = {
  name: 'library',
  migrations: libraryMigrations,
  actions: libraryActions,
  facts: libraryFacts,
  timelines: libraryTimelines,
  jobs: libraryJobs,
  subscriptions: librarySubscriptions,
  routes: libraryRoutes,
};
