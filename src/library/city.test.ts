/** The invented city through both stages: every planted fault is held back, nothing else is, and each golden record holds the rows of one thing. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type City, divisionOverlay, generateCity, sources, winnersAfter } from '#city/index';
import { createCollect } from '#collect';
import { type Binding, warningsOf } from '#declare';
import { codeLists, elements } from '#elements/index';
import { governStage } from '#govern';
import { libraries } from '#libraries/index';
import { ruleKinds } from '#rules/index';
import { type TestKernel, testKernel } from '#test/kernel';
import { bindingDocument, sourceDocument } from '../../bin/city/documents.ts';
import { land } from '../govern/test-landing.ts';
import { libraryStage } from './index.ts';

let kernel: TestKernel;
let city: City;

beforeAll(async () => {
  kernel = await testKernel([createCollect({ connectors: [] }), governStage, libraryStage]);
  city = generateCity({ seed: 'library', scale: 0.02 });
  await kernel.put('code-list', ...codeLists, divisionOverlay);
  await kernel.put('element', ...elements);
  await kernel.put('rule-kind', ...ruleKinds);
  await kernel.put('library', ...libraries);
  for (const d of sources) {
    await kernel.put('source', sourceDocument(d, null));
    await kernel.put('binding', inForce(bindingDocument(d)));
    const delivered = city.deliveries.get(d.id);
    if (!delivered) throw new Error(`nothing delivered of ${d.id}`);
    const whole = delivered.columns.length < d.columns.length;
    await land(
      kernel,
      d.id,
      delivered.rows.map((cells, i) => ({ row: delivered.first + i, cells: whole ? [String(delivered.first + i), ...cells] : cells })),
    );
  }
  await kernel.drain();
}, 120_000);
afterAll(() => kernel.close());

/** The same binding withholding codes that no list holds or that are abolished: the city plants both. */
const inForce = (b: Binding): Binding => ({
  ...b,
  fields: b.fields.map((f) => {
    const means = elements.find((e) => e.id === f.element);
    return means?.codeList ? { ...f, withholds: [...warningsOf(means)] } : f;
  }),
});

test.each(sources.map((s) => s.id))('%s: the rows held back are the rows with a planted fault', async (id) => {
  const held = await kernel.warehouse.query<{ row: number }>(
    `select distinct _row::INTEGER as row from finding."${id}" where severity = 'block' order by 1`,
  );
  const planted = [...new Set(city.truth.faults.filter((f) => f.source === id).map((f) => f.row))].sort((a, b) => a - b);
  expect(held.map((h) => h.row)).toEqual(planted);
});

test.each([
  ['population', 'people'],
  ['legal-entity', 'enterprises'],
] as const)('%s: each record holds the rows of one thing, and all of them', async (id, truth) => {
  const rows = await kernel.warehouse.query<{ k: string; places: string[] }>(
    `select g."${libraries.find((l) => l.id === id)?.strongKey}" as k, list(distinct c."table" || ' ' || c."row") as places from library."${id}" g join library."${id}__claim" c using (_entity) group by 1`,
  );
  const found = new Map(rows.map((r) => [r.k, r.places]));
  const current = new Set(
    (await Promise.all(sources.map((s) => kernel.warehouse.query<{ p: string }>(`select '${s.id} ' || _row as p from current."${s.id}"`))))
      .flat()
      .map((r) => r.p),
  );
  for (const [key, golden] of city.truth[truth]) {
    const wanted = golden.rows.map((p) => `${p.source} ${p.row}`).filter((p) => current.has(p));
    expect([...(found.get(key) ?? [])].sort(), key).toEqual([...new Set(wanted)].sort());
  }
});

test('of the incremental source the latest word is current, however late it came', async () => {
  const rows = await kernel.warehouse.query<{ k: string; row: number }>(
    `select "identityNumber" as k, _row::INTEGER as row from current."police-residence"`,
  );
  expect(new Map(rows.map((r) => [r.k, r.row]))).toEqual(new Map(winnersAfter(city, 0)));
});
