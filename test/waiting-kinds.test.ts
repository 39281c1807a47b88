/** My work over the whole river: what came to grief waits for whose it is, and for nobody once it is mended. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRiver, type River, type Signed, stranger, table } from './river.ts';

let river: River;
let outsider: Signed, colleague: Signed;

beforeAll(async () => {
  river = await openRiver();
  outsider = await river.k.actor(['provider-steward', 'consumer-steward'], stranger);
  colleague = await river.k.actor('provider-steward', table.department);
}, 120_000);
afterAll(() => river.close());

interface Row {
  readonly kind: string;
  readonly id: string;
  readonly what: { readonly zh: string };
  readonly why: { readonly zh: string };
}
const work = async (as: Signed): Promise<readonly Row[]> =>
  ((await river.ok('GET', '/api/waiting?limit=200', as)) as unknown as { rows: readonly Row[] }).rows;
const kinds = async (as: Signed): Promise<string[]> => (await work(as)).map((r) => r.kind).toSorted();

test('a delivery that has drifted waits for the department until a good one came, and so does its run; quarantined rows stay', async () => {
  expect(await kinds(river.steward)).toEqual(['table']);
  // The clock of the test stands still, and of two runs of one instant none is the later.
  river.k.clock.set('2026-11-24T02:00:30Z');
  await river.deliver(river.file.replace(/^[^,\r\n]+,/m, '改了名的列,'));
  const [run, source, held] = (await work(river.steward)).toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
  expect(source).toMatchObject({ kind: 'source', id: table.id });
  expect(source?.why.zh).toContain('改了名的列');
  expect(run?.what.zh).toContain(source?.what.zh);
  expect(held?.why.zh).toMatch(/^\d+ 行被隔离/);
  expect(await kinds(colleague)).toEqual(['run', 'source', 'table']);
  // It is not the bureau's turn, and no other department's.
  for (const who of [river.operator, river.developer, outsider]) expect(await kinds(who)).toEqual([]);
  river.k.clock.set('2026-11-24T02:01:00Z');
  await river.deliver(`${river.file.trimEnd()}\n`);
  expect(await kinds(river.steward)).toEqual(['table']);
});

test('an upload waits for whoever began it, until it is whole and adopted', async () => {
  const { id } = (await river.ok('POST', '/api/collect/uploads', river.steward, { name: '花名册.csv', bytes: 30 })) as unknown as {
    id: string;
  };
  expect((await work(river.steward)).find((r) => r.kind === 'upload')).toMatchObject({ id, what: { zh: '花名册.csv' } });
  for (const who of [colleague, river.operator, outsider]) expect(await kinds(who)).not.toContain('upload');
  await river.k.call('DELETE', `/api/collect/uploads/${id}`, river.steward);
  expect(await kinds(river.steward)).toEqual(['table']);

  // One that could not be read waits with its run, however long its name is, and neither once it is removed.
  const empty = (await river.ok('POST', '/api/collect/uploads', river.steward, {
    name: `${'空'.repeat(250)}.csv`,
    bytes: 0,
  })) as unknown as { id: string };
  await river.k.drain();
  expect(await kinds(river.steward)).toEqual(['run', 'table', 'upload']);
  await river.ok('GET', '/api/runs', river.steward);
  await river.k.call('DELETE', `/api/collect/uploads/${empty.id}`, river.steward);
  expect(await kinds(river.steward)).toEqual(['table']);
});
