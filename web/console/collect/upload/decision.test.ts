/** A decision names columns; what is made of it names fields, and only those that are taken. */
import { describe, expect, test } from 'vitest';
import { byColumn, type Decision, fits, inForce, keyedBy, lacking, type Proposal, withholding, withholds } from './decision.ts';

const column = (name: string, field: string): Decision['columns'][number] => ({
  column: name,
  taken: true,
  name: field,
  title: { zh: name },
  element: 'text',
  sensitivity: 1,
  show: 'plain',
  reason: '',
});
const decision: Decision = {
  id: 'low-income',
  title: { zh: '低保对象' },
  abstract: '上传',
  category: '部门',
  resourceClass: '3',
  shareType: '2',
  shareCondition: '限依法履职',
  openType: '0',
  updateCycle: '4',
  columns: [column('序号', 'serial'), column('证号', 'number'), column('姓名', 'name')],
  key: ['证号'],
  rules: [
    { id: 'total', kind: 'not-total-row', slots: { value: '序号' }, params: {}, severity: null },
    { id: 'filled', kind: 'required', slots: { value: '姓名' }, params: {}, severity: null },
  ],
};
const change = (i: number, part: Partial<Decision['columns'][number]>): Decision => ({
  ...decision,
  columns: decision.columns.map((c, j) => (j === i ? { ...c, ...part } : c)),
});

describe('what is in force', () => {
  test('names fields', () => {
    expect(inForce(decision)).toMatchObject({ key: ['number'], rules: [{ slots: { value: 'serial' } }, { slots: { value: 'name' } }] });
  });
  test('a column left out takes its rules with it, and they come back with it', () => {
    expect(inForce(change(0, { taken: false })).rules.map((r) => r.id)).toEqual(['filled']);
    expect(inForce(decision).rules).toHaveLength(2);
  });
  test('a field renamed is renamed in key and rules, also while two are called alike', () => {
    expect(inForce(change(1, { name: 'name' })).key).toEqual(['name']);
    expect(inForce(change(1, { name: 'nameTwo' })).key).toEqual(['nameTwo']);
    expect(inForce(change(2, { name: 'n' })).rules[1]?.slots).toEqual({ value: 'n' });
  });
  test('what names fields is read as naming columns, and back', () => {
    expect(byColumn(inForce(decision))).toEqual(decision);
  });
});

test('a decision says what it lacks', () => {
  expect(lacking(decision)).toEqual([]);
  const said = (d: Decision) => lacking(d).map((l) => l.en);
  expect(said(change(1, { taken: false }))).toEqual([expect.stringContaining('key')]);
  expect(said(change(1, { name: 'name' }))).toEqual([expect.stringContaining('twice')]);
  expect(said(change(1, { name: '1x' }))).toEqual([expect.stringContaining('not proper')]);
  expect(said(change(1, { sensitivity: 4 }))).toEqual([expect.stringContaining('not masked')]);
  expect(said({ ...decision, id: 'Bad ID!' })).toEqual([expect.stringContaining('id')]);
});

test('a draft whose rules name what the file has not is not taken up', () => {
  const p = { columns: decision.columns } as unknown as Proposal;
  expect(fits(decision, p)).toBe(true);
  expect(fits({ ...decision, key: ['number'] }, p)).toBe(false);
});

describe('what goes by the key', () => {
  const rule = (id: string, kind: string, slots: Record<string, string> = {}) => ({ id, kind, slots, params: {}, severity: null });
  const d = {
    ...decision,
    rules: [rule('unique', 'unique-key'), rule('filled', 'required', { value: '证号' }), rule('other', 'required', { value: '姓名' })],
  };

  test('withholds rows or warns, by one tick that leaves other rules alone', () => {
    expect(withholds(d)).toBe(true);
    const warning = withholding(d, false);
    expect([withholds(warning), warning.rules.map((r) => r.severity)]).toEqual([false, ['warn', 'warn', null]]);
    expect(withholding(warning, true)).toEqual(d);
  });

  test('leaves with the last column of the key, and comes with the first', () => {
    const p = {
      keyed: [{ ...rule('unique', 'unique-key'), severity: 'warn', title: { zh: '主键唯一', en: 'Unique key' } }],
    } as unknown as Proposal;
    const none = keyedBy(p, d, []);
    expect([none.key, none.rules.map((r) => r.id), lacking(none)]).toEqual([[], ['filled', 'other'], []]);
    expect(keyedBy(p, none, ['姓名']).rules.map((r) => [r.id, r.severity])).toEqual([
      ['filled', null],
      ['other', null],
      ['unique', 'warn'],
    ]);
    expect(
      keyedBy(p, d, ['姓名'])
        .rules.map((r) => r.id)
        .sort(),
    ).toEqual(['filled', 'other', 'unique']);
  });

  test('asks for each part of a key that the steward chose as for one that was proposed', () => {
    const of = (id: string, value: string) => ({ ...rule(id, 'required', { value }), title: { zh: '必填', en: 'Required' } });
    const p = {
      columns: [
        { column: '证号', name: 'number' },
        { column: '姓名', name: 'name' },
      ],
      keyed: [
        { ...rule('unique', 'unique-key'), title: { zh: '主键唯一', en: 'Unique key' } },
        of('filled', 'number'),
        of('named', 'name'),
      ],
    } as unknown as Proposal;
    const first = { ...d, key: ['证号'], rules: d.rules.filter((r) => r.id !== 'other') };
    const said = (x: Decision) => x.rules.map((r) => [r.id, r.severity]);
    const second = keyedBy(p, first, ['姓名']);
    expect([said(second), second.rules[0]?.slots]).toEqual([
      [
        ['named', null],
        ['unique', null],
      ],
      { value: '姓名' },
    ]);
    expect(said(keyedBy(p, withholding(first, false), ['证号', '姓名']))).toEqual([
      ['filled', 'warn'],
      ['named', 'warn'],
      ['unique', 'warn'],
    ]);
    // A rule that the steward took away does not come again while its column stays in the key.
    const without = { ...first, rules: first.rules.filter((r) => r.id !== 'filled') };
    expect(said(keyedBy(p, without, ['证号', '姓名'])).map(([id]) => id)).toEqual(['named', 'unique']);
    expect(said(keyedBy(p, second, []))).toEqual([]);
  });
});
