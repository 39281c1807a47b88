/** Who may do what with governed tables, what each sees, and that nothing is answered without its record. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCollect } from '#collect';
import { library } from '#declare';
import type { Role } from '#kernel/policy/policy';
import { libraryStage } from '#library';
import { type TestKernel, testKernel } from '#test/kernel';
import { governStage } from './index.ts';
import { bindingDoc, putModels, sourceDoc } from './test-documents.ts';
import { land } from './test-landing.ts';

const source = sourceDoc({ id: 'people', columns: ['号码', '姓名', '区划'] });
const binding = bindingDoc(source, ['number:identity-number', 'name:name', 'division:division'], {
  key: ['number'],
  rules: [{ id: 'name-present', kind: 'present', slots: { value: 'name' }, params: {}, severity: null }],
});

let kernel: TestKernel;
const as: Record<string, { token: string }> = {};
const roles: readonly Role[] = [
  'operator',
  'provider-steward',
  'consumer-steward',
  'developer',
  'system-administrator',
  'security-administrator',
  'audit-administrator',
];

beforeAll(async () => {
  kernel = await testKernel([createCollect({ connectors: [] }), governStage, libraryStage]);
  await putModels(kernel);
  await kernel.put('source', source);
  for (const role of roles) as[role] = await kernel.actor(role, 'police');
  as['stranger'] = await kernel.actor('provider-steward', 'health');
  await land(kernel, 'people', [
    { row: 1, cells: ['11010519491231002X', '张三丰', '110105'] },
    { row: 2, cells: ['110105194912310021', '李四', '110105'] },
    { row: 3, cells: ['340102188606070016', null, '110105'] },
  ]);
});
afterAll(() => kernel.close());

test('a binding is put by the own steward or the operator, and what has landed is governed under it', async () => {
  for (const who of ['stranger', ...roles.filter((r) => r !== 'operator' && r !== 'provider-steward')])
    expect((await kernel.call('PUT', '/api/govern/bindings/people', as[who], binding)).status, who).toBe(403);
  const made = (await kernel.call('PUT', '/api/govern/bindings/people', as['provider-steward'], binding)) as {
    status: number;
    body: { version: number; run: string };
  };
  expect(made.body).toMatchObject({ version: 1, changed: true, run: expect.any(String) });
  expect(await kernel.call('PUT', '/api/govern/bindings/people', as['operator'], binding)).toMatchObject({
    status: 200,
    body: { version: 1, changed: false, run: null },
  });
  await kernel.drain();
  expect(await kernel.call('GET', '/api/govern/tables', as['operator'])).toMatchObject({
    body: { count: 1, rows: [{ id: 'people', department: 'police', rows: 1, read: 3, governed: 1, quarantined: 2, state: 'good' }] },
  });
  expect(await kernel.call('GET', '/api/govern/tables', as['stranger'])).toMatchObject({ body: { count: 0 } });
});

test.each([
  '/api/govern/tables/people',
  '/api/govern/tables/people/rules',
  '/api/govern/tables/people/rows',
  '/api/govern/tables/people/findings',
])('%s is for the own steward and the operator', async (url) => {
  for (const who of roles)
    expect((await kernel.call('GET', url, as[who])).status, who).toBe(who === 'operator' || who === 'provider-steward' ? 200 : 403);
  expect((await kernel.call('GET', url, as['stranger'])).status).toBe(403);
  expect((await kernel.call('GET', url, null)).status).toBe(401);
});

test('the steward sees values, the operator masks', async () => {
  const own = await kernel.call('GET', '/api/govern/tables/people/rows', as['provider-steward']);
  expect(own.body).toMatchObject({
    masked: false,
    rows: [{ ordinal: 1, row: 1, values: { number: '11010519491231002X', name: '张三丰' } }],
  });
  const masked = await kernel.call('GET', '/api/govern/tables/people/rows', as['operator']);
  expect(masked.body).toMatchObject({ masked: true, rows: [{ values: { number: '110105********002X' } }] });
  expect(JSON.stringify(masked.body)).not.toContain('张三丰');
  const findings = await kernel.call('GET', '/api/govern/tables/people/findings?severity=block', as['operator']);
  expect(findings.body).toMatchObject({
    count: 2,
    rows: [
      { row: 2, rule: 'number:checksum', title: { zh: 'number：校验码' }, value: '110105********0021' },
      { row: 3, rule: 'name-present', value: null },
    ],
  });
  expect(await kernel.call('GET', '/api/govern/tables/people/findings?rule=name-present&batch=1', as['operator'])).toMatchObject({
    body: { count: 1 },
  });
  expect(await kernel.call('GET', '/api/govern/tables/people/findings?batch=2', as['operator'])).toMatchObject({ body: { count: 0 } });
});

test('rules say what must hold in both languages, with numerator and denominator', async () => {
  const { body } = (await kernel.call('GET', '/api/govern/tables/people/rules', as['operator'])) as {
    body: { rules: { id: string; sentence: { zh: string; en: string }; checked: number; failed: number; rate: number }[] };
  };
  expect(body.rules.find((r) => r.id === 'number:checksum')).toMatchObject({ checked: 3, failed: 1, rate: 1 / 3 });
  expect(body.rules.find((r) => r.id === 'name-present')).toMatchObject({
    sentence: { zh: 'name有值且不为空', en: 'name is present and not empty' },
    checked: 3,
    failed: 1,
  });
  expect(body.rules.every((r) => /[\u4e00-\u9fff]/.test(r.sentence.zh) && /[a-z]/.test(r.sentence.en))).toBe(true);
});

test('a reading is in the log, and without the log nothing is read', async () => {
  const before = (await kernel.audit.list({ target: 'table:people', limit: 1, offset: 0 })).count;
  await kernel.call('GET', '/api/govern/tables/people/rows', as['operator']);
  const { rows, count } = await kernel.audit.list({ target: 'table:people', limit: 1, offset: 0 });
  expect(count).toBe(before + 1);
  expect(rows[0]).toMatchObject({ door: 'console', action: 'table.read', outcome: 'answered', rows: 1 });

  const admin = new pg.Client({ connectionString: kernel.urls.admin });
  await admin.connect();
  const role = pg.escapeIdentifier(decodeURIComponent(new URL(kernel.urls.log).username));
  await admin.query(`revoke insert on log.record from ${role}`);
  try {
    const refused = await kernel.call('GET', '/api/govern/tables/people/rows', as['operator']);
    expect(refused).toMatchObject({ status: 503, body: { code: 'RECORD_UNAVAILABLE' } });
  } finally {
    await admin.query(`grant insert on log.record to ${role}`);
    await admin.end();
  }
});

test('a changed binding is replayed, and old words go with the batches that were governed under them', async () => {
  const stricter = {
    ...binding,
    rules: [
      ...binding.rules,
      { id: 'coded', kind: 'coded', slots: { value: 'name' }, params: { list: 'division' }, severity: 'warn' as const },
    ],
  };
  expect(await kernel.call('PUT', '/api/govern/bindings/people', as['operator'], stricter)).toMatchObject({
    body: { version: 2, changed: true },
  });
  expect(await kernel.call('GET', '/api/govern/tables/people', as['operator'])).toMatchObject({ body: { state: 'governing' } });
  await kernel.drain();
  expect(await kernel.call('GET', '/api/govern/tables/people', as['operator'])).toMatchObject({
    body: { state: 'good', warned: 1, bindingVersion: 2 },
  });
  const fewer = { ...stricter, fields: stricter.fields.slice(0, 2), rules: stricter.rules.slice(0, 1) };
  await kernel.call('PUT', '/api/govern/bindings/people', as['operator'], fewer);
  await kernel.drain();
  expect(await kernel.call('GET', '/api/govern/tables/people/rows', as['provider-steward'])).toMatchObject({
    body: { count: 1, rows: [{ values: { number: '11010519491231002X', name: '张三丰' } }] },
  });
});

test("a binding cannot lose or retype a field a library is fed by, take the platform's words, or hold constants nobody can read", async () => {
  await kernel.put(
    'library',
    library({
      id: 'things',
      title: { zh: '物', en: 'Things' },
      basis: 'test',
      entity: { zh: '物', en: 'thing' },
      strongKey: 'number',
      fields: [
        { name: 'number', title: { zh: '号码' }, element: 'identity-number' },
        { name: 'name', title: { zh: '姓名' }, element: 'name' },
      ],
      feeds: [{ table: 'people', map: { number: 'number', name: 'name' } }],
      trust: {},
    }),
  );
  const without = { ...binding, fields: binding.fields.filter((f) => f.name !== 'name'), rules: [] };
  const retyped = { ...binding, fields: binding.fields.map((f) => (f.name === 'name' ? { ...f, element: 'date' } : f)), rules: [] };
  for (const changed of [without, retyped])
    expect(await kernel.call('PUT', '/api/govern/bindings/people', as['operator'], changed)).toMatchObject({
      status: 409,
      body: { code: 'GOVERN_FIELD_FEEDS_LIBRARY', params: { field: 'name', library: '物' } },
    });
  const reserved = { ...binding, rules: [{ ...binding.rules[0], id: 'reading' }] };
  expect(await kernel.call('PUT', '/api/govern/bindings/people', as['operator'], reserved)).toMatchObject({
    status: 422,
    body: { code: 'GOVERN_RULE_RESERVED' },
  });
  const amount = {
    ...binding,
    fields: [...binding.fields, { name: 'amount', column: '区划', title: { zh: '数' }, element: 'number', sensitivity: null }],
    rules: [{ id: 'enough', kind: 'at-least', slots: { amount: 'amount' }, params: { least: 'ten' }, severity: null }],
  };
  expect(await kernel.call('PUT', '/api/govern/bindings/people', as['operator'], amount)).toMatchObject({
    status: 422,
    body: { code: 'DOCUMENT_REFUSED' },
  });
});

test('a table may lose columns that a newer edition lacks, not the last one of its key; asking changes nothing', async () => {
  const ask = (columns: string[], who = 'provider-steward') =>
    kernel.call('POST', '/api/govern/bindings/leaves/leaving', as[who], { columns });
  await kernel.put('source', { ...source, id: 'leaves' });
  await kernel.put('binding', { ...binding, id: 'leaves', source: 'leaves', key: ['number', 'division'] });
  const stored = { ...(await kernel.documents.snapshot()).get('binding', 'leaves') };
  expect((await ask(['号码'], 'stranger')).status).toBe(403);
  expect(await ask(['号码', '姓名', '区划'])).toMatchObject({ status: 200, body: { fields: [] } });
  // The rest of the key still tells rows apart, and the rule of the name goes with it.
  expect(await ask(['号码'])).toMatchObject({ status: 200, body: { fields: ['name', 'division'] } });
  expect(await ask(['姓名'])).toMatchObject({ status: 409, body: { code: 'GOVERN_KEY_LEAVES', params: { columns: '号码、区划' } } });
  expect({ ...(await kernel.documents.snapshot()).get('binding', 'leaves') }).toEqual(stored);
});

test("rebuilding is for the own steward and the operator; an unknown table is nobody's", async () => {
  for (const who of roles)
    expect((await kernel.call('POST', '/api/govern/tables/people/rebuild', as[who])).status, who).toBe(
      who === 'operator' || who === 'provider-steward' ? 200 : 403,
    );
  expect(await kernel.call('GET', '/api/govern/tables/nothing', as['operator'])).toMatchObject({
    status: 404,
    body: { code: 'GOVERN_TABLE_UNKNOWN' },
  });
});
