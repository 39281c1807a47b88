/** Opens the kernel of one process over its stores, with the stages it is to serve. */
import { createHmac } from 'node:crypto';
import { makeWorkerUtils } from 'graphile-worker';
import { kernelActions } from './actions.ts';
import type { Clock } from './clock.ts';
import { migrate } from './db/migrate.ts';
import { openDatabase } from './db/pool.ts';
import type { RoleUrls } from './db/roles.ts';
import { openDocuments } from './documents/documents.ts';
import { createFacts } from './facts/facts.ts';
import { openRecorder } from './facts/record.ts';
import { createIdentity } from './identity/identity.ts';
import { createJobs } from './jobs/jobs.ts';
import { kernelMigrations } from './kernel-stage.ts';
import { type Objects, openObjects } from './objects/index.ts';
import { createPolicy } from './policy/policy.ts';
import { createReview } from './review/review.ts';
import { createSecrets } from './secrets.ts';
import type { Kernel, Stage } from './stage.ts';
import { connectWarehouse, type Warehouse } from './warehouse/index.ts';

/** Where an installation keeps its things. */
export interface Site {
  /** The data folder. */
  readonly folder: string;
  readonly urls: RoleUrls;
  /** The installation's key, 32 bytes. */
  readonly key: Buffer;
  readonly node: string;
}

export interface OpenKernel extends Kernel {
  readonly stages: readonly Stage[];
  close(): Promise<void>;
}

/** Brings the tables of kernel, queue and stages up to date. */
export async function migrateSite(site: Site, stages: readonly Stage[]): Promise<readonly string[]> {
  const db = openDatabase(site.urls.app, { max: 2, name: 'migrate' });
  try {
    const utils = await makeWorkerUtils({ connectionString: site.urls.app });
    await utils.migrate();
    await utils.release();
    return await migrate(db, [...kernelMigrations, ...stages.flatMap((s) => s.migrations)]);
  } finally {
    await db.close();
  }
}

/** Opens what a process needs; `name` tells the processes apart in the database's own views. */
export function openKernel(
  site: Site,
  stages: readonly Stage[],
  options: { name: string; clock: Clock; warehouse?: Warehouse; objects?: Objects; connections?: number },
): OpenKernel {
  const { clock } = options;
  const db = openDatabase(site.urls.app, { name: options.name, max: options.connections ?? 8 });
  const documents = openDocuments(db, clock.now);
  const recorder = openRecorder(site.urls.log, site.key, site.node, clock);
  const kernel: Kernel = {
    node: site.node,
    folder: site.folder,
    clock,
    db,
    documents,
    recorder,
    objects: options.objects ?? openObjects(`${site.folder}/objects`),
    warehouse: options.warehouse ?? connectWarehouse(site.folder),
    // A key of its own: who reads one kind of secret from memory does not hold the other.
    secrets: createSecrets(createHmac('sha256', site.key).update('secrets').digest()),
    facts: createFacts(db, () => stages.flatMap((s) => s.subscriptions(kernel)), clock.now),
    jobs: createJobs(clock, site.node),
    identity: createIdentity(db, clock),
    policy: createPolicy([kernelActions, ...stages.map((s) => s.actions)]),
    review: createReview(documents, clock),
  };
  return {
    ...kernel,
    stages,
    close: async () => {
      await recorder.close();
      await db.close();
    },
  };
}
