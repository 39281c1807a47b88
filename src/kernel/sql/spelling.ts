/** What a table of spellings is, and how long chains are written so that no parser runs out of stack. */

import type { Absent, Env, Expr, Kind, NodeOf, Type } from '#declare/expr/index';

/** What a spelling may ask: its sub-expressions, a column reference, constant text, and the world. */
export type Spelling = {
  /** A sub-expression, safe to stand beside any operator. */
  of(expr: Expr): string;
  column(name: string): string;
  /** Constant text, quoted. */
  text(text: string): string;
  readonly env: Env;
  /** A name that nothing else in the text has, quoted. */
  fresh(): string;
  /** The same, where no subquery may stand: DuckDB takes none inside try(). */
  readonly flat: Spelling;
};

/** One spelling for every kind of node; a table with one missing does not compile. */
export type Spellings = { readonly [K in Kind]: (node: NodeOf<K>, spelling: Spelling) => string };

/** How an engine stores each type of value. Columns are expected to be stored so, or to be castable. */
export type ColumnTypes = Readonly<Record<Type, string>>;

/** What stands between the operands, written as a balanced tree: 1,000 links in a row overflow Trino's parser. */
export function balanced(parts: readonly string[], link: string): string {
  if (parts.length === 1) return parts[0] as string;
  const middle = Math.ceil(parts.length / 2);
  return `(${balanced(parts.slice(0, middle), link)} ${link} ${balanced(parts.slice(middle), link)})`;
}

/**
 * Spells an expression that is only compared, written or asked for its presence. A number column is spelled as it is kept, decimal(38,16): computing
 * would round it or lose it to its own range.
 */
export const kept = (expr: Expr, s: Spelling): string =>
  expr.kind === 'column' && expr.type === 'number' ? s.column(expr.name) : s.of(expr);

/** A predicate whose absence has been decided. */
export function withAbsent(predicate: string, absent: Absent): string {
  return absent === 'unknown' ? predicate : `coalesce(${predicate}, ${absent === 'holds'})`;
}

/** A constant position or count as a plain integer, cut down and no lower than the least; undefined when it is not constant or too large. */
export function constantWhole(expr: Expr, least: number, most: number): string | undefined {
  if (expr.kind !== 'number') return undefined;
  const whole = Math.floor(Number(expr.value));
  return whole <= most ? String(Math.max(whole, least)) : undefined;
}
