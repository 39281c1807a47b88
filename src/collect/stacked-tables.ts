/** Tables of different columns that stand below each other on one sheet: a person chooses which of them is read. */
import { filled, type Grid, isYear, lastFilled, repeatsBelow, shapeOf } from './cell-shape.ts';
import { isForm } from './header-rows.ts';

/** A part of the grid with one table and the text above it. Places of rows count from 0, and `to` lies behind the last. */
export interface StackedTable {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

type Row = readonly (string | null)[];

/** Rows that fill several cells, without a gap between them. */
interface Run {
  readonly from: number;
  readonly to: number;
}

/**
 * The tables, where there are several of different columns; none where there is one, or where all have the same header (they are one table then).
 * A table begins behind a gap with a row of words above amounts. A table above another one may have no gap within. Titles of several cells that a gap
 * parts from their table are none.
 */
export function stackedTables(grid: Grid): readonly StackedTable[] {
  const tables: { header: Row; from: number; runs: Run[] }[] = [];
  let end = 0;
  for (const run of runsOf(grid)) {
    const rows = grid.slice(run.from, run.to);
    const [header] = rows;
    const last = tables.at(-1);
    // 填报单位：… 单位：… says something of a table; before the first one a single row of any words does.
    const own = rows.filter((row) => !isForm(row)).length;
    if (own < (last ? 1 : 2)) continue;
    const above = last ? last.runs.flatMap((r) => grid.slice(r.from, r.to)).slice(1) : [];
    if (header && (!last || isHeader(header, rows.slice(1), above)))
      tables.push({ header, from: captionFrom(grid, end, run.from), runs: [run] });
    else last?.runs.push(run);
    end = run.to;
  }
  const text = (row: Row): string =>
    row
      .slice(0, lastFilled(row))
      .map((c) => c ?? '')
      .join('|');
  if (new Set(tables.map((t) => text(t.header))).size < 2) return [];
  if (tables.slice(0, -1).some((t) => t.runs.length > 1)) return [];
  return tables.map(({ header, from }, i) => ({
    name:
      captionOf(grid.slice(from, tables[i]?.runs[0]?.from)) ??
      header
        .flatMap((c) => c ?? [])
        .slice(0, 3)
        .join('、'),
    from,
    to: tables[i + 1]?.from ?? grid.length,
  }));
}

function runsOf(grid: Grid): Run[] {
  const runs: { from: number; to: number }[] = [];
  for (const [i, row] of grid.entries()) {
    if (filled(row) < 2) continue;
    const last = runs.at(-1);
    if (last?.to === i) last.to = i + 1;
    else runs.push({ from: i, to: i + 1 });
  }
  return runs;
}

/** Words above rows that hold amounts, days or codes where it has a word, or below such rows; and no word of it is a value below. */
function isHeader(row: Row, below: Grid, above: Grid): boolean {
  const words = row.filter((c) => c !== null);
  if (below.length < 2 || new Set(words).size < words.length) return false;
  if (row.some((c) => c !== null && shapeOf(c) !== 'text' && !isYear(c)) || repeatsBelow(row, below)) return false;
  const marked = (rows: Grid): number[] =>
    row.flatMap((c, i) => {
      const shapes = rows.map((r) => shapeOf(r[i])).filter((s) => s !== 'none');
      return c !== null && shapes.length > 1 && shapes.filter((s) => s !== 'text').length > 0.6 * shapes.length ? [i] : [];
    });
  const isText = (c: string | null | undefined, i: number): boolean => row[i] == null || c == null || shapeOf(c) === 'text';
  return marked(below).length > 0 && (marked(above).length > 0 || above.every((r) => r.every(isText)));
}

/** Where the lines above a table begin: behind the last blank row, or behind the table above. */
function captionFrom(grid: Grid, end: number, at: number): number {
  let from = at;
  while (from > end && (end === 0 || filled(grid[from - 1]) > 0)) from--;
  return from;
}

const captionOf = (lines: Grid): string | undefined => lines.flatMap((row) => row.find((c) => c !== null) ?? [])[0]?.slice(0, 60);
