/** The JSON connector: real bytes in, records out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import json from './json.ts';
import { effectsOf, recordsOf, sourceOf } from './test-delivery.ts';

const delivered = async (text: string | Buffer, step = 65_536, sheet: string | null = null) => {
  const effects = effectsOf(Buffer.from(text), step);
  const survey = await json.survey?.(effects);
  const taken = sheet ?? survey?.sheets[0]?.name ?? null;
  const layout = { encoding: survey?.encoding ?? null, sheet: taken, titleRows: 0, headerRows: 0, fillDown: [], footer: [] };
  const source = { ...sourceOf({ connector: 'json', settings: survey?.settings ?? {}, layout }), columns: [] };
  const { names } = await json.read({ source, since: null }, effects);
  const records = await recordsOf(json, source, effects);
  return {
    ...(sheet !== null && { sheets: survey?.sheets.map((s) => s.name) }),
    names,
    rows: records.map((r) => (r.fault === '' ? r.cells : [r.fault, r.cells[0]])),
  };
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
  });

  it('are the longest array of objects inside an object, or that object', async () => {
    expect(await delivered('{"code":0,"tags":[1,2,3],"data":{"one":[{"x":1}],"rows":[{"a":1},{"a":2}]}}')).toMatchObject({
      names: ['a'],
      rows: [['1'], ['2']],
    });
    expect(await delivered('{"a":1,"b":[["x",1]]}')).toMatchObject({ names: ['a', 'b'], rows: [['1', '[["x",1]]']] });
  });

  it('of a file that is not held are those of the list that is named, like those of a small one', async () => {
    const long = 'x'.repeat(6 * 1024 * 1024);
    const text = `{"说明":"[{}]","a":{"人\\u5458":[{"n":1,"t":"${long}"},{"n":2,"t":"${long}"},{"n":3,"t":"${long}"}],"点":[[1,2]]},"b":[{"k":"}"},{"k":2.50}],"c":[1]}`;
    const found = await delivered(text, 1_000_003, 'b');
    expect(found).toEqual({
      sheets: ['a.人员', 'b', 'c', 'a.点'],
      names: ['k', '说明'],
      rows: [
        ['}', '[{}]'],
        ['2.50', '[{}]'],
      ],
    });
    await expect(delivered(text, 65_536, 'd')).rejects.toMatchObject({ code: 'no-sheet' });
  });

  it('are what an object lists by name, however deep, its names in columns', async () => {
    expect(await delivered('{"云岭区":{"code":"1","km2":2.50},"青石区":{"code":"2"},"东湖区":{"code":"3","km2":1}}')).toEqual({
      names: ['名称', 'code', 'km2'],
      rows: [
        ['云岭区', '1', '2.50'],
        ['青石区', '2', null],
        ['东湖区', '3', '1'],
      ],
    });
    expect(await delivered('{"省一":{"市一":["甲","乙"],"市二":["丙"]},"省二":{"市三":["丁"]}}')).toMatchObject({
      names: ['第1级', '第2级', '值'],
      rows: [
        ['省一', '市一', '甲'],
        ['省一', '市一', '乙'],
        ['省一', '市二', '丙'],
        ['省二', '市三', '丁'],
      ],
    });
    expect((await delivered('{"349900":"云川市","349901":"云岭区","349902":"青石区"}')).rows[1]).toEqual(['349901', '云岭区']);
    expect((await delivered('{"name":"x","age":1,"sex":"y"}')).names).toEqual(['name', 'age', 'sex']);
  });

  it('are all objects of a tree, each with its level and what it lies in', async () => {
    const tree = '[{"code":"34","name":"省","children":[{"code":"3499","name":"市","children":[{"code":"349901","name":"区"}]}]}]';
    expect(await delivered(tree)).toEqual({
      names: ['code', 'name', '层级', '上级code'],
      rows: [
        ['34', '省', '1', null],
        ['3499', '市', '2', '34'],
        ['349901', '区', '3', '3499'],
      ],
    });
    expect((await delivered('[{"order":1,"lines":[{"sku":"a","n":2}]}]')).names).toEqual(['order', 'lines']);
  });

  it('are the features of a map: properties in columns, the geometry whole', async () => {
    const geometry = '{"type":"Point","coordinates":[117.20,31.80]}';
    const features = `{"type":"FeatureCollection","features":[{"type":"Feature","id":7,"properties":{"name":"站","n":1},"geometry":${geometry}}]}`;
    expect(await delivered(features)).toEqual({ names: ['id', 'name', 'n', 'geometry'], rows: [['7', '站', '1', geometry]] });
  });

  it('are rows beside the names of their columns', async () => {
    const rows = '"items":[["0001",2.50],["0002",null]]';
    expect(await delivered(`{"code":0,"data":{"fields":["编号","数量"],${rows}}}`)).toEqual({
      names: ['编号', '数量'],
      rows: [
        ['0001', '2.50'],
        ['0002', null],
      ],
    });
    expect((await delivered(`{"tags":["甲","乙"],${rows}}`)).names).toBeNull();
  });

  it('are grids of one width side by side, one below the other, with what is said about all of them', async () => {
    const text = '{"date":"2026-01-02","sold":[["东区",1],["西区",2]],"left":[["东区",3],["西区",4]]}';
    expect(await delivered(text)).toEqual({
      names: ['表', '第1列', '第2列', 'date'],
      rows: [
        ['sold', '东区', '1', '2026-01-02'],
        ['sold', '西区', '2', '2026-01-02'],
        ['left', '东区', '3', '2026-01-02'],
        ['left', '西区', '4', '2026-01-02'],
      ],
    });
  });

  it('are those of the table that is chosen', async () => {
    const text = '{"ok":true,"many":[{"a":1},{"a":2}],"one":[{"b":3}]}';
    const effects = effectsOf(Buffer.from(text));
    const survey = await json.survey?.(effects);
    expect(survey?.sheets.map((s) => s.name)).toEqual(['many', 'one', '整个文件']);
    const read = (sheet: string) => {
      const layout = { encoding: 'utf-8' as const, sheet, titleRows: 0, headerRows: 0, fillDown: [], footer: [] };
      return json.read({ source: sourceOf({ connector: 'json', layout }), since: null }, effects);
    };
    expect((await read('one')).names).toEqual(['b']);
    await expect(read('none')).rejects.toMatchObject({ code: 'no-sheet', detailZh: '没有“none”；有：many、one、整个文件' });
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
          const whole = await delivered(text, 65_536, '整个文件');
          const expected = objects.map((o) =>
            (whole.names ?? []).map((n) => {
              const v = Object.hasOwn(o, n) ? o[n] : null;
              return v === null || v === undefined ? null : typeof v === 'string' ? v : JSON.stringify(v);
            }),
          );
          expect(whole.rows).toEqual(expected);
          expect(await delivered(text, step, '整个文件')).toEqual(whole);
          expect(await delivered(Buffer.from(`\ufeff${text}`, 'utf16le'), 65_536, '整个文件')).toEqual(whole);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('what is no table', () => {
  it.each([
    ['cut after a name', 3, '{"桩号":"K3","路名":', '第 3 行没有写完'],
    ['cut in the first line, which opens the whole file', 1, '{"桩号":"K1","路名":', '第 1 行没有写完'],
    ['without its end', 4, '{"桩号":"K4","路名":"滨河路"', '第 4 行没有写完'],
    ['without a quote', 2, '{"桩号":"K2","路名:"滨河路"}', '第 2 行第 17 个字符起的“滨河路"}”'],
    ['and the last one', 6, '{"桩号":"K6"', '第 6 行没有写完'],
  ])('one value a line, %s: line %i is told', async (_, line, broken, told) => {
    const lines = Array.from({ length: 6 }, (__, i) => (i + 1 === line ? broken : `{"桩号":"K${i + 1}","路名":"环城路"}`));
    await expect(delivered(lines.join('\r\n'), 11)).rejects.toMatchObject({ code: 'not-json', detailZh: expect.stringContaining(told) });
  });

  it('a broken object of many lines is told by the place where it breaks', async () => {
    await expect(delivered('[\n{"a":1},\n{"a":2}\n{"a":3}\n]')).rejects.toMatchObject({
      detailZh: expect.stringContaining('第 4 行第 1 个字符'),
    });
  });

  it.each([
    ['[NaN]', 'not-json'],
    ['[{"a":1},]', 'not-json'],
    ['[{"a":1},,{"a":2}]', 'not-json'],
    ['[{"a":1}]]', 'not-json'],
    ['[{"a":1}', 'not-json'],
    ['{"rows":[{"a":1}],}', 'not-json'],
    ['[{"a":01}]', 'not-json'],
    ['[]', 'empty'],
    ['[{}]', 'empty'],
    ['{"year":2027,"days":[]}', 'empty'],
    [`[{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}]`, 'too-large'],
    [`[{${Array.from({ length: 5000 }, (_, i) => `"c${i}":1`).join(',')}}]`, 'too-large'],
  ])('%.40s is refused: %s', async (text, code) => {
    await expect(delivered(text)).rejects.toMatchObject({ code });
  });

  it('a value of more than 16 MiB is refused before it fills the memory', async () => {
    await expect(delivered(`[{"a":"${'x'.repeat(17 * 1024 * 1024)}"}]`)).rejects.toMatchObject({ code: 'too-large' });
  });
});
