/** Who may do what with sources and batches, what is refused in a source's settings, and how mounts are found. */
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '#kernel/policy/policy';
import { mountOn, openTown, type Signed, type Town } from './test-sources.ts';

let town: Town;
let foreign: Signed;
beforeAll(async () => {
  town = await openTown();
  foreign = await town.kernel.actor('provider-steward', 'transport');
  await town.declare('roster', {});
  await town.deliver('roster', '名册,,\n姓名,证号,备注\n王,349901199001010015,x\n坏,1,2,3\n合计：1,,\n');
});
afterAll(() => town.close());

const staged = ({ kernel }: Town): string[] => readdirSync(join(kernel.folder, 'objects', 'staging'));
const seqOf = async (id: string): Promise<number> => (await town.batches(id)).at(-1)?.seq ?? 0;

test('each action is for its roles', async () => {
  const { kernel } = town;
  const seq = await seqOf('roster');
  const source = {
    title: { zh: '来源 roster' },
    department: 'civil',
    connector: 'csv',
    settings: {},
    columns: ['姓名', '证号', '备注'],
    key: ['证号'],
    mode: 'full',
    cursor: null,
    layout: { encoding: 'utf-8', sheet: null, titleRows: 1, headerRows: 1, fillDown: [], footer: ['合计'] },
  };
  const tried = async (as: Signed) => {
    const status = async (method: 'GET' | 'PUT' | 'POST', url: string, body?: unknown) => (await kernel.call(method, url, as, body)).status;
    return {
      connectors: await status('GET', '/api/collect/connectors'),
      source: await status('GET', '/api/collect/sources/roster'),
      edit: await status('PUT', '/api/collect/sources/roster', source),
      secret: await status('PUT', '/api/collect/secrets/civil-try', { value: 'x', department: 'civil' }),
      run: await status('POST', '/api/collect/sources/roster/runs', {}),
      deliver: (await town.upload('roster', 'x', as)).status,
      probe: await status('POST', '/api/collect/sources/roster/probe', {}),
      batches: ((await kernel.call('GET', '/api/collect/batches', as)).body as { count?: number }).count ?? -1,
      receipt: await status('GET', `/api/collect/batches/${seq}/receipt`),
      data: await status('GET', `/api/collect/batches/${seq}/rows?kind=data`),
      refused: await status('GET', `/api/collect/batches/${seq}/rows?kind=refused`),
    };
  };
  const full = {
    connectors: 200,
    source: 200,
    edit: 200,
    secret: 200,
    run: 409,
    deliver: 200,
    probe: 200,
    batches: 1,
    receipt: 200,
    data: 200,
    refused: 200,
  };
  const none = {
    connectors: 403,
    source: 403,
    edit: 403,
    secret: 403,
    run: 403,
    deliver: 403,
    probe: 403,
    batches: -1,
    receipt: 403,
    data: 403,
    refused: 403,
  };
  expect(await tried(town.steward)).toEqual(full);
  expect(await tried(town.operator)).toEqual({ ...full, data: 403 });
  expect(await tried(foreign)).toEqual({ ...none, connectors: 200, batches: 0 });
  for (const role of [
    'consumer-steward',
    'developer',
    'system-administrator',
    'security-administrator',
    'audit-administrator',
  ] satisfies Role[])
    expect(await tried(await kernel.actor(role, 'civil')), role).toEqual(none);
});

