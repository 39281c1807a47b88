/** A second reading of a workbook, by exceljs: what each cell stores, and whether a landed text says the same. */
import ExcelJS from 'exceljs';

/** One cell as it is stored. */
export interface StoredCell {
  readonly value: ExcelJS.CellValue;
  readonly format: string;
  /** It lies within a declared merge, and is not its first cell. */
  readonly merged: boolean;
  /** First cell of its merge, or itself. */
  readonly master: ExcelJS.CellValue;
}

/** Filled cells of a sheet by row and column from 1. */
export type StoredGrid = ReadonlyMap<number, ReadonlyMap<number, StoredCell>>;

/** Reads a sheet, the first where none is named. */
export async function xlsxGrid(path: string, sheet: string | null): Promise<StoredGrid> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(path);
  const found = sheet === null ? book.worksheets[0] : book.getWorksheet(sheet);
  const grid = new Map<number, Map<number, StoredCell>>();
  found?.eachRow((row, r) => {
    const cells = new Map<number, StoredCell>();
    row.eachCell((cell, c) => {
      const merged = cell.isMerged && cell.master !== cell;
      cells.set(c, { value: merged ? null : cell.value, format: cell.numFmt ?? '', merged, master: (merged ? cell.master : cell).value });
    });
    grid.set(r, cells);
  });
  return grid;
}

/** Whether a landed text says what a cell stores. A cell within a merge says nothing, or what its first cell says. */
export const saysStored = (landed: string | null, cell: StoredCell | undefined): boolean =>
  cell === undefined
    ? (landed ?? '') === ''
    : says(landed ?? '', cell.value, cell.format) || (cell.merged && says(landed ?? '', cell.master, cell.format));

function says(landed: string, value: ExcelJS.CellValue, format: string): boolean {
  if (value === null || value === undefined) return landed === '';
  if (typeof value === 'string') return sameText(landed, value);
  if (typeof value === 'number') return saysNumber(landed, value, format);
  if (typeof value === 'boolean') return landed.toUpperCase() === String(value).toUpperCase() || landed === (value ? '1' : '0');
  if (value instanceof Date) return saysDate(landed, value);
  if ('richText' in value) return sameText(landed, value.richText.map((t) => t.text).join(''));
  if ('error' in value) return landed === value.error;
  if ('hyperlink' in value) return says(landed, value.text as ExcelJS.CellValue, format);
  return says(landed, (value as { result?: ExcelJS.CellValue }).result ?? null, format);
}

const lines = (text: string): string => text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
/** Characters that XML escapes as _xHHHH_ are left so by exceljs. */
const escaped = (text: string): string =>
  text.replace(/_x([0-9A-Fa-f]{4})_/gu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
const sameText = (landed: string, stored: string): boolean => lines(landed) === lines(stored) || lines(landed) === lines(escaped(stored));

/** A number as shown: in 15 significant digits or more, as a share, with a unit before or behind it, or filled up with zeros. */
function saysNumber(landed: string, value: number, format: string): boolean {
  const digits = /[-+]?\d[\d.]*(?:E[+-]?\d+)?/iu.exec(landed)?.[0];
  if (digits === undefined) return false;
  const shown = Number(digits);
  const around = landed.replace(digits, '');
  // What stands around the digits is what the format says, and nothing else.
  if (around !== '' && ![...around.trim()].every((c) => format.includes(c))) return false;
  const wanted = around.includes('%') ? value * 100 : value;
  // Two spellings of one number in 15 digits are no further apart.
  return Math.abs(shown - wanted) <= 1e-14 * Math.abs(wanted);
}

const dayLength = 86_400_000;

/** A day, a time or both. exceljs reckons serial days to an instant in UTC, and knows no 29 February 1900, which a sheet counts as day 60. */
function saysDate(landed: string, stored: Date): boolean {
  const serial = (stored.getTime() - Date.UTC(1899, 11, 30)) / dayLength;
  // Day 0 is no day: the number is left.
  if (landed !== '' && Number(landed) === serial) return true;
  const iso = new Date(Math.round(stored.getTime() / 1000) * 1000 + (serial < 60 ? dayLength : 0)).toISOString();
  const [day, clock] = [serial >= 60 && serial < 61 ? '1900-02-29' : iso.slice(0, 10), iso.slice(11, 19)];
  if (landed === `${day} ${clock}` || (landed === day && clock === '00:00:00')) return true;
  // Hours alone: the days since the beginning of the calendar are hours beyond 24.
  const [, h, m, s] = /^(\d+):(\d\d):(\d\d)$/u.exec(landed) ?? [];
  return s !== undefined && Math.abs(serial * 86_400 - (Number(h) * 3600 + Number(m) * 60 + Number(s))) < 1;
}
