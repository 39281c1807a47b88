/** Rows that lack their last cells, beside records that a line break within a cell has cut. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import csv from './csv.ts';
import { effectsOf, type Record, recordsOf, sourceOf } from './test-delivery.ts';

const columns = ['编号', '单位', '地址', '数量', '备注'];
const read = (text: string, named = columns, step = 65_536): Promise<Record[]> =>
  recordsOf(
    csv,
    sourceOf({
      columns: named,
      settings: { delimiter: ',' },
      layout: { encoding: 'utf-8', sheet: null, titleRows: 0, headerRows: 1, fillDown: [], footer: [] },
    }),
    effectsOf(Buffer.from(text), step),
  );
const told = (records: readonly Record[]) => records.slice(1).map((r) => (r.fault === '' ? r.cells : [r.fault, r.cells[0]]));
const lines = (rows: readonly (readonly string[])[], named = columns): string => `${[named, ...rows].map((r) => r.join(',')).join('\n')}\n`;

const word = fc.constantFrom('云川市', '第一小学', '建设路', '甲乙丙', '东区', '见附件');
const row = fc.tuple(
  fc.integer({ min: 1000, max: 9999 }).map(String),
  word,
  word,
  fc.integer({ min: 0, max: 500 }).map(String),
  fc.option(word, { nil: '' }),
);

describe('rows without their last cells', () => {
  it('are kept, as many of them as there are, however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(row, fc.integer({ min: 2, max: 5 })), { minLength: 8, maxLength: 40 }),
        fc.integer({ min: 1, max: 200 }),
        async (drawn, step) => {
          // A spreadsheet leaves out empty cells at the end of a row, of some rows and not of others.
          const rows = drawn.map(([cells, kept]) => cells.map((c, i) => (i < kept ? c : '')));
          const text = lines(rows.map((cells, i) => (i % 3 === 0 ? cells : cells.slice(0, cells.findLastIndex((c) => c !== '') + 1))));
          const expected = rows.map((cells) => cells.map((c) => (c === '' ? null : c)));
          expect(told(await read(text, columns, step))).toEqual(expected);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are told from a record that a line break within a cell has cut: no false row', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(row, fc.integer({ min: 0, max: 19 })), { minLength: 8, maxLength: 40 }),
        fc.integer({ min: 1, max: 200 }),
        async (drawn, step) => {
          // About one record in ten is broken, within its unit or its address.
          const text = lines(drawn.map(([r, at]) => r.map((c, i) => (at === i - 1 && at < 2 ? `${c.slice(0, 2)}\n${c.slice(2)}楼` : c))));
          const whole = drawn.filter(([, at]) => at >= 2).map(([r]) => r.map((c) => (c === '' ? null : c)));
          const kept = (await read(text, columns, step)).slice(1).filter((r) => r.fault === '');
          expect(kept.map((r) => r.cells)).toEqual(whole);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are kept where two of them have as many cells as one row', async () => {
    const named = ['姓名', '金额', '备注'];
    expect(told(await read('姓名,金额,备注\n张三,100,无误\n李四,200\n王五,300\n赵六,400,见附件\n', named))).toEqual([
      ['张三', '100', '无误'],
      ['李四', '200', null],
      ['王五', '300', null],
      ['赵六', '400', '见附件'],
    ]);
    expect(told(await read('姓名,金额,备注\n张三,100\n李四,200\n王五,300\n', named))).toHaveLength(3);
  });

  it('are refused where the file may be cut off within them, unless others lack as many cells', async () => {
    expect(told(await read('编号,单位,数量\n1,甲,5\n2,乙,6\n3,丙', ['编号', '单位', '数量'])).at(-1)).toEqual(['too-few-cells', '3,丙']);
    expect(told(await read('编号,单位,数量\n1,甲,5\n2,乙\n3,丙', ['编号', '单位', '数量'])).at(-1)).toEqual(['3', '丙', null]);
    const named = ['编号', '单位', '地址', '数量'];
    expect(told(await read('编号,单位,地址,数量\n1,甲,东路,5\n2,乙,西路\n3,丙\n4,丁,北路,5\n5,戊,南', named)).at(-1)).toEqual([
      '5',
      '戊',
      '南',
      null,
    ]);
    expect(told(await read('编号,单位,地址,数量\n1,甲,东路,5\n2,乙,西路\n4,丁,北路,5\n5,戊', named)).at(-1)).toEqual([
      'too-few-cells',
      '5,戊',
    ]);
  });

  it('are counted for the person who delivers the file', async () => {
    const source = sourceOf({ columns: ['a', 'b', 'c'], settings: { delimiter: ',' } });
    const delivery = await csv.read({ source, since: null }, effectsOf(Buffer.from('1,2,3\n1,2\n4,5,6\n7,8\n')));
    for await (const _ of delivery.bytes);
    expect(delivery.notes?.().short).toEqual({ rows: 2, firstRow: 2, isOpen: false });
    const open = await csv.read({ source, since: null }, effectsOf(Buffer.from('1,2,3\n1,2\n4,5,6\n7,8')));
    for await (const _ of open.bytes);
    expect(open.notes?.().short).toEqual({ rows: 2, firstRow: 2, isOpen: true });
  });
});
