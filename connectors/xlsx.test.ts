/** The XLSX connector against workbooks written by exceljs and workbooks whose parts are written by hand. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Layout } from '#declare/source';
import { effectsOf, parseRecords, type Record, recordsOf, sourceOf, textOf } from './test-delivery.ts';
import xlsx from './xlsx.ts';
import { dateFormat, numberText, serialText } from './xlsx-cells.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlsx-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function read(content: Buffer, part: Partial<Layout> = {}, columns = ['a', 'b', 'c']): Promise<Record[]> {
  const path = join(folder, `${++files}.xlsx`);
  await writeFile(path, content);
  return recordsOf(
    xlsx,
    sourceOf({ columns, layout: { encoding: null, sheet: null, titleRows: 0, headerRows: 0, fillDown: [], footer: [], ...part } }),
    effectsOf(path),
  );
}
const cells = (records: readonly Record[]) => records.map((r) => (r.fault === '' ? r.cells : [r.fault, r.cells[0]]));
const written = async (fill: (book: ExcelJS.Workbook) => void): Promise<Buffer> => {
  const book = new ExcelJS.Workbook();
  fill(book);
  return Buffer.from(await book.xlsx.writeBuffer());
};

/** A zip archive of the given parts. */
function zip(parts: { [name: string]: string | Buffer }, flags = 0): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const data = Buffer.from(content);
    const packed = deflateRawSync(data, { level: 9 });
    const header = Buffer.alloc(26);
    header.writeUInt16LE(20, 0);
    header.writeUInt16LE(flags, 2);
    header.writeUInt16LE(8, 4);
    header.writeUInt32LE(crc32(data), 10);
    header.writeUInt32LE(packed.length, 14);
    header.writeUInt32LE(data.length, 18);
    header.writeUInt16LE(Buffer.byteLength(name), 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), header, place, Buffer.from(name));
    files.push(Buffer.from([0x50, 0x4b, 3, 4]), header, Buffer.from(name), packed);
    offset += 30 + Buffer.byteLength(name) + packed.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(parts).length, 8);
  end.writeUInt16LE(Object.keys(parts).length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, entries, end]);
}
const type = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const parts = (sheetData: string, extra: { [name: string]: string } = {}): { [name: string]: string } => ({
  '_rels/.rels': `<Relationships><Relationship Id="r1" Type="${type}/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `<workbook xmlns:r="x"><workbookPr/><sheets><sheet name="隐藏" sheetId="1" state="hidden" r:id="r9"/><sheet name="表" sheetId="2" r:id="r1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="r1" Type="${type}/worksheet" Target="../xl/s.xml"/><Relationship Id="r9" Type="${type}/worksheet" Target="hidden.xml"/><Relationship Id="r2" Type="${type}/sharedStrings" Target="t.xml"/><Relationship Id="r3" Type="${type}/styles" Target="y.xml"/></Relationships>`,
  'xl/s.xml': `<worksheet><dimension ref="A1:XFD9"/><sheetData>${sheetData}</sheetData></worksheet>`,
  ...extra,
});

