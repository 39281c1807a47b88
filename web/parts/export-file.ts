/** The file of an exported list: text as it was shown, and nothing in it that a spreadsheet would run. */

/** What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection). A plain number is none. */
const isFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d,]*\.?\d+%?$/.test(text);

/** UTF-8 with a byte order mark, so that spreadsheets read Chinese; every cell quoted; a formula made harmless by an apostrophe before it. */
export function csvOf(titles: readonly string[], rows: readonly (readonly string[])[]): Blob {
  const line = (cells: readonly string[]): string => cells.map((c) => `"${(isFormula(c) ? `'${c}` : c).replaceAll('"', '""')}"`).join(',');
  return new Blob([`\ufeff${[titles, ...rows].map(line).join('\r\n')}\r\n`], { type: 'text/csv;charset=utf-8' });
}

/** A workbook whose cells are text, whatever they look like; the writer is loaded when it is first needed. */
export async function xlsxOf(titles: readonly string[], rows: readonly (readonly string[])[]): Promise<Blob> {
  const { default: excel } = await import('exceljs');
  const book = new excel.Workbook();
  const sheet = book.addWorksheet('1', { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = titles.map((header) => ({ header, width: 20, style: { numFmt: '@' } }));
  for (const row of rows) sheet.addRow([...row]);
  return new Blob([await book.xlsx.writeBuffer()], { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' });
}
