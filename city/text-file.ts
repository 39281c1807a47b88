/** Delivered text files: rows as lines of comma-separated cells. */
import type { Cell } from './draft.ts';

/** A title, alone in the first cell and padded with commas to the width of the table, as spreadsheet programs save it. */
export const titleRow = (title: string, width: number): readonly Cell[] => [title, ...Array.from({ length: width - 1 }, () => null)];

/** The text of a file; an absent cell is empty, cells with commas, quotes or line breaks are quoted (RFC 4180). */
export const csvText = (rows: readonly (readonly Cell[])[], lineEnd: '\n' | '\r\n'): string =>
  rows
    .map(
      (row) =>
        row.map((cell) => (cell === null ? '' : /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',') + lineEnd,
    )
    .join('');
