/** Probing: is the source there, are its columns as declared, and is what it makes good fresh. */
import type { Connector, DocumentOf } from '#declare';
import type { Kernel } from '#kernel/stage';
import { driftOf, refusalOf } from './connector-refusal.ts';
import { driftWords } from './drift.ts';
import { newColumns } from './new-columns.ts';
import { effectsFor } from './staging.ts';
import { findMounts, type MountFinding, noteProbe, noteProtection, type SourceStanding, standingsOf, wordsOf } from './standing.ts';

/** A source that has not answered after this long is away. */
const patienceMs = 20_000;

export interface ProbeResult {
  readonly reachable: boolean;
  readonly standing: SourceStanding;
  readonly mounts: readonly MountFinding[];
}

/** Looks at a source and says what became of its mounts. A file source is judged by its last delivery. */
export async function probeSource(
  kernel: Kernel,
  connector: Connector,
  source: DocumentOf<'source'>,
  actor: string,
  signal?: AbortSignal,
): Promise<ProbeResult> {
  const result = connector.takes === 'file' ? await kept(kernel, source.id) : await look(kernel, connector, source, signal);
  await noteProbe(kernel, source.id, result, actor);
  return kernel.db.transaction(async (tx) => ({
    reachable: result.trouble === null,
    standing: (await standingsOf(tx, [source.id]))(source.id),
    mounts: await findMounts(kernel, tx, await kernel.documents.snapshot(tx), source.id),
  }));
}

type Found = Parameters<typeof noteProbe>[2];

async function kept(kernel: Kernel, source: string): Promise<Found> {
  const { trouble, drift } = (await standingsOf(kernel.db, [source]))(source);
  return { trouble, drift, columns: null };
}

async function look(kernel: Kernel, connector: Connector, source: DocumentOf<'source'>, signal?: AbortSignal): Promise<Found> {
  const limit = AbortSignal.any([AbortSignal.timeout(patienceMs), ...(signal ? [signal] : [])]);
  try {
    const { reachable, columns, refusal, protection } = await connector.probe(
      source,
      effectsFor(kernel, source, null, limit, () => undefined),
    );
    if (protection) await noteProtection(kernel.db, source.id, protection);
    const lost = refusal && driftOf(refusal);
    const extra = lost || !refusal ? await newColumns(kernel.db, source, columns) : [];
    if (lost || extra.length > 0)
      return { trouble: null, drift: driftWords({ missing: lost?.missing ?? [], extra, renamed: [], reordered: [] }), columns };
    if (refusal) return { trouble: wordsOf(refusalOf(source.id, refusal)), drift: null, columns: null };
    return { trouble: reachable ? null : { zh: '连不上', en: 'not reachable' }, drift: null, columns };
  } catch (error) {
    if (signal?.aborted || !limit.aborted) throw error;
    return {
      trouble: { zh: `${patienceMs / 1000} 秒没有应答`, en: `no answer within ${patienceMs / 1000} s` },
      drift: null,
      columns: null,
    };
  }
}
