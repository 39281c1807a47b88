/** Files that are wrong in every way people and programs find: each is served, or refused with a code of the catalogue; nothing crashes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import XLSX from 'xlsx';
import { encodeGb18030 } from '#city/gb18030';
import { type Outcome, openReading, type Reading } from './reading.ts';

let reading: Reading;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chengshu-knocks-'));
  reading = await openReading();
}, 60_000);
afterAll(async () => {
  await reading.close();
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
const read = (content: string | Uint8Array, name = 'file'): Promise<Outcome> => {
  const path = join(folder, `${++files}-${name}`);
  writeFileSync(path, content);
  return reading.of(path, 10);
};
const code = async (content: string | Uint8Array, name?: string): Promise<string> => (await read(content, name)).code;

const table = [
  '附件1：,,,',
  '云川市学校名单,,,',
  '区县,学校,人数,',
  ',,男,女',
  '云岭区,一小,1,2',
  ',二小,3,4',
  ',三小,5,6',
  '青石区,四小,7,8',
  '合计,,16,20',
  '注：年报数',
]
  .join('\r\n')
  .concat('\r\n');
const expected = {
  verdict: 'served',
  reading: {
    connector: 'csv',
    columns: ['区县', '学校', '人数·男', '人数·女'],
    layout: { titleRows: 2, headerRows: 2, fillDown: [], footer: ['注：', '合计'] },
    // A text file declares no merges: that blanks mean the value above is for a person to say.
    mayFill: ['区县'],
  },
  trial: { rowsIn: 10, rowsData: 4, rowsRefused: 0, rowsOther: 6 },
};

test.each([
  ['utf-8', Buffer.from(table)],
  ['utf-8', Buffer.from(`\ufeff${table}`)],
  ['gb18030', Buffer.from(encodeGb18030(table))],
  ['utf-16le', Buffer.from(`\ufeff${table}`, 'utf16le')],
  ['utf-16le', Buffer.from(table, 'utf16le')],
  ['utf-16be', Buffer.from(`\ufeff${table}`, 'utf16le').swap16()],
  ['utf-16be', Buffer.from(table, 'utf16le').swap16()],
])('the same messy table in %s gives the same layout and rows', async (encoding, bytes) => {
  const outcome = await read(bytes);
  expect(outcome).toMatchObject(expected);
  expect(outcome.reading?.layout?.encoding).toBe(encoding);
  expect(outcome.rows[1]).toEqual({ 区县: null, 学校: '二小', 人数·男: '3', 人数·女: '4' });
});

test('the same table as a workbook, new and old, with dates, errors, formulas and several sheets', async () => {
  const rows = [['云川市名单'], ['区县', '学校', '日期', '金额', '率'], ...Array.from({ length: 8 }, (_, i) => ['云岭区', `${i}小`])];
  const book = new ExcelJS.Workbook();
  book.addWorksheet('说明').addRow(['填表说明']);
  const sheet = book.addWorksheet('数据');
  sheet.addRows(rows);
  sheet.getCell('C3').value = new Date(Date.UTC(2024, 1, 29));
  sheet.getCell('D3').value = { formula: 'A1', result: 0.1 + 0.2 };
  sheet.getCell('E3').value = { error: '#N/A' };
  const old = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(old, XLSX.utils.aoa_to_sheet([['填表说明']]), '说明');
  const grid = XLSX.utils.aoa_to_sheet(rows);
  grid.C3 = { t: 'n', v: 45351, z: 'yyyy-mm-dd' };
  grid.D3 = { t: 'n', v: 0.1 + 0.2, f: '0.1+0.2' };
  grid.E3 = { t: 'e', v: 0x2a };
  grid['!ref'] = 'A1:E10';
  XLSX.utils.book_append_sheet(old, grid, '数据');
  for (const [connector, bytes] of [
    ['xlsx', new Uint8Array(await book.xlsx.writeBuffer())],
    ['xls', new Uint8Array(XLSX.write(old, { type: 'buffer', bookType: 'biff8' }) as Buffer)],
  ] as const) {
    const outcome = await read(bytes, 'wrong-name.csv');
    expect(outcome, connector).toMatchObject({
      verdict: 'served',
      reading: { connector, layout: { sheet: '数据', titleRows: 1, headerRows: 1 }, columns: rows[1] },
      trial: { rowsData: 8 },
    });
    expect(outcome.rows[0], connector).toMatchObject({ 区县: '云岭区', 日期: '2024-02-29', 率: '#N/A' });
    expect(Number(outcome.rows[0]?.金额)).toBeCloseTo(0.3, 12);
  }
});

test('what is no table, is empty or lacks rows is refused by what it is', async () => {
  const ole = (mark: string) => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600), Buffer.from(mark, 'utf16le')]);
  expect(await code('', '空.csv')).toBe('COLLECT_EMPTY');
  expect(await code('\ufeff')).toBe('COLLECT_EMPTY');
  expect(await code(' \n\n')).toBe('COLLECT_EMPTY');
  expect(await code('{"code":200,"data":[]}', '空列表.json')).toBe('COLLECT_EMPTY');
  expect(await code('jsonp([{"a":1},{"a":2}]);', '脚本.js')).toBe('COLLECT_NOT_JSON');
  expect(await code('var data = {"rows":[{"a":1}]};')).toBe('COLLECT_NOT_JSON');
  expect(await code('| 编号 | 名称 |\n| --- | :---: |\n| 1 | 甲 |\n', '说明.md')).toBe('COLLECT_FILE_UNKNOWN');
  expect(await code('%PDF-1.4\n1 0 obj\n<<>>\nendobj\n', '扫描件.csv')).toBe('COLLECT_FILE_UNKNOWN');
  expect(await code('编号,名称\n')).toBe('COLLECT_NO_ROWS');
  expect(await code(Buffer.from([0x89, 0x50, 0x4e, 0x47, ...Array.from({ length: 500 }, (_, i) => i % 32)]))).toBe('COLLECT_FILE_UNKNOWN');
  expect(await code('PK\u0003\u0004 no workbook', 'a.xlsx')).toBe('COLLECT_NOT_A_WORKBOOK');
  expect(await code(ole('EncryptedPackage'), 'a.xlsx')).toBe('COLLECT_WORKBOOK_ENCRYPTED');
  expect(await code(ole('Workbook'), 'a.xls')).toBe('COLLECT_NOT_A_WORKBOOK');
});

test('a header may be missing, and a file may be all quotes and control characters', async () => {
  expect(await read('1,甲,2024-01-02\n2,乙,2024-01-03\n3,丙,2024-01-04\n')).toMatchObject({
    reading: { layout: { headerRows: 0 }, columns: ['第1列', '第2列', '第3列'] },
    trial: { rowsData: 3 },
  });
  expect(await read('编号,名称\n1,"未闭合\n2,乙\n3,丙\n4,丁\n')).toMatchObject({ trial: { rowsData: 4, rowsRefused: 0 } });
  expect(await read('编号,名称\n1,甲\n2,乙\n4,"未写完\n')).toMatchObject({ trial: { rowsData: 2, rowsRefused: 1 } });
  expect(await read('编号,名称\n1,a\0b\n2,乙\n3,丙\n')).toMatchObject({ trial: { rowsData: 2, rowsRefused: 1 } });
  expect(await read('"'.repeat(999))).toMatchObject({ verdict: 'refused' });
});

test('half a surrogate pair and bytes of no encoding are refused with the place; a few lines of such bytes are refused alone', async () => {
  expect(await code(Buffer.from('\ufeff编号,名称\n1,\ud800x\n2,y\n', 'utf16le'))).toBe('COLLECT_WRONG_ENCODING');
  expect(await code(Buffer.concat([Buffer.from('编号,名称\n1,'), Buffer.from([0xff, 0xff]), Buffer.from('\n2,乙\n')]))).toBe(
    'COLLECT_WRONG_ENCODING',
  );
  // Good for longer than what is looked at, broken behind.
  const long = Buffer.from(`编号,名称\n${'1,甲\n'.repeat(300_000)}`);
  const broken = Buffer.from([0xff, 0x0a]);
  expect(await read(Buffer.concat([long, broken]))).toMatchObject({ trial: { rowsData: 300_000, rowsRefused: 1 } });
  expect(await code(Buffer.concat([long, ...Array.from({ length: 9_000 }, () => broken)]))).toBe('COLLECT_WRONG_ENCODING');
}, 30_000);

test('a line longer than any row is refused with bounded memory', async () => {
  expect(await code(`编号,名称\n1,${'x'.repeat(9 * 1024 * 1024)}\n`)).toBe('COLLECT_TOO_LARGE');
  expect(await code('x'.repeat(20 * 1024 * 1024))).toBe('COLLECT_TOO_LARGE');
}, 30_000);

test('more columns than a table has are refused at once, in every kind of file; as many as it has are served', async () => {
  const names = (n: number): string[] => Array.from({ length: n }, (_, i) => `c${i + 1}`);
  const wide = (n: number) => `${names(n).join(',')}\n${`${'1,'.repeat(n - 1)}1\n`.repeat(3)}`;
  const book = new ExcelJS.Workbook();
  book.addWorksheet('宽').addRow(names(16_384));
  for (const bytes of [wide(16_384), wide(16_385), new Uint8Array(await book.xlsx.writeBuffer())]) {
    const began = performance.now();
    expect(await code(bytes)).toBe('COLLECT_TOO_LARGE');
    expect(performance.now() - began).toBeLessThan(15_000);
  }
  const outcome = await read(wide(600));
  expect([outcome.code, outcome.trial?.rowsData, outcome.reading?.columns.length]).toEqual(['csv', 3, 600]);
}, 60_000);
