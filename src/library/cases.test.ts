/** Golden cases: a folder each with sources, a library and what lands, and the records with their origins that must come of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCollect } from '#collect';
import { type Binding, type Library, library, type Source } from '#declare';
import { governStage, rebuildAll } from '#govern';
import { type TestKernel, testKernel } from '#test/kernel';
import { bindingDoc, putModels, sourceDoc } from '../govern/test-documents.ts';
import { land, type TestRow } from '../govern/test-landing.ts';
import { contentDigest, libraryStage } from './index.ts';

interface Case {
  readonly sources: readonly {
    readonly source: Pick<Source, 'id' | 'columns'> & Partial<Source>;
    readonly fields: readonly string[];
    readonly binding: Partial<Binding> & Pick<Binding, 'key'>;
  }[];
  readonly library: Omit<Library, 'form'>;
  readonly batches: readonly (readonly [string, readonly TestRow[]])[];
}
/** Per field: value, table, batch ordinal, row. */
type Golden = Readonly<Record<string, readonly [string, string, number, number] | null>>;
interface Expected {
  readonly golden: readonly Golden[];
  /** Per field: records with a claim, with claims of two sources, with claims that differ. */
  /** The table with several rows of one strong key, and per field what its older row said (the row and whether a value is shown). */
  readonly repeated?: { readonly table: string; readonly asides: Readonly<Record<string, readonly number[]>> };
  readonly agreement: Readonly<Record<string, readonly [number, number, number]>>;
}

const folder = join(import.meta.dirname, 'cases');
const load = <T>(name: string, file: string): T => JSON.parse(readFileSync(join(folder, name, file), 'utf8')) as T;

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await testKernel([createCollect({ connectors: [] }), governStage, libraryStage]);
  await putModels(kernel);
});
afterAll(() => kernel.close());

test.each(readdirSync(folder))('%s', async (name) => {
  const c = load<Case>(name, 'case.json');
  const expected = load<Expected>(name, 'expected.json');
  for (const s of c.sources) {
    const source = sourceDoc(s.source);
    await kernel.put('source', source);
    await kernel.put('binding', bindingDoc(source, s.fields, s.binding));
  }
  await kernel.put('library', library(c.library));
  for (const [source, rows] of c.batches) {
    await land(kernel, source, rows);
    await kernel.drain();
  }
  const golden = await goldenOf(c.library);
  expect(golden).toEqual(expected.golden);
  const operator = await kernel.actor('operator');
  const { body } = (await kernel.call('GET', `/api/library/libraries/${c.library.id}`, operator)) as {
    body: {
      repeated: number;
      entities: number;
      state: string;
      fields: { name: string; claimed: number; contested: number; disagreeing: number }[];
    };
  };
  expect(body).toMatchObject({ entities: expected.golden.length, state: 'good' });
  expect(Object.fromEntries(body.fields.map((f) => [f.name, [f.claimed, f.contested, f.disagreeing]]))).toEqual(expected.agreement);

  if (expected.repeated) {
    expect(body.repeated).toBe(1);
    const { entity, asides } = await recordWithSeveralRows(c.library.id, expected.repeated.table, operator);
    expect(entity).toHaveLength(1);
    expect(asides).toEqual(expected.repeated.asides);
  }
  const before = await contentDigest(kernel);
  await kernel.call('POST', `/api/library/libraries/${c.library.id}/build`, operator);
  await kernel.drain();
  expect(await contentDigest(kernel)).toEqual(before);
});

test('a lost file: everything derived is gone, and the ledger gives it back to the last key', async () => {
  const before = await contentDigest(kernel);
  expect(before.filter((d) => d.table.startsWith('library.'))).toHaveLength(readdirSync(folder).length);
  for (const schema of ['library', 'governed', 'finding', 'current'])
    await kernel.warehouse.execute([{ sql: `drop schema ${schema} cascade` }]);
  await rebuildAll(kernel, 'test');
  await kernel.drain();
  expect(await contentDigest(kernel)).toEqual(before);
});

/** The records that a table has several rows of, and of the first of them the rows that are set aside, by field. */
async function recordWithSeveralRows(library: string, table: string, actor: Awaited<ReturnType<TestKernel['actor']>>) {
  const { body } = (await kernel.call('GET', `/api/library/libraries/${library}/records?repeated=${table}`, actor)) as {
    body: { count: number; rows: { entity: string }[] };
  };
  expect(body.count).toBe(body.rows.length);
  const entity = body.rows.map((r) => r.entity);
  const record = (await kernel.call('GET', `/api/library/libraries/${library}/records/${entity[0]}`, actor)) as unknown as {
    body: { fields: { name: string; others: { aside: boolean; value: string | null; origin: { row: number } }[] }[] };
  };
  const asides = record.body.fields.map((f) => [f.name, f.others.filter((o) => o.aside && o.value !== null).map((o) => o.origin.row)]);
  return { entity, asides: Object.fromEntries(asides) };
}

/** Golden records in the order of the strong key. */
async function goldenOf(l: Omit<Library, 'form'>): Promise<Golden[]> {
  const columns = l.fields.flatMap(({ name }) => [`cast("${name}" as VARCHAR) as "${name}"`, `"_origin_${name}" as "_${name}"`]);
  const rows = await kernel.warehouse.query<Record<string, unknown>>(
    `select ${columns.join(', ')} from library."${l.id}" order by "${l.strongKey}"`,
  );
  return rows.map((r) =>
    Object.fromEntries(
      l.fields.map(({ name }) => {
        const origin = r[`_${name}`] as { table: string; ordinal: number; row: string } | null;
        return [name, origin && ([r[name] as string, origin.table, origin.ordinal, Number(origin.row)] as const)];
      }),
    ),
  );
}
