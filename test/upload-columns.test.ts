/** What the columns of a file nobody has seen are proposed to be, where their names say nothing, little, or the wrong thing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRiver, type River } from './river.ts';
import { invented, type ProposedColumn, proposed, type Shown, sendFile } from './upload-river.ts';

interface Proposed {
  readonly columns: readonly ProposedColumn[];
  readonly key: readonly string[];
  readonly keys: readonly { columns: string[]; absent: number; repeated: number; examples: { values: string[]; rows: number }[] }[];
  readonly rows: { data: number; governed: number };
  readonly checks: readonly { id: string; severity: string; failed: number | null }[];
  readonly rules: readonly { kind: string; slots: Readonly<Record<string, string>> }[];
}

let river: River;
beforeAll(async () => {
  river = await openRiver();
}, 120_000);
afterAll(() => river.close());

let sent = 0;
const judged = async (rows: readonly (readonly unknown[])[]): Promise<Proposed & { upload: Shown }> => {
  const upload = await sendFile(river, `表${++sent}.csv`, Buffer.from(`${rows.map((r) => r.join(',')).join('\n')}\n`));
  return { ...(await proposed<Proposed>(river, upload)), upload };
};
const elementsOf = (p: Proposed): Record<string, string> => Object.fromEntries(p.columns.map((c) => [c.column, c.element]));
const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const numberOf = (i: number): string => invented(`34990119${60 + i}01${10 + (i % 18)}${100 + i}`);
const nameOf = (i: number): string => `${'赵钱孙李周吴郑王冯陈'[i % 10]}${'伟芳娜敏静丽强磊军洋'[i % 10]}${'明'.repeat(i % 2)}`;
const firmOf = (i: number): string => `云川市${'青石云岭'[i % 4]}${'甲乙丙丁戊'[i % 5]}商贸有限公司`;
const phoneOf = (i: number): string => `1381234${1000 + i}`;
const addressOf = (i: number): string => `云川市云岭区幸福路${i + 1}号`;

describe('words for no value', () => {
  test('count as absent where governing reads them so, and are said with their column', async () => {
    const p = await judged([
      ['站点编号', '月份', '降水量', '状态', '备注'],
      ...count(40).map((i) => [
        i < 2 ? '不详' : `S${i}`,
        `2026-${String((i % 12) + 1).padStart(2, '0')}`,
        i % 5 < 3 ? '—' : `${i}.5`,
        ['正常', '缺'][i % 2],
        i % 4 ? 'NULL' : `见第${i}页`,
      ]),
    ]);
    expect(elementsOf(p)).toMatchObject({ 降水量: 'number', 状态: 'text', 备注: 'text' });
    const told = Object.fromEntries(p.columns.map((c) => [c.column, { ...c.profile, why: c.why.zh }]));
    expect(told['降水量']).toMatchObject({ absent: 24, distinct: 16, least: '3.5', greatest: '39.5', words: [{ word: '—', count: 24 }] });
    expect(told['降水量']?.why).toContain('“—”×24是没有值的写法，当作缺失');
    // A text may say 缺 and mean it, or 不详; NULL no person wrote.
    expect(told['状态']).toMatchObject({ absent: 0, distinct: 2, words: [] });
    expect(told['站点编号']).toMatchObject({ absent: 0, distinct: 39, words: [] });
    expect(told['备注']).toMatchObject({ absent: 30, words: [{ word: 'NULL', count: 30 }] });
  });

  test('of a key are rows without a key, and no repeats of one', async () => {
    const p = await judged([
      ['公民身份号码', '金额'],
      ...count(30).map((i) => [i < 1 ? '无' : numberOf(i), `${i * 7}.25`]),
      ['无', '0.75'],
    ]);
    const column = p.columns.find((c) => c.column === '公民身份号码');
    expect(column).toMatchObject({ element: 'identity-number', profile: { absent: 2, words: [{ word: '无', count: 2 }] } });
    expect(p.keys.find((k) => k.columns[0] === '公民身份号码')).toMatchObject({ absent: 2, repeated: 0 });
  });
});

describe('values speak where names are silent', () => {
  test('of a file without a header: numbers, names, sex, telephones, addresses, firms', async () => {
    const p = await judged(count(20).map((i) => [numberOf(i), nameOf(i), '男女'[i % 2], phoneOf(i), addressOf(i), firmOf(i)]));
    expect(p.columns.map((c) => [c.element, c.sensitivity])).toEqual([
      ['identity-number', 4],
      ['name', 3],
      ['sex', 2],
      ['phone', 3],
      ['address', 3],
      ['organisation-name', 1],
    ]);
    expect(p.columns[1]?.evidence[0]).toMatchObject({ element: 'name', checked: 20, passed: 20, told: 20 });
  });

  test('and what is called 名称, 单位 or 指标 is no organisation for that', async () => {
    const p = await judged([
      ['指标名称', '计量单位', '项目名称', '状态'],
      ...count(12).map((i) => [`第${i}项指标`, ['人', '个', '万元'][i % 3], `云岭区道路改造${i}期`, ['高级', '中级', '初级'][i % 3]]),
    ]);
    expect(elementsOf(p)).toEqual({ 指标名称: 'text', 计量单位: 'text', 项目名称: 'text', 状态: 'text' });
    expect(p.rows).toMatchObject({ data: 12, governed: 12 });
  });

  test('a column without a value is plain text, and as close as it is called', async () => {
    const p = await judged([['编号', '备注', '', '家庭联系电话'], ...count(9).map((i) => [`B${i}`, '', '', ''])]);
    expect(p.columns[3]).toMatchObject({ element: 'text', sensitivity: 3 });
    expect(p.columns[1]).toMatchObject({ element: 'text', sensitivity: 1, why: { zh: '这一列没有一个值，按文本处理' } });
    expect(p.columns[1]?.evidence.every((e) => e.checked === 0 && e.passed === 0)).toBe(true);
  });
});

describe('what would be changed or exposed in silence', () => {
  test('a time of day is kept, an error of a formula is a fault, what has the form of somebody’s number is kept as close as one', async () => {
    const p = await judged([
      ['编号', '更新时间', '办结日期', '比值', '身份证件号码', '备注码', '有效期至', '变更时间'],
      ...count(30).map((i) => [
        `B${i}`,
        `2025-05-${10 + (i % 20)} 08:01:${10 + i}`,
        `2025-05-${10 + (i % 20)} 00:00:00`,
        i % 4 === 0 ? '#DIV/0!' : `${i}.5`,
        `00000119900101${1000 + i}`,
        `00000119900101${2000 + i}`,
        `2024-05-${10 + (i % 20)}`,
        i === 3 ? '2025-05-13' : `2025-05-${10 + (i % 20)} 08:01`,
      ]),
    ]);
    expect(elementsOf(p)).toEqual({
      编号: 'text',
      更新时间: 'instant',
      办结日期: 'date',
      比值: 'number',
      身份证件号码: 'text',
      备注码: 'text',
      有效期至: 'date',
      // A day among instants is its first moment.
      变更时间: 'instant',
    });
    expect(p.columns.map((c) => c.sensitivity)).toEqual([1, 1, 1, 1, 4, 4, 1, 1]);
    expect(p.columns[7]?.why.zh).toContain('1 个值只写了日期，没有写时刻：按当日零时');
    expect(p.columns[3]?.why.zh).toContain('8 个值是公式错误');
    expect(p.rows).toMatchObject({ data: 30, governed: 30 });
    expect(p.rules.filter((r) => r.kind === 'not-in-future').map((r) => r.slots)).toEqual([{ value: 'bjrq' }]);
  });
});

describe('what tells of persons', () => {
  test('inside longer values, in some of the values, or by its name, is as close as what it tells', async () => {
    const p = await judged([
      [
        '编号',
        '残疾证号',
        '监护人及证件',
        '备注',
        '证件',
        '银行卡号',
        '月收入',
        '街道',
        '检查人员',
        '权利人',
        '罪名',
        '出生年月',
        '开业月份',
        '产权证号',
      ],
      ...count(30).map((i) => [
        `B${i}`,
        `${numberOf(i)}41`,
        `张三 ${numberOf(i)}`,
        i % 5 === 0 ? `电话${phoneOf(i)}，已联系` : `第${i}次走访`,
        i % 3 === 0 ? `E${1000 + i}` : numberOf(i),
        `62${String(10 ** 15 + i * 7)}`,
        3000 + i * 10,
        `幸福路${i}号院`,
        `${nameOf(i)}、${nameOf(i + 1)}`,
        i % 2 ? nameOf(i) : firmOf(i),
        '盗窃罪',
        `2015.${10 + (i % 3)}`,
        `2018.${1 + (i % 12)}`,
        `云（2023）清溪县不动产权第${10000 + i}号`,
      ]),
    ]);
    expect(Object.fromEntries(p.columns.map((c) => [c.column, c.sensitivity]))).toEqual({
      编号: 1,
      残疾证号: 4,
      监护人及证件: 4,
      备注: 3,
      证件: 4,
      银行卡号: 4,
      月收入: 3,
      街道: 1,
      检查人员: 3,
      权利人: 3,
      罪名: 4,
      出生年月: 3,
      开业月份: 1,
      产权证号: 1,
    });
    // October is no January.
    expect(elementsOf(p)).toMatchObject({ 出生年月: 'text', 开业月份: 'text' });
    expect(p.columns[3]?.why.zh).toContain('6 个值里含有“联系电话”');
  });
});

describe('keys', () => {
  test('are counted by what will be governed, and what is called a number goes before free text', async () => {
    const p = await judged([
      ['编号', '内容', '说明'],
      ...count(12).map((i) => [i, i < 2 ? `同样${' '.repeat(i)}` : `内容${i}`, `第${i}项`]),
    ]);
    expect(p.key).toEqual(['bh']);
    const codes = await judged([
      ['区划代码', '数量'],
      ...[349901, 349902, 349903, 349904, 110101, 110102, ...count(5).map((i) => 110105 + i), ...count(9).map((i) => 110111 + i)].map(
        (code, i) => [code, i],
      ),
      ['349901000000', 3],
    ]);
    expect(codes.keys[0]).toMatchObject({ columns: ['区划代码'], repeated: 1, examples: [{ values: ['349901'], rows: 2 }] });
  });
});

describe('what differs by chance', () => {
  test('is shown among the candidates and goes before no identifier', async () => {
    const p = await judged([
      ['登记日期', '金额', '面积', '许可证号', '备注'],
      ...count(40).map((i) => [`20${10 + (i % 15)}-0${1 + (i % 9)}-${10 + (i % 17)}`, 1000 + i * 7, `${i}.5亩`, `XK${100 + (i % 35)}`, '']),
    ]);
    expect(p.keys[0]).toMatchObject({ columns: ['许可证号'], repeated: 5 });
    expect(p.keys.map((k) => k.columns.join())).toEqual(expect.arrayContaining(['金额', '面积']));
  });

  test('the number of a case goes before its day; a year that all rows have belongs to the months; ages tell no persons apart', async () => {
    const cases = await judged([['受理号', '受理日期'], ...count(20).map((i) => [`SL2024${100 + i}`, `2024-03-${10 + i}`])]);
    expect(cases.keys[0]?.columns).toEqual(['受理号']);
    const days = await judged([
      ['年', '月', '日', '水位'],
      ...count(60).map((i) => [2023, 1 + (i % 6), 1 + Math.floor(i / 6), 12.5 + (i % 7)]),
    ]);
    expect(days.keys[0]?.columns).toEqual(['年', '月', '日']);
    const people = await judged([['序号', '姓名', '年龄'], ...count(40).map((i) => [i + 1, nameOf(i % 25), 30 + (i % 16)])]);
    expect(people.keys[0]?.columns).not.toContain('年龄');
  });

  test('lists and objects in a cell are no key, though all of them differ', async () => {
    const list = (i: number) => `"${JSON.stringify(i % 3 ? [{ x: i }] : { x: i, y: [] }).replaceAll('"', '""')}"`;
    const p = await judged([['code', '明细'], ...count(12).map((i) => [`A${i >> 1}`, list(i)])]);
    expect(p).toMatchObject({ key: [], rows: { data: 12, governed: 12 } });
  });

  test('is no key, and then nothing is withheld for one', async () => {
    const p = await judged([['长度', '宽度', '备注'], ...count(20).map((i) => [i * 3 + 1, i % 7, ''])]);
    expect([p.key, p.keys[0]?.columns, p.rows.governed]).toEqual([[], ['长度'], 20]);
    const alike = await judged([['类别', '人数'], ...count(60).map((i) => ['甲乙'[i % 2], 9000 + Math.floor(i / 8)])]);
    expect([alike.key, alike.rows, alike.rules.filter((r) => r.kind.includes('duplicate') || r.kind.includes('unique'))]).toEqual([
      [],
      { data: 60, looked: 60, governed: 60 },
      [],
    ]);
  });
});

describe('what was only text', () => {
  test('shares, amounts with their unit, and texts of any length are governed; a name that does not fit is said', async () => {
    const long = '长'.repeat(30_000);
    const p = await judged([
      ['编号', '增幅', '投资(万元)', '图形', '身份证号'],
      ...count(12).map((i) => [`B${i}`, `${i}.5%`, `${i + 1}00万元`, i === 3 ? long : `短${i}`, `E${i}`]),
    ]);
    expect(elementsOf(p)).toEqual({ 编号: 'text', 增幅: 'percent', '投资(万元)': 'money', 图形: 'text', 身份证号: 'text' });
    expect(p.columns.slice(1, 3).map((c) => c.title)).toEqual(['增幅（%）', '投资（元）']);
    expect(p.rows).toMatchObject({ data: 12, governed: 12 });
    expect(p.columns[3]?.profile).toMatchObject({ longest: 30_000, greatest: expect.stringMatching(/^长{200}$/) });
    expect(p.columns[4]).toMatchObject({ sensitivity: 4, why: { zh: expect.stringContaining('但抽查 12 个值只有 0 个符合，如“E0”') } });
  });
});

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

  test('that a spreadsheet has cut short are said to be lost, and are faults', async () => {
    for (const written of [
      (i: number) => Number(`${numberOf(i).slice(0, 15)}000`).toExponential(5),
      (i: number) => `${numberOf(i).slice(0, 15)}000`,
    ]) {
      const p = await judged([['身份证号', '姓名'], ...count(12).map((i) => [written(i).replace('e', 'E'), nameOf(i)])]);
      expect(p.columns[0]).toMatchObject({ element: 'identity-number', sensitivity: 4, profile: { rounded: 12 } });
      expect(p.columns[0]?.why.zh).toContain('15位以后的数字已经丢失');
      expect(p.rows.governed).toBeLessThan(3);
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
      // Each of 15 digits might be made a number of somebody's by the check character that it lacks.
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
