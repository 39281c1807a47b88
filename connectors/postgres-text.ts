/** How a PostgreSQL source spells its values as text, the same in a reading and in the receipt its administrator recomputes. */
import pg from 'pg';
import type { Source } from '#declare/source';

/** A column of the source's table: `type` is the name of its type without length, for a domain that of the type below all domains. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
}

/** SQL of the type below all domains over the type `id`, for `TableColumn.type`. */
export const baseType = (id: string): string =>
  `(with recursive base(id, below) as (select t.oid, t.typbasetype from pg_catalog.pg_type t where t.oid = ${id}
     union all select t.oid, t.typbasetype from base b join pg_catalog.pg_type t on t.oid = b.below)
   select format_type(id, null) from base where below = 0)`;

export const identifier = (name: string): string => pg.escapeIdentifier(name);
export const literal = (text: string): string => pg.escapeLiteral(text);

/**
 * Types whose own text depends on the settings of a session, or does not mean the value by itself. A reading changes no setting, because a view of
 * the department may rely on it; so these are spelled out. Days before there were zones keep their era, infinity its name.
 */
const scalars: readonly (readonly [type: string, spell: (value: string) => string])[] = [
  [
    'timestamp with time zone',
    (x) =>
      // The last instant of the server's range has no time in Shanghai.
      `case when not isfinite(${x}) then ${infinite(x)} when ${x} >= '294276-12-31 00:00:00+00' then to_char(${x} at time zone 'UTC', ${dayTime}) || '+00:00'` +
      ` else to_char(${x} at time zone 'Asia/Shanghai', ${dayTime})` +
      // The last summer time was in 1991; later instants need not be converted twice. Until local mean time ended the offset has seconds.
      ` || case when ${x} >= '1992-01-01 00:00:00+00' then '+08:00' when ${x} >= '1900-12-31 15:54:17+00' then '+' || to_char(${offset(x)}, 'HH24:MI')` +
      ` else '+' || to_char(${offset(x)}, 'HH24:MI:SS') || ${era(`(${x} at time zone 'Asia/Shanghai')`)} end end`,
  ],
  [
    'timestamp without time zone',
    (x) => `case when not isfinite(${x}) then ${infinite(x)} else to_char(${x}, ${dayTime}) || ${era(x)} end`,
  ],
  [
    'date',
    (x) =>
      `case when not isfinite(${x}) then ${infinite(x)} when ${x} > '294276-12-31' then ${farDay(x)} else to_char(${x}, 'YYYY-MM-DD') || ${era(x)} end`,
  ],
  ['double precision', (x) => plainNumber(x)],
  ['real', (x) => plainNumber(x)],
  ['money', (x) => `${x}::numeric::text`],
  ['bytea', (x) => `encode(${x}, 'hex')`],
  ['interval', (x) => isoInterval(x)],
];

/** Days go on where times end, and PostgreSQL spells days as times: they are counted back by whole cycles of 400 years. */
const farDay = (x: string): string => {
  const cycles = `((${x} - '294276-12-31'::date - 1) / 146097 + 1)`;
  const near = `(${x} - 146097 * ${cycles})`;
  return `(to_char(${near}, 'YYYY')::int + 400 * ${cycles}) || to_char(${near}, '-MM-DD')`;
};
const infinite = (x: string): string => `case when ${x} > '2000-01-01' then 'infinity' else '-infinity' end`;
const era = (x: string): string => `case when ${x} < '0001-01-01' then ' BC' else '' end`;
const dayTime = `'YYYY-MM-DD"T"HH24:MI:SS.US'`;
const offset = (x: string): string => `(${x} at time zone 'Asia/Shanghai') - (${x} at time zone 'UTC')`;

/** Decimal digits without an exponent; numbers of more than thirty digits keep theirs. */
const plainNumber = (x: string): string =>
  `case when ${x} = 0 or (abs(${x}) >= 1e-30::float8 and abs(${x}) < 1e30::float8) then ${x}::text::numeric::text else ${x}::text end`;

