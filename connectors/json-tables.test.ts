/** Which tables a JSON text holds: shapes in which data is published, each held against what a careful person would want. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import json from './json.ts';
import { type Json, jsonText, parsed } from './json-value.ts';
import { effectsOf, recordsOf, sourceOf } from './test-delivery.ts';

/** Returns the tables of a text, the likeliest first: the sentences said of each, its names and its rows. */
async function tables(text: string) {
  const effects = effectsOf(Buffer.from(text));
  const survey = await json.survey?.(effects);
  const read = async (sheet: string | null) => {
    const layout = { encoding: 'utf-8' as const, sheet, titleRows: 0, headerRows: 0, fillDown: [], footer: [] };
    const source = { ...sourceOf({ connector: 'json', settings: survey?.settings ?? {}, layout }), columns: [] };
    const { names } = await json.read({ source, since: null }, effects);
    const rows = (await recordsOf(json, source, effects)).map((r) => r.cells);
    return { names, rows, said: (survey?.sheets.find((s) => s.name === sheet)?.said ?? []).map((s) => s.zh).join('；') };
  };
  const sheets = survey?.sheets.map((s) => s.name) ?? [];
  return { sheets, said: survey?.said.map((s) => s.zh).join('；') ?? '', read, first: await read(sheets[0] ?? null) };
}
const first = async (text: string | Json) => (await tables(typeof text === 'string' ? text : JSON.stringify(text))).first;
const table = (names: readonly string[] | null, ...rows: (string | null)[][]) => ({ names, rows });

describe('names that are values', () => {
  it.each([
    [
      'name → number, with holes',
      '{"甲小区":null,"乙小区":10007,"丙小区":1.50}',
      table(['名称', '值'], ['甲小区', null], ['乙小区', '10007'], ['丙小区', '1.50']),
    ],
    ['id → list', '{"101":["甲","乙"],"102":["丙"],"103":[]}', table(['名称', '值'], ['101', '甲'], ['101', '乙'], ['102', '丙'])],
    [
      'code → tuple',
      '{"349901":["云岭区",117.20],"349902":["青石区",null],"349903":["东湖区",1]}',
      table(['名称', '第1列', '第2列'], ['349901', '云岭区', '117.20'], ['349902', '青石区', null], ['349903', '东湖区', '1']),
    ],
    [
      'a code alone',
      '{"data":{"349901":{"day":[["一",1],["二",2]]}}}',
      table(['名称', '第1列', '第2列'], ['349901', '一', '1'], ['349901', '二', '2']),
    ],
    [
      'name → list of objects, in the order of the text',
      '{"2021":[{"n":1}],"2019":[{"n":2},{"n":3}]}',
      table(['表', 'n'], ['2021', '1'], ['2019', '2'], ['2019', '3']),
    ],
    [
      'values beside the names',
      '{"unit":"万元","云岭区":{"gdp":1,"r":"2%"},"青石区":{"gdp":2,"r":"3%"},"东湖区":{"gdp":3,"r":"4%"}}',
      table(['名称', 'gdp', 'r', 'unit'], ['云岭区', '1', '2%', '万元'], ['青石区', '2', '3%', '万元'], ['东湖区', '3', '4%', '万元']),
    ],
    [
      'a name that the things have too',
      '{"r1":{"名称":"甲","v":1},"r2":{"名称":"乙","v":2},"r3":{"名称":"丙","v":3}}',
      table(['外层.名称', '名称', 'v'], ['r1', '甲', '1'], ['r2', '乙', '2'], ['r3', '丙', '3']),
    ],
    [
      'objects of one name each',
      `[${[...'甲乙丙丁戊己庚辛'].map((n, i) => `{"${n}小区":${i}}`).join()}]`,
      table(['名称', '值'], ...[...'甲乙丙丁戊己庚辛'].map((n, i) => [`${n}小区`, String(i)])),
    ],
  ])('%s', async (_, text, expected) => {
    expect(await first(text)).toMatchObject(expected);
  });

  it('given twice are two rows of a list and two columns of an object, and said', async () => {
    const list = await tables('{"甲小区":1,"乙小区":2,"甲小区":3}');
    expect(list.first).toMatchObject(table(['名称', '值'], ['甲小区', '1'], ['乙小区', '2'], ['甲小区', '3']));
    expect(list.said).toContain('名称出现两次：“甲小区”');
    const object = await tables('[{"a":"x","a":"y"},{"a":"z","b":1}]');
    expect(object.first).toMatchObject(table(['a', 'a·2', 'b'], ['x', 'y', null], ['z', null, '1']));
    expect(object.said).toContain('名称出现两次：“a”');
  });
});

