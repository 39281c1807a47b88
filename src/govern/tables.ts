/** The tables of a governed table in the warehouse: its rows, its findings, and the view of what is current. */

import type { FieldType } from '#declare';
import { keptNumberSql } from '#kernel/sql/kept';
import { columnType } from '#kernel/sql/spell';
import type { Kernel } from '#kernel/stage';
import { newestOf, type TablePlan, versionsOf } from './plan.ts';
import { columnName, keptColumns, momentColumn, orderColumn, sourceColumn } from './scan.ts';

/** Quoted names in the warehouse. */
export const governedTable = (id: string): string => `governed.${columnName(id)}`;
export const findingTable = (id: string): string => `finding.${columnName(id)}`;
export const currentView = (id: string): string => `current.${columnName(id)}`;
/** What lives only while a batch is governed or judged; whoever makes it drops it. */
export const scratchTable = (name: string): string => `scratch.main.${columnName(name)}`;

const findingColumns =
  '_batch BIGINT, _ordinal INTEGER, _row BIGINT, "rule" VARCHAR, severity VARCHAR, field VARCHAR, "value" VARCHAR, cells VARCHAR[], other BIGINT';

const columnsOf = (plan: TablePlan): readonly (readonly [name: string, type: string])[] => [
  ['_batch', 'BIGINT'],
  ['_ordinal', 'INTEGER'],
  ['_row', 'BIGINT'],
  ['_key', 'VARCHAR'],
  ...plan.fields.map((f) => [f.name, columnType('duckdb', f.type)] as const),
  ...keptColumns(plan).map((name) => [name, keptTypes[name] as string] as const),
];

/** Types of the columns of ours that are kept of a row beside its fields. */
const keptTypes: Readonly<Record<string, string>> = {
  [momentColumn]: columnType('duckdb', 'instant'),
  [sourceColumn]: 'UHUGEINT',
  [orderColumn]: 'VARCHAR',
};

/** Columns the warehouse's table has; none where there is no table. */
async function heldColumns(kernel: Kernel, plan: TablePlan): Promise<ReturnType<typeof columnsOf>> {
  const found = await kernel.warehouse.query<{ column_name: string; data_type: string }>(
    `select column_name, data_type from information_schema.columns where table_schema = 'governed' and table_name = $1 order by ordinal_position`,
    [plan.binding.id],
  );
  return found.map((c) => [c.column_name, c.data_type]);
}

const isWidened = (from: string, to: string): boolean => from === 'DECIMAL(38,6)' && to === columnType('duckdb', 'number');

/** Makes the tables where they are missing or have other columns; what they held is then replayed by the rebuild that follows a changed binding. */
export async function ensureTables(kernel: Kernel, plan: TablePlan): Promise<void> {
  const { id } = plan.binding;
  const [held, wanted] = [await heldColumns(kernel, plan), columnsOf(plan)];
  const wider = wanted.filter(([name, type], i) => held[i]?.[0] === name && held[i][1] !== type && isWidened(held[i][1], type));
  // Numbers of an installation from before they were kept to sixteen places stay where they are, in a wider column.
  if (wider.length > 0)
    await kernel.warehouse.execute(
      wider.map(([name, type]) => ({ sql: `alter table ${governedTable(id)} alter ${columnName(name)} type ${type}` })),
    );
  const fits =
    held.length === wanted.length &&
    wanted.every(([name, type], i) => held[i]?.[0] === name && (held[i][1] === type || wider.some(([n]) => n === name)));
  if (fits) return;
  // Rows of an installation from before these were kept stay too; their next rebuild gives each its own.
  const added = wanted.slice(held.length);
  const isOlder = held.length > 0 && added.length > 0 && added.every(([name]) => name in keptTypes);
  if (isOlder && held.every(([name, type], i) => wanted[i]?.[0] === name && wanted[i][1] === type)) {
    await kernel.warehouse.execute(added.map(([name, type]) => ({ sql: `alter table ${governedTable(id)} add column ${name} ${type}` })));
    return;
  }
  await kernel.warehouse.execute([
    ...['governed', 'finding', 'current'].map((s) => ({ sql: `create schema if not exists ${s}` })),
    {
      sql: `create or replace table ${governedTable(id)} (${columnsOf(plan)
        .map(([n, t]) => `${columnName(n)} ${t}`)
        .join(', ')})`,
    },
    { sql: `create or replace table ${findingTable(id)} (${findingColumns})` },
    { sql: currentSql(plan, null) },
  ]);
}

