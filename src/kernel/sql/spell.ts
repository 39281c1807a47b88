/** Spelling an expression tree as SQL text for one engine. */

import { isDay } from '#declare/expr/day';
import { type Env, type Expr, ExprError, type Type } from '#declare/expr/index';
import { DUCKDB, DUCKDB_TYPES } from './duckdb.ts';
import { Sharing } from './duckdb-once.ts';
import { POSTGRES, POSTGRES_TYPES } from './postgres.ts';
import { type Engine, identifier, literal } from './quote.ts';
import type { ColumnTypes, Spelling, Spellings } from './spelling.ts';
import { TRINO, TRINO_TYPES } from './trino.ts';

/** The world, and how a column is referred to where its quoted name is not enough (an alias before it, for instance). */
export type SpellEnv = Env & { column?(name: string): string };

const TABLES: Readonly<Record<Engine, Spellings>> = { duckdb: DUCKDB, postgres: POSTGRES, trino: TRINO };
const TYPES: Readonly<Record<Engine, ColumnTypes>> = { duckdb: DUCKDB_TYPES, postgres: POSTGRES_TYPES, trino: TRINO_TYPES };

/**
 * The tree as one SQL expression that can stand beside any operator and never raises an error on rows stored in the types of `columnType`.
 * The tree is expected to have passed typeOf. Throws ExprError for an unbound parameter, an unquotable name or a `today` that is no day.
 */
export function spell(expr: Expr, engine: Engine, env: SpellEnv): string {
  return spellWith(TABLES[engine], expr, engine, env);
}

/** The same by another table of spellings (tests plant wrong ones). */
export function spellWith(table: Spellings, expr: Expr, engine: Engine, env: SpellEnv): string {
  if (!isDay(env.today)) throw new ExprError({ zh: `“${env.today}”不是日期`, en: `"${env.today}" is not a day` });
  const sharing = engine === 'duckdb' ? new Sharing(expr) : undefined;
  let names = 0;
  const made = (flat?: Spelling): Spelling => {
    const plain = (child: Expr): string => (table[child.kind] as (node: Expr, spelling: Spelling) => string)(child, self);
    const self: Spelling = {
      of: (child) => (sharing ? sharing.of(child, self, plain) : plain(child)),
      fresh: () => identifier(engine, `~${++names}`),
      column: env.column ?? ((name) => identifier(engine, name)),
      text: (text) => literal(engine, text),
      env,
      get flat() {
        return flat ?? self;
      },
    };
    return self;
  };
  return made(made()).of(expr);
}

/** The SQL type in which an engine stores values of a type. */
export function columnType(engine: Engine, type: Type): string {
  return TYPES[engine][type];
}

/** The table of an engine, for tests that replace one spelling by a wrong one. */
export function spellings(engine: Engine): Spellings {
  return TABLES[engine];
}
