/** Tables of any width that PostgreSQL has are governed, with days and numbers in the key and both checks that compare rows; wider ones are refused by name. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCollect } from '#collect';
import { type DocumentOf, fittingFields } from '#declare';
import { identifier } from '#kernel/sql/quote';
import { shareProcesses, shareStage } from '#share';
import { type TestKernel, testKernel } from '#test/kernel';
import { governStage } from './index.ts';
import { bindingDoc, putModels, sourceDoc } from './test-documents.ts';
import { land } from './test-landing.ts';

let k: TestKernel;
beforeAll(async () => {
  k = await testKernel([createCollect({ connectors: [] }), governStage, shareStage]);
  await k.put('process', ...shareProcesses);
  await putModels(k);
});
afterAll(() => k.close());

// Days and numbers stand at either end of a wide table, where its parts meet; texts between them, which cost least to plan.
const elementAt = (i: number, width: number): string => (i === 0 ? 'date' : i === 1 || i === width - 1 ? 'number' : 'text');
const cellAt = (i: number, width: number, row: number): string =>
  ({ date: `2024-02-0${row}`, number: `${row}.50`, text: `值${i}` })[elementAt(i, width)] as string;
const documents = (id: string, width: number) => {
  const source = sourceDoc({ id, columns: Array.from({ length: width }, (_, i) => `列${i}`) });
  const binding = bindingDoc(
    source,
    source.columns.map((_, i) => `f${i}:${elementAt(i, width)}`),
    {
      key: width > 2 ? ['f0', 'f1', `f${width - 1}`] : ['f0', 'f1'],
      rules: [
        { id: 'one-row', kind: 'one-per-key', slots: {}, params: {}, severity: null },
        { id: 'no-repeat', kind: 'no-repeat', slots: {}, params: {}, severity: null },
      ],
    },
  );
  return { source, binding };
};

test.each([2, 60, 61, 300, 1600])('%d columns', { timeout: 600_000 }, async (width) => {
  const { source, binding } = documents(`wide-${width}`, width);
  await k.put('source', source);
  await k.put('binding', binding);
  const row = (n: number) => source.columns.map((_, i) => cellAt(i, width, n));
  // The fourth repeats the second whole, the fifth its key in another spelling.
  const respelled = row(2).map((cell, i) => (i === 0 ? '2024年2月2日' : i === 1 ? '2.5' : cell));
  await land(k, source.id, [1, 2, 3, 2].map((n, i) => ({ row: i + 1, cells: row(n) })).concat([{ row: 5, cells: respelled }]));
  await k.drain();
  const kept = await k.warehouse.query<Record<string, unknown>>(
    `select _row, "f0"::VARCHAR as a, "f1"::VARCHAR as b, "f${width - 1}"::VARCHAR as c from governed."wide-${width}" order by _row`,
  );
  expect(kept.map((r) => [Number(r['_row']), r['a'], r['b'], r['c']])).toEqual(
    [1, 2, 3].map((n) => [n, `2024-02-0${n}`, `${n}.5000000000000000`, `${n}.5000000000000000`]),
  );
  const findings = await k.warehouse.query<Record<string, unknown>>(
    `select _row::INTEGER as row, "rule", other::INTEGER as other from finding."wide-${width}" order by 1, 2`,
  );
  expect(findings).toEqual([
    { row: 4, rule: 'no-repeat', other: 2 },
    { row: 5, rule: 'one-row', other: 2 },
  ]);
});

test('a table of 1,601 columns is refused, and the column too many is named', async () => {
  const { source, binding } = documents('too-wide', 1601);
  await k.put('source', source);
  const refused = await k.put('binding', binding).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'DOCUMENT_REFUSED', faults: [{ at: 'fields.1600', zh: expect.stringContaining('f1600') }] });
});

test('a service that returns more than a row of PostgreSQL holds is refused, and the most it takes is held by one', async () => {
  const { source, binding } = documents('full-row', 900);
  await k.put('source', source);
  await k.put('binding', { ...binding, fields: binding.fields.map((f) => ({ ...f, element: 'text' })), rules: [] });
  const most = fittingFields(Array.from({ length: 900 }, () => 'text'));
  const service = (count: number): DocumentOf<'service'> => ({
    form: 1,
    id: 'full-row',
    title: { zh: '宽', en: 'wide' },
    on: { table: 'full-row' },
    department: 'police',
    kind: 'query',
    keys: ['f0'],
    returns: binding.fields.slice(0, count).map((f) => ({ field: f.name, show: { shown: null } })),
    limit: 10,
  });
  const refused = await k.put('service', service(most + 1)).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'DOCUMENT_REFUSED', faults: [{ at: 'returns', zh: expect.stringContaining(`f${most}`) }] });
  await k.put('service', service(most));
  // The worst that PostgreSQL is given: texts just too short to be stored elsewhere, and long ones that do not compress.
  const columns = Array.from({ length: most }, (_, i) => identifier('postgres', `f${i}`));
  await k.db.run(`create temporary table worst (_key text, _digest text, ${columns.map((c) => `${c} text`).join(', ')})`);
  for (const value of [`'${'x'.repeat(23)}'`, `(select string_agg(md5(i::text), '') from generate_series(1, 200) i)`])
    await k.db.run(`insert into worst values (${[value, `'${'d'.repeat(32)}'`, ...columns.map(() => value)].join(', ')})`);
});
