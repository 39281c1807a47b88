/** Files decode back to the rows that were written, the workbook opens again with its merged cells, and the same city gives the same bytes. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import exceljs from 'exceljs';
import { expect, test } from 'vitest';
import { encodeGb18030 } from './gb18030.ts';
import { cityFileBytes, deliveryOf, generateCity, sourceOf, sources, writeCityFiles } from './index.ts';
import { marketHead } from './market.ts';

const city = generateCity({ seed: 3, scale: 0.02 });

test('GB18030 decodes back, for every character of the basic plane outside private use, and beyond; U+FFFD is refused as the mark of a loss', () => {
  let all = '𠮷𬀩😀\u{10ffff}';
  for (let code = 1; code <= 0xffff; code++) if ((code < 0xd800 || code > 0xf8ff) && code !== 0xfffd) all += String.fromCharCode(code);
  const back = new TextDecoder('gb18030', { fatal: true, ignoreBOM: true }).decode(encodeGb18030(all));
  expect(back.length).toBe(all.length);
  expect(
    [...Array(all.length).keys()].filter((i) => back.charCodeAt(i) !== all.charCodeAt(i)).map((i) => all.charCodeAt(i).toString(16)),
  ).toEqual([]);
  for (const none of ['\ud800', '\ufffd']) expect(() => encodeGb18030(none)).toThrow('GB18030');
});

test('the text files say the rows of the city after their head', async () => {
  const bytes = await cityFileBytes(city);
  const health = new TextDecoder('gb18030', { fatal: true }).decode(bytes.get('health-records')).split('\r\n');
  expect(health[0]).toBe('云川市居民健康档案名册（演示数据）,,,,,,,');
  expect(health[1]).toBe('姓名,身份证号,性别,出生日期,联系电话,居住地址,建档日期,建档机构');
  const rows = deliveryOf(city, 'health-records');
  expect(health.slice(rows.first - 1, -1).map((line) => line.split(',').map((cell) => cell || null))).toEqual(rows.rows);
  const insured = new TextDecoder('utf-8', { fatal: true }).decode(bytes.get('insured-persons')).split('\n');
  const persons = deliveryOf(city, 'insured-persons');
  expect(insured.slice(persons.first - 1, -1).map((line) => line.split(',').map((cell) => cell || null))).toEqual(persons.rows);
});

test('the workbook opens again: titles, two rows of header, districts merged over their rows, totals inside, footer', async () => {
  const book = new exceljs.Workbook();
  const bytes = (await cityFileBytes(city)).get('market-enterprises') as Buffer;
  await book.xlsx.load(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer);
  const { layout, columns } = sourceOf('market-enterprises');
  const sheet = book.getWorksheet(layout?.sheet as string) as exceljs.Worksheet;
  const register = deliveryOf(city, 'market-enterprises');
  expect(sheet.getCell('A1').value).toBe('云川市企业登记信息汇总表');
  expect(columns.map((_, i) => sheet.getCell(4, i + 1).value)).toEqual(columns.map((c) => c.name));
  register.rows.forEach((cells, i) => {
    const row = sheet.getRow(marketHead + 1 + i);
    const read = cells
      .map((_, c) => row.getCell(c + 1).value)
      .map((v) => (v instanceof Date ? v.toISOString().slice(0, 10) : v === null ? null : String(v)));
    expect(read.slice(1)).toEqual(cells.slice(1));
    expect(row.getCell(1).text).not.toBe('');
    expect(row.getCell(1).isMerged || cells[0] !== null).toBe(true);
  });
  expect(sheet.getCell(marketHead + register.rows.length + 1, 1).text).toMatch(/^注：/);
});

test('the same city gives the same bytes', async () => {
  const again = await cityFileBytes(generateCity({ seed: 3, scale: 0.02 }));
  for (const [source, bytes] of await cityFileBytes(city))
    expect([source, bytes.equals(again.get(source) as Buffer)]).toEqual([source, true]);
});

test('files are written under their Chinese names', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'city-'));
  try {
    const files = await writeCityFiles(folder, city);
    expect((await readdir(folder)).sort()).toEqual(sources.flatMap((s) => s.fileName ?? []).sort());
    for (const f of files) expect((await readFile(f.path)).length).toBeGreaterThan(1000);
  } finally {
    await rm(folder, { recursive: true });
  }
});
