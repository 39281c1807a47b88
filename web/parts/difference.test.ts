/** Differences of two versions: by what names an entry of a list, in the order of the later one. */
import { expect, test } from 'vitest';
import { differences } from './difference.ts';

test('lists are compared by what names their entries, not by place', () => {
  const before = {
    title: { zh: '甲' },
    items: [
      { name: 'a', grade: 1 },
      { name: 'b', grade: 2 },
    ],
    key: ['a'],
  };
  const after = {
    title: { zh: '乙' },
    items: [
      { name: 'c', grade: 1 },
      { name: 'a', grade: 1 },
      { name: 'b', grade: 3 },
    ],
    key: ['a', 'b'],
  };
  expect(differences(before, after)).toEqual([
    { at: 'title.zh', before: '甲', after: '乙' },
    { at: 'items.c.name', before: null, after: 'c' },
    { at: 'items.c.grade', before: null, after: '1' },
    { at: 'items.b.grade', before: '2', after: '3' },
    { at: 'key', before: 'a', after: 'a、b' },
  ]);
  expect(
    differences(after, before)
      .filter((d) => d.after === null)
      .map((d) => d.at),
  ).toEqual(['items.c.name', 'items.c.grade']);
  expect(differences(before, structuredClone(before))).toEqual([]);
});
