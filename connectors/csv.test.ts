/** The CSV connector against a reference writer, real dirt and wrong encodings. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TextEncoding } from '#declare/connector';
import type { Layout } from '#declare/source';
import csv from './csv.ts';
import { delimiters } from './csv-delimiters.ts';
import { effectsOf, type Record, recordsOf, sourceOf } from './test-delivery.ts';

const layout = (part: Partial<Layout> = {}): Layout => ({
  encoding: 'utf-8',
  sheet: null,
  titleRows: 0,
  headerRows: 0,
  fillDown: [],
  footer: [],
  ...part,
});
const read = (
  content: string | Uint8Array,
  part: Partial<Layout> = {},
  delimiter = ',',
  columns = ['a', 'b', 'c'],
  step = 65_536,
): Promise<Record[]> =>
  recordsOf(
    csv,
    sourceOf({ columns, settings: { delimiter }, layout: layout(part) }),
    effectsOf(typeof content === 'string' ? Buffer.from(content) : content, step),
  );
const cells = (records: readonly Record[]) => records.map((r) => (r.fault === '' ? r.cells : [r.fault, r.cells[0]]));

/** Text in an encoding of two bytes a character, by asking what each pair reads as. */
function encoded(encoding: 'gb18030' | 'big5', text: string): Buffer {
  const decoder = new TextDecoder(encoding);
  const pairs = new Map<string, number[]>();
  for (let lead = 0xa1; lead <= 0xf9; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const char = decoder.decode(Uint8Array.of(lead, trail));
      if (!pairs.has(char)) pairs.set(char, [lead, trail]);
    }
  return Buffer.from([...text].flatMap((c) => (c < '\x80' ? [c.charCodeAt(0)] : (pairs.get(c) ?? [0x3f]))));
}

const cell = fc.oneof(
  fc.constant(null),
  fc.constantFrom(
    '',
    '云川市',
    '𠮷野',
    '"',
    '""',
    ',',
    '\n',
    '\r\n',
    'a"b',
    ' x ',
    '\t;',
    '1,2',
    '甲，乙',
    '（甲）',
    'a|b',
    '1~2',
    '=1+1',
    '\ufeff',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }).filter((t) => !t.includes('\0')),
);

