/** What the columns of a file nobody has seen are proposed to be, where their names say nothing, little, or the wrong thing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, count, elementsOf, firmOf, judgedOn, nameOf, numberOf, phoneOf } from './invented-rows.ts';
import { openRiver, type River } from './river.ts';

let river: River;
beforeAll(async () => {
  river = await openRiver();
}, 120_000);
afterAll(() => river.close());
const judged = (rows: readonly (readonly unknown[])[]) => judgedOn(river, rows);

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

  test('and what is called 名称, 单位 or 指标 is no organisation or person for that', async () => {
    const p = await judged([
      ['指标名称', '计量单位', '项目名称', '状态', '菜品名称'],
      ...count(12).map((i) => [
        `第${i}项指标`,
        ['人', '个', '万元'][i % 3],
        `云岭区道路改造${i}期`,
        ['高级', '中级', '初级'][i % 3],
        `${'白黄冬南'[i % 4]}${'菜瓜'[i % 2]}${'甲乙丙'[i % 3]}`,
      ]),
    ]);
    expect(elementsOf(p)).toEqual({ 指标名称: 'text', 计量单位: 'text', 项目名称: 'text', 状态: 'text', 菜品名称: 'text' });
    expect(p.columns[4]?.sensitivity).toBe(1);
    expect(p.rows).toMatchObject({ data: 12, governed: 12 });
  });

  test('a column without a value is plain text, and as close as it is called', async () => {
    const p = await judged([['编号', '备注', '', '家庭联系电话'], ...count(9).map((i) => [`B${i}`, '', '', ''])]);
    expect(p.columns.map((c) => c.taken)).toEqual([true, true, false, true]);
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
