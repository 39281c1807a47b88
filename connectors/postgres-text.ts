/** How a PostgreSQL source spells its values as text, the same in a reading and in the receipt its administrator recomputes. */
import pg from 'pg';
import type { Source } from '#declare/source';

/** A column of the source's table: `type` is the name of its type without length, that of the base type for a domain. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  /** The type a text of this column is cast to for comparing, as the catalog spells it. */
  readonly cast: string;
  readonly notNull: boolean;
}

export const identifier = (name: string): string => pg.escapeIdentifier(name);
export const literal = (text: string): string => pg.escapeLiteral(text);

/** What the text of dates, intervals, floating numbers and bytes depends on; for use inside a transaction. */
export const decidedSettings = [
  `set local datestyle = 'ISO, YMD'`,
  `set local timezone = 'Asia/Shanghai'`,
  `set local intervalstyle = 'iso_8601'`,
  `set local extra_float_digits = 3`,
  `set local bytea_output = 'hex'`,
  `set local search_path = pg_catalog`,
].join('; ');

/** Types whose own text is not the decided one. The text of days before there were zones, and of infinity, stays PostgreSQL's own. */
const spellings: readonly (readonly [string, (value: string) => string])[] = [
  [
    'timestamp with time zone',
    (x) =>
      `case when isfinite(${x}) and ${x} >= '1901-01-01 00:00:00+00' then to_char(${x} at time zone 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS.US')` +
      // The last summer time was in 1991; later instants need not be converted twice.
      ` || case when ${x} >= '1992-01-01 00:00:00+00' then '+08:00' else '+' || to_char((${x} at time zone 'Asia/Shanghai') - (${x} at time zone 'UTC'), 'HH24:MI') end` +
      ` else ${x}::text end`,
  ],
  [
    'timestamp without time zone',
    (x) => `case when isfinite(${x}) and ${x} >= '0001-01-01' then to_char(${x}, 'YYYY-MM-DD"T"HH24:MI:SS.US') else ${x}::text end`,
  ],
  ['bytea', (x) => `encode(${x}, 'hex')`],
];

/**
 * SQL text of a column's value as text: timestamptz `2024-02-29T07:08:09.123456+08:00` in Asia/Shanghai (with the offset of that day),
 * timestamp the same without offset, date `2024-02-29`, numeric with its scale, boolean `true`/`false`, bytea in hex digits, char(n)
 * without its padding, everything else as PostgreSQL casts it to text under `decidedSettings`.
 */
export const cellText = (column: TableColumn): string => {
  const value = identifier(column.name);
  return spellings.find(([type]) => type === column.type)?.[1](value) ?? `${value}::text`;
};

/** `"schema"."table"` of a source. */
export const tableName = (schema: string, table: string): string => `${identifier(schema)}.${identifier(table)}`;

/** Hex digits of a receipt's bucket; a receipt has at most 256 buckets. */
const bucketDigits = 2;

/**
 * The SQL with which the source's administrator recomputes a receipt, for psql or any client; the result is one row per bucket: `bucket`,
 * `rows`, `digest`. Definition, shared with the receiving side:
 *
 * - The text of a row: for each column in declared order `~` where the value is absent, else its length in characters, `:` and its text;
 *   joined without separators. The text of a row's key: the same over the key columns, over all columns when there is no key.
 * - h(x): the MD5 of x in UTF-8, as hex digits. Bucket: the first two digits of h(key text); more digits bisect to the missing row.
 * - Digest of a set of rows: the exact sum of the first 15 hex digits of h(row text), read as an integer, over its rows; so order does not
 *   matter and sets can be added. MD5 finds losses and mistakes; it is no proof against somebody who forges both sides.
 *
 * The database must be in UTF-8 or another encoding that knows its characters (not SQL_ASCII).
 */
export function receiptSqlOf(source: Source, schema: string, table: string): string {
  const name = tableName(schema, table);
  const columns = source.columns.map((column, i) => {
    const value = identifier(column);
    // The types are looked up by the statement itself, so that this text can be written without a connection.
    const type = `(select type from types where name = ${literal(column)})`;
    const whens = spellings.map(([word, spell]) => `when '${word}' then ${spell(`(${value}::text)::${word}`)}`);
    return `    case ${type} ${whens.join(' ')} else ${value}::text end as c${i}`;
  });
  const joined = (names: readonly string[]): string =>
    names
      .map((n) => source.columns.indexOf(n))
      .map((i) => `coalesce(char_length(c${i}) || ':' || c${i}, '~')`)
      .join(' || ');
  const keys = source.key.length > 0 ? source.key : source.columns;
  const hash = (text: string): string => `md5(convert_to(${text}, 'UTF8'))`;
  const range =
    source.cursor === null ? '' : `\n  -- for one batch: where ${identifier(source.cursor)} > '…' and ${identifier(source.cursor)} <= '…'`;
  return `begin transaction isolation level repeatable read, read only;
${decidedSettings};
with types as (
  select a.attname as name, format_type(coalesce(nullif(t.typbasetype, 0), a.atttypid), null) as type
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  where a.attrelid = ${literal(name)}::regclass and a.attnum > 0 and not a.attisdropped
), cells as (
  select
${columns.join(',\n')}
  from ${name}${range}
), texts as (
  select ${joined(source.columns)} as row_text, ${joined(keys)} as key_text from cells
)
select left(${hash('key_text')}, ${bucketDigits}) as bucket, count(*) as rows, sum(('x' || left(${hash('row_text')}, 15))::bit(60)::bigint) as digest
from texts group by 1 order by 1;
commit;
`;
}
