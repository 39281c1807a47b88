/** The face of the catalog: what the city has, whose it is and how it may be used. */
import type { Stage } from '#kernel/stage';
import { catalogActions } from './actions.ts';
import './errors.ts';
import { catalogFacts } from './facts.ts';
import { catalogMigrations } from './migrations.ts';
import { type MountState, mountSubscriptions } from './mounts.ts';
import { checkTemplate, usualCodeTemplate } from './resource-code.ts';
import { catalogRoutes } from './routes.ts';
import { catalogTimelines } from './timelines.ts';
import { catalogWaiting } from './waiting.ts';

export { withdrawnEntries } from './entries.ts';
export { catalogProcesses } from './processes.ts';
export type { MountState };

/** The stage. `codeTemplate` says what a resource code is made of, see resource-code.ts. */
export const createCatalog = ({ codeTemplate = usualCodeTemplate }: { codeTemplate?: string } = {}): Stage => {
  const template = checkTemplate(codeTemplate);
  return {
    name: 'catalog',
    migrations: catalogMigrations,
    actions: catalogActions,
    facts: catalogFacts,
    timelines: catalogTimelines,
    waiting: catalogWaiting,
    jobs: () => [],
    subscriptions: mountSubscriptions,
    routes: (door, kernel) => catalogRoutes(door, kernel, template),
  };
};

/** The stage with the usual template. */
export const catalogStage: Stage = createCatalog();
