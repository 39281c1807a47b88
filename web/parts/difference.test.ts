/** Differences of two versions: by what names an entry of a list, in the order of the later one, told by the labels of the form. */
import { expect, test } from 'vitest';
import { bindingSchema, entrySchema, grantSchema, librarySchema, requestSchema, serviceSchema, sourceSchema } from '../../declare/index.ts';
import { differences } from './difference.ts';
import { labelled } from './document-words.ts';

const before = {
  title: { zh: '甲' },
  items: [
    { name: 'a', title: { zh: '姓名', en: 'Name' }, isKey: false, sensitivity: 1 },
    { name: 'b', title: { zh: '性别' }, isKey: false, sensitivity: 2 },
  ],
  rowFilter: { said: { zh: '性别是“男”', en: 'sex is male' } },
  key: ['a'],
};
const after = {
  title: { zh: '乙' },
  items: [
    { name: 'c', title: { zh: '民族' }, isKey: true, sensitivity: 1 },
    { name: 'a', title: { zh: '姓名', en: 'Name' }, isKey: false, sensitivity: 1 },
    { name: 'b', title: { zh: '性别' }, isKey: false, sensitivity: 3 },
  ],
  rowFilter: null,
  key: ['a', 'b'],
};

test('lists are compared by what names their entries, not by place', () => {
  expect(differences(before, after).map((d) => [d.at, d.before, d.after])).toEqual([
    ['title.zh', '甲', '乙'],
    ['items.c.name', undefined, 'c'],
    ['items.c.title.zh', undefined, '民族'],
    ['items.c.isKey', undefined, true],
    ['items.c.sensitivity', undefined, 1],
    ['items.b.sensitivity', 2, 3],
    ['rowFilter', before.rowFilter, null],
    ['key', ['a'], ['a', 'b']],
  ]);
  expect(
    differences(after, before)
      .filter((d) => d.after === undefined)
      .map((d) => d.at),
  ).toEqual(['items.c.name', 'items.c.title.zh', 'items.c.isKey', 'items.c.sensitivity']);
  expect(differences(before, structuredClone(before))).toEqual([]);
});

test('a difference stands under the labels of the form, with what the thing is called', () => {
  const of = (at: string) => labelled('entry', differences(before, after).find((d) => d.at === at)?.way ?? []).labels;
  expect(of('title.zh').map((l) => l.zh)).toEqual(['信息资源名称', '中文']);
  expect(of('items.b.sensitivity')).toEqual([
    { zh: '信息项', en: 'Item', of: { zh: '性别' } },
    { zh: '敏感级', en: 'Sensitivity' },
  ]);
  expect(labelled('entry', [{ name: 'shareType' }]).values['2']?.zh).toBe('有条件共享');
});

test.each(
  Object.entries({
    entry: entrySchema,
    source: sourceSchema,
    table: bindingSchema,
    library: librarySchema,
    service: serviceSchema,
    request: requestSchema,
    grant: grantSchema,
  }),
)('every field of a %s has a label in both languages', (kind, schema) => {
  const bare = Object.keys(schema.shape).filter((name) => {
    const [label] = labelled(kind, [{ name }]).labels;
    return name !== 'form' && (label?.zh === name || !label?.en);
  });
  expect(bare).toEqual([]);
});
