/** Legacy workbooks: code pages of their time, merges of each kind of file that is called .xls. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import xlsx from 'xlsx';
import type { Connector } from '#declare/connector';
import { effectsOf, parseRecords, sourceOf, textOf } from './test-delivery.ts';
import xls from './xls.ts';
import ofZip from './xlsx.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xls-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function delivered(content: Buffer | string, by: Connector = xls) {
  const path = join(folder, 'a.xls');
  await writeFile(path, content);
  const layout = { encoding: null, sheet: null, titleRows: 0, headerRows: 1, fillDown: [], footer: [] };
  const delivery = await by.read({ source: sourceOf({ columns: ['a', 'b', 'c'], layout }), since: null }, effectsOf(path));
  const records = parseRecords(await textOf(delivery));
  return { records: records.map((r) => (r.fault === '' ? r.cells : [r.fault, r.cells[0]])), notes: delivery.notes?.() };
}

/** A record of the binary format (MS-XLS 2.1.4): type, length, body. */
function record(type: number, ...body: (number | Buffer)[]): Buffer {
  const bytes = Buffer.concat(body.map((b) => (typeof b === 'number' ? Buffer.from([b & 255, b >> 8]) : b)));
  const head = Buffer.alloc(4);
  head.writeUInt16LE(type, 0);
  head.writeUInt16LE(bytes.length, 2);
  return Buffer.concat([head, bytes]);
}

/** A workbook of Excel 5 with one sheet of texts, in a code page, with one number format. */
function excel5(page: number, format: Buffer, rows: readonly (readonly Buffer[])[]): Buffer {
  const sheet = Buffer.concat([
    record(0x809, 0x500, 0x10, 0, 0),
    ...rows.flatMap((row, r) => row.map((text, c) => record(0x204, r, c, 15, text.length, text))),
    record(0x0a),
  ]);
  const name = Buffer.from('S1');
  const book = (at: number): Buffer =>
    Buffer.concat([
      record(0x809, 0x500, 5, 0, 0),
      record(0x42, page),
      record(0x41e, 5, Buffer.from([format.length]), format),
      ...Array.from({ length: 16 }, () => record(0xe0, 0, 5, 0xfff5, 0x20, 0, 0, 0, 0)),
      record(0x85, at & 0xffff, at >> 16, 0, Buffer.from([name.length]), name),
      record(0x0a),
    ]);
  const container = xlsx.CFB.utils.cfb_new();
  xlsx.CFB.utils.cfb_add(container, 'Book', Buffer.concat([book(book(0).length), sheet]));
  return Buffer.from(xlsx.CFB.write(container, { type: 'buffer' }) as Buffer);
}

const gbk = { 名: [0xc3, 0xfb], 云: [0xd4, 0xc6], 川: [0xb4, 0xa8], 万: [0xcd, 0xf2], 镕: [0xe9, 0x46] } as const;
const bytes = (text: (keyof typeof gbk)[]): Buffer => Buffer.from(text.flatMap((c) => gbk[c]));

describe('old code pages', () => {
  it.each([936, 10008])('of Chinese (%i) are read, and a format that is not costs the format', async (page) => {
    const rows = [[bytes(['名'])], [bytes(['云', '川'])], [bytes(['云', '镕'])]];
    const { records, notes } = await delivered(excel5(page, Buffer.concat([Buffer.from('0"'), bytes(['万']), Buffer.from('"')]), rows));
    expect(records.map((r) => r[0])).toEqual(['名', '云川', '云镕']);
    expect(notes?.formatsLost).toBe(true);
  });

  it('that nothing reads refuse the rows that hold strange bytes and no other', async () => {
    const rows = [[Buffer.from('name')], [Buffer.from([0x61, 0xe9, 0xfb])], [Buffer.from('plain')]];
    const { records } = await delivered(excel5(10099, Buffer.from('0'), rows));
    expect(records.map((r) => r.slice(0, 2))).toEqual([
      ['name', null],
      ['encoding', 'a␀␀,,'],
      ['plain', null],
    ]);
  });
});

it('a file of Office that is no workbook is refused as that', async () => {
  const container = xlsx.CFB.utils.cfb_new();
  xlsx.CFB.utils.cfb_add(container, 'WordDocument', Buffer.alloc(5000, 1));
  await expect(delivered(Buffer.from(xlsx.CFB.write(container, { type: 'buffer' }) as Buffer))).rejects.toMatchObject({
    code: 'not-a-workbook',
    detailZh: expect.stringContaining('Word 文档'),
  });
});

describe('merges', () => {
  it.each(['biff8', 'xlsx'] as const)('that span columns are told with what they cover (%s)', async (bookType) => {
    const wide = xlsx.utils.aoa_to_sheet([
      ['码头', '早班', '中班', '晚班'],
      ['一号', '通班', null, null],
      ['二号', '甲组', '乙组', '丙组'],
      ['三号', '甲组', '乙丙组', null],
      [null, null, null, null],
    ]);
    wide['!merges'] = ['B2:D2', 'C4:D4', 'A5:D5', 'A3:B3'].map((r) => xlsx.utils.decode_range(r));
    const both = xlsx.utils.book_new();
    xlsx.utils.book_append_sheet(both, wide, '班次');
    const { notes } = await delivered(xlsx.write(both, { type: 'buffer', bookType }) as Buffer, bookType === 'xlsx' ? ofZip : xls);
    // A cell below a merge that keeps a text of its own is not covered.
    expect(notes?.across).toEqual([
      { row: 2, from: 2, to: 3 },
      { row: 4, from: 3, to: 3 },
    ]);
  });

  const grid = [
    ['编号', '姓名', '街道'],
    ['1', '甲', '东街'],
    ['2', '乙', null],
    ['3', '丙', '西街'],
    ['4', '丁', null],
    ['5', '戊', null],
  ];
  const filled = grid.map((row, i) => [row[0], row[1], row[2] ?? (i === 2 ? '东街' : i === 4 ? '西街' : null)]);
  const sheet = xlsx.utils.aoa_to_sheet(grid);
  sheet['!merges'] = ['C2:C3', 'C4:C5'].map((r) => xlsx.utils.decode_range(r));
  const book = xlsx.utils.book_new();
  xlsx.utils.book_append_sheet(book, sheet, '表');
  const span = (r: number): string => (r === 1 || r === 3 ? ' rowspan=2' : '');
  const html = grid.map(
    (row, r) =>
      `<tr>${row.map((v, c) => (c === 2 && (r === 2 || r === 4) ? '' : `<td${c === 2 ? span(r) : ''}>${v ?? ''}</td>`)).join('')}</tr>`,
  );

  it.each([
    ['a legacy workbook', xlsx.write(book, { type: 'buffer', bookType: 'biff8' }) as Buffer],
    ['the XML of Excel 2003', xlsx.write(book, { type: 'string', bookType: 'xlml' }) as string],
    ['a table of HTML', `<html><body><table>${html.join('')}</table></body></html>`],
  ])('%s repeats the value of a merge and fills no other blank', async (_, content) => {
    const { records, notes } = await delivered(content);
    expect(records.map((r) => r.map((c) => c || null))).toEqual(filled);
    expect(notes?.merged).toEqual({ columns: [2], cells: 2 });
  });
});
