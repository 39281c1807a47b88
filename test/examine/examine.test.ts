/** The project's own awkward files through the platform; and planted faults, none of which may pass for green. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { plain } from './decimal.ts';
import { examine } from './examine.ts';
import { notBorne } from './exceptions.ts';
import { csvGrid } from './grids/csv.ts';
import { jsonOf, textOf } from './grids/json.ts';
import { rangesOf } from './judge.ts';
import { said, totals } from './table.ts';

const own = fileURLToPath(new URL('./files', import.meta.url));

test("the project's own files are green", async () => {
  const files = await examine({ folder: own, expectations: own, exceptions: {} });
  expect(files.filter((f) => f.red.length > 0).map((f) => said(f, true))).toEqual([]);
  expect(files.every((f) => f.expected)).toBe(true);
  expect(totals(files).isGreen).toBe(true);
}, 900_000);

test('what is not as expected is red, and so is an exception that no longer applies', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chengshu-examined-'));
  try {
    const write = (name: string, text: string, expected?: object): void => {
      writeFileSync(join(folder, name), text);
      if (expected) writeFileSync(join(folder, `${name}.expected.json`), JSON.stringify(expected));
    };
    const rows = ['甲,10', '乙,20', '丙,30', '丁,40'];
    write('a.csv', ['标题,', '局,件数', ...rows].join('\n'), {
      header: [1],
      rows: 5,
      key: ['件数'],
      types: { 局: 'number' },
      values: { 3: { 件数: '11' }, 4: { 件数: '20.0' } },
    });
    write('b.bin', '\u0000\u0001\u0002');
    const exceptions = { 'b.bin': { refused: 'no table' }, 'a.csv': { lost: 'nothing is lost' } };
    const [a, b] = await examine({ folder, expectations: folder, exceptions });
    expect(a?.red.map((f) => f.kind)).toEqual(['header', 'rows', 'key', 'types', 'values', 'exception']);
    expect(b).toMatchObject({ end: 'refused', red: [] });
    expect(totals([b].flatMap((f) => f ?? [])).isGreen).toBe(true);
    expect(totals([]).isGreen).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 300_000);

test('exceptions bear one kind of fault of one file', () => {
  const faults = [{ kind: 'grid', says: 'x' }];
  expect(notBorne({ f: { grid: 'why' } }, 'f', faults)).toEqual([]);
  expect(notBorne({ f: { grid: 'why' } }, 'g', faults)).toEqual(faults);
  expect(notBorne({ f: { key: 'why' } }, 'f', faults).map((x) => x.kind)).toEqual(['grid', 'exception']);
});

test('second readings keep what is written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chengshu-grids-'));
  try {
    const path = join(folder, 'x');
    writeFileSync(path, '\ufeffa,"b ""c"", d"\r\n\r\n"e\nf",g"h\n"broken"x,1');
    expect([...csvGrid(path, 'utf-8', ',').values()]).toEqual([['a', 'b "c", d'], [''], ['e\nf', 'g"h'], null]);
    writeFileSync(path, '{"a":1.50,"a":[null,true,"\\u4e2d\\n"],"":{}}');
    expect(textOf(jsonOf(path, 'utf-8', false))).toBe('{"a":1.50,"a":[null,true,"中\\n"],"":{}}');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('decimals are compared by what they are worth', () => {
  expect(['1e+05', '100000', '100000.00', '+1.0E5'].map(plain)).toEqual(Array(4).fill('1e5'));
  expect(['-0.50', '-.5', '0', '-0.0', '123456789012345678901'].map(plain)).toEqual([
    '-5e-1',
    '-5e-1',
    '0',
    '0',
    '123456789012345678901e0',
  ]);
  expect(rangesOf([9, 1, 2, 3, 9, 7])).toBe('1–3, 7, 9');
});
