/** Which sources a file may be a newer edition of: those of like columns, and those of its very name whatever their columns are. */
import { expect, test } from 'vitest';
import type { Source } from '#declare';
import { doubtsOf, editionsOf } from './edition.ts';

const source = (id: string, title: string, columns: string[], more: Partial<Source> = {}): Source =>
  ({ id, title: { zh: title }, department: 'd', layout: {}, columns, ...more }) as Source;
const sources = [
  source('zdxm', '50重大项目', ['项目名称', '建设单位', '投资额', '开工日期']),
  source('zdxm-old', '重大项目（2025年）', ['甲', '乙']),
  source('other', '别的表', ['项目名称', '建设单位', '总投资', '电话']),
  source('far', '完全不同', ['甲', '乙']),
  source('foreign', '50重大项目', ['项目名称'], { department: 'e' }),
  source('database', '50重大项目', ['项目名称'], { layout: null }),
];
const editions = (columns: string[], to?: string, name = '50重大项目.csv') =>
  editionsOf({ list: () => sources } as unknown as Parameters<typeof editionsOf>[0], { department: 'd', name, reading: null }, columns, to);

test('a file of the very name of a source may be its edition however its columns differ', () => {
  const found = editions(['项目名称', '建设单位', '总投资', '电话']);
  expect(found.map((e) => [e.source, e.called])).toEqual([
    ['other', false],
    ['zdxm', true],
    ['zdxm-old', true],
  ]);
  expect(found[1]).toMatchObject({ same: 2, added: ['总投资', '电话'], missing: ['投资额', '开工日期'], moved: false });
  expect(editions(['项目名称'], undefined, '新表.csv')).toEqual([]);
});

test('columns are the same that a source declares without their groups or their unit', () => {
  const found = editions(['工程·项目名称', '建设单位', '工程·投资额（万元）', '开工日期'])[0];
  expect(found).toMatchObject({ source: 'zdxm', same: 4, added: [], missing: [], moved: false });
});

test('a column made of headings is no difference of the file: sources of before have none', () => {
  const grouped = source('grouped', '学校名单', ['序号', '学校', '分组'], { layout: { groupColumn: '分组' } as Source['layout'] });
  const plain = source('plain', '学校名单', ['序号', '学校']);
  const found = (of: Source, columns: string[], groupColumn?: string) =>
    editionsOf(
      { list: () => [of] } as unknown as Parameters<typeof editionsOf>[0],
      { department: 'd', name: '学校名单.xlsx', reading: { layout: { groupColumn } } } as unknown as Parameters<typeof editionsOf>[1],
      columns,
    )[0];
  for (const edition of [
    found(plain, ['序号', '学校', '分组'], '分组'),
    found(grouped, ['序号', '学校', '分组'], '分组'),
    found(grouped, ['序号', '学校']),
  ])
    expect(edition).toMatchObject({ added: [], missing: [], moved: false });
});

test('the source that a person names is first, whatever it is like, and only one of the department that is delivered as files', () => {
  const first = (to: string): string | undefined => editions(['项目名称', '建设单位', '总投资', '电话'], to, '新表.csv')[0]?.source;
  expect(['far', 'foreign', 'database', 'nothing'].map(first)).toEqual(['far', 'other', 'other', 'other']);
});

test('a column that no longer holds what it is governed as is named, one with some faults is not', () => {
  const phone = { id: 'phone', title: { zh: '联系电话', en: 'Telephone number' }, type: 'text', telling: null };
  const snapshot = { find: () => phone } as unknown as Parameters<typeof doubtsOf>[0];
  const binding = { fields: [{ name: 'dh', column: '电话', element: 'phone' }] } as unknown as Parameters<typeof doubtsOf>[1];
  const doubts = (passed: number, column = '电话') =>
    doubtsOf(snapshot, binding, [
      { column, evidence: [{ element: 'phone', checked: 20, passed }], profile: { units: [] } },
    ] as unknown as Parameters<typeof doubtsOf>[2]).map((d) => d.why.zh);
  expect(doubts(3)).toEqual(['按“联系电话”治理，但这一期 20 个值只有 3 个符合']);
  expect([doubts(15), doubts(3, '传真')]).toEqual([[], []]);
});
