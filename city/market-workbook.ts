/** The enterprise register as a workbook: merged titles, a header of two rows with groups, districts merged over their rows, a footer. */
import { type CellObject, type Range, utils, write } from 'xlsx';
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
export function marketWorkbook(register: Settled): Buffer {
  const width = marketColumns.length;
  const body = register.rows.map((cells) => cells.map((cell, i) => cellOf(cell, i)));
  const sheet = utils.aoa_to_sheet([
    ['云川市企业登记信息汇总表'],
    ['填报单位：云川市市场监督管理局（演示数据）'],
    marketColumns.map((name, i) => groups.find(([, from]) => from === i + 1)?.[0] ?? (inGroup(i + 1) ? null : name)),
    marketColumns.map((name, i) => (inGroup(i + 1) ? name : null)),
    ...body,
    ['注：本表由云川市市场监督管理局登记注册科填报，注册资本单位为万元。'],
    ['填报人：张明　　联系电话：16100000000'],
  ]);
  sheet['!cols'] = [10, 22, 34, 16, 12, 22, 14, 14, 10, 10, 46].map((wch) => ({ wch }));
  const merges: Range[] = [];
  const merge = (top: number, left: number, bottom: number, right: number): void => {
    merges.push({ s: { r: top - 1, c: left - 1 }, e: { r: bottom - 1, c: right - 1 } });
  };
  const note = marketHead + register.rows.length + 1;
  for (const row of [1, 2, note, note + 1]) merge(row, 1, row, width);
  for (const [, from, to] of groups) merge(3, from, 3, to);
  for (let column = 1; column <= width; column++) if (!inGroup(column)) merge(3, column, 4, column);
  const starts = register.rows.flatMap((cells, i) => (cells[0] === null ? [] : [marketHead + 1 + i]));
  starts.forEach((start, i) => {
    const end = (starts[i + 1] ?? note) - 1;
    if (end > start) merge(start, 1, end, 1);
  });
  sheet['!merges'] = merges;
  const book = utils.book_new();
  utils.book_append_sheet(book, sheet, marketSheet);
  book.Props = { CreatedDate: asOf, ModifiedDate: asOf };
  return withoutTimes(write(book, { type: 'buffer', bookType: 'xlsx', bookSST: true, compression: true }) as Buffer);
}

const inGroup = (column: number): boolean => groups.some(([, from, to]) => from <= column && column <= to);

/** A cell as the sheet stores it. */
function cellOf(cell: string | null, column: number): CellObject | string | null {
  if (cell === null) return null;
  if (column === capital) return { t: 'n', v: Number(cell) };
  if (column === founded && /^\d{4}-\d\d-\d\d$/.test(cell))
    return { t: 'n', v: Date.parse(`${cell}T00:00:00Z`) / 86_400_000 + 25_569, z: 'yyyy-mm-dd' };
  return cell;
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
