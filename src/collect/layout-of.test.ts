/** The layout of files nobody described: what people write above, beside and below their tables. */
import { describe, expect, test } from 'vitest';
import { columnNames, columnNamesAs } from './column-names.ts';
import { footerOf } from './footer-marks.ts';
import { layoutOf } from './layout-of.ts';

const grid = (text: string): (string | null)[][] => {
  const rows = text
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim() || null));
  const width = Math.max(...rows.map((r) => r.length));
  return rows.map((r) => [...r, ...Array.from({ length: width - r.length }, () => null)]);
};

describe('titles and headers', () => {
  test.each([
    ['a plain table', '姓名|性别|年龄\n张三|男|31\n李四|女|28\n王五|男|44', 0, 1],
    ['a title padded with blanks', '云川市学校名单||\n学校|电话|地址\n一小|6234567|幸福路1号\n二小|6234568|幸福路2号', 1, 1],
    [
      'a title and who reports',
      '云川市人口表|||\n填报单位：统计局||单位：万人|\n区县|男|女|备注\n云岭区|10.5|11.2|无\n青石区|8.1|8.3|无',
      2,
      1,
    ],
    [
      'who fills it in and when, each beside its word',
      '统计表|||\n填报单位：|统计局||\n填报人：|孙丽|电话：|62345678\n日期：|2024-12-31||\n编码|名称|受理|办结\n1|甲|2|2\n2|乙|3|3\n3|丙|4|3',
      4,
      1,
    ],
    ['one word above names', '受助学生\n张伟\n李娜\n王芳\n赵磊', 0, 1],
    ['merged groups', '区县|人口||户数|\n|男|女|城镇|乡村\n云岭区|10|11|4|2\n青石区|8|8|3|2', 0, 2],
    ['groups over a full header', '|2023年||2024年|\n区县|男|女|男|女\n云岭区|10|11|10|12\n青石区|8|8|9|9', 0, 2],
    ['units in brackets below the header', '场名|存栏|投资\n|（头）|（万元）\n甲场|120|10\n乙场|80|12', 0, 2],
    ['numbered columns below the header', '指标|单位|数量\n甲|乙|1\n总人口|万人|27.6\n面积|平方公里|312', 0, 1],
    ['years head the columns', '城市|2020|2021|2022\n云川|27.1|27.4|27.6\n青川|18.2|18.1|17.9', 0, 1],
    ['groups written into every cell', '区县|人口|人口|户数|户数\n区县|男|女|城镇|农村\n云岭区|10|11|4|2\n青石区|8|9|3|1', 0, 2],
    ['merged cells over both rows of a header', '序号|姓名|人口||备注\n序号|姓名|男|女|备注\n1|甲|1|2|\n2|乙|3|4|\n3|丙|5|6|', 0, 2],
    [
      'merged cells over three rows',
      '单位：人||||\n地区|就业|||备注\n地区|合计|其中||备注\n地区|合计|城镇|农村|备注\n云岭|5|3|2|\n青石|9|6|3|\n东湖|7|5|2|',
      1,
      3,
    ],
    [
      'a level of few groups above levels of more',
      '渔港情况表|||||\n渔港|泊位|||||\n渔港|深水||浅水||\n渔港|已用|空闲|已用|空闲|备注\n东港|5|3|2|9|\n西港|9|6|3|4|\n北港|7|5|2|1|修',
      1,
      3,
    ],
    ['a title that says what the first column says', '渔港||\n渔港|泊位|船只\n东港|5|30\n西港|9|61\n北港|7|52', 1, 1],
    ['words above words of which there are few', `路口|时段|车型\n${'甲口|早|大\n乙口|晚|小\n'.repeat(6)}`, 0, 1],
    ['one column of numbers', '人数\n9000\n9003\n9006', 0, 1],
    ['one column of numbers without a header', '9000\n9003\n9006', 0, 0],
    ['one column of numbers with exponents', '气压\n1e+05\n101000\n1.2E5', 0, 1],
    [
      'more titles and notes than rows',
      '数据库：年度||\n指标：人口(万人)||\n时间：近3年||\n地区|2023年|2022年\n云岭|1|2\n青石|3|4\n注：略||',
      3,
      1,
    ],
    ['three rows of header', '统计表||||\n地区|就业|||\n|合计|其中||\n||城镇|农村|备注\n云岭|5|3|2|\n青石|9|6|3|', 1, 3],
    ['1, 2, 3 may be data', 'a|b|c\n1|2|3\n4|5|6', 0, 1],
    ['1, 2, 3 below words numbers columns', '名称|地址|数\n1|2|3\n甲店|东街|8\n乙店|西街|9\n丙店|南街|7', 0, 2],
    ['words that come again are data', '云岭|公办|城区\n云岭|民办|乡村\n青石|公办|城区\n青石|民办|城区', 0, 0],
    [
      'words that end as those below do are data',
      '云岭区|幸福街道|张三\n青石区|平安街道|李四\n东湖区|和平街道|王五\n西山县|长安镇|赵六\n南山区|新城街道|孙七',
      0,
      0,
    ],
    [
      'words that name what stands below are a header',
      '所在区|街道|责任人\n青石区|平安街道|李四\n东湖区|和平街道|王五\n西山县|长安镇|赵六\n南山区|新城街道|孙七',
      0,
      1,
    ],
    ['no header', '1|张三|13812345678|2001-02-03\n2|李四|13912345678|1999-12-01\n3|王五|13712345678|1987-06-05', 0, 0],
  ])('%s', (_, text, titles, headers) => {
    const found = layoutOf(grid(text));
    expect([found.titleRows, found.headerRows]).toEqual([titles, headers]);
  });

  test('a header of which nothing speaks is taken for one, and that is said', () => {
    expect(layoutOf(grid('红|大|甲乙\n蓝|小|丙丁\n绿|中|戊己')).said.at(-1)?.zh).toMatch(/没有把握/u);
    expect(layoutOf(grid('颜色名称|大小|人\n蓝|小|丙丁\n绿|中|戊己')).said.at(-1)?.zh).toBe('第 1 行是表头');
  });

  test('a column that is named has its place though no row fills it', () => {
    expect(layoutOf(grid('编号|名称|备注\n1|甲|\n2|乙|\n3|丙|')).columns).toEqual(['编号', '名称', '备注']);
  });
});

