/** A table of a department's own database is found, looked at, picked and sampled before there is a source of it. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTown, type Town } from './test-sources.ts';

let town: Town;
let settings: Record<string, string | number>;
beforeAll(async () => {
  town = await openTown();
  await town.admin.query(`
    create schema "登记";
    create table "登记"."住户" (id bigint generated always as identity primary key, "姓名" text not null, "证号" text, code uuid not null default gen_random_uuid(),
      "登记日" date, "改动" timestamptz not null default now(), unique ("姓名", "改动"));
    comment on table "登记"."住户" is '住户登记表';
    comment on column "登记"."住户"."姓名" is '户主姓名';
    insert into "登记"."住户" ("姓名", "证号", "登记日") select '住户' || i, 'Z' || i, date '2026-01-01' + i from generate_series(1, 30) i;
    create view "登记"."住户名" as select id, "姓名" from "登记"."住户";
    create table public."空" (a integer);
    analyze "登记"."住户";`);
  await town.kernel.call('PUT', '/api/collect/secrets/civil-reader', town.steward, { value: town.admin.password ?? 'none' });
  const { host, port, user } = town.admin;
  settings = { host, port, database: town.database.name, user: user ?? '', password: 'secret:civil-reader' };
}, 120_000);
afterAll(() => town.close());

const ask = (path: string, body: object, as = town.steward) =>
  town.kernel.call('POST', `/api/collect/tables${path}`, as, { connector: 'postgres', ...body });
const household = () => ({ settings: { ...settings, schema: '登记', table: '住户' } });

interface Look {
  columns: {
    name: string;
    type: string;
    isNullable: boolean;
    about: string | null;
    noCursor: { zh: string } | null;
    slips: { zh: string }[];
  }[];
  rows: number;
  keys: { columns: string[]; why: { zh: string } }[];
  cursor: string | null;
  why: { zh: string };
}

test('tables and views are told with what they are about, none that the user may not read', async () => {
  const { status, body } = await ask('', { settings });
  expect(status).toBe(200);
  expect(body).toEqual([
    { name: 'public.空', kind: 'table', about: null, rows: null, settings: { schema: 'public', table: '空' } },
    { name: '登记.住户', kind: 'table', about: '住户登记表', rows: 30, settings: { schema: '登记', table: '住户' } },
    { name: '登记.住户名', kind: 'view', about: null, rows: null, settings: { schema: '登记', table: '住户名' } },
  ]);
});

test('keys are those that the database keeps; what can be no cursor says why', async () => {
  const look = (await ask('/look', household())).body as unknown as Look;
  expect(look.keys).toEqual([
    { columns: ['id'], why: expect.objectContaining({ zh: '数据库声明的主键' }) },
    { columns: ['姓名', '改动'], why: expect.objectContaining({ zh: expect.stringContaining('唯一') }) },
  ]);
  const cursors = Object.fromEntries(look.columns.map((c) => [c.name, c.noCursor?.zh ?? c.slips.map((s) => s.zh).join()]));
  expect(cursors).toMatchObject({
    id: '',
    姓名: expect.stringContaining('不能作游标'),
    证号: expect.stringContaining('可以为空'),
    code: expect.stringContaining('随机的 uuid'),
    登记日: expect.stringContaining('可以为空'),
    改动: expect.stringContaining('时间不按提交的先后增长'),
  });
  expect(look.columns.find((c) => c.name === '姓名')).toMatchObject({ type: 'text', isNullable: false, about: '户主姓名' });
  expect([look.cursor, look.why.zh]).toEqual([null, expect.stringContaining('每次整表读取')]);
});

describe('what is asked for', () => {
  test('is refused where the password stands in the settings, and where the secret is another department’s', async () => {
    expect((await ask('', { settings: { ...settings, password: 'plain' } })).body).toMatchObject({ code: 'DOCUMENT_REFUSED' });
    const other = await town.kernel.actor('provider-steward', 'health');
    expect(await ask('', { settings }, other)).toMatchObject({ status: 403, body: { code: 'COLLECT_SECRET_FOREIGN' } });
    expect(await ask('', { settings }, town.operator)).toMatchObject({ status: 403, body: { code: 'POLICY_DENIED' } });
  });

  test('of a place that is not there or lets nobody in is refused with its cause', async () => {
    expect((await ask('', { settings: { ...settings, port: 1 } })).body).toMatchObject({ code: 'COLLECT_SOURCE_UNREACHABLE' });
    expect((await ask('/look', { settings: { ...household().settings, table: '没有' } })).body).toMatchObject({ code: 'COLLECT_NO_TABLE' });
    expect((await town.kernel.call('POST', '/api/collect/tables', town.steward, { connector: 'csv', settings: {} })).body).toMatchObject({
      code: 'COLLECT_NOTHING_TO_PICK',
    });
  });

  test('is written down before it is answered', async () => {
    const before = await records();
    await ask('/look', household());
    expect(await records()).toBe(before + 1);
  });
});

const records = async (): Promise<number> => {
  const client = new pg.Client({ connectionString: town.kernel.urls.admin });
  await client.connect();
  const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from log.record where target like 'server:%'`);
  await client.end();
  return rows[0]?.n ?? 0;
};

describe('a table that is picked', () => {
  const pick = (part: object) =>
    ask('/registrations', { ...household(), columns: ['id', '姓名', '改动'], key: ['id'], cursor: null, ...part });

  test('is refused with a cursor that can be none, or columns that are not there', async () => {
    expect((await pick({ columns: ['id', 'code'], cursor: 'code' })).body).toMatchObject({
      code: 'COLLECT_PICK_UNFIT',
      params: { column: 'code' },
    });
    expect((await pick({ columns: ['id', '没有'] })).body).toMatchObject({ code: 'COLLECT_PICK_UNFIT', params: { column: '没有' } });
  });

  test('is sampled, shown, and becomes a source that is collected', async () => {
    const { body } = await pick({ cursor: 'id' });
    const { id } = body as { id: string };
    await town.kernel.drain();
    const upload = (await town.kernel.call('GET', `/api/collect/uploads/${id}`, town.steward)).body as never;
    expect(upload).toMatchObject({
      name: '住户登记表',
      state: 'read',
      rows: { rowsIn: 30, rowsData: 30 },
      reading: {
        layout: null,
        columns: ['id', '姓名', '改动'],
        key: ['id'],
        cursor: 'id',
        leaves: ['证号', 'code', '登记日'],
        called: { 姓名: '户主姓名' },
      },
    });
    expect((upload as { reading: { said: { zh: string }[] } }).reading.said.map((s) => s.zh).join('；')).toMatch(
      /整张表 30 行都读了；表里约 30 行；主键 id：数据库声明的主键；增量：按游标“id”/u,
    );
    const picture = (await town.kernel.call('GET', `/api/collect/uploads/${id}/picture`, town.steward)).body as {
      rows: { cells: string[] }[];
    };
    expect(picture.rows).toHaveLength(30);
    expect(picture.rows[0]?.cells.slice(0, 2)).toEqual(['1', '住户1']);
    const source = {
      title: { zh: '住户' },
      department: 'civil',
      connector: 'postgres',
      ...household(),
      ...{ columns: ['id', '姓名', '改动'], key: ['id'], mode: 'incremental', cursor: 'id', layout: null },
    };
    expect((await town.kernel.call('PUT', '/api/collect/sources/households', town.steward, source)).status).toBe(200);
    const reply = await town.kernel.call('POST', `/api/collect/uploads/${id}/delivery`, town.steward, { source: 'households' });
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
    await town.kernel.drain();
    expect(await town.batches('households')).toMatchObject([{ rowsData: 30, mode: 'incremental' }]);
  });

  test('that is empty says so, and a password that was never tried replaces none in use', async () => {
    const { body } = await ask('/registrations', {
      settings: { ...settings, schema: 'public', table: '空' },
      columns: ['a'],
      key: [],
      cursor: null,
    });
    await town.kernel.drain();
    const upload = (await town.kernel.call('GET', `/api/collect/uploads/${(body as { id: string }).id}`, town.steward)).body as unknown as {
      run: string;
    };
    expect(await town.runOf(upload.run)).toMatchObject({ state: 'refused', problem: { code: 'COLLECT_TABLE_EMPTY' } });
    const keep = (name: string, unused: boolean) =>
      town.kernel.call('PUT', `/api/collect/secrets/${name}`, town.steward, { value: town.admin.password ?? 'none', unused });
    expect(await keep('civil-reader', true)).toMatchObject({
      status: 409,
      body: { code: 'COLLECT_SECRET_IN_USE', params: { source: 'households' } },
    });
    expect((await keep('another', true)).status).toBe(200);
    expect((await keep('civil-reader', false)).status).toBe(200);
  });
});
