/** Batches governed in another order than they landed (an interrupted one is tried again after a later one) come to the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCollect } from '#collect';
import type { Binding, Source } from '#declare';
import { type TestKernel, testKernel } from '#test/kernel';
import { governStage } from './index.ts';
import { currentView, findingTable, governedTable } from './tables.ts';
import { bindingDoc, putModels, sourceDoc } from './test-documents.ts';
import { land, type TestRow } from './test-landing.ts';

interface Case {
  readonly source: Pick<Source, 'id' | 'columns'> & Partial<Source>;
  readonly fields: readonly string[];
  readonly binding: Partial<Binding> & Pick<Binding, 'key'>;
  readonly batches: readonly (readonly TestRow[])[];
}

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await testKernel([createCollect({ connectors: [] }), governStage]);
  await putModels(kernel);
});
afterAll(() => kernel.close());

test.each(['incremental', 'full'])('%s batches, the last one first', async (name) => {
  const c = JSON.parse(readFileSync(join(import.meta.dirname, 'cases', name, 'case.json'), 'utf8')) as Case;
  const source = sourceDoc(c.source);
  const table = source.id;
  await kernel.put('source', source);
  await kernel.put('binding', bindingDoc(source, c.fields, c.binding));
  for (const rows of c.batches) await land(kernel, table, rows);
  await kernel.drain();
  const counts = () =>
    kernel.db.rows<{ batch: number; current: number }>(
      'select batch, rows_current as current from govern.result where table_id = $1 order by batch',
      [table],
    );
  const current = () => kernel.warehouse.query(`select * from ${currentView(table)} order by _batch, _row`);
  const wanted = { counts: await counts(), current: await current() };
  expect(wanted.counts.length).toBeGreaterThan(1);

  await kernel.db.run('delete from govern.result where table_id = $1', [table]);
  await kernel.warehouse.execute([{ sql: `delete from ${governedTable(table)}` }, { sql: `delete from ${findingTable(table)}` }]);
  const revisions: number[] = [];
  for (const { batch } of [...wanted.counts].reverse()) {
    await kernel.db.transaction((tx) =>
      kernel.jobs.queue(tx, 'govern-batch', { about: `table:${table}`, department: null, actor: 'test', payload: { table, batch } }),
    );
    await kernel.drain();
    const last = await kernel.db.first<{ revision: number }>(
      'select revision from govern.result where table_id = $1 order by batch desc limit 1',
      [table],
    );
    revisions.push(last?.revision ?? 0);
  }
  expect({ counts: await counts(), current: await current() }).toEqual(wanted);
  // What stands on a full delivery stands on its latest batch alone; an incremental one is new to its readers with every batch.
  expect(new Set(revisions).size).toBe(source.mode === 'full' ? 1 : revisions.length);
});
