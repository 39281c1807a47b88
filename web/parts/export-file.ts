/** The file of an exported list: text as it was shown, and nothing in it that a spreadsheet would run. */

import { Refused } from './api.ts';

/** What a cell holds: a text as it was shown, or a number. */
export type Cell = string | number;

/** What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection). A plain number is none. */
const isFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d,]*\.?\d+%?$/.test(text);

/** UTF-8 with a byte order mark, so that spreadsheets read Chinese; every text quoted; a formula made harmless by an apostrophe before it. */
export function csvOf(titles: readonly string[], rows: readonly (readonly Cell[])[]): Blob {
  const line = (cells: readonly Cell[]): string =>
    cells.map((c) => (typeof c === 'number' ? String(c) : `"${(isFormula(c) ? `'${c}` : c).replaceAll('"', '""')}"`)).join(',');
  return new Blob([`\ufeff${[titles, ...rows].map(line).join('\r\n')}\r\n`], { type: 'text/csv;charset=utf-8' });
}

/** What a sheet of a workbook holds (ECMA-376, as Excel reads it). */
const most = { rows: 1_048_576, characters: 32_767 };

/** Holds a list against what a workbook can hold, its heading included. @throws Refused EXPORT_TOO_LARGE */
export function demandFitsXlsx(count: number, rows: readonly (readonly Cell[])[]): void {
  const isLong = rows.some((row) => row.some((c) => typeof c === 'string' && c.length > most.characters));
  if (count < most.rows && !isLong) return;
  const [zh, en] = isLong
    ? ['有的格超过 32,767 个字符', 'a cell has more than 32,767 characters']
    : ['超过 1,048,575 行', 'there are more than 1,048,575 rows'];
  throw new Refused({
    code: 'EXPORT_TOO_LARGE',
    status: 422,
    title: `XLSX 工作表装不下：${zh}`,
    titleEn: `A sheet of a workbook cannot hold it: ${en}`,
    hint: '请导出 CSV，或先筛选再导出。',
    hintEn: 'Export it as CSV, or filter the list first.',
    faults: [],
  });
}

/** A workbook whose texts are text, whatever they look like, and whose numbers can be summed; the writer is loaded when it is first needed. */
export async function xlsxOf(titles: readonly string[], rows: readonly (readonly Cell[])[]): Promise<Blob> {
  const { utils, write } = await import('xlsx');
  const sheet = utils.aoa_to_sheet([]);
  // Cell by cell: a text that looks like a number, a date or a formula stays the text it is.
  for (const [r, row] of [titles, ...rows].entries())
    for (const [c, v] of row.entries()) sheet[utils.encode_cell({ r, c })] = typeof v === 'number' ? { t: 'n', v } : { t: 's', v, z: '@' };
  sheet['!ref'] = utils.encode_range({ s: { r: 0, c: 0 }, e: { r: rows.length, c: Math.max(0, titles.length - 1) } });
  const book = utils.book_new();
  utils.book_append_sheet(book, sheet, '1');
  return new Blob([write(book, { type: 'array', bookType: 'xlsx', bookSST: true, compression: true }) as ArrayBuffer], {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  });
}