describe('records', () => {
  it('brings back any grid a reference writer wrote, whatever it quoted and however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 2, max: 4 })
          .chain((width) =>
            fc.array(fc.array(fc.tuple(cell, fc.boolean()), { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }),
          ),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.constantFrom(...delimiters),
        fc.constantFrom<NonNullable<Layout['encoding']>>('utf-8', 'utf-16le', 'utf-16be'),
        fc.integer({ min: 1, max: 64 }),
        fc.boolean(),
        async (grid, lineBreak, delimiter, encoding, step, ended) => {
          const text = grid
            .map((row) =>
              row
                .map(([value, quote]) => {
                  if (value === null) return '';
                  return quote || value === '' || /["\r\n\ufeff]/.test(value) || [...delimiter].some((c) => value.includes(c))
                    ? `"${value.replaceAll('"', '""')}"`
                    : value;
                })
                .join(delimiter),
            )
            .join(lineBreak);
          const bytes = Buffer.from(`\ufeff${text}${ended ? lineBreak : ''}`, encoding === 'utf-8' ? 'utf8' : 'utf16le');
          const records = await read(
            encoding === 'utf-16be' ? bytes.swap16() : bytes,
            { encoding },
            delimiter,
            Array.from(grid[0] ?? [], (_, i) => `c${i}`),
            step,
          );
          expect(records.map((r) => r.fault).join('')).toBe('');
          expect(records.map((r) => r.ordinal)).toEqual(grid.map((_, i) => i + 1));
          expect(records.map((r) => r.cells)).toEqual(grid.map((row) => row.map(([value]) => value)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never throws and never loses a byte of an arbitrary file', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '云', '\0', ' '), minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        async (text, step) => {
          const [whole, cut] = [await read(text), await read(text, {}, ',', ['a', 'b', 'c'], step)];
          expect(cut).toEqual(whole);
          expect(whole.map((r) => r.ordinal)).toEqual(whole.map((_, i) => i + 1));
          const letters = (t: string) => t.replaceAll(/[^a云 ]/g, '');
          expect(letters(whole.flatMap((r) => r.cells).join(''))).toBe(letters(text));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps absent and empty apart, pads titles, blank rows and footers', async () => {
    const text = '云川市低保名册\n姓名,证件号,金额\n张三,,"",\n\n合计\n填表人：李四,2024-01-01\n';
    expect(cells(await read(text, { titleRows: 1, headerRows: 1, footer: ['填表人'] }))).toEqual([
      ['云川市低保名册', null, null],
      ['姓名', '证件号', '金额'],
      ['张三', null, ''],
      [null, null, null],
      ['合计', null, null],
      ['填表人：李四', '2024-01-01', null],
    ]);
  });

  it('keeps a row that lacks its last cells, and names too many with the raw row', async () => {
    expect(cells(await read('1,2,3\n1,2\n1,2,3,,\n1,2,3,4\n'))).toEqual([
      ['1', '2', '3'],
      ['1', '2', null],
      ['1', '2', '3'],
      ['too-many-cells', '1,2,3,4'],
    ]);
  });

  it('refuses no row that has as many cells as the header, where a column without a name follows', async () => {
    const text = 'a,b\n1,2\n1,2,x\n1\n1,2,3,4\n';
    expect(cells(await read(text, { headerRows: 1 }))).toEqual([
      ['a', 'b', null],
      ['1', '2', null],
      ['1', '2', 'x'],
      ['1', null, null],
      ['too-many-cells', '1,2,3,4'],
    ]);
  });

  it('takes the width of a header wider than the declared columns, so that a new column is seen', async () => {
    expect(cells(await read('标题\na,b,c,d\n1,2,3,4\n', { titleRows: 1, headerRows: 1 }))).toEqual([
      ['标题', null, null, null],
      ['a', 'b', 'c', 'd'],
      ['1', '2', '3', '4'],
    ]);
  });

  it('reads quotes that do not pair as characters where the line is a row so, and says it', async () => {
    const text = '1,"金太阳"幼儿园,3\n2,"a,3\n4,5"管,6\n7,"8",9\n';
    expect(cells(await read(text))).toEqual([
      ['1', '"金太阳"幼儿园', '3'],
      ['2', '"a', '3'],
      ['4', '5"管', '6'],
      ['7', '8', '9'],
    ]);
    const delivery = await csv.read({ source: sourceOf({}), since: null }, effectsOf(Buffer.from(text), 7));
    for await (const _ of delivery.bytes);
    expect(delivery.notes?.().unpaired).toEqual({ rows: 2, firstRow: 1 });
    expect(cells(await read('1,2,"a\n4,5,6\n7,8,9'))).toEqual([
      ['1', '2', '"a'],
      ['4', '5', '6'],
      ['7', '8', '9'],
    ]);
    expect(cells(await read('1,"a"\0b,3\n4,5,6\n'))[0]?.[0]).toBe('encoding');
  });

  it('refuses one row for a bad quote, not the rest of the file', async () => {
    expect(cells(await read('1,"a"b\n4,5,6\n'))).toEqual([
      ['quoting', '1,"a"b'],
      ['4', '5', '6'],
    ]);
    expect(cells(await read('1,"a"b,3,4\n4,5,6\n'))).toEqual([
      ['quoting', '1,"a"b,3,4'],
      ['4', '5', '6'],
    ]);
    expect(cells(await read('4,5,6\n1,2,"a\n'))).toEqual([
      ['4', '5', '6'],
      ['quoting', '1,2,"a'],
    ]);
    expect(cells(await read('1,5"管,3\n'))).toEqual([['1', '5"管', '3']]);
    expect(cells(await read('="0012","=""00,3""",=5"管"\n'))).toEqual([['0012', '00,3', '=5"管"']]);
    expect(cells(await read('1,"多\n行"x,b,3\n4,5,6\n'))).toEqual([
      ['quoting', '1,"多'],
      ['quoting', '行"x,b,3'],
      ['4', '5', '6'],
    ]);
    expect(cells(await read('1,"a\n4,5,6\n7,8,"\n7,8,9\n'))).toEqual([
      ['quoting', '1,"a'],
      ['4', '5', '6'],
      ['quoting', '7,8,"'],
      ['7', '8', '9'],
    ]);
    const long = `1,"${'x\n'.repeat(1200)}",3\n4,5,6\n`;
    expect((await read(long)).at(-1)?.cells).toEqual(['4', '5', '6']);
  });

  it('refuses a row with NUL and shows it', async () => {
    expect(cells(await read('1,a\0b,3\n4,5,6\n'))).toEqual([
      ['encoding', '1,a␀b,3'],
      ['4', '5', '6'],
    ]);
  });

  it('stops when aborted', async () => {
    const controller = new AbortController();
    const delivery = await csv.read(
      { source: sourceOf({}), since: null },
      effectsOf(Buffer.from('1,2,3\n'.repeat(100_000)), 1000, controller.signal),
    );
    await expect(
      (async () => {
        for await (const _ of delivery.bytes) controller.abort(new Error('cancelled'));
      })(),
    ).rejects.toThrow('cancelled');
  });
});

describe('encodings', () => {
  const yunchuan = Buffer.from([0xd4, 0xc6, 0xb4, 0xa8, 0xca, 0xd0]);
  it('reads GB18030 with four-byte characters and its byte order mark', async () => {
    const bytes = Buffer.concat([
      Buffer.from([0x84, 0x31, 0x95, 0x33]),
      yunchuan,
      Buffer.from(','),
      Buffer.from([0x95, 0x32, 0x82, 0x36]),
      Buffer.from(',3\n'),
    ]);
    expect(cells(await read(bytes, { encoding: 'gb18030' }, ',', ['a', 'b', 'c'], 1))).toEqual([['云川市', '𠀀', '3']]);
  });

  it('takes for GBK what reads as Chinese, for UTF-8 what is but for a few bytes, and refuses the rest with its first strange byte', async () => {
    const survey = (bytes: Buffer) => Promise.resolve(csv.survey?.(effectsOf(bytes)));
    const gbk = Buffer.concat([Buffer.from('a,b\n'), yunchuan, Buffer.from([0x83, 0xd5]), Buffer.from(',1\n')]);
    expect(await survey(gbk)).toMatchObject({ encoding: 'gb18030' });
    expect(await survey(Buffer.concat([Buffer.from('姓名,地址\n'.repeat(9)), Buffer.from([0xe4, 0x0a])]))).toMatchObject({
      encoding: 'utf-8',
    });
    for (const text of ['name,city\nJosé,Köln\n', 'name,city\nMüller,Bärwald\nÄrzte,Nürnberg\n'])
      await expect(survey(Buffer.from(text, 'latin1'))).rejects.toMatchObject({
        code: 'wrong-encoding',
        detailZh: expect.stringMatching(text.startsWith('name,city\nJ') ? /第 13 字节（0xe9）/u : /第 11 字节（0xfc）/u),
      });
  });

  it('tells Big5 from GBK by which of them reads everyday characters, and says where both do', async () => {
    const survey = async (bytes: Buffer, as?: TextEncoding) => {
      const { encoding, said } = (await csv.survey?.(effectsOf(bytes), as)) ?? {};
      return [encoding, said?.some((s) => s.zh.includes('没有把握'))];
    };
    const traditional = '姓名,地址,單位,備註\n陳美華,臺中市西區民權路,區公所戶政課,無\n林國棟,高雄市鹽埕區五福四路,衛生局,已辦理\n';
    const simplified = '姓名,地址,单位,备注\n陈美华,云川市云岭区幸福路,区政府户籍科,无\n林国栋,云川市青石区平安路,卫生局,已办理\n';
    expect(await survey(encoded('big5', traditional))).toEqual(['big5', false]);
    expect(await survey(encoded('gb18030', traditional))).toEqual(['gb18030', false]);
    expect(await survey(encoded('gb18030', simplified))).toEqual(['gb18030', false]);
    expect(await survey(encoded('big5', '編號,a\n1,2\n'))).toEqual([expect.any(String), true]);
    expect(await survey(encoded('gb18030', simplified), 'big5')).toEqual(['big5', false]);
    expect(cells(await read(encoded('big5', '編號,名稱,許功蓋\n'), { encoding: 'big5' }, ',', ['a', 'b', 'c'], 1))).toEqual([
      ['編號', '名稱', '許功蓋'],
    ]);
    await expect(read(Buffer.from([0x61, 0x0a, 0xff, 0x0a]), { encoding: 'big5' })).rejects.toMatchObject({ code: 'wrong-encoding' });
  });

  it('refuses the lines that hold half a character and no other, where they are few', async () => {
    const line = (i: number): string => `${i},云川市${i},合格`;
    const lines = [...Array(250).keys()].map(line);
    for (const encoding of ['utf-8', 'gb18030'] as const) {
      const end = encoding === 'utf-8' ? Buffer.from('合格') : encoded(encoding, '合格');
      const city = encoding === 'utf-8' ? Buffer.from('云川市') : encoded(encoding, '云川市');
      for (const cut of [[7], [7, 99], [249]]) {
        // A field that was cut to a number of bytes ends in the middle of a character.
        const parts = lines.map((_, i) => {
          return Buffer.concat([Buffer.from(`${i},`), city, Buffer.from(`${i},`), cut.includes(i) ? end.subarray(0, -1) : end]);
        });
        const file = Buffer.concat(parts.flatMap((b) => [b, Buffer.from('\n')]));
        expect(await Promise.resolve(csv.survey?.(effectsOf(file)))).toMatchObject({ encoding });
        for (const step of [7, 4096, 65_536]) {
          const records = await recordsOf(csv, sourceOf({ layout: layout({ encoding }) }), effectsOf(file, step));
          expect(records.filter((r) => r.fault !== '').map((r) => [r.ordinal, r.fault])).toEqual(cut.map((i) => [i + 1, 'encoding']));
          expect(records.filter((r) => r.fault === '').map((r) => r.cells.join())).toEqual(lines.filter((_, i) => !cut.includes(i)));
        }
      }
    }
  });

  it('refuses what is not the declared encoding and says where', async () => {
    await expect(read(Buffer.concat([Buffer.from('a,b,c\n1,'), yunchuan, Buffer.from(',3\n')]))).rejects.toMatchObject({
      code: 'wrong-encoding',
      detail: expect.stringContaining('byte 9 of'),
    });
    await expect(
      read(Buffer.concat([Buffer.from('a,b,c\n'), Buffer.from([0xd4, 0xc6, 0xb4])]), { encoding: 'gb18030' }),
    ).rejects.toMatchObject({ code: 'wrong-encoding' });
    await expect(read('\ufeffa,b,c\n', { encoding: 'gb18030' })).rejects.toMatchObject({
      code: 'wrong-encoding',
      detail: expect.stringContaining('utf-8'),
    });
    await expect(read('姓名,证件号,金额\n云川,1,2\n', { encoding: 'gb18030' })).rejects.toMatchObject({ code: 'wrong-encoding' });
    await expect(read(Buffer.from('\ufeffa,b,c\n', 'utf16le'))).rejects.toMatchObject({
      code: 'wrong-encoding',
      detail: expect.stringContaining('utf-16le'),
    });
    await expect(read(Buffer.from([0x61, 0, 0x00, 0xd8, 0x61, 0]), { encoding: 'utf-16le' })).rejects.toMatchObject({
      code: 'wrong-encoding',
    });
    await expect(read(Buffer.from([0x61, 0, 0x61]), { encoding: 'utf-16le' })).rejects.toMatchObject({ code: 'wrong-encoding' });
    await expect(read(Buffer.from([0xe4, 0xba]))).rejects.toMatchObject({ code: 'wrong-encoding' });
  });

  it('refuses an empty file, unknown settings and a missing layout', async () => {
    await expect(read('')).rejects.toMatchObject({ code: 'empty' });
    await expect(read('\ufeff')).rejects.toMatchObject({ code: 'empty' });
    await expect(read('1,2,3', {}, '#')).rejects.toMatchObject({
      code: 'settings',
      detail: expect.stringContaining('Invalid option'),
      detailZh: expect.stringContaining('无效选项'),
    });
    await expect(read('1,2,3', { encoding: null })).rejects.toMatchObject({ code: 'settings' });
  });
});

describe('delimiters', () => {
  const surveyed = async (text: string) => {
    const survey = await csv.survey?.(effectsOf(Buffer.from(text)));
    return [survey?.settings['delimiter'], survey?.said.at(-1)?.zh] as const;
  };
  const rows = (mark: string, note = (i: number): string => `桥${i}`): string =>
    ['桥号', '桥名', '跨径', ...Array.from({ length: 12 }, (_, i) => [`Q${i}`, note(i), `${30 + i}`]).flat()]
      .map((cell, i) => cell + (i % 3 === 2 ? '\n' : mark))
      .join('');

  it.each(delimiters.map((d) => [d]))('are told by standing evenly in the lines: %j', async (delimiter) => {
    const [found, said] = await surveyed(rows(delimiter));
    expect(found).toBe(delimiter);
    expect(said).toMatch(/^以.+分隔$/u);
    expect(cells(await read(rows(delimiter), { headerRows: 1 }, delimiter, ['桥号', '桥名', '跨径'])).at(-1)).toEqual([
      'Q11',
      '桥11',
      '41',
    ]);
  });

  it('are not taken from within values', async () => {
    expect((await surveyed(rows(',', (i) => `${i}点~${i + 1}点`)))[0]).toBe(',');
    expect((await surveyed(rows('\t', (i) => `桥${i}，新建^2`)))[0]).toBe('\t');
    expect((await surveyed(rows('|', () => '')))[0]).toBe('|');
    expect((await surveyed(rows('\u0001', () => '东，西,南')))[0]).toBe('\u0001');
  });

  it('are said to be missing where none is, and each line is one cell', async () => {
    const names = `桥名\n${'安河桥\n平山桥\n'.repeat(20)}长桥,短桥\n`;
    expect(await surveyed(names)).toEqual(['\t', '没有找到分隔符，按一列读']);
    expect((await surveyed(`桥名\n${'"安河桥，长"\n"平,山桥"\n'.repeat(20)}`))[0]).toBe(',');
    expect((await surveyed(`sep=;\n${rows(';', (i) => `${i},5,0`)}`))[0]).toBe(';');
    expect(await surveyed('建议\n请修桥，谢谢\n请修路，并装灯，谢谢\n请清淤\n')).toEqual([',', '没有找到分隔符，按一列读']);
    expect((await surveyed(rows('    ')))[1]).toMatch(/没有找到分隔符.*空格/u);
  });
});
