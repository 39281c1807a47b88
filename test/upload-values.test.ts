/** What digits, amounts and days in the columns of a file are proposed to be, and what becomes of values that are none. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, count, elementsOf, firmOf, judgedOn, nameOf, numberOf, phoneOf } from './invented-rows.ts';
import { openRiver, type River } from './river.ts';

let river: River;
beforeAll(async () => {
  river = await openRiver();
}, 120_000);
afterAll(() => river.close());
const judged = (rows: readonly (readonly unknown[])[]) => judgedOn(river, rows);

describe('a value that is none of its element', () => {
  test('withholds no row: text stays, a number or a day is none, and both are told', async () => {
    const odd = [
      ['0399-6234567、13812345678', '1998年5月', '面议', '钱**', '2026-02-30 08:00'],
      ['6234567-802', '二〇〇三年六月十八日', '约1200', '张三(1班)', '2026-03'],
    ];
    const p = await judged([
      ['案件编号', '联系电话', '成立日期', '金额', '姓名', '办结'],
      ...count(30).map((i) => [
        `A${i}`,
        ...(odd[i] ?? [phoneOf(i), `2020-03-${10 + (i % 20)}`, `${i * 7}.5`, nameOf(i), `2026-03-${10 + (i % 20)} 08:${10 + i}`]),
      ]),
    ]);
    expect(elementsOf(p)).toMatchObject({ 联系电话: 'phone', 成立日期: 'date', 金额: 'number', 姓名: 'name', 办结: 'instant' });
    expect(p).toMatchObject({ rows: { data: 30, governed: 30 } });
    const failed = p.checks.filter((c) => c.failed).map((c) => [c.id.split(':')[0], c.severity, c.failed]);
    const told = (name: string) => p.columns.find((c) => c.column === name)?.name;
    expect(failed).toEqual([
      [told('联系电话'), 'warn', 2],
      [told('成立日期'), 'warn', 1],
      [told('金额'), 'warn', 2],
      [told('姓名'), 'warn', 2],
      [told('办结'), 'warn', 2],
    ]);
  });
});

describe('numbers of documents of any kind', () => {
  test('withhold no row where some are passports, are as close as a person’s number, and identify the row before a name does', async () => {
    const p = await judged([
      ['序号', '证件类型', '证件号码', '姓名'],
      ...count(20).map((i) => [
        i + 1,
        i % 7 === 5 ? '护照' : '身份证',
        i % 7 === 5 ? `E1234567${i}` : numberOf(i),
        `${nameOf(i)}${'甲乙'[i % 2]}${i}`,
      ]),
    ]);
    expect(p.columns[2]).toMatchObject({ element: 'text', sensitivity: 4 });
    expect(p).toMatchObject({ rows: { data: 20, governed: 20 }, key: [p.columns[2]?.name] });
  });
});

describe('what most values would be', () => {
  test('is said of a column that stays text because some are not', async () => {
    const p = await judged([
      ['单位', '办结', '规模'],
      ...count(20).map((i) => [firmOf(i), i < 6 ? '上午9点' : `2026-03-${10 + i} 08:${10 + i}:00`, i % 4 === 0 ? '待定' : `${i * 7}.5`]),
    ]);
    expect(elementsOf(p)).toMatchObject({ 办结: 'text', 规模: 'text' });
    expect(p.columns.map((c) => c.why.zh)).toEqual([
      expect.anything(),
      '值的形式像“时刻”，但抽查 20 个值只有 14 个符合，如“上午9点”：按文本处理',
      '值的形式像“数值”，但抽查 20 个值只有 15 个符合，如“待定”：按文本处理',
    ]);
  });
});

describe('digits', () => {
  test('of codes are no telephones, of amounts no codes; commas between room numbers are no thousands', async () => {
    const p = await judged([
      ['项目编号', '注册资本', '涉及房间', '产值', '资产编号'],
      ...count(30).map((i) => [
        `1382024${1000 + i}`,
        1_000_000 + i * 641,
        `"10${1 + (i % 8)},${102 + i}"`,
        `"1,${230 + i}.50"`,
        `2023040001${1_000_000 + i * 10}`,
      ]),
    ]);
    expect(elementsOf(p)).toMatchObject({ 项目编号: 'text', 注册资本: 'number', 涉及房间: 'text', 产值: 'number', 资产编号: 'text' });
    expect(p.columns.map((c) => c.sensitivity)).toEqual([1, 1, 1, 1, 1]);
    const why = Object.fromEntries(p.columns.map((c) => [c.column, c.why.zh]));
    expect(why['涉及房间']).toContain('不作千分位');
    expect(why['产值']).toContain('30 个值里的逗号按千分位读');
    expect(why['资产编号']).not.toContain('无法恢复');
  });
});

describe('amounts with units', () => {
  test('are put into one unit that the name says, or stay as they were written where that would be a guess', async () => {
    const p = await judged([
      [
        '编号',
        '支出金额',
        '收款',
        '套数（含预售）',
        '投资额',
        '投资',
        '混合',
        '增幅',
        '面积',
        '序',
        '用量',
        '床号',
        '预算(万元)',
        '建筑面积(㎡)',
        '标准',
      ],
      ...count(20).map((i) => [
        `B${i}`,
        i % 3 ? `${i}.50` : `(${i + 1}.50)`,
        i % 2 ? `￥${i}.00` : `（￥${i}）`,
        i % 5 ? `${i + 4}套` : i + 4,
        i % 2 ? `${i}万元` : `${i}亿元`,
        i % 9 ? `${i}.5万元` : 100 + i,
        `${i}${i % 2 ? '套' : '户'}`,
        i % 9 ? `${i}%` : '0.5',
        `${i}.5m²`,
        `(${i + 1})`,
        `${i}.5公斤`,
        `${i}床`,
        i % 9 ? `${i}.5万元` : 100 + i,
        i % 5 ? `${i + 60}.5` : `${i + 60}.5㎡`,
        '1200元',
      ]),
    ]);
    expect(p.columns.slice(1).map((c) => [c.title, c.element])).toEqual([
      ['支出金额', 'number'],
      ['收款（元）', 'money'],
      ['套数（含预售）（套）', 'count'],
      ['投资额（元）', 'money'],
      ['投资', 'text'],
      ['混合', 'text'],
      ['增幅', 'text'],
      ['面积（平方米）', 'area'],
      ['序', 'text'],
      ['用量（公斤）', 'count'],
      ['床号', 'text'],
      ['预算（元）', 'money'],
      ['建筑面积（平方米）', 'area'],
      ['标准（元）', 'money'],
    ]);
    const why = (i: number) => p.columns[i]?.why.zh;
    expect(why(1)).toContain('7 个值写在括号里，按负数读');
    expect(why(3)).toContain('4 个没有写单位的按“套”读');
    expect(why(5)).toContain('另有 3 个没有写单位，不能断定是多少');
    expect(why(6)).toContain('计量单位不一');
    expect(why(12)).toContain('3 个没有写单位的按“万元”读');
    expect(p.rows).toMatchObject({ data: 20, governed: 20 });
  });
});

describe('numbers', () => {
  test('amounts of one length are amounts, codes of one length are codes', async () => {
    const p = await judged([
      ['区县', '常住人口', '学校标识', '户籍'],
      ...count(10).map((i) => [`第${i}区`, 1000007 + i * 900001, 4134000000 + i * 37, 340000 + i * 7]),
    ]);
    expect(elementsOf(p)).toEqual({ 区县: 'text', 常住人口: 'number', 学校标识: 'text', 户籍: 'text' });
  });

  test('that a spreadsheet has cut short are said to be lost, as close as whole ones, and withhold no row', async () => {
    for (const written of [
      (i: number) => Number(`${numberOf(i).slice(0, 15)}000`).toExponential(5),
      (i: number) => `${numberOf(i).slice(0, 15)}000`,
    ]) {
      const p = await judged([
        ['户主身份证号', '姓名'],
        ...count(12).map((i) => [written(i).replace('e', 'E'), `${nameOf(i)}${'甲乙丙丁戊己庚辛壬癸子丑'[i]}`]),
      ]);
      expect(p.columns[0]).toMatchObject({ element: 'text', sensitivity: 4, profile: { rounded: 12 } });
      expect(p.columns[0]?.why.zh).toContain('15位以后的数字已经丢失');
      expect(p.rows.governed).toBe(12);
    }
  });

  test('with letters in some of them are names of things, in English too', async () => {
    const p = await judged([
      ['xqbm', 'buildingNumber', 'surname', 'dob', 'communityCode'],
      ...count(30).map((i) => [
        i === 7 ? '349901007003A0001' : 349901000000 + i * 77,
        i % 20 ? 1 + (i % 9) : '2-A',
        ['Smith', 'Jones'][i % 2],
        `19${60 + i}-01-02`,
        `349901${60 + (i % 30)}0101${100 + i}`,
      ]),
    ]);
    expect(p.columns.map((c) => [c.element, c.sensitivity])).toEqual([
      ['text', 1],
      ['text', 1],
      ['text', 3],
      ['birth-date', 3],
      // Each of 15 digits might be made a person's number by the check character that it lacks.
      ['text', 4],
    ]);
  });

  test('that a spreadsheet may have left of days are days only by name and form, and that is said', async () => {
    const p = await judged([
      ['单位', 'population', 'GDP(亿元)', '户数', '成立日期', '更新时间', '处理时间', '邮编', '工作日'],
      ...count(12).map((i) => [
        `第${i}站`,
        `${12000 + 31 * i}.50`,
        `${30000 + 77 * i}.25`,
        15000 + 3 * i,
        38000 + 97 * i,
        `${45000 + i}.5`,
        20000 + 7 * i,
        23000 + i,
        20000 + 11 * i,
      ]),
    ]);
    expect(elementsOf(p)).toEqual({
      单位: 'text',
      population: 'number',
      'GDP(亿元)': 'number',
      户数: 'number',
      成立日期: 'date',
      更新时间: 'number',
      处理时间: 'number',
      邮编: 'text',
      工作日: 'number',
    });
    expect(p.columns[4]?.why.zh).toContain('12 个值是电子表格的日期序号');
    expect(p.rows).toMatchObject({ data: 12, governed: 12 });
  });

  test('of days and words for no value stand no row in the way', async () => {
    const p = await judged([
      ['编号', '办理日期', '金额', '联系电话'],
      ...count(12).map((i) => [`B${i}`, i % 3 ? 45000 + i : '/', i % 4 ? `${i}.50` : '-', i % 2 ? phoneOf(i) : '无']),
    ]);
    expect(elementsOf(p)).toEqual({ 编号: 'text', 办理日期: 'date', 金额: 'number', 联系电话: 'phone' });
    expect(p.rows).toMatchObject({ data: 12, governed: 12 });
  });

  test('beside many columns do not stop the judging, which then goes in parts and finds what it finds in one', async () => {
    const value = (r: number, i: number) => (i < 12 ? `A${r}` : i === 60 && r % 50 === 7 ? '无数' : (r * (i + 1)) % 97);
    const p = await judged([count(64).map((i) => `x${i}`), ...count(300).map((r) => count(64).map((i) => value(r, i)))]);
    expect(p.columns.filter((c) => c.element === 'number').length).toBe(52);
    expect(p.rows).toMatchObject({ data: 300, governed: 300 });
    expect(p.checks.filter((c) => c.failed).map((c) => [c.id.split(':')[1], c.severity, c.failed])).toEqual([['shape', 'warn', 6]]);
  });
});

describe('keys', () => {
  test('a number that means a person is the key though some rows repeat it, and they are shown', async () => {
    const rows = count(40).map((i) => [numberOf(i % 38), nameOf(i), addressOf(i)]);
    const p = await judged([['身份证号', '姓名', '住址'], ...rows]);
    expect(p.keys[0]).toMatchObject({ columns: ['身份证号'], absent: 0, repeated: 2 });
    expect(p.keys[0]?.examples).toEqual([
      { values: [numberOf(0)], rows: 2 },
      { values: [numberOf(1)], rows: 2 },
    ]);
  });

  test('the number of the record goes before the person it is about', async () => {
    const p = await judged([['交易单号', '付款人证件', '单位'], ...count(12).map((i) => [`T${i}`, numberOf(i), '万元'])]);
    expect([p.keys[0]?.columns, p.columns[2]?.sensitivity]).toEqual([['交易单号'], 1]);
  });

  test('one row has a key', async () => {
    expect(
      (
        await judged([
          ['姓名', '身份证号'],
          [nameOf(1), numberOf(1)],
        ])
      ).keys[0]?.columns,
    ).toEqual(['身份证号']);
  });

  test('a place and a year together identify a row of statistics, a year alone one of a city', async () => {
    const places = ['云岭区', '石塘区', '青石区', '清溪县'];
    const years = [2019, 2020, 2021, 2022, 2023];
    const both = await judged([
      ['区县', '统计年度', '人口'],
      ...places.flatMap((d, i) => years.map((y, k) => [d, y, 1000 + i * 7 + k * 13])),
    ]);
    expect([...(both.keys[0]?.columns ?? [])].sort()).toEqual(['区县', '统计年度']);
    const one = await judged([['时间(年)', '人口'], ...count(15).map((i) => [2000 + i, 900 + i * 3])]);
    expect(one.keys[0]?.columns).toEqual(['时间(年)']);
  });

  test('codes with zeros before them are no running number', async () => {
    const p = await judged([['部门编码', '部门名称'], ...count(15).map((i) => [String(i + 1).padStart(4, '0'), `云川市第${i}局`])]);
    expect(p.keys[0]?.columns).toEqual(['部门编码']);
  });
});
