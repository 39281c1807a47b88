/** Picking a table of a PostgreSQL database before there is a source of it: the tables, their keys, the columns fit for a cursor. */
import type { Client } from 'pg';
import { type ColumnThere, ConnectorRefusal, type TableLook, type TableThere } from '#declare/connector';
import { judgeCursor, type Table } from './postgres-cursor.ts';
import type { TableColumn } from './postgres-text.ts';

/** Tables that are told, at most. */
const mostTables = 20_000;
/** Columns that are looked at as cursors, at most: a look may read the whole table. */
const mostJudged = 8;
/** From so many rows on, reading all of them every time is no longer proposed. */
const manyRows = 1_000_000;

type Words = TableLook['why'];

/** The tables and views that the user may read. */
export async function tablesThere(client: Client): Promise<readonly TableThere[]> {
  const { rows } = await client.query<{ schema: string; table: string; relkind: string; rows: string; about: string | null }>(
    `select n.nspname as schema, c.relname as "table", c.relkind::text, c.reltuples::bigint::text as rows,
       pg_catalog.obj_description(c.oid, 'pg_class') as about
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
       and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%' and pg_catalog.has_schema_privilege(n.oid, 'usage')
       and (pg_catalog.has_table_privilege(c.oid, 'select') or c.relkind not in ('r', 'p') and pg_catalog.has_any_column_privilege(c.oid, 'select'))
     order by 1, 2 limit ${mostTables}`,
  );
  return rows.map(({ schema, table, relkind, rows: n, about }) => ({
    name: `${schema}.${table}`,
    kind: relkind === 'f' ? 'foreign' : relkind === 'r' || relkind === 'p' ? 'table' : 'view',
    about,
    rows: Number(n) > 0 ? Number(n) : null,
    settings: { schema, table },
  }));
}

/** Reads the columns of a table that the user may read, its keys, and the proposed cursor. */
export async function lookAt(client: Client, table: Table): Promise<TableLook> {
  const { rows: said } = await client.query<{ name: string; about: string | null; spelled: string }>(
    `select a.attname as name, pg_catalog.col_description(a.attrelid, a.attnum) as about, format_type(a.atttypid, a.atttypmod) as spelled
     from pg_catalog.pg_attribute a where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
       and pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'select') order by a.attnum`,
    [table.oid],
  );
  const rows = await rowsIn(client, table);
  const columns: ColumnThere[] = [];
  let judged = 0;
  for (const { name, about, spelled } of said) {
    const column = table.columns.find((c) => c.name === name) as TableColumn;
    const cursor = await cursorOf(client, table, column, judged < mostJudged);
    if (cursor.isJudged) judged++;
    columns.push({ name, type: spelled, isNullable: !column.notNull, about, noCursor: cursor.noCursor, slips: cursor.slips });
  }
  return { columns, rows, keys: await keysOf(client, table, new Set(said.map((c) => c.name))), ...proposed(columns, rows) };
}

async function rowsIn(client: Client, table: Table): Promise<number | null> {
  const { rows } = await client.query<{ rows: string }>(
    'select reltuples::bigint::text as rows from pg_catalog.pg_class where oid = $1::oid',
    [table.oid],
  );
  const n = Number(rows[0]?.rows ?? 0);
  return n > 0 ? n : null;
}

interface Cursor {
  readonly noCursor: Words | null;
  readonly slips: readonly Words[];
  readonly isJudged: boolean;
}

async function cursorOf(client: Client, table: Table, column: TableColumn, mayJudge: boolean): Promise<Cursor> {
  const no = (zh: string, en: string): Cursor => ({ noCursor: { zh, en }, slips: [], isJudged: false });
  if (!column.notNull && table.stamped)
    return no('可以为空：空着的行再也读不到', 'it may be empty: a row without a value would never be read again');
  if (!mayJudge) return no('前面已有足够多的列可作游标，没有查看', 'not looked at: enough columns before it could be a cursor');
  try {
    return { noCursor: null, slips: await judgeCursor(client, table, column), isJudged: true };
  } catch (error) {
    if (!(error instanceof ConnectorRefusal)) throw error;
    return { noCursor: { zh: error.detailZh, en: error.detail }, slips: [], isJudged: false };
  }
}

/** Columns that the database keeps unique and filled: the primary key, then unique indexes of few columns. */
async function keysOf(client: Client, table: Table, readable: ReadonlySet<string>): Promise<TableLook['keys']> {
  const { rows } = await client.query<{ primary: boolean; columns: string[]; filled: boolean }>(
    `select i.indisprimary as primary, array_agg(a.attname::text order by k.place) as columns, bool_and(a.attnotnull) as filled
     from pg_catalog.pg_index i cross join lateral unnest(i.indkey::int2[]) with ordinality as k(attnum, place)
       join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
     where i.indrelid = $1::oid and i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null
       and k.place <= i.indnkeyatts
     group by i.indexrelid, i.indisprimary order by i.indisprimary desc, count(*), 2`,
    [table.oid],
  );
  return rows
    .filter((r) => r.filled && r.columns.every((c) => readable.has(c)))
    .map(({ primary, columns }) => ({
      columns,
      why: primary
        ? { zh: '数据库声明的主键', en: 'the primary key that the database declares' }
        : { zh: '数据库声明的唯一且不为空的列', en: 'columns that the database keeps unique and filled' },
    }));
}

/** A large table is read on from where the last reading ended; any other as a whole, which sees changes and deletes too. */
function proposed(columns: readonly ColumnThere[], rows: number | null): Pick<TableLook, 'cursor' | 'why'> {
  const fit = columns.filter((c) => c.noCursor === null);
  const best = fit.find((c) => c.slips.length === 0) ?? fit[0];
  const about = rows === null ? { zh: '行数不多', en: 'not many rows' } : { zh: `约 ${rows} 行`, en: `about ${rows} rows` };
  if ((rows ?? 0) < manyRows)
    return {
      cursor: null,
      why: {
        zh: `${about.zh}：每次整表读取，改动和删除也能看到`,
        en: `${about.en}: all of them are read each time, which sees changes and deletes`,
      },
    };
  if (!best)
    return {
      cursor: null,
      why: {
        zh: `${about.zh}，但没有能作游标的列：每次整表读取`,
        en: `${about.en}, and no column can be a cursor: all are read each time`,
      },
    };
  return {
    cursor: best.name,
    why: {
      zh: `${about.zh}：按游标“${best.name}”只读新增的行；删除由对账发现`,
      en: `${about.en}: only what is new by the cursor '${best.name}' is read; deletes are found by reconciliation`,
    },
  };
}
