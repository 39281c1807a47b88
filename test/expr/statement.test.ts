/** Statements built by Kysely around spelled expressions run on the engines as they are. */

import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { col, concat, eq, num, plus, slice } from '#declare/expr/index';
import { compiled, spelled, statements } from '#kernel/sql/statement';
import { openDuckdb, openPostgres, type RunningEngine } from './engines.ts';
import { env } from './rows.ts';

let engines: RunningEngine[] = [];
beforeAll(async () => {
  engines = [await openDuckdb(), await openPostgres()];
});
afterAll(async () => {
  for (const engine of engines) await engine.close();
});

test('select, insert and merge', async () => {
  for (const { engine, ask } of engines) {
    const build = statements(engine);
    await ask('create temporary table "人" ("姓名" text, "岁" numeric(27,10))');
    await ask('create temporary table "来" ("姓名" text, "岁" numeric(27,10))');
    await ask(`insert into "来" values ('张三', 1), ('李四', 2)`);
    const named = spelled<string>(concat(slice(col('姓名'), 1, 1), '某'), engine, env);
    const older = spelled<string>(plus(col('岁', 'number'), num(1)), engine, env);
    const insert = build
      .insertInto('人')
      .columns(['姓名', '岁'])
      .expression(
        build
          .selectFrom('来')
          .select(['姓名', older.as('岁')])
          .where(spelled<boolean>(eq(col('姓名'), slice(concat('张三', '丰'), 1, 2)), engine, env)),
      );
    const statement = compiled(insert);
    expect(statement.parameters).toEqual([]);
    await ask(statement.sql);
    const merge = build
      .mergeInto('人')
      .using('来', (join) => join.onRef('人.姓名', '=', '来.姓名'))
      .whenMatched()
      .thenUpdateSet({ 岁: sql.ref('来.岁') })
      .whenNotMatched()
      .thenInsertValues({ 姓名: sql.ref('来.姓名'), 岁: sql.ref('来.岁') });
    await ask(compiled(merge).sql);
    const select = build
      .selectFrom('人')
      .select([named.as('名'), sql<string>`cast(cast(${sql.id('岁')} as integer) as varchar)`.as('岁')])
      .orderBy('岁');
    expect(await ask(compiled(select).sql)).toEqual([
      ['张某', '1'],
      ['李某', '2'],
    ]);
  }
});

test('Trino counts its placeholders by position', () => {
  const query = statements('trino').selectFrom('t').selectAll().where('a', '=', 1).where('b', '=', 2);
  expect(compiled(query)).toEqual({ sql: 'select * from "t" where "a" = ? and "b" = ?', parameters: [1, 2] });
});
