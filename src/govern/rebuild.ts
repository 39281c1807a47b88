/** Rebuilding: every batch of the ledger again, in order, under the documents in force. */

import type { JobContext, RunResult } from '#kernel/jobs/jobs';
import type { Kernel } from '#kernel/stage';
import { governBatch, keepResult } from './batch.ts';
import { landedBatches } from './batch-facts.ts';
import { planTable, type Words } from './plan.ts';
import { sayGoverned } from './say-governed.ts';
import { currentSql, ensureTables, findingTable, governedTable } from './tables.ts';

/**
 * Replays the ledger of a table's source. Each batch is replaced by itself, so that readers see the old rows of a batch or the new ones;
 * what the ledger does not hold (the batches of a source the binding had before) goes.
 */
export async function rebuildTable(kernel: Kernel, table: string, context: JobContext): Promise<RunResult> {
  const snapshot = await kernel.documents.snapshot();
  const plan = planTable(snapshot, table);
  const batches = await landedBatches(kernel, plan.source.id);
  await ensureTables(kernel, plan);
  await dropUnknown(
    kernel,
    table,
    batches.map((b) => b.seq),
  );
  const last = batches.at(-1);
  let governed = 0;
  let quarantined = 0;
  let done = 0;
  const rows = batches.reduce((n, b) => n + b.rowsData, 0);
  for (const batch of batches) {
    const progress = (share: number, { zh, en }: Words): Promise<void> =>
      context.progress(done + share * batch.rowsData, rows, {
        zh: `重放第 ${batch.ordinal} 批：${zh}`,
        en: `Replaying batch ${batch.ordinal}: ${en}`,
      });
    const r = await governBatch(kernel, { plan, snapshot, batch, latest: last ?? batch, signal: context.signal, progress });
    done += batch.rowsData;
    await keepResult(kernel.db, plan, batch, r, kernel.clock.now());
    governed += r.governed;
    quarantined += r.quarantined;
  }
  if (!last) await kernel.warehouse.execute([{ sql: currentSql(plan, null) }]);
  await kernel.db.transaction((tx) =>
    sayGoverned(
      kernel,
      tx,
      table,
      last
        ? { batch: last.seq, ordinal: last.ordinal, read: governed + quarantined, governed, quarantined }
        : { batch: 0, ordinal: 0, read: 0, governed: 0, quarantined: 0 },
    ),
  );
  return { batches: batches.length, governed, quarantined };
}

async function dropUnknown(kernel: Kernel, table: string, known: readonly number[]): Promise<void> {
  const kept = known.length === 0 ? '-1' : known.join(', ');
  await kernel.warehouse.execute([
    { sql: `delete from ${governedTable(table)} where _batch not in (${kept})` },
    { sql: `delete from ${findingTable(table)} where _batch not in (${kept})` },
  ]);
  await kernel.db.run('delete from govern.result where table_id = $1 and not batch = any($2::bigint[])', [table, known]);
}

/** Queues the rebuilding of every governed table, after the warehouse's file was lost. Returns the runs. */
export async function rebuildAll(kernel: Kernel, actor: string): Promise<readonly string[]> {
  const snapshot = await kernel.documents.snapshot();
  return kernel.db.transaction(async (tx) => {
    const runs: string[] = [];
    for (const b of snapshot.list('binding'))
      runs.push(
        await kernel.jobs.queue(tx, 'rebuild-table', {
          about: `table:${b.id}`,
          department: snapshot.find('source', b.source)?.department ?? null,
          actor,
          payload: { table: b.id },
        }),
      );
    return runs;
  });
}
