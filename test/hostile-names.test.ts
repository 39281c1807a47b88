/** A name of ours never meets a name of the data: tables with hostile field names keep every value from governing to an answer. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCollect } from '#collect';
import { type DocumentOf, type FieldType, fieldNameSchema } from '#declare';
import { gatewayStage } from '#gateway';
import { governStage } from '#govern';
import { libraryStage } from '#library';
import { shareProcesses, shareStage } from '#share';
import { type TestKernel, testKernel } from '#test/kernel';
import { granted } from '../src/gateway/test-granted.ts';
import { bindingDoc, putModels, sourceDoc } from '../src/govern/test-documents.ts';
import { land } from '../src/govern/test-landing.ts';

/** Names of our statements without their underscore, words SQL keeps for itself, what JavaScript's objects have, and single letters. */
const hostile = [
  ...'k n j v l o t r x s key keys row rows batch ordinal digest entity thing strong first place origin named given age trust rank'.split(
    ' ',
  ),
  ...'value values field fields table cells rule severity other fault kind early blocked step part parts passed publication service'.split(
    ' ',
  ),
  ...'version op at staging touched serving current governed finding library c1 s1 t1 v1 r1 f0 f1 a1 feed claim members rowid'.split(' '),
  ...'select from where order group by having limit offset with as on and or not null true false case when then else end in is'.split(' '),
  ...'user table column default check primary unique references grant date number text timestamp interval exclude qualify using'.split(' '),
  ...'tableoid ctid xmin xmax cmin cmax oid toJSON then length name prototype'.split(' '),
  'rowNumber',
  `a${'b'.repeat(62)}`,
  `a${'B'.repeat(50)}c`,
];

/** The name in one of two cases that differ after the first letter. */
const cased = fc.constantFrom(...hostile).chain((name) => fc.boolean().map((up) => (up ? name[0] + name.slice(1).toUpperCase() : name)));
/** Few are instants: they take the engine longest to plan. */
const anyType = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<FieldType>('text', 'date', 'number') },
  { weight: 1, arbitrary: fc.constant<FieldType>('instant') },
);
const columns = fc.uniqueArray(fc.record({ name: cased, type: anyType }), {
  minLength: 36,
  maxLength: 44,
  selector: (c) => c.name.toLowerCase(),
});
const element = { text: 'text', date: 'date', number: 'number', instant: 'instant' } as Readonly<Record<FieldType, string>>;
/** Instants of a summer, of local mean time and of today, as they are kept. */
const instantOf = (column: number, row: number): string =>
  [`1988-07-01T00:00:${10 + column}+09:00`, `1900-06-01T00:00:${10 + column}+08:05:43`, `2026-05-01T08:00:00.${column}1+08:00`][
    row
  ] as string;
/** Values of every type, three rows of them; no two of a column are alike. */
const sampleOf = (type: FieldType, column: number, row: number): string =>
  type === 'date'
    ? `20${10 + row}-0${1 + (column % 9)}-${10 + (column % 19)}`
    : type === 'number'
      ? `${column * 10 + row}.25`
      : type === 'instant'
        ? instantOf(column, row)
        : `值${column}·${row}`;
const answered = (type: FieldType, value: string): string | number => (type === 'number' ? Number(value) : value);

let k: TestKernel;
beforeAll(async () => {
  k = await testKernel([createCollect({ connectors: [] }), governStage, libraryStage, shareStage, gatewayStage]);
  await k.put('process', ...shareProcesses);
  await putModels(k);
});
afterAll(() => k.close());

test('every hostile name is a name that a field can have', () => {
  for (const name of hostile) expect(fieldNameSchema.safeParse(name).success, name).toBe(true);
});

test('fields that differ by case only are refused, in a table and in a library', async () => {
  const source = sourceDoc({ id: 'cases', columns: ['甲', '乙'] });
  await k.put('source', source);
  await expect(k.put('binding', bindingDoc(source, ['idNo:text', 'idNO:text'], { key: ['idNo'] }))).rejects.toMatchObject({
    code: 'DOCUMENT_REFUSED',
  });
});

test('tables of hostile names are governed, built into a library, served and answered with their own values', async () => {
  let made = 0;
  await fc.assert(
    fc.asyncProperty(columns, fc.nat(), fc.boolean(), async (cols, pick, incremental) => {
      const id = `hostile-${++made}`;
      const key = cols[pick % cols.length] as (typeof cols)[number];
      const newest = cols.find((c) => c.type === 'number' && c !== key);
      const source = sourceDoc({
        id,
        columns: cols.map((c) => `列${c.name}`),
        ...(incremental && { mode: 'incremental', cursor: `列${key.name}` }),
      });
      const table = bindingDoc(
        source,
        cols.map((c) => `${c.name}:${element[c.type]}`),
        {
          key: [key.name],
          newest: newest?.name ?? null,
          rules: [{ id: 'one', kind: 'one-per-key', slots: {}, params: {}, severity: null }],
        },
      );
      await k.put('source', source);
      await k.put('binding', table);
      const map = Object.fromEntries(cols.map((c) => [c.name, c.name]));
      await k.put('library', {
        form: 1,
        id,
        title: { zh: id, en: id },
        basis: 'test',
        entity: { zh: '物', en: 'thing' },
        strongKey: key.name,
        trust: {},
        fields: cols.map((c) => ({ name: c.name, title: { zh: c.name, en: c.name }, element: element[c.type] })),
        feeds: [{ table: id, map }],
      } as DocumentOf<'library'>);
      const on = { table: { table: id }, library: { library: id } };
      for (const [kind, stands] of Object.entries(on))
        await k.put('service', {
          form: 1,
          id: `${id}-${kind}`,
          title: { zh: id, en: id },
          on: stands,
          department: 'police',
          kind: 'query',
          keys: [key.name],
          returns: cols.map((c) => ({ field: c.name, show: { shown: null } })),
          limit: 10,
        } as DocumentOf<'service'>);
      await land(
        k,
        id,
        [0, 1, 2].map((row) => ({ row: row + 2, cells: cols.map((c, i) => sampleOf(c.type, i, row)) })),
      );
      await k.drain();
      for (const kind of Object.keys(on)) {
        const { secret } = await granted(
          k,
          `${id}-${kind}`,
          cols.map((c) => c.name),
        );
        for (const row of [0, 1, 2]) {
          const reply = await k.door.fastify.inject({
            method: 'POST',
            url: `/api/gateway/${id}-${kind}/query`,
            headers: { authorization: `Bearer ${secret}` },
            payload: { field: key.name, value: sampleOf(key.type, cols.indexOf(key), row) },
          });
          expect(JSON.parse(reply.payload)).toMatchObject({
            rows: [Object.fromEntries(cols.map((c, i) => [c.name, answered(c.type, sampleOf(c.type, i, row))]))],
          });
        }
      }
      const steward = await k.actor('provider-steward', 'police');
      const { body } = (await k.call('GET', `/api/govern/tables/${id}/rows?limit=10`, steward)) as {
        body: { rows: { values: unknown }[] };
      };
      expect(body.rows.map((r) => r.values)).toEqual(
        [0, 1, 2].map((row) => Object.fromEntries(cols.map((c, i) => [c.name, sampleOf(c.type, i, row)]))),
      );
      const operator = await k.actor('operator', 'data-bureau');
      const found = (await k.call('GET', `/api/library/libraries/${id}/records?limit=10`, operator)) as { body: { count: number } };
      expect(found.body.count).toBe(3);
    }),
    { numRuns: 3, endOnFailure: true },
  );
});