/** ISO 8601 with every part that is not zero. */
const isoInterval = (x: string): string => {
  const part = (field: string, mark: string): string =>
    `case when extract(${field} from ${x}) = 0 then '' else extract(${field} from ${x})::int || '${mark}' end`;
  const seconds = `extract(second from ${x})::numeric(20,6)`;
  const time = `${part('hour', 'H')} || ${part('minute', 'M')} || case when ${seconds} = 0 then '' else rtrim(rtrim(${seconds}::text, '0'), '.') || 'S' end`;
  const day = `${part('year', 'Y')} || ${part('month', 'M')} || ${part('day', 'D')}`;
  // Infinite since PostgreSQL 17.
  return `case when not isfinite(${x}) then ${x}::text else 'P' || ${day} || case when ${time} <> '' then 'T' || ${time} when ${day} = '' then 'T0S' else '' end end`;
};

/** The elements of a list, each spelled like a value of its own; lists of lists as PostgreSQL casts them. */
const listOf =
  (spell: (value: string) => string) =>
  (x: string): string =>
    `case when array_ndims(${x}) > 1 then ${x}::text when ${x} is not null then array(select ${spell('e.value')} from unnest(${x}) with ordinality e(value, place) order by e.place)::text end`;

/** A range with each end spelled like a value of its own; an end that is open has none. */
const rangeOf =
  (spell: (value: string) => string) =>
  (x: string): string =>
    `case when isempty(${x}) then 'empty' when ${x} is not null then (case when lower_inc(${x}) then '[' else '(' end)` +
    ` || coalesce(${spell(`lower(${x})`)}, '') || ',' || coalesce(${spell(`upper(${x})`)}, '') || (case when upper_inc(${x}) then ']' else ')' end) end`;

const ranges: readonly (readonly [range: string, type: string])[] = [
  ['tstzrange', 'timestamp with time zone'],
  ['tsrange', 'timestamp without time zone'],
  ['daterange', 'date'],
];
const scalar = new Map(scalars);
const spellings = new Map([
  ...scalars,
  ...ranges.map(([range, type]) => [range, rangeOf(scalar.get(type) as (x: string) => string)] as const),
  ...scalars.map(([type, spell]) => [`${type}[]`, listOf(spell)] as const),
]);

/**
 * SQL text of a column's value as text: timestamptz `2024-02-29T07:08:09.123456+08:00` in Asia/Shanghai (with the offset of that day),
 * timestamp the same without offset, date `2024-02-29`, numeric with its scale, floating numbers and money as plain decimals, boolean
 * `true`/`false`, bytea in hex digits, intervals in ISO 8601, char(n) without its padding, lists of these and ranges of times likewise, everything else as
 * PostgreSQL casts it to text: times in composite values, multiranges and lists of lists follow the settings of the user.
 */
export const cellText = (column: TableColumn): string => {
  const value = identifier(column.name);
  return spellings.get(column.type)?.(value) ?? `${value}::text`;
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
export function receiptSqlOf(source: Source, schema: string, table: string, upTo: string | null): string {
  const name = tableName(schema, table);
  const columns = source.columns.map((column, i) => {
    const value = identifier(column);
    // The types are looked up by the statement itself, so that this text can be written without a connection.
    const type = `(select type from types where name = ${literal(column)})`;
    const whens = [...spellings].map(([word, spell]) => `when '${word}' then ${spell(`(${value}::text)::${word}`)}`);
    return `    case ${type} ${whens.join(' ')} else ${value}::text end as c${i}`;
  });
  const joined = (names: readonly string[]): string =>
    names
      .map((n) => source.columns.indexOf(n))
      .map((i) => `coalesce(char_length(c${i}) || ':' || c${i}, '~')`)
      .join(' || ');
  const keys = source.key.length > 0 ? source.key : source.columns;
  const hash = (text: string): string => `md5(convert_to(${text}, 'UTF8'))`;
  // A text of the server's own kind takes the type of what it is compared with. Which of these rows a batch brought, no interval tells.
  const range = source.cursor === null || upTo === null ? '' : `\n  where ${identifier(source.cursor)} <= ${literal(upTo)}`;
  return `begin transaction isolation level repeatable read, read only;
set local extra_float_digits = 1;
with types as (
  select a.attname as name, ${baseType('a.atttypid')} as type
  from pg_attribute a
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
