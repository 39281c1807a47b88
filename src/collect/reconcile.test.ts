/** Reconciliation: what readings by a cursor cannot see is found, counted, and landed where it can be. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dueReconciliation } from './reconcile.ts';
import { openTown, type Town } from './test-sources.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());

const reconcile = async (id: string, depth: 'count' | 'receipt') => {
  const reply = await town.kernel.call('POST', `/api/collect/sources/${id}/reconciliations`, town.steward, { depth });
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  await town.kernel.drain();
  return (await town.runOf((reply.body as { run: string }).run)).result;
};

test('deletes, late changes behind the cursor and rows stored late are found in numbers, and what can be is landed', async () => {
  await town.admin.query(`create table quiet (rid bigserial primary key, v text, at timestamptz not null default now());
    insert into quiet (v) select '行' || i from generate_series(1, 200) i`);
  await town.declareTable('quiet', 'quiet', { columns: ['rid', 'v', 'at'], key: ['rid'], mode: 'incremental', cursor: 'rid' });
  await town.collect('quiet');
  expect(await reconcile('quiet', 'count')).toMatchObject({
    depth: 'count',
    source: 200,
    ledger: 200,
    ranges: 0,
    missing: 0,
    changed: 0,
    surplus: 0,
  });
  expect(await reconcile('quiet', 'receipt')).toMatchObject({ depth: 'receipt', source: 200, ledger: 200, ranges: 0 });
  expect(await town.batches('quiet')).toHaveLength(1);

  // Three changed behind the cursor: a count does not see them.
  await town.admin.query(`update quiet set v = 'changed' where rid in (3, 4, 5)`);
  expect(await reconcile('quiet', 'count')).toMatchObject({ ranges: 0 });
  expect(await reconcile('quiet', 'receipt')).toMatchObject({ missing: 0, changed: 3, surplus: 0 });
  // Two deleted, one stored late with a number of before: the count differs, and the digests follow by themselves.
  await town.admin.query(`delete from quiet where rid in (7, 8); insert into quiet (rid, v) values (-1, 'late')`);
  expect(await reconcile('quiet', 'count')).toMatchObject({ depth: 'receipt', source: 199, missing: 1, changed: 0, surplus: 2 });
  const page = (await town.kernel.call('GET', '/api/collect/sources/quiet', town.steward)).body as { reconciled: object };
  expect(page.reconciled).toMatchObject({ source: 199, ledger: 201, missing: 1, surplus: 2 });
  expect(await town.facts('source-reconciled')).toHaveLength(5);
  expect((await town.batches('quiet')).map((b) => b.rowsData)).toEqual([200, 3, 1]);
});

test('it is due a day after the last by count, a week after by digest, and never before anything was read', async () => {
  const source = (await town.kernel.documents.snapshot()).get('source', 'quiet');
  const now = town.kernel.clock.now().getTime();
  const due = (days: number, other = source) => dueReconciliation(town.kernel.db, other, new Date(now + days * 24 * 3600_000));
  expect(await due(0.5)).toBe(null);
  expect(await due(1.1)).toBe('count');
  expect(await due(7.1)).toBe('receipt');
  expect(await due(7.1, { ...source, reconciliation: { count: 10, receipt: 20 } })).toBe(null);
  expect(await due(7.1, { ...source, id: 'never-read' })).toBe(null);
});