describe('workbooks', () => {
  it('brings back any grid of texts that exceljs wrote', async () => {
    const text = fc.oneof(
      fc.constantFrom('云川市', '𠮷野', '"', ',', '\n', ' x ', '=1', '<&>', '349900199001011234', '00012', '_x', 'TRUE', '1e3'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((t) => !/[\p{Cc}\ufffe\uffff]|_x[0-9a-f]{4}_/iu.test(t)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.option(text), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 }),
        async (grid) => {
          fc.pre(grid.some((row) => row.some((value) => value !== null)));
          const content = await written((book) => {
            const sheet = book.addWorksheet('数据');
            for (const [r, row] of grid.entries())
              for (const [c, value] of row.entries()) if (value !== null) sheet.getCell(r + 1, c + 1).value = value;
          });
          const last = grid.findLastIndex((row) => row.some((value) => value !== null));
          const records = await read(content);
          expect(records).toEqual(grid.slice(0, last + 1).map((row, i) => ({ ordinal: i + 1, fault: '', cells: row })));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reads dates, numbers, booleans, formulas, rich text and merged cells', async () => {
    const content = await written((book) => {
      const sheet = book.addWorksheet('数据');
      sheet.addRow(['标题']);
      sheet.mergeCells('A1:C1');
      sheet.addRow([new Date(Date.UTC(1990, 0, 31)), new Date(Date.UTC(2024, 1, 29, 7, 8, 9)), 0.1]);
      sheet.getCell('A2').numFmt = 'yyyy"年"m"月"d"日"';
      sheet.getCell('B2').numFmt = 'yyyy-mm-dd hh:mm:ss';
      sheet.addRow([1e21, true, { formula: 'A1', result: '结果' }]);
      sheet.addRow([{ error: '#N/A' }, { richText: [{ text: '云' }, { font: { bold: true }, text: '川' }] }, 3.4990019900101e17]);
      sheet.getCell('C9').value = '末行';
      sheet.getCell('A12').border = { top: { style: 'thin' } };
    });
    expect(cells(await read(content, { titleRows: 1 }))).toEqual([
      ['标题', null, null],
      ['1990-01-31', '2024-02-29 07:08:09', '0.1'],
      ['1E+21', 'TRUE', '结果'],
      ['#N/A', '云川', '349900199001010000'],
      ...[5, 6, 7, 8].map(() => [null, null, null]),
      [null, null, '末行'],
    ]);
  });

  it('reads hand-written parts: prefixes, phonetic runs, escapes, empty texts, references left out, wider headers', async () => {
    const content = zip(
      parts(
        `<row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>a_x000D_b</t><rPh><t>假名</t></rPh></is></c><c t="str"><f>1</f><v></v></c><c s="1"/></row>
         <row r="3"><c r="B3" s="1"><v>45351</v></c><c r="C3" t="d"><v>2024-01-02T00:00:00</v></c><c r="D3" t="b"><v>1</v></c></row>
         <row r="4"><c r="E4"><v>1</v></c></row><row r="5"><c r="A5" t="inlineStr"><is><t>x_x0000_y</t></is></c></row>`,
        {
          'xl/t.xml':
            '<x:sst xmlns:x="u"><x:si><x:r><x:t>姓</x:t></x:r><x:r><x:t> 名</x:t></x:r><x:rPh sb="0" eb="1"><x:t>せい</x:t></x:rPh></x:si></x:sst>',
          'xl/y.xml':
            '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-804]yyyy/m/d;@"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="164"/></cellXfs></styleSheet>',
        },
      ),
    );
    expect(cells(await read(content, { titleRows: 2, headerRows: 1 }))).toEqual([
      ['姓 名', 'a\rb', '', null],
      [null, null, null, null],
      [null, '2024-02-29', '2024-01-02', 'TRUE'],
      ['too-many-cells', ',,,,1'],
      ['encoding', 'x␀y,,,'],
    ]);
  });

  it('chooses the sheet by name or the first visible one', async () => {
    const content = zip({
      ...parts('<row><c t="str"><v>表</v></c></row>'),
      'xl/hidden.xml': '<worksheet><sheetData><row><c t="str"><v>藏</v></c></row></sheetData></worksheet>',
    });
    expect((await read(content))[0]?.cells[0]).toBe('表');
    expect((await read(content, { sheet: '隐藏' }))[0]?.cells[0]).toBe('藏');
    await expect(read(content, { sheet: '没有' })).rejects.toMatchObject({ code: 'no-sheet', detail: expect.stringContaining('隐藏, 表') });
  });
});

describe('what a sheet says beside its cells', () => {
  const delivered = async (content: Buffer) => {
    const path = join(folder, `${++files}.xlsx`);
    await writeFile(path, content);
    const layout = { encoding: null, sheet: null, titleRows: 0, headerRows: 1, fillDown: [], footer: [] };
    const delivery = await xlsx.read({ source: sourceOf({ columns: ['a', 'b', 'c'], layout }), since: null }, effectsOf(path));
    const records = cells(parseRecords(await textOf(delivery)));
    return { records, notes: delivery.notes?.() };
  };

  it('repeats the value of a merge that spans rows, in any column, and no blank that is not merged', async () => {
    const content = await written((book) => {
      const sheet = book.addWorksheet('数据');
      sheet.addRows([
        ['备注', '姓名', '街道'],
        ['照顾', '甲', '东街'],
        [null, '乙', null],
        [null, '丙', null],
        [null, '丁', '西街'],
        [null, '戊', null],
      ]);
      sheet.mergeCells('C2:C4');
      // The merge of an empty form goes on below what was filled in.
      sheet.mergeCells('C5:C20');
    });
    expect(await delivered(content)).toMatchObject({
      records: [
        ['备注', '姓名', '街道'],
        ['照顾', '甲', '东街'],
        [null, '乙', '东街'],
        [null, '丙', '东街'],
        [null, '丁', '西街'],
        [null, '戊', '西街'],
      ],
      notes: { merged: { columns: [2], cells: 3 } },
    });
  });

  it('any merges of any grid give each row that has a text of its own the value of its merge', async () => {
    const merge = fc.record({
      left: fc.integer({ min: 0, max: 2 }),
      top: fc.integer({ min: 1, max: 9 }),
      height: fc.integer({ min: 2, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(merge, { maxLength: 6 }),
        fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }),
        async (wanted, isFilled) => {
          const cell = (row: number, column: number): string => `${row}.${column}`;
          const covered = new Map<string, string>();
          const merges = wanted.filter(({ left, top, height }) => {
            const rows = Array.from({ length: height }, (_, i) => top + i);
            if (rows.some((r) => covered.has(cell(r, left)))) return false;
            for (const r of rows) covered.set(cell(r, left), cell(top, left));
            return true;
          });
          const own = (row: number, column: number): string | null =>
            (covered.get(cell(row, column)) ?? cell(row, column)) === cell(row, column) && (isFilled[row - 1] || row === 1)
              ? cell(row, column)
              : null;
          const rows = Array.from({ length: 14 }, (_, i) => [0, 1, 2].map((c) => own(i + 1, c)));
          const xml = rows.map(
            (row, i) =>
              `<row r="${i + 1}">${row.map((v, c) => (v === null ? '' : `<c r="${'ABC'[c]}${i + 1}" t="str"><v>${v}</v></c>`)).join('')}</row>`,
          );
          const refs = merges.map(({ left, top, height }) => `<x:mergeCell ref="${'ABC'[left]}${top}:${'ABC'[left]}${top + height - 1}"/>`);
          const part = parts('');
          part['xl/s.xml'] =
            `<x:worksheet><x:sheetData>${xml.join('').replaceAll(/<(\/?)/g, '<$1x:')}</x:sheetData><x:mergeCells>${refs.join('')}</x:mergeCells></x:worksheet>`;
          const filled = (row: readonly (string | null)[]): boolean => row.some((v) => v !== null);
          const expected = rows.map((row, i) =>
            row.map((v, c) => {
              const [top = ''] = (covered.get(cell(i + 1, c)) ?? '').split('.');
              return v ?? (filled(row) && top !== '' ? own(Number(top), c) : null);
            }),
          );
          const last = expected.findLastIndex(filled);
          expect((await delivered(zip(part))).records).toEqual(expected.slice(0, last + 1));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('counts formulas without a stored result; an empty text is one', async () => {
    const sheet = `<row r="1"><c r="A1" t="str"><v>甲</v></c></row><row r="2"><c r="A2" t="str"><v>乙</v></c><c r="B2"><f>A1</f><v/></c><c r="C2"><f>A1</f></c></row>
      <row r="3"><c r="A3" t="str"><f>A1</f><v></v></c><c r="B3"><f>1</f><v>1</v></c></row>`;
    const { records, notes } = await delivered(zip(parts(sheet)));
    expect(records.slice(1)).toEqual([
      ['乙', null, null],
      ['', '1', null],
    ]);
    expect(notes?.unreckoned).toEqual({ columns: [1, 2], cells: 2, firstRow: 2 });
  });

  it('is read without its number formats where their part cannot be read, and that is told', async () => {
    const sheet = '<row r="1"><c r="A1" s="1"><v>45351</v></c></row>';
    const good = '<styleSheet><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>';
    const whole = await delivered(zip(parts(sheet, { 'xl/y.xml': good })));
    const broken = await delivered(zip(parts(sheet, { 'xl/y.xml': good.slice(0, -20) })));
    expect([whole.records[0]?.[0], whole.notes?.formatsLost]).toEqual(['2024-02-29', false]);
    expect([broken.records[0]?.[0], broken.notes?.formatsLost]).toEqual(['45351', true]);
  });
});

describe('what is no workbook', () => {
  it('is refused by what it is', async () => {
    const ole = (mark: string) => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600), Buffer.from(mark, 'utf16le')]);
    const good = parts('<row><c t="str"><v>1</v></c></row>');
    await expect(read(Buffer.from('a,b,c\n'))).rejects.toMatchObject({ code: 'not-a-workbook' });
    await expect(read(Buffer.alloc(0))).rejects.toMatchObject({ code: 'not-a-workbook' });
    await expect(read(ole('EncryptedPackage'))).rejects.toMatchObject({ code: 'encrypted' });
    await expect(read(ole('Workbook'))).rejects.toMatchObject({ code: 'not-a-workbook', detail: expect.stringContaining('.xls') });
    await expect(read(zip(good, 1))).rejects.toMatchObject({ code: 'encrypted' });
    await expect(read(zip({ 'a.txt': 'x' }))).rejects.toMatchObject({ code: 'not-a-workbook' });
    for (const [part, name] of [
      ['word/document.xml', 'Word'],
      ['content.xml', 'OpenDocument'],
    ] as const)
      await expect(read(zip({ [part]: '<a/>' }))).rejects.toMatchObject({
        code: 'not-a-workbook',
        detailZh: expect.stringContaining(name),
      });
    await expect(read(zip(good).subarray(0, -30))).rejects.toMatchObject({ code: 'not-a-workbook' });
    await expect(read(zip({ ...good, 'xl/s.xml': '<worksheet><sheetData><row>' }))).rejects.toMatchObject({ code: 'not-a-workbook' });
    await expect(read(zip({ ...good, 'xl/s.xml': '<!DOCTYPE a [<!ENTITY e "x">]><worksheet/>' }))).rejects.toMatchObject({
      code: 'not-a-workbook',
    });
    await expect(read(zip(parts('<row r="2"/><row r="1"/>')))).rejects.toMatchObject({ code: 'not-a-workbook' });
    await expect(read(zip(parts('<row r="1"><c r="A1" s="3"/></row>')))).rejects.toMatchObject({ code: 'empty' });
  });

  it('is refused when it is a bomb', async () => {
    const bomb = { ...parts(''), 'xl/s.xml': `<worksheet><sheetData>${' '.repeat(20 * 1024 * 1024)}</sheetData></worksheet>` };
    await expect(read(zip(bomb))).rejects.toMatchObject({ code: 'too-large' });
    const claims = zip(parts('<row/>'));
    claims.writeUInt32LE(0x90000000, claims.indexOf('PK\x01\x02') + 24);
    await expect(read(claims)).rejects.toMatchObject({ code: 'too-large' });
    await expect(read(zip(parts('<row r="1"><c r="XFE1"/></row>')))).rejects.toMatchObject({ code: 'too-large' });
    await expect(read(zip(parts('<row r="1048577"/>')))).rejects.toMatchObject({ code: 'too-large' });
    const wide = Array.from({ length: 200 }, (_, i) => `c${i}`);
    await expect(read(zip(parts('<row r="1048576"><c t="str"><v>1</v></c></row>')), {}, wide)).rejects.toMatchObject({ code: 'too-large' });
  });
});

describe('cells', () => {
  it('tells date formats from number formats', () => {
    for (const code of ['General', '0.00', '#,##0', '0.00E+00', '"day"0', '[Red]0', '\\d0', '@', '¥#,##0.00', '[$-804]0', '_-* #,##0_-'])
      expect(dateFormat(200, code), code).toBeNull();
    for (const code of ['yyyy-mm-dd', 'm/d/yy', 'yyyy"年"m"月"', 'mmm', '[$-804]aaaa;@', 'd'])
      expect(dateFormat(200, code), code).toEqual({ day: true, time: false, elapsed: false });
    expect(dateFormat(200, '[$-409]h:mm AM/PM')).toEqual({ day: false, time: true, elapsed: false });
    expect(dateFormat(200, '[h]:mm:ss')).toEqual({ day: false, time: true, elapsed: true });
    expect(dateFormat(14, undefined)?.day).toBe(true);
    expect(dateFormat(58, undefined)?.day).toBe(true);
    expect(dateFormat(2, undefined)).toBeNull();
  });

  it('counts the days of both systems', () => {
    const day = { day: true, time: false, elapsed: false };
    expect(['1', '59', '60', '61', '36526', '2958465', '0', '-1', '2958466'].map((n) => serialText(n, day, false))).toEqual([
      '1900-01-01',
      '1900-02-28',
      '1900-02-29',
      '1900-03-01',
      '2000-01-01',
      '9999-12-31',
      null,
      null,
      null,
    ]);
    expect(['0', '1', '35064'].map((n) => serialText(n, day, true))).toEqual(['1904-01-01', '1904-01-02', '2000-01-01']);
    expect(serialText('36526.999999999', day, false)).toBe('2000-01-02');
    expect(serialText('0.5', { day: false, time: true, elapsed: false }, false)).toBe('12:00:00');
    expect(serialText('1.5', { day: false, time: true, elapsed: true }, false)).toBe('36:00:00');
  });

  it('writes numbers without invented digits, and with an exponent only where digits were lost', () => {
    const expected = {
      '0.10000000000000001': '0.1',
      '0.30000000000000004': '0.3',
      '31500.000000000004': '31500',
      '124599.99999999999': '124600',
      '117.2234567890123': '117.223456789012',
      '1.0E10': '10000000000',
      '3.4020000000000001E17': '3.402E+17',
      '349900199001011234': '349900199001011234',
      '1E-7': '0.0000001',
      '-0': '0',
      '-1.50': '-1.5',
      '1E+21': '1E+21',
      '.5': '0.5',
      '1.23456789012345678901': '1.23456789012345678901',
      abc: 'abc',
    };
    for (const [stored, text] of Object.entries(expected)) expect(numberText(stored), stored).toBe(text);
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), (n) =>
        Object.is(Number(numberText(n.toExponential())), n === 0 ? 0 : Number(n.toPrecision(15))),
      ),
    );
  });
});
