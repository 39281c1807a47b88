/** The file of an exported list: text as it was shown, and nothing in it that a spreadsheet would run. */

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
  return new Blob([write(book, { type: 'array', bookType: 'xlsx', bookSST: true }) as ArrayBuffer], {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  });
}
