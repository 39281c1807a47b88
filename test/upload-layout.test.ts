/** How a file nobody has seen is proposed to be read where rows among its data are none, and that a person may say otherwise. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import xlsx from 'xlsx';
import { encodeGb18030 } from '#city/gb18030';
import { openRiver, type River } from './river.ts';
import { invented, proposed, type Shown, sendFile } from './upload-river.ts';

let river: River;
beforeAll(async () => {
  river = await openRiver();
}, 120_000);
afterAll(() => river.close());

let sent = 0;
const read = (lines: readonly string[]): Promise<Shown> => sendFile(river, `表${++sent}.csv`, Buffer.from(`${lines.join('\n')}\n`));
const kindsOf = async (upload: Shown): Promise<string[]> => {
  const { rows } = (await river.ok('GET', `/api/collect/uploads/${upload.id}/picture`, river.steward)) as unknown as {
    rows: { kind: string }[];
  };
  return rows.map((r) => r.kind);
};
const cellsOf = async (upload: Shown): Promise<readonly (string | null)[][]> => {
  const { rows } = (await river.ok('GET', `/api/collect/uploads/${upload.id}/picture`, river.steward)) as unknown as {
    rows: { kind: string; cells: (string | null)[] }[];
  };
  return rows.filter((r) => r.kind === 'data').map((r) => r.cells);
};
const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const numberOf = (i: number): string => invented(`34990119${70 + i}010${1 + (i % 9)}${100 + i}`);
const person = (i: number): string => `${numberOf(i)},居民${'甲乙丙丁戊己庚辛'[i % 8]},${i + 20}`;

describe('rows among the data that are none', () => {
  test('sums of groups by their names are no data; that the groups reach past them is proposed and waits', async () => {
    const group = (name: string, n: number): string[] => [
      ...count(n).map((i) => `${i === 0 ? name : ''},${'甲乙丙丁'[i]}村,${i + 1}`),
      `${name}小计,,${(n * (n + 1)) / 2}`,
    ];
    const upload = await read(['镇街,村名,户数', ...group('东河镇', 4), ...group('西山镇', 3), ...group('南浦街道', 4)]);
    expect(upload.rows).toEqual({ rowsIn: 15, rowsData: 11, rowsRefused: 0, rowsOther: 4 });
    expect(upload.reading).toMatchObject({ layout: { fillDown: [], asides: ['total'] }, mayFill: ['镇街'] });
    expect(upload.reading.said.map((s) => s.zh).join()).toMatch(/镇街 的空单元格像是沿用上一行的值.*请确认/u);
  });

  test('headings of groups, sums in the middle and short ones too are told apart, said, and corrected by hand', async () => {
    const group = (title: string, n: number): string[] => [
      title,
      ...count(n).map((i) => `${title[0]}项目${i},${i * 3 + 1},万元`),
      `小计,${n}`,
    ];
    const upload = await read(['项目名称,金额,单位', ...group('一、基建', 5), ...group('二、教育（市级）', 4), '注：按决算口径。']);
    expect(upload.rows).toEqual({ rowsIn: 15, rowsData: 9, rowsRefused: 0, rowsOther: 6 });
    expect(upload.reading.layout.asides).toEqual(['total', 'heading']);
    expect(upload.reading.said.map((s) => s.zh).join()).toMatch(/合计、小计.*一、基建/u);
    expect(await kindsOf(upload)).toEqual([
      'header',
      ...['aside', 'data', 'data', 'data', 'data', 'data', 'aside'],
      ...['aside', 'data', 'data', 'data', 'data', 'footer', 'footer'],
    ]);
    const { connector, settings, layout } = upload.reading;
    await river.ok('PUT', `/api/collect/uploads/${upload.id}/reading`, river.steward, {
      connector,
      settings,
      layout: { ...layout, asides: ['total'] },
    });
    await river.k.drain();
    const corrected = (await river.ok('GET', `/api/collect/uploads/${upload.id}`, river.steward)) as unknown as Shown;
    expect(corrected.rows).toMatchObject({ rowsData: 11, rowsOther: 4 });

    // Read again in vain, or cancelled: what was read is in force.
    const again = { connector, settings, layout: { ...layout, encoding: 'utf-16be' } };
    const now = async () => river.ok('GET', `/api/collect/uploads/${upload.id}`, river.steward);
    await river.ok('PUT', `/api/collect/uploads/${upload.id}/reading`, river.steward, again);
    await river.k.drain();
    expect(await now()).toMatchObject({ state: 'read', runState: 'refused', rows: corrected.rows, reading: corrected.reading });
    const { run } = await river.ok('PUT', `/api/collect/uploads/${upload.id}/reading`, river.steward, again);
    expect(await now()).toMatchObject({ state: 'reading' });
    await river.ok('POST', `/api/runs/${run}/cancel`, river.steward);
    expect(await now()).toMatchObject({ state: 'read', runState: 'cancelled', rows: corrected.rows });
  });

  test('a heading that says of the rows below it what group they are becomes a column, and a person may leave it out', async () => {
    const towns = ['东河镇（4所）', '西山镇（3所）', '南浦街道（5所）'];
    const rows = towns.flatMap((town, t) => [town, ...count(3 + t).map((i) => `${t}${i},第${t}${i}小学,${i * 7 + 3}`)]);
    const upload = await read(['序号,学校,人数', ...rows]);
    expect(upload.reading).toMatchObject({
      columns: ['序号', '学校', '人数', '分组'],
      layout: { asides: ['heading'], groupColumn: '分组' },
    });
    expect(upload.rows).toEqual({ rowsIn: 16, rowsData: 12, rowsRefused: 0, rowsOther: 4 });
    expect((await cellsOf(upload)).map((r) => r[3])).toEqual(towns.flatMap((town, t) => count(3 + t).map(() => town)));
    const { groupColumn: _, ...layout } = upload.reading.layout;
    const { connector, settings } = upload.reading;
    await river.ok('PUT', `/api/collect/uploads/${upload.id}/reading`, river.steward, { connector, settings, layout });
    await river.k.drain();
    expect(await river.ok('GET', `/api/collect/uploads/${upload.id}`, river.steward)).toMatchObject({
      reading: { columns: ['序号', '学校', '人数'] },
      rows: { rowsData: 12 },
    });
  });

  test('headings in levels are one column of what leads to a row', async () => {
    const upload = await read(
      [
        '序号,单位,金额',
        ...['一、市级', '（一）教育', '1,一中,10', '2,二中,20', '（二）卫生', '1,一院,30'],
        ...['二、区级', '1,区府,5', '2,区委,6', '（一）教育', '1,三中,10', '2,四中,20'],
      ].map((line) => (line.includes(',') ? line : `${line},,`)),
    );
    expect(upload.reading.layout.groupColumn).toBe('分组');
    expect((await cellsOf(upload)).map((r) => `${r[1]} ${r[3]}`)).toEqual([
      '一中 一、市级·（一）教育',
      '二中 一、市级·（一）教育',
      '一院 一、市级·（二）卫生',
      '区府 二、区级',
      '区委 二、区级',
      '三中 二、区级·（一）教育',
      '四中 二、区级·（一）教育',
    ]);
  });

  test('blocks with the same header are one table, told apart by what stands above each', async () => {
    const block = (year: number): string[] => [
      `${year}年末人口`,
      '单位：万人',
      '区县,人口',
      ...count(3).map((i) => `第${i}区,${year - 2000 + i}`),
      '',
    ];
    const upload = await read([2021, 2022, 2023].flatMap(block));
    expect(upload.reading).toMatchObject({ columns: ['区县', '人口', '分组'], unit: '万人', layout: { asides: ['header', 'heading'] } });
    expect((await cellsOf(upload)).map((r) => r.join())).toEqual(
      [2021, 2022, 2023].flatMap((year) => count(3).map((i) => `第${i}区,${year - 2000 + i},${year}年末人口`)),
    );
  });

  test('tables of other columns below each other are offered to choose from, and none brings rows to another', async () => {
    const upload = await read([
      '表1 人口,,',
      '区县,人口,',
      ...count(3).map((i) => `第${i}区,${i + 7},`),
      ',,',
      '表2 学校,,',
      '学校,类型,电话',
      ...count(5).map((i) => `第${i}小学,公办,623000${i}`),
    ]);
    expect(upload.reading).toMatchObject({
      columns: ['学校', '类型', '电话'],
      title: '表2 学校',
      tables: [
        { name: '表1 人口', titleRows: 1, headerRows: 1, ends: 'gap' },
        { name: '表2 学校', titleRows: 7, headerRows: 1 },
      ],
    });
    expect(upload.rows).toEqual({ rowsIn: 13, rowsData: 5, rowsRefused: 0, rowsOther: 8 });
    const { connector, settings, layout } = upload.reading;
    await river.ok('PUT', `/api/collect/uploads/${upload.id}/reading`, river.steward, {
      connector,
      settings,
      layout: { ...layout, titleRows: 1, ends: 'gap' },
    });
    await river.k.drain();
    expect(await river.ok('GET', `/api/collect/uploads/${upload.id}`, river.steward)).toMatchObject({
      reading: { columns: ['区县', '人口'], title: '表1 人口', tables: [{ name: '表1 人口' }, { name: '表2 学校' }] },
      rows: { rowsIn: 13, rowsData: 3, rowsRefused: 0, rowsOther: 10 },
    });
  });

  test('also far below the first rows', async () => {
    const upload = await read([
      '学校,学生数,教师数',
      ...count(900).map((i) => `第${i}小学,${i + 300},${i + 20}`),
      '',
      '镇街,户数',
      ...count(12).map((i) => `第${i}街道,${i * 100 + 7}`),
    ]);
    expect(upload.reading.said.map((s) => s.zh).join()).toContain('上下排着 2 张表');
    expect(upload.rows).toMatchObject({ rowsData: 900 });
    expect(upload.reading).toMatchObject({ columns: ['学校', '学生数', '教师数'] });
  });

  test('a header printed on every page is one header', async () => {
    const page = (from: number, blank = ''): string[] => [`${blank}身份证号,姓名,年龄`, ...count(6).map((i) => person(from + i))];
    const upload = await read([...page(0), ...page(6, ' '), ...page(12, ' ')]);
    expect(upload.rows).toEqual({ rowsIn: 21, rowsData: 18, rowsRefused: 0, rowsOther: 3 });
    expect((await kindsOf(upload)).filter((k) => k === 'header')).toHaveLength(3);
    expect((await proposed<{ keys: { columns: string[]; repeated: number }[] }>(river, upload)).keys[0]).toMatchObject({
      columns: ['身份证号'],
      repeated: 0,
    });
  });

  test('units below the header go into the names of the columns, one above the table into the abstract', async () => {
    const rows = ['单位：万元,,', '区县,人口,补助', ',万人,(万元)', ...count(5).map((i) => `第${i}区,${i + 10}.1,${i * 30 + 5}`)];
    const upload = await read(rows);
    expect(upload.reading).toMatchObject({ columns: ['区县', '人口（万人）', '补助（万元）'], unit: '万元', layout: { headerRows: 2 } });
    expect(upload.rows).toMatchObject({ rowsData: 5, rowsOther: 3 });
    const p = await proposed<{ columns: { element: string; title: string }[] }>(river, upload);
    expect(p.columns.map((c) => [c.title, c.element])).toEqual([
      ['区县', 'text'],
      ['人口（万人）', 'number'],
      ['补助（万元）', 'number'],
    ]);
  });

  test('titles of several cells and a blank row above the header are no table of their own', async () => {
    const head = ['云川市林场造林完成情况表,,,', '填报单位：林业局,,单位：亩、万元,', ',,,', '林场,造林面积,投资,成活率'];
    const upload = await read([...head, ...count(9).map((i) => `${'甲乙丙丁戊己庚辛壬'[i]}林场,${310 + 7 * i},${20 + i},${80 + i}%`)]);
    expect(upload.reading).toMatchObject({ layout: { titleRows: 3, headerRows: 1 }, title: '云川市林场造林完成情况表', unit: '亩、万元' });
    expect(upload.reading.said.map((s) => s.zh).join()).toMatch(/第 4 行是表头/u);
    expect(upload.reading.said.map((s) => s.zh).join()).not.toMatch(/上下排着/u);
  });

  test('a comma without quotes in some values makes no column: those rows are refused, and that is said', async () => {
    const rows = count(40).map((i) => `Z${i},闸口${i},${i % 8 === 3 ? `1,${240 + i}.5` : 400 + i}`);
    const upload = await read(['闸号,闸口,流量', ...rows]);
    expect(upload.reading.columns).toEqual(['闸号', '闸口', '流量']);
    expect(upload.rows).toEqual({ rowsIn: 41, rowsData: 35, rowsRefused: 5, rowsOther: 1 });
    expect(upload.reading.said.map((s) => s.zh).join()).toMatch(/5 行多于表头和多数行的 3 个单元格/u);
    const beside = await read(['闸号,闸口,流量,', ...count(20).map((i) => `Z${i},闸口${i},${400 + i},${i % 9 === 4 ? '停用' : ''}`)]);
    expect(beside.reading.columns).toEqual(['闸号', '闸口', '流量', '第4列']);
    expect(beside.rows.rowsRefused).toBe(0);
  });

  test('a row that fills its key alone stays data', async () => {
    const upload = await read(['编号,姓名,年龄', ...count(12).map((i) => (i % 5 === 2 ? `B${i},,` : `B${i},居民${i},${i}`))]);
    expect(upload.reading.layout.asides ?? []).toEqual([]);
    expect(upload.rows).toMatchObject({ rowsData: 12 });
  });
});

test('of a list of words the first is one of them unless it says what they are', async () => {
  const towns = ['云岭', '石塘', '青石', '清溪', '茶亭', '河东'];
  expect((await read(towns)).rows).toMatchObject({ rowsData: 6, rowsOther: 0 });
  const named = await read(['城市名称', ...towns]);
  expect([named.reading.columns, named.rows.rowsData]).toEqual([['城市名称'], 6]);
  const firms = count(6).map((i) => `云川市${'甲乙丙丁戊己'[i]}商贸公司`);
  expect((await read(firms)).rows.rowsData).toBe(6);
});

test('a header of three rows names each column by its groups', async () => {
  const upload = await read([
    '单位：人,,,,,,',
    '学校,在校学生,,,,教职工,',
    ',小学,,初中,,,',
    ',男,女,男,女,专任,其他',
    ...count(6).map((i) => [`云川市第${i}学校`, 1, 2, 3, 4, 5, 6].map((v) => (typeof v === 'number' ? v * 10 + i : v)).join(',')),
    '全市在校生总计,1,2,3,4,5,6',
  ]);
  expect(upload.reading).toMatchObject({
    columns: ['学校', '在校学生·小学·男', '在校学生·小学·女', '在校学生·初中·男', '在校学生·初中·女', '教职工·专任', '教职工·其他'],
    unit: '人',
    layout: { titleRows: 1, headerRows: 3, footer: ['全市在校生总计'] },
  });
});

describe('tables of JSON', () => {
  const areas = (n: number): unknown[] => [
    ...[...'甲乙丙丁戊'].map((c, i) => [`${c}区`, `${i + n}套`, `${i + 0.5}㎡`]),
    ['合计', `${10 + 5 * n}套`, '12.5㎡'],
  ];
  const bytes = Buffer.from(JSON.stringify({ date: '2026-01-02', total: 2, sold: areas(1), left: areas(7) }));

  test('have rows of sums like any other file, and what stands around them', async () => {
    const upload = await sendFile(river, '成交.json', bytes);
    expect(upload.reading.columns).toEqual(['表', '第1列', '第2列', '第3列', 'date']);
    expect(upload.reading.layout).toMatchObject({ sheet: 'sold+left', asides: ['total'] });
    expect(upload.rows).toMatchObject({ rowsIn: 12, rowsData: 10, rowsOther: 2 });
    expect(upload.reading.said.map((s) => s.zh).join('；')).toMatch(/有 4 张表，取“sold\+left”.*date 每行都带上.*total=2 不作为列/u);
  });

  test('are each proposed when they are chosen', async () => {
    const upload = await sendFile(river, '成交表.json', bytes);
    await river.ok('PUT', `/api/collect/uploads/${upload.id}/reading`, river.steward, { encoding: 'utf-8', sheet: 'left' });
    await river.k.drain();
    const chosen = (await river.ok('GET', `/api/collect/uploads/${upload.id}`, river.steward)) as unknown as Shown;
    expect(chosen.reading).toMatchObject({ columns: ['第1列', '第2列', '第3列', 'date'], layout: { sheet: 'left', footer: ['合计'] } });
    expect(chosen.rows).toMatchObject({ rowsIn: 6, rowsData: 5 });
  });
});

describe('what a workbook hides', () => {
  test.each(['xlsx', 'biff8'] as const)('is said, and its columns are taken by nobody but a person (%s)', async (bookType) => {
    const book = xlsx.utils.book_new();
    const rows = count(9).map((i) => [`X${i}`, numberOf(i), i + 1]);
    const sheet = xlsx.utils.aoa_to_sheet([['编号', '证件号码', '人数'], ...rows]);
    sheet['!cols'] = [{}, { hidden: true }, {}];
    sheet['!rows'] = [{}, {}, {}, { hidden: true }, { hidden: true }];
    xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet([['底稿'], ...count(90).map((i) => [i])]), '底稿');
    xlsx.utils.book_append_sheet(book, sheet, '名册');
    book.Workbook = { Sheets: [{ Hidden: 1 }, { Hidden: 0 }] };
    const upload = await sendFile(river, `隐藏.${bookType}`, xlsx.write(book, { type: 'buffer', bookType }) as Buffer);
    expect(upload.reading).toMatchObject({
      columns: ['编号', '证件号码', '人数'],
      hidden: ['证件号码'],
      sheets: [{ name: '名册' }, { name: '底稿', hidden: true }],
    });
    const said = upload.reading.said.map((s) => s.zh).join();
    expect(said).toMatch(/另有 1 张隐藏的工作表（底稿）.*隐藏了 1 列（证件号码）/u);
    if (bookType === 'xlsx') expect(said).toContain('隐藏了 2 行（从第 4 行起');
    const p = await proposed<{ columns: { taken: boolean }[]; key: string[]; rules: { slots: object }[]; rows: object }>(river, upload);
    expect(p.columns.map((c) => c.taken)).toEqual([true, false, true]);
    expect([p.key, p.rows]).toMatchObject([['bh'], { data: 9, governed: 9 }]);
    expect(p.rules.flatMap((r) => Object.values(r.slots))).not.toContain('zjhm');
  });
});

test.each(['xlsx', 'biff8'] as const)(
  'of sheets of one shape the first is read, and that the others are not is said (%s)',
  async (bookType) => {
    const book = xlsx.utils.book_new();
    const header = ['闸站', '开闸次数', '过水量'];
    const sheet = (name: string, rows: number, from: number): void => {
      const body = count(rows).map((i) => [`${'东西南北'[i % 4]}闸${i}`, i + 3, (i + 2) * from]);
      xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet([[`${name}过水情况`], header, ...body]), name);
    };
    xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet([['填表说明'], ['每站一行']]), '说明');
    sheet('样表', 0, 1);
    sheet('春季', 9, 2);
    sheet('夏季', 12, 7001);
    sheet('秋季', 9, 13);
    const upload = await sendFile(river, `过水.${bookType}`, xlsx.write(book, { type: 'buffer', bookType }) as Buffer);
    expect(upload).toMatchObject({ rows: { rowsData: 9 }, reading: { columns: header, layout: { sheet: '春季' } } });
    const { sheets } = upload.reading as unknown as { sheets: object[] };
    expect(sheets.map((s) => Object.keys(s))).toEqual(count(5).map(() => ['name', 'size']));
    expect(upload.reading.said.map((s) => s.zh).join('\n')).toContain('取“春季”\n另有 2 张表（夏季、秋季）的列与“春季”相同，没有读入');
  },
);

test('merges that span columns are said where they stand in rows of data, with the columns that have no value for it', async () => {
  const book = xlsx.utils.book_new();
  const rows = count(9).map((i) => [`码头${i}`, ...(i % 4 === 1 ? ['通班', null, null] : ['甲组', '乙组', '丙组']), i + 2]);
  const sheet = xlsx.utils.aoa_to_sheet([
    ['码头排班表'],
    ['码头', '早班', '中班', '晚班', '人数'],
    ...rows,
    ['合计', null, null, null, 54],
  ]);
  sheet['!merges'] = ['A1:E1', 'B4:D4', 'B8:D8', 'A12:D12'].map((r) => xlsx.utils.decode_range(r));
  xlsx.utils.book_append_sheet(book, sheet, '排班');
  const upload = await sendFile(river, '排班.xlsx', xlsx.write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer);
  expect(upload.rows).toMatchObject({ rowsData: 9 });
  expect(upload.reading.said.map((s) => s.zh)).toContain(
    '中班、晚班：数据里有 2 处横向合并单元格（从第 4 行起），只有最左一格有值，其余当作缺失，请核对',
  );
});

describe('what systems name .xls', () => {
  const header = ['身份证号', '姓名', '账号'];
  const rows = count(8).map((i) => [...person(i).split(',').slice(0, 2), `00${i}7`]);
  const markup = (charset: string): string =>
    `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset=${charset}></head><body><table>
     <tr><td colspan=3>云川市名册</td></tr>${[header, ...rows].map((r) => `<tr>${r.map((c) => `<td>${c}&nbsp;</td>`).join('')}</tr>`).join('\n')}</table></body></html>`;
  const book = xlsx.utils.book_new();
  xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet([['云川市名册'], header, ...rows]), '名册');

  test.each([
    ['a table of HTML in GBK', encodeGb18030(markup('gb2312'))],
    ['a table of HTML in UTF-8', Buffer.from(markup('utf-8'))],
    ['the XML of Excel 2003', Buffer.from(xlsx.write(book, { type: 'string', bookType: 'xlml' }) as string)],
    ['a legacy workbook', xlsx.write(book, { type: 'buffer', bookType: 'biff8' }) as Buffer],
  ])('%s is read, and its digits stay as they are', async (_, bytes) => {
    const upload = await sendFile(river, '名册.xls', bytes);
    expect(upload).toMatchObject({
      state: 'read',
      reading: { columns: header, layout: { titleRows: 1, headerRows: 1 } },
      rows: { rowsData: 8 },
    });
    const p = await proposed<{ columns: { element: string; profile: { least: string } }[]; rows: object }>(river, upload);
    expect(p.columns.map((c) => c.element)).toEqual(['identity-number', 'name', 'text']);
    expect(p.columns[2]?.profile.least).toBe('0007');
    expect(p.rows).toMatchObject({ data: 8, governed: 8 });
  });

  test('markup without a table is refused as no file of ours', async () => {
    for (const text of ['<?xml version="1.0"?><rows><row a="1"/></rows>', '<!DOCTYPE html><html><body>网页</body></html>']) {
      const upload = await sendFile(river, '网页.xls', Buffer.from(text));
      expect(await river.ok('GET', `/api/runs/${upload.run}`, river.steward)).toMatchObject({ problem: { code: 'COLLECT_FILE_UNKNOWN' } });
    }
  });
});
