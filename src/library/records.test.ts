/** Records in the console: masked for everybody, with every origin, recorded under the person they are about; and keys that survive absence. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCollect } from '#collect';
import { library } from '#declare';
import { governStage } from '#govern';
import type { Role } from '#kernel/policy/policy';
import { objectRoutes } from '#kernel/routes/object-routes';
import { type TestKernel, testKernel } from '#test/kernel';
import { bindingDoc, putModels, sourceDoc } from '../govern/test-documents.ts';
import { land } from '../govern/test-landing.ts';
import { libraryFacts } from './facts.ts';
import { libraryStage } from './index.ts';

const zhang = '11010519491231002X';
const li = '340102188606070016';
const roll = sourceDoc({ id: 'roll', columns: ['号', '名'], department: 'police' });
const clinic = sourceDoc({ id: 'clinic', columns: ['号', '名', '生'], department: 'health' });
const roles: readonly Role[] = [
  'operator',
  'provider-steward',
  'consumer-steward',
  'developer',
  'system-administrator',
  'security-administrator',
  'audit-administrator',
];

let kernel: TestKernel;
const as: Record<string, { token: string }> = {};

beforeAll(async () => {
  kernel = await testKernel([createCollect({ connectors: [] }), governStage, libraryStage]);
  objectRoutes(kernel.door, kernel, { facts: libraryFacts, timelines: { ...governStage.timelines, ...libraryStage.timelines } });
  await putModels(kernel);
  await kernel.put('source', roll, clinic);
  await kernel.put(
    'binding',
    bindingDoc(roll, ['number:identity-number', 'name:name'], { key: ['number'] }),
    bindingDoc(clinic, ['number:identity-number', 'name:name', 'birth:date'], { key: ['number'] }),
  );
  await kernel.put(
    'library',
    library({
      id: 'people',
      title: { zh: '人口', en: 'People' },
      basis: 'test',
      entity: { zh: '人', en: 'person' },
      strongKey: 'number',
      fields: [
        { name: 'number', title: { zh: '号码', en: 'Number' }, element: 'identity-number' },
        { name: 'name', title: { zh: '姓名', en: 'Name' }, element: 'name' },
        { name: 'birth', title: { zh: '生日', en: 'Birth' }, element: 'birth-date' },
      ],
      feeds: [
        { table: 'roll', map: { number: 'number', name: 'name' } },
        { table: 'clinic', map: { number: 'number', name: 'name', birth: 'birth' } },
      ],
      trust: {},
    }),
  );
  for (const role of roles) as[role] = await kernel.actor(role, 'police');
  as['stranger'] = await kernel.actor('provider-steward', 'transport');
  await land(kernel, 'roll', [
    { row: 1, cells: [zhang, '张三丰'] },
    { row: 2, cells: [li, '李四'] },
  ]);
  await land(kernel, 'clinic', [{ row: 1, cells: [zhang, '张叁丰', '1949-12-31'] }]);
  await kernel.drain();
});
afterAll(() => kernel.close());

interface RecordBody {
  entity: string;
  fields: {
    name: string;
    value: string | null;
    origin: Record<string, unknown> | null;
    rule: { zh: string };
    others: { value: string; origin: { table: string } }[];
  }[];
}
const entityOf = async (number: string): Promise<string | undefined> => {
  const { body } = (await kernel.call(
    'GET',
    `/api/library/libraries/people/records?field=number&value=${encodeURIComponent(number)}`,
    as['operator'],
  )) as { body: { rows: { entity: string }[] } };
  return body.rows[0]?.entity;
};

test('who may read which door', async () => {
  const entity = await entityOf(zhang);
  for (const who of [...roles, 'stranger']) {
    const may = who === 'operator' || who === 'provider-steward';
    expect((await kernel.call('GET', '/api/library/libraries/people/records', as[who])).status, who).toBe(may ? 200 : 403);
    expect((await kernel.call('GET', `/api/library/libraries/people/records/${entity}`, as[who])).status, who).toBe(may ? 200 : 403);
    const lists = may || ['stranger', 'consumer-steward', 'developer'].includes(who);
    for (const url of ['/api/library/libraries', '/api/library/libraries/people'])
      expect((await kernel.call('GET', url, as[who])).status, `${who} ${url}`).toBe(lists ? 200 : 403);
    expect((await kernel.call('POST', '/api/library/libraries/people/build', as[who])).status, who).toBe(who === 'operator' ? 200 : 403);
  }
  expect(await kernel.call('GET', '/api/library/libraries/none', as['operator'])).toMatchObject({
    status: 404,
    body: { code: 'LIBRARY_UNKNOWN' },
  });
  await kernel.drain();
});

test('a record is found by its key however it is written, masked, and shows where each value came from and what others say', async () => {
  const entity = await entityOf(' 11010519491231002x ');
  expect(entity).toMatch(/^[0-9a-f]{32}$/);
  for (const who of ['operator', 'provider-steward']) {
    const { body } = (await kernel.call('GET', `/api/library/libraries/people/records/${entity}`, as[who])) as { body: RecordBody };
    expect(JSON.stringify(body)).not.toMatch(/张三丰|张叁丰|19491231|1949-12-31/);
    const [number, name, birth] = body.fields;
    expect(number).toMatchObject({
      value: '110105********002X',
      origin: { table: 'roll', department: 'police', ordinal: 1, row: 1, landedAt: expect.any(String) },
    });
    expect(name).toMatchObject({
      rule: { zh: '信任顺序：roll表 › clinic表；同一来源取最新的一整行' },
      others: [{ origin: { table: 'clinic' } }],
    });
    expect(birth).toMatchObject({ value: '1949-**-**', origin: { table: 'clinic' }, others: [] });
  }
});

test('its timeline tells which source rows speak of it, without a value, to those who may read it', async () => {
  const about = encodeURIComponent(`golden:people/${await entityOf(zhang)}`);
  const { body } = (await kernel.call('GET', `/api/timeline/${about}`, as['operator'])) as unknown as {
    body: { name: string; sentence: { zh: string } }[];
  };
  expect(body.map((f) => f.name)).toEqual(['library-built', 'row-collected', 'row-collected']);
  expect(body.map((f) => f.sentence.zh)).toContain('“clinic表”第 1 批第 1 行归集到平台，说明了：生日、姓名、号码');
  expect(JSON.stringify(body)).not.toMatch(/张|1949/);
  expect((await kernel.call('GET', `/api/timeline/${about}`, as['stranger'])).status).toBe(403);
});

test('asking by any field finds; an unknown field or record is refused', async () => {
  expect(await kernel.call('GET', '/api/library/libraries/people/records?field=birth&value=1949%2F12%2F31', as['operator'])).toMatchObject({
    status: 200,
    body: { count: 1 },
  });
  expect(
    await kernel.call('GET', `/api/library/libraries/people/records?field=name&value=${encodeURIComponent('李四')}`, as['operator']),
  ).toMatchObject({ body: { count: 1, rows: [{ values: { number: '340102********0016' } }] } });
  expect(await kernel.call('GET', '/api/library/libraries/people/records?field=other&value=1', as['operator'])).toMatchObject({
    status: 422,
    body: { code: 'LIBRARY_FIELD_UNKNOWN' },
  });
  expect(await kernel.call('GET', '/api/library/libraries/people/records/nobody', as['operator'])).toMatchObject({
    status: 404,
    body: { code: 'LIBRARY_RECORD_UNKNOWN' },
  });
});

test('the log finds the reading by the person', async () => {
  const subject = kernel.recorder.subject(li);
  const before = (await kernel.audit.list({ subject, limit: 1, offset: 0 })).count;
  await kernel.call('GET', `/api/library/libraries/people/records/${await entityOf(li)}`, as['provider-steward']);
  const { rows, count } = await kernel.audit.list({ subject, limit: 5, offset: 0 });
  expect(count).toBe(before + 2);
  expect(rows[0]).toMatchObject({ action: 'library.read', target: 'library:people' });
  await kernel.call('GET', '/api/library/libraries/people/records', as['operator']);
  expect((await kernel.audit.list({ subject, limit: 1, offset: 0 })).count).toBe(count);
});

test('who is gone from the latest data is out of the library, and comes back under the same key', async () => {
  const before = await entityOf(li);
  await land(kernel, 'roll', [{ row: 1, cells: [zhang, '张三丰'] }]);
  await kernel.drain();
  expect(await entityOf(li)).toBeUndefined();
  const changed = await entityOf(zhang);
  await land(kernel, 'roll', [{ row: 9, cells: [li, '李四'] }]);
  await kernel.drain();
  expect(await entityOf(li)).toBe(before);
  expect(await entityOf(zhang)).toBe(changed);
});

test('deliveries that come together are one build, the same inputs are not built twice, and a changed library is built', async () => {
  const builds = async () => (await kernel.db.first<{ n: number }>('select count(*) as n from library.build'))?.n ?? 0;
  const before = await builds();
  await land(kernel, 'roll', [{ row: 1, cells: [zhang, '张三'] }]);
  await land(kernel, 'clinic', [{ row: 1, cells: [zhang, '张三', '1949-12-31'] }]);
  await land(kernel, 'clinic', [{ row: 1, cells: [zhang, '张三丰', '1949-12-31'] }]);
  await kernel.drain();
  const n = await builds();
  expect(n).toBe(before + 1);
  await kernel.db.transaction(
    async (tx) =>
      void (await kernel.jobs.queue(tx, 'build-library', {
        about: 'library:people',
        department: null,
        actor: 'test',
        payload: { library: 'people' },
      })),
  );
  await kernel.drain();
  expect(await builds()).toBe(n);
  const doc = (await kernel.documents.snapshot()).get('library', 'people');
  await kernel.put('library', { ...doc, trust: { name: ['clinic'] } });
  await kernel.db.transaction((tx) =>
    kernel.facts.publish(tx, { name: 'model-changed', about: 'library:people', actor: 'test', body: {} }),
  );
  expect(await kernel.call('GET', '/api/library/libraries/people', as['operator'])).toMatchObject({ body: { state: 'behind' } });
  await kernel.drain();
  const { body } = (await kernel.call('GET', `/api/library/libraries/people/records/${await entityOf(zhang)}`, as['operator'])) as {
    body: RecordBody;
  };
  expect(body.fields[1]).toMatchObject({ origin: { table: 'clinic' } });
});
