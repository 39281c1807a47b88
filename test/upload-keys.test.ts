/** Which key a file is proposed, which rows it would withhold, and what becomes of a table without one. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AdoptedColumn, Adoption } from '#declare';
import { documentsOf, stepsOf } from '../declare/adoption-documents.ts';
import { mostSharing } from '../src/govern/propose/withheld.ts';
import { openRiver, type River } from './river.ts';
import { invented, type ProposedColumn, proposed, type Shown, sendFile } from './upload-river.ts';

interface Proposed {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly ProposedColumn[];
  readonly key: string[];
  readonly keys: readonly { columns: string[]; absent: number; repeated: number }[];
  readonly rows: { data: number; governed: number };
  readonly rules: (Adoption['rules'][number] & { title: unknown })[];
}

let river: River;
beforeAll(async () => {
  river = await openRiver();
}, 120_000);
afterAll(() => river.close());

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
let sent = 0;
const judged = async (rows: readonly (readonly unknown[])[]): Promise<{ p: Proposed; upload: Shown }> => {
  const upload = await sendFile(
    river,
    `主键${'甲乙丙丁戊己庚辛壬癸'[sent++]}.csv`,
    Buffer.from(`${rows.map((r) => r.join(',')).join('\n')}\n`),
  );
  return { p: await proposed<Proposed>(river, upload), upload };
};
const keyOf = ({ key, columns }: Proposed): string[] => key.map((k) => columns.find((c) => c.name === k)?.column ?? k);
const adopted = (p: Proposed, upload: Shown, key: string[], rules: Adoption['rules']): Adoption => ({
  id: p.id,
  title: { zh: p.title },
  abstract: '上传',
  category: '部门',
  department: river.steward.department,
  resourceClass: '3',
  shareType: '2',
  shareCondition: '限依法履行职责需要的部门使用',
  openType: '0',
  updateCycle: '4',
  secrecyChecked: true,
  reading: (({ connector, settings, layout, columns }) => ({ connector, settings, layout, columns }))(upload.reading),
  columns: p.columns.map(
    (c): AdoptedColumn => ({
      column: c.column,
      taken: true,
      name: c.name,
      title: { zh: c.title },
      element: c.element,
      sensitivity: c.sensitivity,
      show: c.sensitivity >= 3 ? 'masked' : 'plain',
      reason: '',
    }),
  ),
  key,
  rules,
});
const carriedOut = async (upload: Shown, adoption: Adoption): Promise<void> => {
  for (const step of stepsOf(upload.id, documentsOf(adoption), null)) await river.ok(step.method, step.path, river.steward, step.body);
  await river.k.drain();
};

test('place and year go before amounts of ten decimals; a code of the unit before the number of its operator', async () => {
  const panel = await judged([
    ['年份', '', '总量'],
    ...count(30).map((i) => [
      2010 + (i % 6),
      ['甲省', '乙省', '丙省', '丁省', '戊省'][Math.floor(i / 6)],
      `10${i}.${7214844076 + i * 137}`,
    ]),
  ]);
  expect(keyOf(panel.p)).toEqual(panel.p.columns.slice(0, 2).map((c) => c.column));
  const units = await judged([
    ['经办人身份证号', '经办人', '单位编码', '人数'],
    ...count(20).map((i) => [invented(`34990119${60 + i}0101${100 + i}`), `王${'伟芳娜敏静'[i % 5]}`, `DW${700 + i * 3}`, i + 9]),
  ]);
  expect(keyOf(units.p)).toEqual(['单位编码']);
  const clerks = await judged([
    ['单位编码', '操作员工号', '人数'],
    ...count(20).map((i) => [`DW${700 + (i === 9 ? 8 : i)}`, `GH${100 + i * 7}`, i + 9]),
  ]);
  expect([keyOf(clerks.p), clerks.p.rows.governed]).toEqual([['单位编码'], 20]);
  const firms = await judged([
    ['站点', '合计金额', '信箱编号'],
    ...count(15).map((i) => [`第${'甲乙丙丁戊己庚辛壬癸子丑寅卯辰'[i]}站`, 20000 + 513 * i, 45000 + 2 * i]),
  ]);
  expect(keyOf(firms.p)).toEqual(['站点']);
});

test('exact repeats are set aside; a key that others repeat warns, and withholds just the rows that were shown', async () => {
  const rows = [...count(30).map((i) => [`XK${100 + (i === 7 ? 6 : i)}`, `店${i}`, i * 3.5]), ['XK103', '店3', 3 * 3.5]];
  const { p, upload } = await judged([['许可证号', '备注', '面积'], ...rows]);
  expect([keyOf(p), p.keys[0]]).toEqual([['许可证号'], expect.objectContaining({ absent: 0, repeated: 1 })]);
  expect(p.rows).toMatchObject({ data: 31, governed: 30 });
  const fields = p.columns.map((c) => ({
    name: c.name,
    column: c.column,
    title: { zh: c.title },
    element: c.element,
    sensitivity: c.sensitivity,
  }));
  const plain = p.rules.map(({ title: _, ...rule }) => rule);
  const withheld = async (rules: Adoption['rules']) =>
    (await river.ok('POST', `/api/govern/uploads/${upload.id}/withheld`, river.steward, { fields, key: p.key, rules })) as unknown as {
      count: number;
      rows: { row: number; reason: { zh: string }; values: Record<string, string> }[];
    };
  // As proposed: the repeat of a whole row alone.
  expect((await withheld(plain)).rows.map((r) => r.values['备注'])).toEqual(['店3']);
  const strict = plain.map((r) => ({ ...r, severity: null }));
  const told = await withheld(strict);
  expect([told.count, told.rows.map((r) => [r.values['许可证号'], r.values['备注']])]).toEqual([
    2,
    [
      ['XK106', '店7'],
      ['XK103', '店3'],
    ],
  ]);
  expect(told.rows[0]?.reason.zh).toContain('保留的是第');
  await carriedOut(upload, adopted(p, upload, p.key, strict));
  const findings = (await river.ok('GET', `/api/govern/tables/${p.id}/findings`, river.steward)) as unknown as { rows: { row: number }[] };
  expect(findings.rows.map((f) => f.row).sort((a, b) => a - b)).toEqual(told.rows.map((r) => r.row));
});

test('of a key that every row repeats the first rows are shown, and how many there are in all', async () => {
  const n = mostSharing + 500;
  const { p, upload } = await judged([['街区', '数值'], ...count(n).map((i) => [`街区${i % 2}`, i * 3.5])]);
  const fields = p.columns.map((c) => ({ name: c.name, column: c.column, title: { zh: c.title }, element: c.element, sensitivity: null }));
  const key = [p.columns.find((c) => c.column === '街区')?.name ?? ''];
  const rules = [{ id: 'one', kind: 'unique-key', slots: {}, params: {}, severity: 'block' }];
  const at = `/api/govern/uploads/${upload.id}/withheld?limit=3&offset=${mostSharing - 4}`;
  const told = (await river.ok('POST', at, river.steward, { fields, key, rules })) as unknown as {
    rows: { row: number; reason: { zh: string } }[];
  };
  // The first row of each of the two is kept.
  expect(told).toMatchObject({ count: mostSharing - 2, sharing: n, looked: mostSharing });
  const first = (await river.ok('POST', `/api/govern/uploads/${upload.id}/withheld?limit=3`, river.steward, {
    fields,
    key,
    rules,
  })) as unknown as typeof told;
  expect(told.rows.map((r) => r.row - (first.rows[0]?.row ?? 0))).toEqual([mostSharing - 4, mostSharing - 3]);
});

test('where nothing identifies a row there is no key, every row is governed, and the service still answers', async () => {
  const { p, upload } = await judged([['街道', '类别', '人数'], ...count(40).map((i) => [`第${i % 4}街道`, '甲乙'[i % 2], i % 3])]);
  expect([p.key, p.rows.governed]).toEqual([[], 40]);
  const rules = p.rules.map(({ title: _, ...rule }) => rule);
  await carriedOut(upload, adopted(p, upload, [], rules));
  expect(await river.ok('GET', `/api/govern/tables/${p.id}`, river.steward)).toMatchObject({
    governed: 40,
    quarantined: 0,
    keyless: 40,
    repeated: 0,
  });
  expect(await river.ok('GET', `/api/share/services/${p.id}`, river.steward)).toMatchObject({
    body: { keys: p.columns.map((c) => c.name) },
  });
  const unique = { id: 'one', kind: 'unique-key', slots: {}, params: {}, severity: null };
  const binding = { ...documentsOf(adopted(p, upload, [], [unique])).binding };
  expect(await river.k.call('PUT', `/api/govern/bindings/${p.id}`, river.steward, binding)).toMatchObject({
    status: 422,
    body: { code: 'DOCUMENT_REFUSED', faults: [{ at: 'rules.0' }] },
  });
});
