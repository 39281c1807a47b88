/** The jobs of collecting: fetching from a database, landing an uploaded file, probing a source. */
import type { Connector, Source } from '#declare';
import type { Transaction } from '#kernel/db/pool';
import { Refusal } from '#kernel/errors';
import type { JobSpec } from '#kernel/jobs/jobs';
import { machine } from '#kernel/review/review';
import type { Kernel } from '#kernel/stage';
import { land } from './land.ts';
import { probeSource } from './probe.ts';
import { type ReadUploadOrder, readUpload } from './read-upload.ts';
import { noteReconciling, type ReconcileOrder, reconcile } from './reconcile.ts';
import { type Depth, keptOf } from './round.ts';

/** Looks up a connector. @throws Refusal COLLECT_CONNECTOR_UNKNOWN */
export type ConnectorOf = (id: string) => Connector;

const queueAbout = (
  kernel: Kernel,
  tx: Transaction,
  job: string,
  source: Source,
  actor: string,
  payload: Readonly<Record<string, string | boolean>>,
): Promise<string> =>
  kernel.jobs.queue(tx, job, {
    about: `source:${source.id}`,
    department: source.department,
    actor,
    payload: { source: source.id, actor, ...payload },
  });

/** The jobs that bring rows: fetching a source, and landing a delivered file. */
export const collectingJobs = ['collect-source', 'collect-delivery'] as const;
const [fetchJob, deliveryJob] = collectingJobs;

/** Queues the fetching of a source. Returns the run. */
export const queueCollection = (kernel: Kernel, tx: Transaction, source: Source, actor: string): Promise<string> =>
  queueAbout(kernel, tx, fetchJob, source, actor, {});

/** The job that holds a source against the ledger. */
export const reconcilingJob = 'reconcile-source';

/** Queues the reconciliation of a database source; `agreed`: its steward agrees to all that it removes. Returns the run. */
export async function queueReconciliation(
  kernel: Kernel,
  tx: Transaction,
  source: Source,
  actor: string,
  depth: Depth,
  agreed = false,
): Promise<string> {
  await noteReconciling(tx, source.id, depth, kernel.clock.now());
  return queueAbout(kernel, tx, reconcilingJob, source, actor, { depth, ...(agreed && { agreed }) });
}

/**
 * Queues, for its steward who agrees, the removal of rows that are gone at the source.
 * @throws Refusal COLLECT_NO_REMOVAL_WAITS
 */
export async function agreeToRemoval(kernel: Kernel, tx: Transaction, source: Source, actor: string): Promise<string> {
  const { reconciled, round } = await keptOf(tx, source.id);
  if (!reconciled?.waits && !round?.waits) throw new Refusal('COLLECT_NO_REMOVAL_WAITS', { source: source.id });
  await kernel.facts.publish(tx, { name: 'removal-agreed', about: `source:${source.id}`, actor, body: { source: source.id } });
  return queueReconciliation(kernel, tx, source, actor, 'receipt', true);
}

/** Queues the landing of an uploaded file. Returns the run. */
export const queueDelivery = (
  kernel: Kernel,
  tx: Transaction,
  source: Source,
  actor: string,
  file: { original: string; name: string },
): Promise<string> => queueAbout(kernel, tx, deliveryJob, source, actor, file);

/** Queues the probing of a source. Returns the run. */
export const queueProbe = (kernel: Kernel, tx: Transaction, source: Source, actor: string): Promise<string> =>
  queueAbout(kernel, tx, 'probe-source', source, actor, {});

/** Queues a probe of every source that an entry is mounted on. */
export async function probeMounted(kernel: Kernel): Promise<void> {
  const snapshot = await kernel.documents.snapshot();
  const mounted = new Set(snapshot.list('mount').map((m) => m.source));
  await kernel.db.transaction(async (tx) => {
    for (const source of snapshot.list('source')) if (mounted.has(source.id)) await queueProbe(kernel, tx, source, machine);
  });
}

/** The jobs. */
export const collectJobs = (kernel: Kernel, connectors: readonly Connector[], connectorOf: ConnectorOf): readonly JobSpec<never>[] => {
  const fetching: JobSpec<{ source: string; actor: string }> = {
    name: fetchJob,
    title: { zh: '归集', en: 'Collect' },
    work: ({ source, actor }, context) => land(kernel, connectorOf, { source, upload: null, actor }, context),
  };
  const landing: JobSpec<{ source: string; actor: string; original: string; name: string }> = {
    name: deliveryJob,
    title: { zh: '归集交付的文件', en: 'Collect a delivered file' },
    work: ({ source, actor, original, name }, context) => land(kernel, connectorOf, { source, upload: { original, name }, actor }, context),
  };
  const probing: JobSpec<{ source: string; actor: string }> = {
    name: 'probe-source',
    title: { zh: '探测数据源', en: 'Probe a source' },
    work: async ({ source, actor }, { signal }) => {
      const document = (await kernel.documents.snapshot()).get('source', source);
      const { reachable, mounts } = await probeSource(kernel, connectorOf(document.connector), document, actor, signal);
      return { reachable, mounts: mounts.length, bound: mounts.filter((m) => m.state === 'bound').length };
    },
  };
  const reconciling: JobSpec<ReconcileOrder> = {
    name: reconcilingJob,
    title: { zh: '对账', en: 'Reconcile a source' },
    work: (order, context) => reconcile(kernel, connectorOf, order, context),
  };
  const reading: JobSpec<ReadUploadOrder> = {
    name: 'read-upload',
    title: { zh: '读取上传的文件', en: 'Read an uploaded file' },
    work: (order, context) => readUpload(kernel, connectors, order, context),
  };
  return [fetching, landing, probing, reconciling, reading];
};
