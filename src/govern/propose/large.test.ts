/** A table too large for every row to be looked at: what is said of its columns and keys is still true of all of it. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestKernel, testKernel } from '#test/kernel';
import { distinctOf, type KeyColumn } from './key-combos.ts';
import { findKeys } from './keys.ts';
import { numbersLines } from './looks.ts';
import { type Profile, profileColumns } from './profile.ts';
import { type Trial, withLooked } from './sample.ts';

/** Three rows of each person, far apart: a part of the rows alone would not show that they repeat. */
const people = 15_000;
const rows = 3 * people;
const columns = ['人员', '期别', '行'];
/** Bounds as much smaller than the table as those in force are smaller than 20 million rows. */
const [cells, searched] = [rows, rows / 5];

let kernel: TestKernel;
let whole: Trial;

beforeAll(async () => {
  kernel = await testKernel([]);
  const path = kernel.objects.staging();
  await kernel.warehouse.copyToParquet(
    `select 'data' as _kind, range + 1 as _row, case when range % ${people} = 7 then null else 'P' || range % ${people} end as c1,
       (range // ${people} + 2024)::VARCHAR as c2, (range + 1)::VARCHAR as c3 from range(${rows})`,
    [],
    path,
  );
  const source = { form: 1, id: 'large', title: { zh: '大表' }, department: 'police', connector: 'csv', settings: {}, key: [] } as const;
  whole = {
    source: { ...source, settings: {}, key: [], columns, mode: 'full', cursor: null, layout: null },
    batch: {
      seq: 0,
      source: 'large',
      ordinal: 1,
      path,
      mode: 'full',
      rowsIn: rows,
      rowsData: rows,
      rowsRefused: 0,
      columns,
      since: 0,
      landedAt: '2026-11-26T00:00:00Z',
      day: '2026-11-26',
    },
    hidden: new Set(),
  };
});
afterAll(async () => {
  await rm(whole.batch.path, { force: true });
  await kernel.close();
});

test('a part of the rows is looked at, the same one each time, and it is gone afterwards', async () => {
  const snapshot = await kernel.documents.snapshot();
  const { signal } = new AbortController();
  const look = (): Promise<{ looked: Trial; told: unknown }> =>
    withLooked(
      kernel,
      whole,
      signal,
      async (looked) => ({ looked, told: await profileColumns(kernel, snapshot, looked, signal, async () => {}) }),
      cells,
    );
  const [first, again] = [await look(), await look()];
  expect(again.told).toEqual(first.told);
  const { batch } = first.looked;
  expect(batch.rowsData).toBeGreaterThan(0.9 * (rows / 3));
  expect(batch.rowsData).toBeLessThan(1.1 * (rows / 3));
  await expect(kernel.warehouse.query('select 1 from read_parquet($1) limit 1', [batch.path])).rejects.toThrow();
});

test('keys are counted over all rows, however few were looked at', async () => {
  const snapshot = await kernel.documents.snapshot();
  const { signal } = new AbortController();
  const look = (looked: Trial) => profileColumns(kernel, snapshot, looked, signal, async () => {});
  const profiles = await withLooked(kernel, whole, signal, look, cells);
  expect(profiles.map((p, i) => numbersLines(columns[i] as string, p, rows))).toEqual([false, false, true]);
  const classes = ['person', 'period', 'line'] as const;
  const seen = columns.map(
    (column, i): KeyColumn => ({
      column,
      class: classes[i] ?? 'none',
      isCounted: i === 2,
      isAmount: false,
      distinct: distinctOf(profiles[i] as Profile, rows),
      profile: profiles[i] as Profile,
    }),
  );
  const { keys, key } = await findKeys(kernel, whole, seen, (_, cell) => cell, signal, searched);
  expect(key).toEqual(['人员', '期别']);
  expect(keys[0]).toEqual({ columns: ['人员', '期别'], absent: 3, repeated: 0, examples: [] });
});
