/** A membership answered by a join says what the expression language says, whatever is absent and whatever the periods are. */
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Absent, all, any, type CodeListItem, col, type Expr, evaluate, inList, inListAt, not } from '#declare/expr/index';
import { spell } from '#kernel/sql/spell';
import { stacked } from './layers.ts';
import { Memberships } from './membership.ts';

const day = fc.integer({ min: 1, max: 28 }).map((d) => `2024-02-${String(d).padStart(2, '0')}`);
const span = fc.tuple(fc.option(day), fc.option(day));
const code = fc.integer({ min: 0, max: 99 }).map((n) => `c'${n}`);
const list = fc
  .array(fc.tuple(code, span), { minLength: 80, maxLength: 150 })
  .map((items): CodeListItem[] => items.map(([c, [validFrom, validTo]]) => ({ code: c, title: { zh: c }, validFrom, validTo })));
const row = fc.record({ x: fc.option(code), d: fc.option(day) });
const absents = ['holds', 'fails', 'unknown'] as const satisfies readonly Absent[];
const trees: readonly Expr[] = absents.flatMap((absent) => [
  inList(col('x'), 'list', absent),
  inListAt(col('x'), 'list', col('d', 'date'), absent),
  any(
    not(inListAt(col('x'), 'list', col('d', 'date'), absent)),
    all(inList(col('x'), 'list', 'fails'), inListAt(col('x'), 'list', col('d', 'date'), 'holds')),
  ),
]);

test('a join and the tree agree', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await fc.assert(
    fc.asyncProperty(list, fc.array(row, { minLength: 1, maxLength: 60 }), async (items, rows) => {
      const env = { today: '2024-02-10', codeList: () => items };
      const taken = new Memberships(env, '_m');
      const spelled = (e: Expr): string => spell(e, 'duckdb', { ...env, column: (name) => name });
      const asked = trees.map((t, i) => `${spelled(taken.taken(t, spelled))} as r${i}`);
      const given = `select cast(n as INTEGER) as n, x, cast(d as DATE) as d from (values ${rows.map((r, n) => `(${n}, ${quoted(r.x)}, ${quoted(r.d)})`).join(', ')}) as v(n, x, d)`;
      const nested = stacked([given, ...taken.layers(), `select n, ${asked.join(', ')} from step`]);
      const said = (await connection.runAndReadAll(`with ${taken.lists().join(', ')} ${nested} order by n`)).getRows();
      expect(said.map((s) => s.slice(1))).toEqual(rows.map((r) => trees.map((t) => evaluate(t, r, env))));
    }),
    { numRuns: 40 },
  );
});

const quoted = (text: string | null): string => (text === null ? 'null' : `'${text.replaceAll("'", "''")}'`);