test('the width is that of header and body, not of one row that has a cell too many', () => {
  expect(layoutOf(grid('名称|地址\n甲|1号\n乙|2号\n丙|3号|又一处')).columns).toEqual(['名称', '地址']);
  expect(layoutOf(grid('名称|地址\n甲|1号|x\n乙|2号\n丙|3号|又一处')).columns).toEqual(['名称', '地址', '第3列']);
  expect(layoutOf(grid('名称|地址\n甲|1号|x')).columns).toEqual(['名称', '地址', '第3列']);
});

test('columns without a name and of one name are said with what they are called', () => {
  const found = layoutOf([['编号', '名称', null, '名称'], ...Array.from({ length: 9 }, (_, i) => [`A${i}`, `甲${i}`, `${i}`, '乙'])]);
  expect(found.columns).toEqual(['编号', '名称', '第3列', '名称·2']);
  expect(found.said.map((s) => s.zh)).toEqual([
    '第 1 行是表头',
    '表头没有写名称的 1 列按位置称为 第3列，请核对',
    '表头里重名的列加了序号：名称·2，请核对',
  ]);
});

test('rows longer than the header and most rows make no column; where most rows are longer one is made and said', () => {
  const rows = (n: number, long: number): string[][] =>
    Array.from({ length: n }, (_, i) => [`K${i}`, `站${i}`, ...(i < long ? ['2', `${110 + i}.5`] : [`${310 + i}`])]);
  const header = ['站号', '站名', '流量'];
  const few = layoutOf([header, ...rows(20, 9)]);
  expect(few.columns).toEqual(header);
  expect(few.said.at(-1)?.zh).toBe('9 行多于表头和多数行的 3 个单元格，可能是值里的分隔符没有加引号（如 1,234）：不猜测，这些行不收');
  const most = layoutOf([header, ...rows(20, 12)]);
  expect(most.columns).toEqual([...header, '第4列']);
  expect(most.said.map((s) => s.zh).join()).toMatch(/12 行比表头多出单元格.*没有写名称的 1 列按位置称为 第4列/u);
  // A spreadsheet writes the empty cell of a column without a name in every row.
  const written = [[...header, null], ...rows(20, 0).map((r, i) => [...r, i < 3 ? '见附件' : null])];
  expect(layoutOf(written)).toMatchObject({
    columns: [...header, '第4列'],
    said: [{ zh: '第 1 行是表头' }, { zh: '表头没有写名称的 1 列按位置称为 第4列，请核对' }],
  });
});

