/** Building statements with Kysely for one engine without a connection: the text is run by whoever holds one. */

import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryCompiler,
  type RawBuilder,
  sql,
} from 'kysely';

import type { Expr } from '#declare/expr/index';
import type { Engine } from './quote.ts';
import { type SpellEnv, spell } from './spell.ts';

/** Any table with any columns: their names are data here, so they cannot be types. */
export type AnyTables = Record<string, Record<string, unknown>>;

/** A statement's text and the values of its placeholders, in order. */
export type Statement = { readonly sql: string; readonly parameters: readonly unknown[] };

/** Trino numbers its placeholders by position alone. */
class TrinoQueryCompiler extends PostgresQueryCompiler {
  protected override getCurrentParameterPlaceholder(): string {
    return '?';
  }
}

const COMPILERS: Readonly<Record<Engine, () => QueryCompiler>> = {
  duckdb: () => new PostgresQueryCompiler(), // DuckDB reads PostgreSQL's quoting and $1 placeholders
  postgres: () => new PostgresQueryCompiler(),
  trino: () => new TrinoQueryCompiler(),
};

const builders = new Map<Engine, Kysely<AnyTables>>();

/** The statement builder of an engine. It compiles only: executing with it gives no rows. */
export function statements(engine: Engine): Kysely<AnyTables> {
  let builder = builders.get(engine);
  if (builder === undefined) {
    builder = new Kysely<AnyTables>({
      dialect: {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (db) => new PostgresIntrospector(db),
        createQueryCompiler: COMPILERS[engine],
      },
    });
    builders.set(engine, builder);
  }
  return builder;
}

/** An expression tree as a part of a statement; its constants are escaped in the text, not bound. */
export function spelled<T = unknown>(expr: Expr, engine: Engine, env: SpellEnv): RawBuilder<T> {
  return sql.raw<T>(spell(expr, engine, env));
}

/** The text of a built statement. */
export function compiled(query: Compilable): Statement {
  const { sql: text, parameters } = query.compile();
  return { sql: text, parameters };
}
