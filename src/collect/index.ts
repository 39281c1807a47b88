/** The face of collecting: sources of the departments, and the ledger of what was landed from them. */
import type { Connector } from '#declare';
import { Refusal } from '#kernel/errors';
import type { Stage } from '#kernel/stage';
import { collectActions } from './actions.ts';
import { batchRoutes } from './batch-routes.ts';
import { remindOfEditions } from './editions.ts';
import './errors.ts';
import { collectFacts } from './facts.ts';
import { collectJobs, probeMounted } from './jobs.ts';
import { collectMigrations } from './migrations.ts';
import { startDue } from './scheduler.ts';
import { sourceRoutes } from './source-routes.ts';
import { collectSubscriptions } from './subscriptions.ts';
import { tableRoutes } from './table-routes.ts';
import { collectTimelines } from './timelines.ts';
import { uploadRoutes } from './upload-routes.ts';
import { removeAbandoned } from './uploads.ts';
import { collectWaiting } from './waiting.ts';

export { editionNotices } from './editions.ts';
export { type Batch, batch, batchesOf } from './ledger.ts';
export { orderKeySql } from './order-key.ts';
export { sourceOfUpload } from './read-upload.ts';
export type { Receipt } from './receipt.ts';
export { rereadWords } from './reread.ts';
export { openUpload, type Upload, uploadOf } from './uploads.ts';

/** What the stage is handed. */
export interface CollectContent {
  readonly connectors: readonly Connector[];
  /** Whether sources are collected by themselves when they are due. */
  readonly schedule?: boolean;
}

/** The stage. */
export function createCollect({ connectors, schedule = false }: CollectContent): Stage {
  const known = new Map(connectors.map((c) => [c.id, c]));
  const connectorOf = (id: string): Connector => {
    const found = known.get(id);
    if (!found) throw new Refusal('COLLECT_CONNECTOR_UNKNOWN', { connector: id });
    return found;
  };
  return {
    name: 'collect',
    migrations: collectMigrations,
    actions: collectActions,
    facts: collectFacts,
    timelines: collectTimelines,
    waiting: collectWaiting,
    jobs: (kernel) => collectJobs(kernel, connectors, connectorOf),
    subscriptions: collectSubscriptions,
    // A mount that nobody looks at is not live: every mounted source is probed every ten minutes.
    periodic: (kernel) => [
      { minutes: 10, work: () => probeMounted(kernel) },
      { minutes: 60, work: () => removeAbandoned(kernel) },
      { minutes: 10, work: () => remindOfEditions(kernel) },
      ...(schedule ? [{ minutes: 1, work: async () => void (await startDue(kernel, connectorOf)) }] : []),
    ],
    routes: (door, kernel) => {
      sourceRoutes(door, kernel, connectors, connectorOf);
      batchRoutes(door, kernel, connectorOf);
      tableRoutes(door, kernel, connectorOf);
      uploadRoutes(door, kernel, connectors, connectorOf);
    },
  };
}
