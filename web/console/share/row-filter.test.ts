/** What an applicant chooses becomes an expression that the platform accepts, reads out and evaluates. */
import { expect, test } from 'vitest';
import { evaluate, exprSchema, type Row } from '../../../declare/expr/index.ts';
import { type Condition, conditionsOf, type FilterField, filterOf, filterSentence, valueFault } from './row-filter.ts';

const fields: FilterField[] = [
  { field: 'street', title: { zh: '街道', en: 'Street' }, type: 'text', codeList: null },
  { field: 'paid', title: { zh: '缴费', en: 'Paid' }, type: 'number', codeList: null },
  { field: 'since', title: { zh: '参保日期', en: 'Insured since' }, type: 'date', codeList: null },
  { field: 'changed', title: { zh: '更新时间', en: 'Changed' }, type: 'instant', codeList: null },
];
const made = (...conditions: Condition[]) => filterOf(conditions, fields);
const holds = (row: Row, ...conditions: Condition[]) => {
  const filter = made(...conditions);
  return filter && evaluate(exprSchema.parse(JSON.parse(JSON.stringify(filter))), row, { today: '2026-01-01', codeList: () => [] });
};
const row = { street: '城关街道', paid: '12.5', since: '2020-03-01' };

test('several conditions are joined by and, and read out in both languages', () => {
  const several: Condition[] = [
    { field: 'street', comparison: 'startsWith', value: '城关' },
    { field: 'paid', comparison: 'ge', value: '12.50' },
    { field: 'since', comparison: 'lt', value: '2021-01-01' },
  ];
  expect(holds(row, ...several)).toBe(true);
  expect(holds({ ...row, paid: '12.4' }, ...several)).toBe(false);
  const filter = made(...several);
  const said = filter && filterSentence(filter, fields);
  expect(conditionsOf(filter)?.map((c) => made(c))).toEqual(several.map((c) => made(c)));
  expect(said?.zh).toBe('街道以“城关”开头，且缴费不小于12.5，且参保日期早于2021年1月1日');
  expect(said?.en).toBe('Street begins with “城关”, and Paid is at least 12.5, and Insured since is before 2021-01-01');
});

test('an instant is told apart by its day in the zone setting', () => {
  const since: Condition = { field: 'changed', comparison: 'ge', value: '2026-05-01' };
  expect(holds({ changed: '2026-04-30T16:00:00Z' }, since)).toBe(true);
  expect(holds({ changed: '2026-04-30T15:59:59Z' }, since)).toBe(false);
  expect(conditionsOf(made(since))).toEqual([since]);
});

test('one of several values, chosen or written with commas', () => {
  for (const value of ['城关街道，东河镇', ['城关街道', '东河镇']])
    expect([
      holds(row, { field: 'street', comparison: 'isIn', value }),
      holds({ ...row, street: '别处' }, { field: 'street', comparison: 'isIn', value }),
    ]).toEqual([true, false]);
  const some = made({ field: 'street', comparison: 'isIn', value: '城关街道，东河镇' });
  expect(conditionsOf(some)).toEqual([{ field: 'street', comparison: 'isIn', value: ['城关街道', '东河镇'] }]);
  // What somebody wrote by other means is no list of conditions.
  expect(some && conditionsOf({ kind: 'not', of: some })).toBeUndefined();
  expect(conditionsOf(null)).toEqual([]);
});

test('what is not whole or no value of its field is no condition', () => {
  expect(made()).toBeNull();
  expect(made({ field: 'street', comparison: 'eq', value: '城关街道' }, {})).toBeNull();
  expect(made({ field: 'paid', comparison: 'gt', value: '十' })).toBeNull();
  expect([valueFault('', 'text'), valueFault('12,5', 'number'), valueFault('2021-02-30', 'date')].map((f) => f !== undefined)).toEqual([
    true,
    true,
    true,
  ]);
});
