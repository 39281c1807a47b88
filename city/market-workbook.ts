/** The enterprise register as a workbook: merged titles, a header of two rows with groups, districts merged over their rows, a footer. */
import exceljs from 'exceljs';
import type { Settled } from './draft.ts';
import { marketColumns, marketHead } from './market.ts';

/** Name of the sheet. */
export const marketSheet = '企业登记信息';
/** Beginnings of the footer's lines. */
export const marketFooter = ['注：', '填报人：'] as const;

const groups: readonly (readonly [string, number, number])[] = [
  ['主体信息', 2, 4],
  ['法定代表人信息', 5, 6],
  ['登记信息', 7, 10],
];
const capital = marketColumns.indexOf('注册资本（万元）');
const founded = marketColumns.indexOf('成立日期');
const asOf = new Date('2025-06-30T00:00:00Z');

/** The workbook's bytes; the same rows give the same bytes. Capital is stored as a number, ISO dates as dates. */
export async function marketWorkbook(register: Settled): Promise<Buffer> {
  const book = new exceljs.Workbook();
  book.created = asOf;
  book.modified = asOf;
  const sheet = book.addWorksheet(marketSheet);
  sheet.columns = [10, 22, 34, 16, 12, 22, 14, 14, 10, 10, 46].map((width) => ({ width }));
  const width = marketColumns.length;
  sheet.addRow(['云川市企业登记信息汇总表']);
  sheet.addRow(['填报单位：云川市市场监督管理局（演示数据）']);
  sheet.addRow(marketColumns.map((name, i) => groups.find(([, from]) => from === i + 1)?.[0] ?? (inGroup(i + 1) ? null : name)));
  sheet.addRow(marketColumns.map((name, i) => (inGroup(i + 1) ? name : null)));
  for (const row of [1, 2]) sheet.mergeCells(row, 1, row, width);
  for (const [, from, to] of groups) sheet.mergeCells(3, from, 3, to);
  for (let column = 1; column <= width; column++) if (!inGroup(column)) sheet.mergeCells(3, column, 4, column);
  for (const cells of register.rows) {
    const row = sheet.addRow(
      cells.map((cell, i) => (cell !== null && i === capital ? Number(cell) : i === founded ? dateOrText(cell) : cell)),
    );
    if (row.getCell(founded + 1).value instanceof Date) row.getCell(founded + 1).numFmt = 'yyyy-mm-dd';
  }
  mergeDistricts(sheet, register);
  const note = sheet.addRow(['注：本表由云川市市场监督管理局登记注册科填报，注册资本单位为万元。']).number;
  const filler = sheet.addRow(['填报人：张明　　联系电话：16100000000']).number;
  for (const row of [note, filler]) sheet.mergeCells(row, 1, row, width);
  return withoutTimes(Buffer.from(await book.xlsx.writeBuffer()));
}

const inGroup = (column: number): boolean => groups.some(([, from, to]) => from <= column && column <= to);

const dateOrText = (cell: string | null): string | Date | null =>
  cell !== null && /^\d{4}-\d\d-\d\d$/.test(cell) ? new Date(`${cell}T00:00:00Z`) : cell;

function mergeDistricts(sheet: exceljs.Worksheet, register: Settled): void {
  const starts = register.rows.flatMap((cells, i) => (cells[0] === null ? [] : [marketHead + 1 + i]));
  starts.forEach((start, i) => {
    const end = (starts[i + 1] ?? marketHead + 1 + register.rows.length) - 1;
    if (end > start) sheet.mergeCells(start, 1, end, 1);
  });
}

/** Sets the times of a zip archive's entries to zero (APPNOTE 4.3.7 and 4.3.12): the writer would stamp them with the clock. */
function withoutTimes(zip: Buffer): Buffer {
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  let entry = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    zip.fill(0, entry + 12, entry + 16);
    const local = zip.readUInt32LE(entry + 42);
    zip.fill(0, local + 10, local + 14);
    entry += 46 + zip.readUInt16LE(entry + 28) + zip.readUInt16LE(entry + 30) + zip.readUInt16LE(entry + 32);
  }
  return zip;
}
