/** Golden cases: a folder each with what lands, the binding, and what must come of it. Each is also done twice and rebuilt. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCollect } from '#collect';
import type { Binding, FieldType, Source } from '#declare';
import { textSql } from '#kernel/sql/kept';
import { contentDigest, libraryStage } from '#library';
import { type TestKernel, testKernel } from '#test/kernel';
import { governStage, rebuildAll } from './index.ts';
import { bindingDoc, putModels, sourceDoc } from './test-documents.ts';
import { land, type TestRow } from './test-landing.ts';

interface Case {
  readonly says: string;
  readonly source: Pick<Source, 'id' | 'columns'> & Partial<Source>;
  readonly fields: readonly string[];
  readonly binding: Partial<Binding> & Pick<Binding, 'key'>;
  readonly batches: readonly (readonly TestRow[])[];
}

interface Expected {
  readonly sums: readonly { data: number; refused: number; governed: number; quarantined: number; warned: number }[];
  readonly governed: readonly (readonly [number, number, Readonly<Record<string, string | null>>])[];
  /** Batch ordinal and row of what is current, where that is not everything. */
  readonly current?: readonly (readonly [number, number])[];
  /** What the table page says of keyless rows or of repeated keys, and the rows that are shown: batch ordinal, row, whether it is current. */
  readonly keyless?: { readonly told: number; readonly rows: readonly (readonly [number, number, boolean])[] };
  readonly repeated?: { readonly told: number; readonly rows: readonly (readonly [number, number, boolean])[] };
  /** Words taken for no value, by field, in all batches together; none where it is left out. */
  readonly absent?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly findings: readonly (readonly [number, number, string, string, string | null, string | null, string])[];
}

const folder = join(import.meta.dirname, 'cases');
const load = <T>(name: string, file: string): T => JSON.parse(readFileSync(join(folder, name, file), 'utf8')) as T;

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await testKernel([createCollect({ connectors: [] }), governStage, libraryStage]);
  await putModels(kernel);
});
afterAll(() => kernel.close());

const names = readdirSync(folder);
/** The tables of the cases as they were governed first. */
const first = new Map<string, { table: string; expected: Expected; content: Content }>();
type Content = Awaited<ReturnType<typeof contentDigest>>;
const contentOf = async (table: string): Promise<Content> => (await contentDigest(kernel)).filter((d) => d.table.endsWith(`.${table}`));

test.each(names)('%s', async (name) => {
  const c = load<Case>(name, 'case.json');
  const expected = load<Expected>(name, 'expected.json');
  const source = sourceDoc(c.source);
  await kernel.put('source', source);
  await kernel.put('binding', bindingDoc(source, c.fields, c.binding));
  for (const rows of c.batches) await land(kernel, source.id, rows);
  await kernel.drain();
  await matches(source.id, expected);
  first.set(name, { table: source.id, expected, content: await contentOf(source.id) });
});

test('hearing of a batch again, and replaying the ledger, change nothing', async () => {
  const batches = await kernel.db.rows<{ seq: number; source: string }>('select seq, source from collect.batch');
  await kernel.db.transaction(async (tx) => {
    for (const { seq, source } of batches)
      await kernel.jobs.queue(tx, 'govern-batch', {
        about: `table:${source}`,
        department: null,
        actor: 'test',
        payload: { table: source, batch: seq },
      });
  });
  await rebuildAll(kernel, 'test');
  await kernel.drain();
  expect([...first.keys()]).toEqual(names);
  for (const { table, expected, content } of first.values()) {
    await matches(table, expected);
    expect(await contentOf(table)).toEqual(content);
  }
});

async function matches(id: string, expected: Expected): Promise<void> {
  const steward = await kernel.actor('provider-steward', 'police');
  const table = (await kernel.call('GET', `/api/govern/tables/${id}`, steward)) as {
    body: {
      batches: {
        ordinal: number;
        read: number;
        data: number;
        refused: number;
        governed: number;
        quarantined: number;
        warned: number;
        absent: { field: string; word: string; rows: number }[];
      }[];
      state: string;
      fields: { name: string; type: FieldType }[];
    };
  };
  const sums = [...table.body.batches].reverse();
  expect(sums.map(({ data, refused, governed, quarantined, warned }) => ({ data, refused, governed, quarantined, warned }))).toEqual(
    expected.sums,
  );
  const absent: Record<string, Record<string, number>> = {};
  for (const { field, word, rows } of sums.flatMap((s) => s.absent)) {
    const words = absent[field] ?? {};
    absent[field] = { ...words, [word]: (words[word] ?? 0) + rows };
  }
  expect(absent).toEqual(expected.absent ?? {});
  for (const s of sums) expect(s.data + s.refused).toBe(s.governed + s.quarantined);
  expect(table.body.state).toBe('good');

  const text = table.body.fields.map((f) => `${textSql(f.type, `"${f.name}"`)} as "${f.name}"`);
  const governed = await kernel.warehouse.query<Record<string, string | null>>(
    `select _ordinal, _row, ${text.join(', ')} from governed."${id}" order by _batch, _row`,
  );
  expect(governed.map(({ _ordinal, _row, ...values }) => [Number(_ordinal), Number(_row), values])).toEqual(expected.governed);

  const rows = (await kernel.call('GET', `/api/govern/tables/${id}/rows?limit=100`, steward)) as {
    body: { count: number; masked: boolean; rows: { ordinal: number; row: number; values: Record<string, string | null> }[] };
  };
  const current = expected.current ?? expected.governed.map(([ordinal, row]) => [ordinal, row]);
  expect(rows.body.rows.map((r) => [r.ordinal, r.row])).toEqual(current);
  expect(rows.body.count).toBe(current.length);
  for (const r of rows.body.rows) expect(r.values).toEqual(expected.governed.find(([o, n]) => o === r.ordinal && n === r.row)?.[2]);

  for (const which of ['repeated', 'keyless'] as const) {
    const wanted = expected[which];
    if (!wanted) continue;
    const seen = (await kernel.call('GET', `/api/govern/tables/${id}/rows?which=${which}`, steward)) as unknown as {
      body: { count: number; rows: { ordinal: number; row: number; current: boolean }[] };
    };
    expect(seen.body.rows.map((r) => [r.ordinal, r.row, r.current])).toEqual(wanted.rows);
    expect([seen.body.count, (table.body as unknown as Record<string, number>)[which]]).toEqual([wanted.rows.length, wanted.told]);
  }

  const found = (await kernel.call('GET', `/api/govern/tables/${id}/findings?limit=100`, steward)) as unknown as {
    body: {
      rows: {
        ordinal: number;
        row: number;
        rule: string;
        severity: string;
        field: string | null;
        value: string | null;
        reason: { zh: string };
      }[];
    };
  };
  const findings = found.body.rows.map((f) => [f.ordinal, f.row, f.rule, f.severity, f.field, f.value, f.reason.zh]);
  expect(findings.sort(byPlace)).toEqual([...expected.findings].sort(byPlace));
}

const byPlace = (a: readonly unknown[], b: readonly unknown[]): number =>
  JSON.stringify(a.slice(0, 3)) < JSON.stringify(b.slice(0, 3)) ? -1 : 1;
