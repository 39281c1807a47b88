/** The jobs of governing: one batch, and the whole of a table again. */
import type { JobSpec, RunResult } from '#kernel/jobs/jobs';
import type { Kernel } from '#kernel/stage';
import { governBatch, keepResult, recountLater } from './batch.ts';
import { landedBatch } from './batch-facts.ts';
import { planTable, type Words } from './plan.ts';
import { proposeFor } from './propose/proposal.ts';
import { rebuildTable } from './rebuild.ts';
import { latestResults, resultOf } from './results.ts';
import { sayGoverned } from './say-governed.ts';

/** The jobs. */
export const governJobs = (kernel: Kernel): readonly JobSpec<never>[] => {
  const batchJob: JobSpec<{ table: string; batch: number }> = {
    name: 'govern-batch',
    title: { zh: '治理一批数据', en: 'Govern a batch' },
    work: async ({ table, batch: seq }, context): Promise<RunResult> => {
      const snapshot = await kernel.documents.snapshot();
      const batch = await landedBatch(kernel, seq);
      const binding = snapshot.find('binding', table);
      // The binding may have turned to another source since the batch landed; its rebuild has replayed what counts.
      if (!batch || binding?.source !== batch.source) return { skipped: true };
      const plan = planTable(snapshot, table);
      const before = await resultOf(kernel.db, table, seq);
      if (before?.documents === plan.documents) return { skipped: true };
      const tell = (share: number, { zh, en }: Words): Promise<void> =>
        context.progress(share * batch.rowsData, batch.rowsData, {
          zh: `治理第 ${batch.ordinal} 批：${zh}`,
          en: `Governing batch ${batch.ordinal}: ${en}`,
        });
      const last = (await latestResults(kernel.db)).find((r) => r.table === table);
      const latest = last && last.batch > seq ? { seq: last.batch, mode: last.mode, since: last.since } : batch;
      const r = await governBatch(kernel, { plan, snapshot, batch, latest, signal: context.signal, progress: tell });
      const later = await recountLater(kernel, plan, seq);
      // Together, or a run that dies between them would leave a governed batch that nobody downstream hears of.
      await kernel.db.transaction(async (tx) => {
        await keepResult(tx, plan, batch, r, kernel.clock.now());
        // A new revision too, or a library would take the table for what it has read already.
        for (const [other, { current, keyless, repeated }] of later)
          await tx.run(
            `update govern.result set rows_current = $3, rows_keyless = $4, keys_repeated = $5, revision = nextval('govern.revision')
             where table_id = $1 and batch = $2`,
            [table, other, current, keyless, repeated],
          );
        await sayGoverned(kernel, tx, table, {
          batch: seq,
          ordinal: batch.ordinal,
          read: r.rowsData + r.rowsRefused,
          governed: r.governed,
          quarantined: r.quarantined,
        });
      });
      await context.progress(batch.rowsData, batch.rowsData, { zh: '完成', en: 'Done' });
      return { read: r.rowsData + r.rowsRefused, governed: r.governed, quarantined: r.quarantined, warned: r.warned };
    },
  };
  const rebuildJob: JobSpec<{ table: string }> = {
    name: 'rebuild-table',
    title: { zh: '重建治理表', en: 'Rebuild a governed table' },
    work: ({ table }, context) => rebuildTable(kernel, table, context),
  };
  const proposeJob: JobSpec<{ upload: string }> = {
    name: 'propose-columns',
    title: { zh: '辨认上传文件的列', en: 'Judge the columns of an upload' },
    work: ({ upload }, context) => proposeFor(kernel, upload, context),
  };
  return [batchJob, rebuildJob, proposeJob];
};