describe('lists in lists', () => {
  const nested = [
    {
      department: '甲局',
      items: [
        {
          main: '许可',
          sub: [
            { name: '一', code: '01' },
            { name: '二', code: '02' },
          ],
        },
      ],
    },
    {
      department: '乙局',
      items: [
        {
          main: '确认',
          sub: [
            { name: '三', code: '03' },
            { name: '四', code: '04' },
          ],
        },
      ],
    },
    { department: '丙局', items: [] },
  ];

  it('come with what leads to them; groups without content are said, and every level can be chosen', async () => {
    const found = await tables(JSON.stringify(nested));
    expect(found.sheets).toEqual(['items.sub', 'items', '整个文件']);
    expect(found.first).toMatchObject(
      table(
        ['department', 'main', 'name', 'code'],
        ['甲局', '许可', '一', '01'],
        ['甲局', '许可', '二', '02'],
        ['乙局', '确认', '三', '03'],
        ['乙局', '确认', '四', '04'],
      ),
    );
    expect(found.first.said).toContain('1 个外层对象（如“丙局”）里没有内容');
    expect((await found.read('整个文件')).rows[2]).toEqual(['丙局', '[]']);
  });

  it('beside much that is said about each stay with it, and can be chosen', async () => {
    const order = (n: number, skus: string[]) => ({
      no: `${n}`,
      by: '甲',
      on: '2026-01-01',
      to: '一路',
      lines: skus.map((sku) => ({ sku, n })),
    });
    const found = await tables(JSON.stringify([order(1, ['a', 'b']), order(2, ['c', 'd', 'e'])]));
    expect(found.first.rows).toHaveLength(2);
    const lines = await found.read('lines');
    expect(lines.names).toEqual(['no', 'by', 'on', 'to', 'sku', 'n']);
    expect(lines.rows.at(-1)).toEqual(['2', '甲', '2026-01-01', '一路', 'e', '2']);
  });

  it.each([
    [
      'of words',
      [
        { name: '甲省', city: [{ name: '甲市', area: ['东区', '西区'] }] },
        { name: '乙省', city: [{ name: '乙市', area: ['南区', '北区'] }] },
      ],
      table(
        ['name', 'city.name', 'area'],
        ['甲省', '甲市', '东区'],
        ['甲省', '甲市', '西区'],
        ['乙省', '乙市', '南区'],
        ['乙省', '乙市', '北区'],
      ),
    ],
    ['that nothing names', [[{ a: 1 }, { a: 2 }], [{ a: 3 }]], table(['组', 'a'], ['1', '1'], ['1', '2'], ['2', '3'])],
  ])('%s', async (_, value, expected) => {
    expect(await first(value as unknown as Json)).toMatchObject(expected);
  });

  it('keep holes as blank rows, and what is no object beside them', async () => {
    const found = await tables('[{"a":1},null,{"a":2},"x",[3]]');
    expect(found.first).toMatchObject(table(['a', '值'], ['1', null], [null, null], ['2', null], [null, 'x'], [null, '[3]']));
    expect(found.said).toContain('1 个空位');
    expect(found.said).toContain('2 项不是对象');
    expect(await first('["甲","乙"]')).toMatchObject(table(['值'], ['甲'], ['乙']));
  });
});

