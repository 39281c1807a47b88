/** The cells of a table of JSON: what led to a row and stands around its list, and the row itself, each under a name of its own. */
import { type Columns, columnsOf, free, rowOf, see, unseen } from './json-columns.ts';
import type { Outer, Row } from './json-steps.ts';
import { isHeaderRow, type JsonTable } from './json-tables.ts';
import { cellOf, isList, isObject, jsonText } from './json-value.ts';
import { demandWidth } from './widest.ts';

/** The rows that are read. */
export interface Found {
  readonly count: number;
  /** Names of the columns; null where a row of the table itself may say them. */
  readonly names: readonly string[] | null;
  readonly width: number;
  cells(): AsyncIterable<readonly (string | null)[]>;
}

type Rows = () => AsyncIterable<Row> | Iterable<Row>;

/** What values by themselves stand under beside objects. */
const valueName = '值';
/** What stands around a list that has no name. */
const outerName = '外层';
/** Rows of a grid that tell whether its first is a header. */
const looked = 50;

/**
 * Reads a table twice: first for the names that its rows have, then for its rows. `declared` columns stand in their order, others behind them. Of
 * the values said once around the table, all of `outer.values` come along, or only those that are declared.
 */
export async function readTable(
  table: Pick<JsonTable, 'keys' | 'around' | 'rows'>,
  rows: Rows,
  outer: Outer['values'],
  declared: readonly string[],
  isOuterTaken: boolean,
): Promise<Found> {
  const own = unseen();
  const around = table.around.map(unseen);
  const first: Row[] = [];
  let count = 0;
  let width = 0;
  let isMixed = false;
  for await (const row of rows()) {
    count++;
    if (first.length < looked) first.push(row);
    for (const [i, object] of row.around.entries()) if (around[i]) see(around[i], rowOf(object));
    if (table.rows === 'objects') {
      if (isObject(row.own)) see(own, rowOf(row.own));
      else isMixed ||= row.own !== null;
    } else if (table.rows === 'arrays') width = demandWidth(Math.max(width, isList(row.own) ? row.own.length : 1));
  }
  const inside = columnsOf(own);
  const outside = around.map((seen) => columnsOf(seen, true));
  const isGrid = table.rows === 'arrays';
  const header = isGrid && isHeaderRow(first) ? jsonText(first[0]?.own ?? null) : null;
  const places = Array.from({ length: width }, (_, i) => `第${i + 1}列`);
  const ownNames =
    table.rows === 'objects'
      ? [...inside.names, ...(isMixed ? [valueName] : [])]
      : isGrid
        ? places
        : [(table.rows as { value: string }).value];
  const taken = new Set(header === null ? ownNames : (first[0]?.own as readonly string[]));
  const named = (name: string, of: string): string => free(taken.has(name) ? `${of || outerName}.${name}` : name, taken);
  const keyNames = table.keys.map((key) => named(key, ''));
  const aroundNames = outside.map((c, i) => c.names.map((name) => named(name, table.around[i] ?? '')));
  const once = outer
    .filter(([name]) => isOuterTaken || declared.includes(name))
    .map(([name, value]) => [named(name, ''), cellOf(value)] as const);
  const led = [...keyNames, ...aroundNames.flat()];
  const names = [...led, ...ownNames, ...once.map(([name]) => name)];
  demandWidth(names.length);
  // Nothing names the cells of a grid but its own first row, which the layout finds; what comes along is called in that row.
  const isUnnamed = isGrid && (header !== null || led.length + once.length === 0);
  const order = isUnnamed ? names.map((_, i) => i) : inOrder(names, declared);
  const all = isUnnamed ? Math.max(names.length, declared.length) : names.length;
  async function* cells(): AsyncGenerator<readonly (string | null)[]> {
    for await (const row of rows()) {
      const line: (string | null)[] = new Array(all).fill(null);
      // A hole is a blank row: what stands around all rows says nothing about it.
      if (row.own !== null || row.keys.length > 0) fill(row, line);
      yield isUnnamed ? line : order.map((i) => line[i] as string | null);
    }
  }
  function fill(row: Row, line: (string | null)[]): void {
    const isHeader = header !== null && jsonText(row.own) === header;
    for (const [i, key] of row.keys.entries()) line[i] = key;
    let from = keyNames.length;
    for (const [i, columns] of outside.entries()) from = filled(columns, row.around[i], line, from);
    if (isGrid && isList(row.own)) for (const [i, cell] of row.own.entries()) line[from + i] = cellOf(cell);
    else if (table.rows === 'objects' && isObject(row.own)) inside.fill(rowOf(row.own), line, from);
    else line[from + (table.rows === 'objects' ? inside.names.length : 0)] = cellOf(row.own);
    for (const [i, [, value]] of once.entries()) line[from + ownNames.length + i] = value;
    if (isHeader) for (const [i, name] of names.entries()) if (i < led.length || i >= led.length + width) line[i] = name;
  }
  return { count, names: isUnnamed ? null : order.map((i) => names[i] as string), width: all, cells };
}

function filled(columns: Columns, object: Row['around'][number] | undefined, line: (string | null)[], from: number): number {
  if (object) columns.fill(rowOf(object), line, from);
  return from + columns.names.length;
}

/** The places of the declared columns in their order, then those of the others. */
function inOrder(names: readonly string[], declared: readonly string[]): number[] {
  const place = new Map(declared.map((name, i) => [name, i]));
  const at = (i: number): number => place.get(names[i] as string) ?? declared.length;
  return names.map((_, i) => i).sort((a, b) => at(a) - at(b) || a - b);
}
