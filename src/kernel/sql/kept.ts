/** Kept values in DuckDB: read from their standard text without rounding, and written as the one text of each. */
import type { FieldType } from '#declare';
import { KEPT_GRAMMAR, KEPT_PRECISION, KEPT_SCALE } from '#declare/expr/decimal';
import { utcOf, writtenOf } from './duckdb-instant.ts';
import { literal } from './quote.ts';

const NUMBER = `DECIMAL(${KEPT_PRECISION},${KEPT_SCALE})`;
/** Short numbers, nearly all there are: a narrow DECIMAL is read at a tenth of the cost of a wide one. */
const SHORT = '-?[0-9]{1,12}(?:\\.[0-9]{1,6})?';

/**
 * The number in a text, kept as it is; absent where decimal(38,16) would round it or does not hold it. The text is read as the integer of its units:
 * DuckDB takes sixty times as long to read a text as a wide DECIMAL (12 µs).
 */
export function keptNumberSql(at: string): string {
  const part = (n: 1 | 2): string => `split_part(${at}, '.', ${n})`;
  const units = `cast(${part(1)} || rpad(left(${part(2)}, ${KEPT_SCALE}), ${KEPT_SCALE}, '0') as HUGEINT)`;
  return `(case when regexp_full_match(${at}, ${literal('duckdb', SHORT)}) then cast(try_cast(${at} as DECIMAL(18,6)) as ${NUMBER})
    when regexp_full_match(${at}, ${literal('duckdb', KEPT_GRAMMAR)}) then cast(cast(${units} as DECIMAL(38,0)) * cast(1e-${KEPT_SCALE} as DECIMAL(${KEPT_SCALE},${KEPT_SCALE})) as ${NUMBER}) end)`;
}

/** A kept column as its one text: dates as YYYY-MM-DD, instants in the zone setting, numbers without empty decimals. */
export function textSql(type: FieldType, column: string): string {
  if (type === 'number') return `rtrim(rtrim(cast(${column} as VARCHAR), '0'), '.')`;
  if (type === 'instant') return `(list_transform([${utcOf(column)}], lambda "~utc": ${writtenOf('"~utc"')})[1])`;
  return type === 'date' ? `cast(${column} as VARCHAR)` : column;
}