test('the own steward sees rows as received, the operator what is not data and why rows were refused; both are written down', async () => {
  const { kernel } = town;
  const seq = await seqOf('roster');
  const rows = async (as: Signed, query = '') =>
    (await kernel.call('GET', `/api/collect/batches/${seq}/rows${query}`, as)).body as {
      rows: { row: number; kind: string; fault: string | null; cells: string[] | null }[];
      raw: boolean;
      count: number;
    };
  expect((await rows(town.steward)).rows.map((r) => [r.row, r.kind, r.fault, r.cells?.[0]])).toEqual([
    [1, 'title', null, '名册'],
    [2, 'header', null, '姓名'],
    [3, 'data', null, '王'],
    [4, 'refused', 'too-many-cells', '坏,1,2,3'],
    [5, 'footer', null, '合计：1'],
  ]);
  const seen = await rows(town.operator);
  expect(seen.rows.map((r) => [r.row, r.kind, r.fault, r.cells?.[0] ?? null])).toEqual([
    [1, 'title', null, '名册'],
    [2, 'header', null, '姓名'],
    [4, 'refused', 'too-many-cells', null],
    [5, 'footer', null, '合计：1'],
  ]);
  expect(seen).toMatchObject({ raw: false, count: 4 });
  expect(JSON.stringify(seen)).not.toContain('349901199001010015');
  const log = await kernel.audit.list({ target: `batch:${seq}`, limit: 50, offset: 0 });
  expect(log.rows.filter((l) => l.action === 'batch.rows' && l.outcome === 'answered').map((l) => [l.actor, l.rows])).toContainEqual([
    town.operator.user,
    4,
  ]);
  expect(log.rows.map((l) => [l.actor, l.rows])).toContainEqual([town.steward.user, 5]);
});

test('an upload whose sender goes away keeps nothing and starts nothing', async () => {
  const { kernel } = town;
  const address = await kernel.door.fastify.listen({ host: '127.0.0.1', port: 0 });
  const before = await kernel.jobs.list(kernel.db, { about: 'source:roster', limit: 1, offset: 0 });
  const sender = request(`${address}/api/collect/sources/roster/deliveries?name=half.csv`, {
    method: 'POST',
    headers: { authorization: `Bearer ${town.steward.token}`, 'content-type': 'application/octet-stream', 'content-length': '1000000' },
  });
  sender.on('error', () => undefined);
  sender.write('x'.repeat(1000));
  await expect.poll(() => staged(town).length).toBe(1);
  sender.destroy();
  await expect.poll(() => staged(town).length).toBe(0);
  expect(await kernel.jobs.list(kernel.db, { about: 'source:roster', limit: 1, offset: 0 })).toEqual(before);
});

describe('what a source may say', () => {
  const body = (settings: Record<string, unknown>, part: Record<string, unknown> = {}) => ({
    title: { zh: '库' },
    department: 'civil',
    connector: 'postgres',
    settings: { host: 'h', port: 5432, database: 'd', user: 'u', password: 'secret:civil-own', table: 't', ...settings },
    columns: ['a'],
    key: [],
    mode: 'full',
    cursor: null,
    layout: null,
    ...part,
  });
  const put = async (id: string, b: unknown, as = town.steward) =>
    (await town.kernel.call('PUT', `/api/collect/sources/${id}`, as, b)).body as { code: string; faults: { at: string }[] };

  test('settings are held against the connector, secrets are only named and only one’s own', async () => {
    expect(await put('s1', body({}))).toMatchObject({ code: 'SECRET_MISSING' });
    await town.kernel.call('PUT', '/api/collect/secrets/civil-own', town.steward, { value: 'p4ss' });
    await town.kernel.call('PUT', '/api/collect/secrets/transport-own', foreign, { value: 'theirs' });
    expect(await put('s1', body({ password: 'p4ss' }))).toMatchObject({ code: 'DOCUMENT_REFUSED', faults: [{ at: 'settings.password' }] });
    expect(await put('s1', body({ host: 'secret:civil-own' }))).toMatchObject({ faults: [{ at: 'settings.host' }] });
    expect(await put('s1', body({ port: 'many', colour: 'red' }))).toMatchObject({
      code: 'DOCUMENT_REFUSED',
      faults: [{ at: 'settings.port' }, { at: 'settings' }],
    });
    expect(await put('s1', body({ password: 'secret:transport-own' }))).toMatchObject({ code: 'COLLECT_SECRET_FOREIGN' });
    expect((await town.kernel.call('PUT', '/api/collect/secrets/transport-own', town.steward, { value: 'mine now' })).body).toMatchObject({
      code: 'COLLECT_SECRET_FOREIGN',
    });
    expect(await put('s1', body({}, { connector: 'carrier-pigeon' }))).toMatchObject({ code: 'COLLECT_CONNECTOR_UNKNOWN' });
    expect(await put('s1', body({}, { department: 'transport' }))).toMatchObject({ code: 'POLICY_DENIED' });
    expect(await put('s1', body({}, { connector: 'csv', settings: {}, mode: 'incremental', cursor: 'a' }))).toMatchObject({
      faults: [{ at: 'mode' }, { at: 'layout' }],
    });
    expect(await put('s1', body({}))).toEqual({ version: 1, changed: true });
    const stored = await town.kernel.db.rows<{ body: unknown }>(`select body from kernel.document_version where kind = 'source'`);
    expect(JSON.stringify(stored)).not.toContain('p4ss');
  });

  test('a column a mount reads does not vanish', async () => {
    await town.declare('mounted', {});
    await mountOn(town, 'mounted', 'mounted', { name: '姓名' });
    const narrowed = {
      title: { zh: '窄' },
      department: 'civil',
      connector: 'csv',
      settings: {},
      columns: ['证号', '备注'],
      key: [],
      mode: 'full',
      cursor: null,
      layout: { encoding: 'utf-8', sheet: null, titleRows: 0, headerRows: 1, fillDown: [], footer: [] },
    };
    expect(await put('mounted', narrowed)).toMatchObject({ code: 'COLLECT_COLUMN_IN_USE' });
    expect(await put('mounted', { ...narrowed, columns: ['姓名', '备注'] })).toMatchObject({ changed: true });
  });
});

