/** The tables of a governed table in the warehouse: its rows, its findings, and the view of what is current. */

import type { FieldType } from '#declare';
import { keptNumberSql } from '#kernel/sql/kept';
import { columnType } from '#kernel/sql/spell';
import type { Kernel } from '#kernel/stage';
import { newestOf, type TablePlan } from './plan.ts';
import { columnName, momentColumn } from './scan.ts';

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
  ...(plan.moment ? [[momentColumn, columnType('duckdb', 'instant')] as const] : []),
];

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
  // Rows of an installation from before moments were kept stay too; their next rebuild gives each its own.
  const isOlder = wanted.at(-1)?.[0] === momentColumn && held.length === wanted.length - 1;
  if (isOlder && held.every(([name, type], i) => wanted[i]?.[0] === name && wanted[i][1] === type)) {
    await kernel.warehouse.execute([{ sql: `alter table ${governedTable(id)} add column ${momentColumn} ${wanted.at(-1)?.[1]}` }]);
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
 * all the same. It was incremental: of the rows since the source was last read as a whole, of every key the row with the greatest `newest`, ties by
 * the later place in the ledger; a row without a key stands for itself.
 */
export function currentSql(plan: TablePlan, latest: Latest | null): string {
  const { id } = plan.binding;
  const rows = `select * from ${governedTable(id)} where ${latest ? countedSql(latest) : 'false'}`;
  const isNewest = `qualify _key is null or row_number() over (partition by _key order by ${newestFirst(plan)}) = 1`;
  return `create or replace view ${currentView(id)} as ${rows}${latest?.mode === 'incremental' ? ` ${isNewest}` : ''}`;
}

/** The batch that a table stands at: how it was read, as the ledger has it, and from which batch on rows count. */
export interface Latest {
  readonly seq: number;
  readonly mode: 'full' | 'incremental';
  readonly since: number;
}

const countedSql = ({ seq, mode, since }: Latest): string => (mode === 'full' ? `_batch = ${seq}` : `_batch >= ${since}`);

/** Order of the rows of a key: the newest word first. */
function newestFirst(plan: TablePlan): string {
  const newest = newestOf(plan)?.field;
  const age = newest ? [newestOrder(newest.type, columnName(newest.name), plan.moment !== null)] : [];
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
    sql: `select *, ${isCurrent} as _current from ${governedTable(id)} where ${countedSql(latest)} and _key is not null qualify count(*) over (partition by _key) > 1`,
    order: '_key, _current desc, _batch desc, _row desc',
  };
}
