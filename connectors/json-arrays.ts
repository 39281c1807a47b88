/** The tables of a JSON text that is too long to be held: its arrays of objects, each by the names that lead to it, read one element at a time. */
import { ConnectorRefusal, type Survey } from '#declare/connector';
import { columnsOf, isObject, rowOf, see, unseen } from './json-columns.ts';
import { elementsOf, parsed } from './json-elements.ts';
import type { JsonTable } from './json-tables.ts';
import { demandWidth } from './widest.ts';

export type Row = JsonTable['rows'][number];

/** The rows that are read. */
export interface Found {
  readonly count: number;
  /** Column name → the names that lead to it. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** Cells of the longest row where the rows are arrays, 0 where they are objects. */
  readonly cells: number;
  rows(): AsyncIterable<Row> | Iterable<Row>;
}

/** More lists are no choice. */
const mostOffered = 100;

interface Tally {
  readonly array: number;
  readonly name: string;
  rows: number;
  lists: number;
  others: number;
}

const tally = (array: number, name: string): Tally => ({ array, name, rows: 0, lists: 0, others: 0 });

/** The arrays that can be read as tables, the longest first. An array of arrays is a table only where nothing is around it: elsewhere it is a line on a map. */
const tables = <T extends Tally>(all: readonly (T | undefined)[]): T[] =>
  all
    .filter((a) => a !== undefined)
    .filter((a) => a.others === 0 && (a.lists === 0 ? a.rows > 0 : a.rows === 0 && a.name === '' && a.array === 0))
    .sort((a, b) => b.rows + b.lists - (a.rows + a.lists) || a.array - b.array);

/** What can be chosen from. The elements are counted and not parsed. */
export async function arraysOf(texts: AsyncIterable<string>): Promise<Survey['sheets']> {
  const all: Tally[] = [];
  for await (const elements of elementsOf(texts))
    for (const { array, name, text } of elements) {
      all[array] ??= tally(array, name);
      const of = all[array];
      const first = text.trimStart()[0];
      if (first === '{') of.rows++;
      else if (first === '[') of.lists++;
      else of.others++;
    }
  return tables(all)
    .slice(0, mostOffered)
    .map(({ name, rows, lists }) => ({ name, size: rows + lists }));
}

/** One of them: the one of this name, or the longest. @throws ConnectorRefusal no-sheet, not-json, too-large */
export async function arrayOf(texts: () => AsyncGenerator<string>, wanted: string | null): Promise<Found> {
  const all: (Tally & { cells: number; seen: ReturnType<typeof unseen> })[] = [];
  for await (const elements of elementsOf(texts()))
    for (const { array, name, text } of elements) {
      all[array] ??= { ...tally(array, name), cells: 0, seen: unseen() };
      const of = all[array];
      const value = parsed(text, true);
      if (isObject(value)) {
        of.rows++;
        see(of.seen, rowOf(value));
      } else if (Array.isArray(value)) {
        of.lists++;
        of.cells = demandWidth(Math.max(of.cells, value.length));
      } else of.others++;
    }
  const found = tables(all);
  const best = wanted === null ? found[0] : found.find((a) => a.name === wanted);
  if (!best && wanted !== null && found.length > 0) {
    const there = found.slice(0, mostOffered).map((a) => a.name);
    throw new ConnectorRefusal('no-sheet', `no ${wanted}; lists: ${there.join(', ')}`, `没有“${wanted}”；有：${there.join('、')}`);
  }
  if (!best && all.length > 0) throw new ConnectorRefusal('not-json', 'no array holds objects alone', '没有一个数组里全是对象，不能成为表');
  if (!best) throw new ConnectorRefusal('too-large', 'one object of more than 16 MiB', '整个文件是一个超过 16 MiB 的对象');
  return {
    count: best.rows + best.lists,
    names: columnsOf(best.seen),
    cells: best.cells,
    async *rows() {
      for await (const elements of elementsOf(texts()))
        for (const { array, text } of elements) if (array === best.array) yield parsed(text) as Row;
    },
  };
}
