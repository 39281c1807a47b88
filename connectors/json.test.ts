/** The JSON connector: real bytes in, records out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import json from './json.ts';
import { effectsOf, recordsOf, sourceOf } from './test-delivery.ts';

const delivered = async (text: string | Buffer, step = 65_536) => {
  const effects = effectsOf(Buffer.from(text), step);
  const survey = await json.survey?.(effects);
  const layout = { encoding: survey?.encoding ?? null, sheet: null, titleRows: 0, headerRows: 0, fillDown: [], footer: [] };
  const source = sourceOf({ connector: 'json', settings: survey?.settings ?? {}, columns: ['a'], layout });
  const { names } = await json.read({ source, since: null }, effects);
  const records = await recordsOf(json, source, effects);
  return { names, rows: records.map((r) => (r.fault === '' ? r.cells : [r.fault, r.cells[0]])) };
};

describe('rows', () => {
  it('are the objects of an array; nested names are joined, arrays stay text, digits stay as written', async () => {
    expect(await delivered('[{"a":{"b":1.50,"c":"x"},"d":[1.0,{"e":2}]},{"a":null,"n":12345678901234567890,"t":true,"q":""}]')).toEqual({
      names: ['a.b', 'a.c', 'd', 'n', 't', 'q'],
      rows: [
        ['1.50', 'x', '[1.0,{"e":2}]', null, null, null],
        [null, null, null, '12345678901234567890', 'true', ''],
      ],
    });
  });

  it('are objects one a line, however the bytes are cut, and a broken line is refused', async () => {
    const lines = '\ufeff{"a":"}{","b":{"c":1}}\r\n\n{"a":"\\"{","b":{"c":2.50}}\n{"a":null}\n';
    for (const step of [65_536, 1, 7])
      expect(await delivered(lines, step)).toEqual({
        names: ['a', 'b.c'],
        rows: [
          ['}{', '1'],
          ['"{', '2.50'],
          [null, null],
        ],
      });
    await expect(delivered('{"a":1}\n{"a":2')).rejects.toMatchObject({ code: 'not-json' });
    await expect(delivered('{"a":1}\n{"a":}\n{"a":3}')).rejects.toMatchObject({ code: 'not-json' });
  });

  it('are the arrays of an array: a grid whose header the layout finds', async () => {
    expect(await delivered('[["编号","数量"],["0001",12345678901234567890,[1]],[null,2.50]]')).toEqual({
      names: null,
      rows: [
        ['编号', '数量', null],
        ['0001', '12345678901234567890', '[1]'],
        [null, '2.50', null],
      ],
    });
    await expect(delivered('[[1],{"a":2}]')).rejects.toMatchObject({ code: 'not-json' });
  });

  it('are the longest array of objects inside an object, or that object', async () => {
    expect(await delivered('{"code":0,"tags":[1,2,3],"data":{"one":[{"x":1}],"rows":[{"a":1},{"a":2}]}}')).toMatchObject({
      names: ['a'],
      rows: [['1'], ['2']],
    });
    expect(await delivered('{"a":1,"b":[["x",1]]}')).toMatchObject({ names: ['a', 'b'], rows: [['1', '[["x",1]]']] });
  });

  it('keep an object that lists by name as text: its names are values', async () => {
    const row = (from: number) =>
      `{"id":${from},"all":{${Array.from({ length: 5 }, (_, i) => `"${from + i}号楼":{"m2":1,"n":2}`).join(',')}}}`;
    const { names, rows } = await delivered(`[${[0, 10, 20, 30].map(row).join(',')}]`);
    expect(names).toEqual(['id', 'all']);
    expect(rows[1]?.[1]).toContain('"10号楼":{"m2":1,"n":2}');
  });

  it('with a value here and an object there lose neither', async () => {
    expect(await delivered('[{"a":{"b":1}},{"a":"x"},{"a.b":2}]')).toEqual({
      names: ['a', 'a.b'],
      rows: [
        ['{"b":1}', null],
        ['x', null],
        [null, '2'],
      ],
    });
    expect((await delivered('[{"a":{"b":1}},{"a.b":2}]')).names).toEqual(['a.b', 'a.b·2']);
  });

  it('that PostgreSQL cannot hold are faults of their own', async () => {
    expect((await delivered('[{"a":"x\\u0000"},{"a":"\\ud800"},{"a":"y"}]')).rows).toEqual([
      ['encoding', 'x\u2400'],
      ['encoding', '\ufffd'],
      ['y'],
    ]);
  });

  it('come out the same however the bytes are cut, and in every encoding', async () => {
    const name = fc.constantFrom('a', '姓 名', 'b"c', '𠮷');
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.integer()));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(name, value, { minKeys: 1 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 40 }),
        async (objects, step) => {
          fc.pre(objects.every((o) => JSON.stringify(o).isWellFormed() && !JSON.stringify(o).includes('\\u0000')));
          const text = JSON.stringify(objects, null, 1);
          const whole = await delivered(text);
          const expected = objects.map((o) =>
            (whole.names ?? []).map((n) => {
              const v = Object.hasOwn(o, n) ? o[n] : null;
              return v === null || v === undefined ? null : typeof v === 'string' ? v : JSON.stringify(v);
            }),
          );
          expect(whole.rows).toEqual(expected);
          expect(await delivered(text, step)).toEqual(whole);
          expect(await delivered(Buffer.from(`\ufeff${text}`, 'utf16le'))).toEqual(whole);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('what is no table', () => {
  it.each([
    ['[1,2]', 'not-json'],
    ['[{"a":1},2]', 'not-json'],
    ['[{"a":1},]', 'not-json'],
    ['[{"a":1},,{"a":2}]', 'not-json'],
    ['[{"a":1}]]', 'not-json'],
    ['[{"a":1}', 'not-json'],
    ['{"rows":[{"a":1}],}', 'not-json'],
    ['[{"a":01}]', 'not-json'],
    ['[]', 'empty'],
    ['[{}]', 'empty'],
    [`[{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}]`, 'too-large'],
    [`[{${Array.from({ length: 5000 }, (_, i) => `"c${i}":1`).join(',')}}]`, 'too-large'],
  ])('%.40s is refused: %s', async (text, code) => {
    await expect(delivered(text)).rejects.toMatchObject({ code });
  });

  it('a value of more than 16 MiB is refused before it fills the memory', async () => {
    await expect(delivered(`[{"a":"${'x'.repeat(17 * 1024 * 1024)}"}]`)).rejects.toMatchObject({ code: 'too-large' });
  });
});
