/** What a column is named with decides what its bare numbers are, and which units are faults in it. */
import { expect, test } from 'vitest';
import { evaluate } from '#declare/expr/index';
import { elements } from '#elements/index';
import { asNamed } from './named-unit.ts';

/** What the element makes of a cell; null where it is no value of it. */
function read(id: string, column: string, title: string, cell: string): string | null {
  const means = asNamed(elements.find((e) => e.id === id) as (typeof elements)[number], column, title);
  const env = { today: '2026-01-01', codeList: () => [] };
  const standard = evaluate(means.standardise, { value: cell }, env);
  return evaluate(means.shape, { value: standard }, env) === true ? String(standard) : null;
}

test.each([
  [
    'count',
    '成交',
    '成交（套）',
    { '4375套': '4375', 4375: '4375', '1.2万': '12000', '1.2万套': '12000', '12件': null, '12 件': null, '５户': null },
  ],
  ['count', '用量', '用量（公斤）', { '5公斤': '5', '5吨': null, '5千克': null }],
  ['count', '用量', '用量（千克）', { '5千克': '5', '5公斤': null }],
  ['count', '人口（万人）', '人口（人）', { '3.5': '35000', '3.5万人': '35000', '35000人': '35000' }],
  ['count', '混合', '混合', { '5套': '5', '5件': '5' }],
  [
    'money',
    '投资（万元）',
    '投资（元）',
    { '120': '1200000', '120万元': '1200000', '1.5亿元': '150000000', '１２０': '1200000', '-120': '-1200000', '500元': '500' },
  ],
  ['money', '投资额', '投资额（元）', { '120': '120', '120万元': '1200000' }],
  ['area', '面积(㎡)', '面积（平方米）', { '89.5': '89.5', '89.5㎡': '89.5', '2公顷': '20000' }],
  ['area', '用地（公顷）', '用地（平方米）', { '2': '20000', '2公顷': '20000' }],
  ['percent', '占比(%)', '占比（%）', { '12.5': '12.5', '12.5%': '12.5' }],
  ['number', '金额（万元）', '金额（万元）', { '12.5': '12.5' }],
])('%s of %s called %s', (id, column, title, cells) => {
  for (const [cell, kept] of Object.entries(cells)) expect(read(id, column, title, cell), cell).toBe(kept);
});
