/** Exported files: cells as shown, none of them a formula. */
import excel from 'exceljs';
import { expect, test } from 'vitest';
import { csvOf, demandFitsXlsx, xlsxOf } from './export-file.ts';

const rows = [
  ['=1+1', '+A1', '-2+3', '@SUM(A1)', '\tx', '\rx'],
  ['-5', '+3.5%', '1,234', '张三', 'a"b,c', ''],
];

test('CSV: formulas are text, numbers stay numbers, quotes are doubled', async () => {
  const text = await csvOf(['甲', '乙', '丙', '丁', '戊', '己'], rows).text();
  const lines = text.replace(/^\ufeff/, '').split('\r\n');
  expect(lines[0]).toBe('"甲","乙","丙","丁","戊","己"');
  expect(text).toContain('"\'=1+1","\'+A1","\'-2+3","\'@SUM(A1)","\'\tx","\'\rx"');
  expect(text).toContain('"-5","+3.5%","1,234","张三","a""b,c",""');
});

test('XLSX: every cell is text and no cell is a formula', async () => {
  const blob = await xlsxOf(['甲', '乙', '丙', '丁', '戊', '己'], rows);
  const book = new excel.Workbook();
  await book.xlsx.load(await blob.arrayBuffer());
  const cells = book.worksheets[0]?.getRow(2).values as unknown[];
  expect(cells.slice(1, 5)).toEqual(['=1+1', '+A1', '-2+3', '@SUM(A1)']);
  expect(book.worksheets[0]?.getCell('A2').type).toBe(excel.ValueType.String);
});

test('numbers can be summed: they are numbers in both, without thousands set apart; codes stay text', async () => {
  const counted = [
    ['0012', 27544, '349900199003070017'],
    ['=2', -5, ''],
  ];
  expect(await csvOf(['甲', '乙', '丙'], counted).text()).toContain('"0012",27544,"349900199003070017"\r\n"\'=2",-5,""');
  const book = new excel.Workbook();
  await book.xlsx.load(await (await xlsxOf(['甲', '乙', '丙'], counted)).arrayBuffer());
  const row = book.worksheets[0]?.getRow(2).values as unknown[];
  expect(row.slice(1)).toEqual(['0012', 27544, '349900199003070017']);
});

test('what no workbook holds is told before it is written', () => {
  expect(() => demandFitsXlsx(1_048_575, [['x'.repeat(32_767), 1]])).not.toThrow();
  expect(() => demandFitsXlsx(1_048_576, [['x']])).toThrow('EXPORT_TOO_LARGE');
  expect(() => demandFitsXlsx(1, [['x'.repeat(32_768)]])).toThrow('EXPORT_TOO_LARGE');
});