test.each([
  ['指标：年末人口(万人)||\n时间：近3年||\n地区|2023年|2022年\n云岭|1|2\n青石|3|4', '年末人口(万人)', '万人'],
  ['云川市各区县生产总值（亿元）||\n区县|2022年|2023年\n云岭|1|2\n青石|3|4', '云川市各区县生产总值（亿元）', '亿元'],
  ['附件1：||\n云川市教育经费情况\n填报单位：教育局||单位：万元\n区县|小学|中学\n云岭|1|2\n青石|3|4', '云川市教育经费情况', '万元'],
  ['林场造林情况表|||\n填报单位：林业局|||单位：亩、株\n|||\n林场|面积|株数|成活\n甲|1|2|90%\n乙|3|4|91%', '林场造林情况表', '亩、株'],
  ['林场造林情况表|2031年|单位：亩\n||\n林场|面积|株数\n甲|1|2\n乙|3|4', '林场造林情况表', '亩'],
  ['sep=||\n区县|小学|中学\n云岭|1|2\n青石|3|4', null, null],
  ['区县|小学|中学\n云岭|1|2\n青石|3|4', null, null],
])('what a table is called above it, and its unit: %s', (text, title, unit) => {
  expect(layoutOf(grid(text))).toMatchObject({ title, unit });
});

test('blanks that may mean the value above are proposed to be filled down, blanks in remarks are not', () => {
  const rows = grid('区县|序号|学校|备注\n云岭|1|一小|\n|2|二小|分校\n|3|三小|\n青石|4|四小|\n|5|五小|\n|6|六小|');
  expect(layoutOf(rows).mayFill).toEqual(['区县']);
});

test('groups in groups are filled down, the sums of each of them between', () => {
  const town = (name: string): string => `|${name}|甲村|1\n||乙村|2\n||丙村|3\n|${name}小计||6`;
  const rows = grid(
    `县区|乡镇|村|户\n${town('东河镇').replace('|', '青田区|')}\n${town('西山镇')}\n青田区合计|||12\n${town('北桥街道').replace('|', '云岭区|')}\n${town('南浦乡')}\n云岭区合计|||12`,
  );
  expect(layoutOf(rows).mayFill).toEqual(['县区', '乡镇']);
});

test('a footer below keeps nothing from being filled down', () => {
  const rows = grid(
    '区县|学校|人\n云岭|一小|1\n|二小|2\n|三小|3\n青石|四小|4\n|五小|5\n||\n合计||15\n注：年报||\n填表人：甲||日期：9月1日',
  );
  expect(layoutOf(rows).mayFill).toEqual(['区县']);
  expect(footerOf(rows, 3)).toEqual(['填表人', '注：', '合计']);
});

test('the footer begins with a total or a note, and a total among the data is none', () => {
  expect(footerOf(grid('云岭区|10|11\n合计|27|28\n注：年报数||\n数据来源：统计局||'), 3).sort()).toEqual(['合计', '数据来源', '注：']);
  expect(footerOf(grid('合计|27|28\n云岭区|10|11'), 3)).toEqual([]);
  expect(footerOf(grid('张三|10|11\n合计科技有限公司|1|2'), 3)).toEqual([]);
  expect(footerOf(grid('球阀|10\n截止阀|12'), 2)).toEqual([]);
  expect(footerOf(grid('本月完成投资|10\n累计完成投资|1230'), 2)).toEqual([]);
  expect(footerOf(grid('东区|10\n累计|12\n截止2025年6月|'), 2).sort()).toEqual(['截止', '累计']);
  expect(footerOf(grid('云岭区|10|11\n合　计|27|28'), 3)).toEqual(['合　计']);
  expect(footerOf(grid('甲|1|2|3|4|5\n经办人：王芳||主管：李伟|||6月1日'), 6)).toEqual(['经办人：']);
  expect(footerOf(grid('甲|1|2|3|4|5\n备忘：乙|1|2|3|4|5'), 6)).toEqual([]);
});

describe('names', () => {
  test('parts of groups carry the group, a row of units is the end of a name, a row of numbers none', () => {
    expect(columnNames(grid('姓名|缴存额||余额\n|单位|个人|\n|元|元|(万元)\n甲|1|2|3'), 4)).toEqual([
      '姓名',
      '缴存额·单位（元）',
      '缴存额·个人（元）',
      '余额（万元）',
    ]);
  });
  test('a declaration may have left the groups out, and a part that is new is told', () => {
    const headers = grid('区县|人口||户数\n|男|女|');
    expect(columnNamesAs(['区县', '男', '人口·女', '户数'], headers, 4)).toEqual(['区县', '男', '人口·女', '户数']);
    expect(columnNamesAs(['区县', '户数'], headers, 4)).toEqual(['区县', '人口·男', '人口·女', '户数']);
  });
  test('what is still the same is numbered, what has no name is called by its place', () => {
    expect(columnNames([['名称', '名称', null, '电话']], 4)).toEqual(['名称', '名称·2', '第3列', '电话']);
  });
});
