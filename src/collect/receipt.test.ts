/** Receipts against what the other end computes for itself: its administrator's SQL on the source, and plain TypeScript over a file. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTown, type Town } from './test-sources.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());

interface ReceiptReply {
  readonly receipt: {
    readonly digest: { readonly count: number; readonly sum: string };
    readonly buckets: readonly { readonly prefix: string; readonly count: number; readonly sum: string }[];
  };
  readonly digest: { readonly count: number; readonly sum: string };
  readonly parts: readonly { readonly prefix: string; readonly count: number; readonly sum: string }[];
  readonly rows: readonly number[] | null;
  readonly receiptSql: string | null;
}
const receipt = async (seq: number, prefix = '') =>
  (await town.kernel.call('GET', `/api/collect/batches/${seq}/receipt?prefix=${prefix}`, town.steward)).body as ReceiptReply;
const latest = async (id: string) => {
  const found = (await town.batches(id)).at(-1);
  if (!found) throw new Error(`nothing landed from ${id}`);
  return found;
};

test('the SQL given to the source agrees with the receipt, bucket by bucket, and bisects to the row that was lost', async () => {
  await town.admin.query(`create table house (id integer, owner text, built date, area numeric(10, 2), at timestamptz)`);
  await town.admin.query(
    `insert into house select n, case when n % 7 = 0 then null when n % 11 = 0 then '' else '业主𠮷' || n end, '1990-01-01'::date + n, n / 3.0, '2024-02-29 10:00+08'::timestamptz + n * interval '1 minute' from generate_series(1, 900) n`,
  );
  await town.declareTable('house', 'house', { columns: ['id', 'owner', 'built', 'area', 'at'], key: ['id'] });
  await town.collect('house');
  const { seq } = await latest('house');
  const ours = await receipt(seq);
  const theirs = async () => {
    const found = new Map<string, { count: number; sum: bigint }>();
    const results = (await town.admin.query(ours.receiptSql ?? '')) as unknown as {
      rows: { bucket: string; rows: string; digest: string }[];
    }[];
    for (const r of results.flatMap((x) => x.rows)) {
      const sum = found.get(r.bucket.slice(0, 1)) ?? { count: 0, sum: 0n };
      found.set(r.bucket.slice(0, 1), { count: sum.count + Number(r.rows), sum: sum.sum + BigInt(r.digest) });
    }
    return found;
  };
  const before = await theirs();
  expect(ours.receipt.buckets.map((b) => [b.prefix, b.count, b.sum])).toEqual(
    [...before].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([p, b]) => [p, b.count, String(b.sum)]),
  );
  expect(ours.receipt.digest).toMatchObject({ count: 900 });

  // The source loses one row; the buckets that differ lead to its number in the batch.
  await town.admin.query('delete from house where id = 421');
  let [prefix, rows]: [string, readonly number[] | null] = ['', null];
  const there = async (p: string) =>
    (
      await town.admin.query<{ n: number }>(
        `select count(*)::int as n from house where starts_with(md5(length(id::text) || ':' || id), $1)`,
        [p],
      )
    ).rows[0]?.n;
  for (; rows === null; ) {
    const step = await receipt(seq, prefix);
    for (const part of step.parts) if (part.count !== (await there(part.prefix))) prefix = part.prefix;
    ({ rows } = await receipt(seq, prefix));
  }
  const batch = await latest('house');
  const named = await town.kernel.warehouse.query<{ c1: string }>(`select c1 from read_parquet($1) where _row in (${rows.join(', ')})`, [
    await town.kernel.objects.open(batch.object),
  ]);
  expect(named.map((r) => r.c1)).toContain('421');
  expect(rows.length).toBeLessThanOrEqual(16);
});

test('over any cells the receipt is what the definition says, in whatever order the rows came', async () => {
  await town.declare('cells', {
    columns: ['a', 'b'],
    key: ['a'],
    removal: 'replaces-itself',
    layout: { encoding: 'utf-8', sheet: null, titleRows: 0, headerRows: 0, fillDown: [], footer: [] },
  });
  const cell = fc.oneof(
    fc.constant(null),
    fc.string({ unit: 'grapheme', maxLength: 6 }).filter((s) => !s.includes('\0')),
  );
  const spelled = (c: string | null) => (c === null ? '' : `"${c.replaceAll('"', '""')}"`);
  const text = (cells: readonly (string | null)[]) => cells.map((c) => (c === null ? '~' : `${[...c].length}:${c}`)).join('');
  const md5 = (t: string) => createHash('md5').update(t).digest('hex');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 }), async (rows) => {
      const filled = rows.map(([a, b], i) => [a, `${b ?? ''}${i}`] as const);
      await town.deliver('cells', filled.map((r) => `${r.map(spelled).join(',')}\n`).join(''));
      const { receipt: kept } = await latest('cells');
      const sums = new Map<string, { count: number; sum: bigint }>();
      for (const r of filled) {
        const bucket = md5(text([r[0]])).slice(0, 1);
        const sum = sums.get(bucket) ?? { count: 0, sum: 0n };
        sums.set(bucket, { count: sum.count + 1, sum: sum.sum + BigInt(`0x${md5(text(r)).slice(0, 15)}`) });
      }
      expect(kept.buckets.filter((b) => b.count > 0)).toEqual(
        [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([prefix, b]) => ({ prefix, count: b.count, sum: String(b.sum) })),
      );
      expect(
        await town.deliver(
          'cells',
          filled
            .toReversed()
            .map((r) => `${r.map(spelled).join(',')}\n`)
            .join(''),
        ),
      ).toMatchObject({ result: { unchanged: true } });
    }),
    { numRuns: 12 },
  );
});