describe('what stands around a list', () => {
  it('of several kinds that share no name is said, and so are lists within lists', async () => {
    const kinds = await tables('{"学校":"一小","人数":1}\n{"学校":"二小","人数":2}\n{"医院":"甲院","床位":3}\n');
    expect(kinds.said).toContain('没有一个相同的名称');
    const lists = await tables('[{"a":1},{"a":2}]\n[{"b":3},{"b":4}]\n');
    expect(lists.said).toMatch(/“组”一列说明是第几个.*没有一个相同的名称/u);
    expect((await tables('[{"a":1,"b":2},{"a":3},{"a":4,"c":5}]')).said).not.toContain('相同的名称');
  });

  it('comes along with each row; how an answer says that all is well does not, and that is said', async () => {
    const found = await tables(
      '{"code":0,"msg":"ok","data":{"p":"甲省","info":{"date":"2026-01-02"},"list":[{"name":"一"},{"name":"二"}],"total":2}}',
    );
    expect(found.sheets).toEqual(['data.list', '整个文件']);
    expect(found.first).toMatchObject(table(['name', 'p', 'info.date'], ['一', '甲省', '2026-01-02'], ['二', '甲省', '2026-01-02']));
    expect(found.first.said).toContain('code=0、msg=ok、total=2 不作为列');
    expect(await first('{"name":"甲省","datas":[{"name":"甲院"}]}')).toMatchObject(table(['name', '外层.name'], ['甲院', '甲省']));
  });

  it('is called in the header row of a grid, and stands in none of its holes', async () => {
    expect(await first('{"date":"d","rows":[["名称","人口"],["甲",1],null,["乙",2]]}')).toMatchObject(
      table(null, ['名称', '人口', 'date'], ['甲', '1', 'd'], [null, null, null], ['乙', '2', 'd']),
    );
  });

  it('is left off for a source that was declared before it came along, and columns stand as they were declared', async () => {
    const effects = effectsOf(Buffer.from('{"p":"甲省","q":1,"list":[{"a":1,"b":2}]}'));
    const layout = { encoding: 'utf-8' as const, sheet: 'list', titleRows: 0, headerRows: 0, fillDown: [], footer: [] };
    const names = async (columns: string[], settings = {}) =>
      (await json.read({ source: sourceOf({ connector: 'json', columns, settings, layout }), since: null }, effects)).names;
    expect(await names(['b', 'a'])).toEqual(['b', 'a']);
    expect(await names(['q', 'a', 'b'])).toEqual(['q', 'a', 'b']);
    expect(await names(['b', 'a', 'p'], { outer: true })).toEqual(['b', 'a', 'p', 'q']);
  });
});