test('a mount is found stale before anything was delivered, bound after, drifted, bound, and broken when the source is away', async () => {
  const { kernel } = town;
  await town.admin.query(`create table live (id integer, name text); insert into live values (1, '甲')`);
  await town.declareTable('live', 'live', { columns: ['id', 'name'], key: ['id'] });
  await mountOn(town, 'live', 'live', { id: 'id', name: 'name' });
  await kernel.drain();
  const state = async () => {
    await kernel.drain();
    return (
      (await kernel.call('GET', '/api/catalog/entries/live', town.steward)).body as {
        mounts: { state: string; cause: { zh: string } | null; freshUntil: string | null }[];
      }
    ).mounts[0];
  };
  const probe = async () =>
    (await kernel.call('POST', '/api/collect/sources/live/probe', town.steward, {})).body as {
      reachable: boolean;
      mounts: { state: string }[];
    };
  expect(await state()).toMatchObject({ state: 'stale', cause: { zh: '还没有落地任何交付' } });
  await town.collect('live');
  expect(await state()).toMatchObject({ state: 'bound', cause: null, freshUntil: expect.stringContaining('2026-11-26 10:00') });
  const said = (await town.facts('mount-probed')).length;
  expect(await probe()).toMatchObject({ reachable: true, mounts: [{ state: 'bound' }] });
  expect((await town.facts('mount-probed')).length).toBe(said);
  await town.admin.query('alter table live rename name to xm');
  expect(await probe()).toMatchObject({ reachable: true, mounts: [{ state: 'drifted' }] });
  expect(await state()).toMatchObject({ state: 'drifted', cause: { zh: '缺少 name；多出 xm' } });
  await town.admin.query('alter table live rename xm to name');
  await town.collect('live');
  expect(await state()).toMatchObject({ state: 'bound' });
  await town.declare('live', {
    connector: 'postgres',
    layout: null,
    columns: ['id', 'name'],
    key: ['id'],
    settings: { host: '127.0.0.1', port: 1, database: 'x', user: 'x', password: 'secret:civil-reader', table: 'live' },
  });
  expect(await state()).toMatchObject({ state: 'broken', cause: { zh: expect.stringContaining('连不上') } });
});
