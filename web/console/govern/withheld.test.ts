/** What a tick on a warning changes in a binding. */
import { expect, test } from 'vitest';
import { mayWithhold, withheld } from './withheld.ts';

const field = { name: 'nation', column: '民族', title: { zh: '民族' }, element: 'nation', sensitivity: null };
const rule = { id: 'coded', kind: 'in-code-list', slots: { value: 'nation' }, params: { list: 'nation' }, severity: null };
const binding = {
  form: 1 as const,
  id: 'people',
  title: { zh: '人' },
  source: 'people',
  fields: [field, { ...field, name: 'sex' }],
  key: ['nation'],
  newest: null,
  rules: [rule],
};
const listed = { id: 'nation:listed', field: 'nation', usual: 'unlisted' as const };
const coded = { id: 'coded', field: 'nation', usual: 'warn' as const };

test('a tick names the verdict in the field it speaks of, and taking it away leaves the binding as it was', () => {
  const ticked = withheld(withheld(binding, listed, true), { ...listed, id: 'nation:shape' }, true);
  expect(ticked.fields).toEqual([
    { ...field, withholds: ['listed', 'shape'] },
    { ...field, name: 'sex' },
  ]);
  expect(withheld(withheld(ticked, listed, false), { ...listed, id: 'nation:shape' }, false)).toEqual(binding);
});

test('a rule that warns is made to block in this binding alone, and again what its kind says', () => {
  expect(withheld(binding, coded, true).rules).toEqual([{ ...rule, severity: 'block' }]);
  expect(withheld(withheld(binding, coded, true), coded, false)).toEqual(binding);
});

test('what blocks by itself, and what no place in the binding stands for, has no tick', () => {
  expect(mayWithhold(binding, listed)).toBe(true);
  expect(mayWithhold(binding, coded)).toBe(true);
  expect(mayWithhold(binding, { ...listed, usual: 'block' })).toBe(false);
  expect(mayWithhold(binding, { ...coded, id: 'coded-untold' })).toBe(false);
});
