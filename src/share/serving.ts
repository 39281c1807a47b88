/** Serving tables: their names, their columns, and the SQL that keeps them. Everything here is a pure function of documents. */
import { createHash } from 'node:crypto';
import type { DocumentOf, FieldType, SeenField } from '#declare';
import { contentSql } from '#kernel/sql/content';
import { textSql } from '#kernel/sql/kept';
import { servedColumn } from '#kernel/sql/own';
import { identifier, literal } from '#kernel/sql/quote';
import { columnType } from '#kernel/sql/spell';

type Service = DocumentOf<'service'>;

/** A column of a serving table. */
export interface ServingColumn {
  readonly name: string;
  readonly type: FieldType;
}

/** Longest name PostgreSQL keeps, in bytes; ids are ASCII. */
const longestName = 63;

/** Name of the table that serves one version of a service; a long id is cut and told apart by its digest. */
export function servingTable(service: string, version: number): string {
  const ending = `_v${version}`;
  if (service.length + ending.length <= longestName) return service + ending;
  const mark = `_${createHash('sha256').update(service).digest('hex').slice(0, 8)}`;
  return service.slice(0, longestName - ending.length - mark.length) + mark + ending;
}

/** Fields a service needs at hand: those it is asked by and those it returns. */
export const fieldsServed = (service: Pick<Service, 'keys' | 'returns'>): readonly string[] => [
  ...new Set([...service.keys, ...service.returns.map((r) => r.field)]),
];

/** Columns of the serving table. A field that is gone from under the service is left out; a guard keeps that from happening under a live grant. */
export const columnsServed = (service: Service, fields: readonly SeenField[]): readonly ServingColumn[] =>
  fieldsServed(service).flatMap((name) => fields.filter((f) => f.name === name).map((f) => ({ name, type: f.type })));

const warehouseName = (name: string): string => identifier('duckdb', name);
const name = (n: string): string => identifier('postgres', n);
const listed = (columns: readonly ServingColumn[]): readonly string[] => ['_key', '_digest', ...columns.map((c) => servedColumn(c.name))];

/**
 * The rows to publish, in the warehouse's SQL: a key that is present and unique, the digest of the row, and its columns. Where a
 * table repeats a key its rows are told apart by a number, so that none is lost. The digest is that of receipts: per column `~` when
 * absent, else length, colon, text.
 */
export function publishedSql(on: Service['on'], columns: readonly ServingColumn[]): string {
  const [from, key, order] =
    'library' in on
      ? [`library.${warehouseName(on.library)}`, '_entity', '_entity']
      : [`current.${warehouseName(on.table)}`, '_key', '_batch, _row'];
  const names = columns.map((c) => warehouseName(c.name));
  const row = names.join(', ');
  // DuckDB writes an offset without its seconds, which local mean time has.
  const told = columns.map((c) =>
    c.type === 'instant' ? `${textSql(c.type, warehouseName(c.name))} as ${warehouseName(c.name)}` : warehouseName(c.name),
  );
  // A row without a key is known by what it shows, so that two editions differ by the rows that differ. No key reads like a digest: it begins with a length.
  const known = `coalesce(cast(${key} as varchar), md5(${contentSql(names)}))`;
  return `select case when _n = 1 then _k else _k || chr(31) || _n end as _key, md5(${contentSql(names)}) as _digest, ${told.join(', ')}
    from (select ${known} as _k, row_number() over (partition by ${known} order by ${order}) as _n, ${row} from ${from})`;
}

/** Whether what a service stands on is in the warehouse yet. */
export const presenceSql = (on: Service['on']): string => {
  const [schema, table] = 'library' in on ? ['library', on.library] : ['current', on.table];
  return `select count(*)::integer as n from information_schema.tables where table_schema = ${literal('duckdb', schema)} and table_name = ${literal('duckdb', table)}`;
};

/** The statement that makes a serving table, still empty. */
export function createSql(service: Service, version: number, columns: readonly ServingColumn[]): string {
  const defined = columns.map((c) => `${servedColumn(c.name)} ${columnType('postgres', c.type)}`);
  return `create table serving.${name(servingTable(service.id, version))} (_key text not null, _digest text not null, ${defined.join(', ')})`;
}

/** Statements that index a filled serving table: its keys are unique, and for each key it is asked by an index also gives its rows in order. */
export function indexSql(service: Service, version: number): readonly string[] {
  const table = `serving.${name(servingTable(service.id, version))}`;
  return [
    `alter table ${table} add primary key (_key)`,
    ...service.keys.map((key) => `create index on ${table} (${servedColumn(key)}, _key)`),
    `analyze ${table}`,
  ];
}

export const dropSql = (service: string, version: number): string => `drop table if exists serving.${name(servingTable(service, version))}`;

/** The staging table of one publication, gone at its commit. */
export const stagingSql = (table: string): string => `create temporary table staging (like serving.${name(table)}) on commit drop`;

/** The COPY that fills a serving table, or the staging table where `table` is null. */
export const copySql = (table: string | null, columns: readonly ServingColumn[]): string =>
  `copy ${table === null ? 'staging' : `serving.${name(table)}`} (${listed(columns).join(', ')}) from stdin (format csv)`;

/** The three changes of a delta; each writes its events to the outbox and returns as many rows. `$1` publication, `$2` service, `$3` version, `$4` now. */
export function deltaSql(
  table: string,
  columns: readonly ServingColumn[],
): { readonly deleted: string; readonly updated: string; readonly inserted: string } {
  const target = `serving.${name(table)}`;
  const all = listed(columns);
  const told = (op: string, change: string): string =>
    `with touched as (${change} returning t._key) insert into share.outbox (publication, service, version, op, key, at) select $1, $2, $3, '${op}', _key, $4 from touched`;
  return {
    deleted: told('delete', `delete from ${target} t where not exists (select 1 from staging s where s._key = t._key)`),
    updated: told(
      'update',
      `update ${target} t set ${all
        .slice(1)
        .map((c) => `${c} = s.${c}`)
        .join(', ')} from staging s where s._key = t._key and s._digest <> t._digest`,
    ),
    inserted: told(
      'insert',
      `insert into ${target} as t (${all.join(', ')}) select ${all.map((c) => `s.${c}`).join(', ')} from staging s where not exists (select 1 from ${target} o where o._key = s._key)`,
    ),
  };
}
