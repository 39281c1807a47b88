/** A grid that is not yet described, and the looks of its cells. */

/** Rows of a grid from its first, every cell trimmed, absent where blank. A row of a text file is as long as it was written. */
export type Grid = readonly (readonly (string | null)[])[];

/** A sentence in both languages. */
export interface Said {
  readonly zh: string;
  readonly en: string;
}

/** Cells of a row that hold anything. */
export const filled = (row: readonly (string | null)[] | undefined): number => (row ?? []).filter((c) => c !== null).length;

/** Cells of a row up to the last that holds anything. */
export const lastFilled = (row: readonly (string | null)[]): number => row.findLastIndex((c) => c !== null) + 1;

export type Shape = 'number' | 'date' | 'code' | 'text' | 'none';

/** What a cell looks like; a header is made of words. */
export function shapeOf(cell: string | null | undefined): Shape {
  if (cell == null) return 'none';
  const plain = cell.normalize('NFKC').trim();
  if (/^[-+]?[\d,]*\.?\d+(e[-+]?\d{1,3})?%?$/i.test(plain)) return 'number';
  if (/^\d{2,4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?( .*)?$/u.test(plain)) return 'date';
  if (/^[A-Z]{0,4}-?\d[\dA-Za-z\-/:*]{2,}$/.test(plain)) return 'code';
  return 'text';
}

/** Whether a cell is a year by itself. */
export const isYear = (cell: string | null | undefined): boolean => /^(19|20)\d{2}年?$/u.test(cell?.trim() ?? '');

/** Whether most cells of a row are values that come again below: then it is data. */
export function repeatsBelow(row: readonly (string | null)[], after: Grid): boolean {
  const cells = row.flatMap((c, i) => (c === null ? [] : [[c, i] as const]));
  const again = cells.filter(([c, i]) => after.some((r) => r[i] === c)).length;
  return again > cells.length / 2;
}

/**
 * Columns that the rows have: up to the last one that more than a stray row holds. Of a row or two one is no stray. Where rows are of different
 * lengths it is no more than half of them have: a delimiter within a value makes a row longer. What a header names beyond has its place all the same.
 */
export function widthOf(grid: Grid): number {
  const rows = grid.filter((row) => filled(row) > 0);
  const enough = (width: number): boolean => {
    const holding = rows.filter((row) => row[width - 1] != null).length;
    return holding > 1 || holding > rows.length / 3;
  };
  // Titles and notes have one cell.
  const several = rows.filter((row) => filled(row) > 1);
  const told = several.length > 1 && several.length >= rows.length / 3 ? several : rows;
  const lengths = told.map((row) => row.length).sort((a, b) => b - a);
  const usual = lengths[Math.ceil(lengths.length / 2) - 1] ?? 1;
  let width = Math.max(1, Math.min(usual, Math.max(...rows.map(lastFilled))));
  while (width > 1 && !enough(width)) width--;
  return width;
}