describe('forms of their own', () => {
  it.each([
    [
      'a chart',
      {
        title: { text: '用电' },
        xAxis: { data: ['一月', '二月'] },
        series: [
          { name: '东', data: [1, 2] },
          { name: '西', data: [3, null] },
        ],
      },
      table(['名称', '东', '西', 'title.text'], ['一月', '1', '3', '用电'], ['二月', '2', null, '用电']),
    ],
    [
      'labels and datasets',
      { labels: ['2019', '2020'], datasets: [{ label: '人口', data: [1, 2] }] },
      table(['名称', '人口'], ['2019', '1'], ['2020', '2']),
    ],
    [
      'parts of a pie',
      {
        series: [
          {
            name: '来源',
            data: [
              { value: 3, name: '直接' },
              { value: 4, name: '邮件' },
            ],
          },
        ],
      },
      table(['series.name', 'value', 'name'], ['来源', '3', '直接'], ['来源', '4', '邮件']),
    ],
    [
      'columns beside each other',
      { 名称: ['甲', '乙', '丙'], 数量: [1, 2, null] },
      table(['名称', '数量'], ['甲', '1'], ['乙', '2'], ['丙', null]),
    ],
    ['columns by row number', { n: { 0: '甲', 1: '乙' }, v: { 0: 1, 1: 2 } }, table(['n', 'v'], ['甲', '1'], ['乙', '2'])],
    [
      'columns, index and data',
      {
        columns: ['n', 'v'],
        index: [5, 6],
        data: [
          ['甲', 1],
          ['乙', 2],
        ],
      },
      table(['index', 'n', 'v'], ['5', '甲', '1'], ['6', '乙', '2']),
    ],
    [
      'columns that are described',
      {
        meta: {
          columns: [
            { id: 1, name: '站名' },
            { id: 2, name: '里程' },
          ],
        },
        data: [
          ['一', 1.5],
          ['二', 2.5],
        ],
      },
      table(['站名', '里程'], ['一', '1.5'], ['二', '2.5']),
    ],
    [
      'fields and records',
      {
        success: true,
        result: {
          fields: [{ id: '名' }, { id: '数' }],
          records: [
            { 名: '甲', 数: 1 },
            { 名: '乙', 数: 2 },
          ],
        },
      },
      table(['名', '数'], ['甲', '1'], ['乙', '2']),
    ],
    [
      'features with attributes',
      {
        spatialReference: { wkid: 4490 },
        fields: [{ name: 'N' }, { name: 'C' }],
        features: [{ attributes: { N: '站', C: 'A' }, geometry: { x: 1.5, y: 2 } }],
      },
      table(['N', 'C', 'geometry.x', 'geometry.y'], ['站', 'A', '1.5', '2']),
    ],
    [
      'features with an id of their own',
      { type: 'FeatureCollection', features: [{ type: 'Feature', id: 'f', properties: { id: 7, n: '园' }, geometry: null }] },
      table(['id', 'id·2', 'n', 'geometry'], ['f', '7', '园', null]),
    ],
    [
      'a header in the first object',
      [
        { a: '名称', b: '人数' },
        { a: '甲校', b: '20' },
        { a: '乙校', b: '30' },
      ],
      table(['名称', '人数'], ['甲校', '20'], ['乙校', '30']),
    ],
    [
      'grids with a header each',
      {
        出租: [
          ['区', '面积'],
          ['东', 1],
        ],
        出售: [
          ['区', '面积'],
          ['东', 3],
        ],
      },
      table(null, ['表', '区', '面积'], ['出租', '东', '1'], ['表', '区', '面积'], ['出售', '东', '3']),
    ],
    [
      'years that are columns',
      { 东: { 2019: 1, 2020: 2 }, 西: { 2019: 3, 2020: 4 }, 南: { 2019: 5 } },
      table(['名称', '2019', '2020'], ['东', '1', '2'], ['西', '3', '4'], ['南', '5', null]),
    ],
    [
      'two levels that share no more than a name',
      [
        {
          id: 1,
          sub: [
            { id: 2, v: 'x' },
            { id: 3, v: 'y' },
          ],
        },
      ],
      table(['外层.id', 'id', 'v'], ['1', '2', 'x'], ['1', '3', 'y']),
    ],
  ])('%s', async (_, value, expected) => {
    expect(await first(value as unknown as Json)).toMatchObject(expected);
  });

  it('arrays one a line, and objects', async () => {
    expect(await first('["甲",1]\n["乙",2.50]\n')).toMatchObject(table(null, ['甲', '1'], ['乙', '2.50']));
    expect(await first('{"a":1}\n{"a":2,"b":[{"c":1},{"c":2}]}\n')).toMatchObject(
      table(['a', 'b'], ['1', null], ['2', '[{"c":1},{"c":2}]']),
    );
  });

  it('numbers keep the text they were written with', async () => {
    const text =
      '[{"n":123456789012345678,"v":12.500000000,"e":1.5E3,"z":-0.0},{"n":900719925474099312345,"v":0.30000000000000004,"e":2.5e-3,"z":0}]';
    expect((await first(text)).rows).toEqual([
      ['123456789012345678', '12.500000000', '1.5E3', '-0.0'],
      ['900719925474099312345', '0.30000000000000004', '2.5e-3', '0'],
    ]);
  });

  it('the empty answer is empty', async () => {
    await expect(tables('{"code":0,"data":{"list":[],"total":0}}')).rejects.toMatchObject({ code: 'empty' });
  });
});

describe('any JSON', () => {
  const key = fc.constantFrom('a', 'b', '名称', '349901', '349902', '甲', 'data', 'list', '');
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.integer({ min: 1000, max: 9_999_999 }),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }));

  it('is parsed as JSON.parse parses it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 2 }), (any, indent) => {
        const text = JSON.stringify(any, null, indent);
        expect(JSON.parse(jsonText(parsed(text)))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('loses no value: each is in a table that can be chosen, or is said', async () => {
    const leaves = (v: unknown): number[] =>
      typeof v === 'number' ? [v] : v !== null && typeof v === 'object' ? Object.values(v).flatMap(leaves) : [];
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.array(value), fc.dictionary(key, value)), async (any) => {
        fc.pre(leaves(any).length > 0);
        const found = await tables(JSON.stringify(any)).catch((error: { code?: string }) => {
          // Values beside an empty list are no row: the whole file is refused.
          if (error.code === 'empty' && JSON.stringify(any).includes('[]')) return null;
          throw error;
        });
        if (!found) return;
        const read = await Promise.all((found.sheets.length > 0 ? found.sheets : [null]).map((sheet) => found.read(sheet)));
        const all = read.map((t) => `${JSON.stringify(t.rows)}${t.said}`).join();
        for (const leaf of leaves(any)) expect(all).toContain(String(leaf));
      }),
      { numRuns: 150 },
    );
  });
});