/**
 * The view of current rows. The latest batch was a full delivery: its rows, named here because a batch of which nothing was governed is the latest
 * all the same. It was incremental: of the rows that count since the source was last read as a whole, of every key the row with the greatest
 * `newest`, ties by the later place in the ledger; a row without a key stands for itself.
 */
export function currentSql(plan: TablePlan, latest: Latest | null): string {
  const { id } = plan.binding;
  const rows = `select * from ${latest ? countedSql(plan, latest) : `${governedTable(id)} where false`}`;
  const isNewest = `qualify _key is null or row_number() over (partition by _key order by ${newestFirst(plan)}) = 1`;
  return `create or replace view ${currentView(id)} as ${rows}${latest?.mode === 'incremental' ? ` ${isNewest}` : ''}`;
}

/** The batch that a table stands at: how it was read, as the ledger has it, and from which batch on rows count. */
export interface Latest {
  readonly seq: number;
  readonly mode: 'full' | 'incremental';
  readonly since: number;
}

/**
 * The rows of a table that count at a batch, as SQL behind `from`. Of an incremental source the later version of a row takes the place of the former
 * one, as in the ledger: that one may have had another key, or a newer date by mistake.
 */
export function countedSql(plan: TablePlan, { seq, mode, since }: Latest, upTo?: number): string {
  const table = governedTable(plan.binding.id);
  if (mode === 'full') return `${table} where _batch = ${seq}`;
  const rows = `${table} where _batch >= ${since}${upTo === undefined ? '' : ` and _batch <= ${upTo}`}`;
  if (!versionsOf(plan).bySource) return rows;
  return `(select * from ${rows} qualify ${sourceColumn} is null or _batch = max(_batch) over (partition by ${sourceColumn})) where true`;
}

/** Order of the rows of a key: the newest word first. */
function newestFirst(plan: TablePlan): string {
  const newest = newestOf(plan)?.field;
  const cursor = versionsOf(plan).byCursor ? [`${orderColumn} desc nulls last`] : [];
  const age = newest ? [newestOrder(newest.type, columnName(newest.name), plan.moment !== null)] : cursor;
  return [...age, '_batch desc', '_row desc'].join(', ');
}

/**
 * The greatest value first, absent ones last. A text is no age, and none is declared any more; those of before are ordered as numbers where they are
 * numbers, so that ten comes after nine. `hasMoment`: the table keeps the instants by which changes of one day are ordered.
 */
export const newestOrder = (type: FieldType, column: string, hasMoment: boolean): string =>
  `${type === 'text' ? `${keptNumberSql(column)} desc nulls last, ` : ''}${column} desc nulls last${hasMoment ? `, ${momentColumn} desc nulls last` : ''}`;

/** Rows as they stand, those of keys that several rows have (the current one first), or those without a key. */
export type WhichRows = 'current' | 'repeated' | 'keyless';

/** The statement that yields such rows with `_current`, and their order. */
export function whichSql(plan: TablePlan, which: WhichRows, latest: Latest): { readonly sql: string; readonly order: string } {
  const { id } = plan.binding;
  const current = `select *, true as _current from ${currentView(id)}`;
  if (which === 'current') return { sql: current, order: '_batch, _row' };
  if (which === 'keyless') return { sql: `${current} where _key is null`, order: '_batch, _row' };
  const isCurrent = latest.mode === 'full' ? 'true' : `row_number() over (partition by _key order by ${newestFirst(plan)}) = 1`;
  return {
    sql: `select *, ${isCurrent} as _current from ${countedSql(plan, latest)} and _key is not null qualify count(*) over (partition by _key) > 1`,
    order: '_key, _current desc, _batch desc, _row desc',
  };
}
