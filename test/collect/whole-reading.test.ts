/** A source that turns from full deliveries to incremental ones, and one whose numbers begin again: what was deleted stays deleted. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogStage } from '#catalog';
import { createCollect } from '#collect';
import { connectors } from '#connectors/index';
import type { Source } from '#declare';
import { governStage } from '#govern';
import { createDatabase, type TestDatabase } from '#test/database';
import { type TestKernel, testKernel } from '#test/kernel';
import { bindingDoc, putModels } from '../../src/govern/test-documents.ts';

let kernel: TestKernel;
let steward: Awaited<ReturnType<TestKernel['actor']>>;
let beside: TestDatabase;
let admin: pg.Client;
beforeAll(async () => {
  kernel = await testKernel([catalogStage, createCollect({ connectors }), governStage]);
  await putModels(kernel);
  steward = await kernel.actor('provider-steward', 'civil');
  beside = await createDatabase();
  admin = new pg.Client({ connectionString: beside.url });
  await admin.connect();
  await call('PUT', '/api/collect/secrets/civil-reader', { value: admin.password ?? 'none' });
});
afterAll(async () => {
  await admin.end();
  await kernel.close();
  await beside.drop();
});

async function call<T = never>(method: 'GET' | 'PUT' | 'POST', url: string, body?: unknown): Promise<T> {
  const reply = await kernel.call(method, url, steward, body);
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  return reply.body as T;
}

async function declare(id: string, part: Partial<Source>): Promise<void> {
  const { host, port, user } = admin;
  await call('PUT', `/api/collect/sources/${id}`, {
    ...{ title: { zh: id }, department: 'civil', connector: 'postgres', columns: ['rid', 'no', 'v'], key: ['rid'], layout: null },
    settings: { host, port, user: user ?? '', database: beside.name, password: 'secret:civil-reader', table: id },
    ...part,
  });
}

/** Collects a source and returns the keys of its table that are current, with how many rows count and are current. */
async function collected(id: string): Promise<{ keys: string[]; rows: number; read: number }> {
  await call('POST', `/api/collect/sources/${id}/runs`, {});
  await kernel.drain();
  const table: { rows: number; read: number } = await call('GET', `/api/govern/tables/${id}`);
  const { rows }: { rows: { values: { no: string } }[] } = await call('GET', `/api/govern/tables/${id}/rows?limit=100`);
  return { keys: rows.map((r) => r.values.no).toSorted(), rows: table.rows, read: table.read };
}

const binding = (id: string, mode: 'full' | 'incremental') =>
  bindingDoc({ id, columns: ['no', 'v'], department: 'civil', mode } as Source, ['no:text', 'v:text'], { key: ['no'] });

test('from full to incremental: rows deleted before stay deleted, and only what was read since counts', async () => {
  await admin.query(
    `create table turning (rid bigint primary key, no text, v text); insert into turning select i, 'N' || i, 'v' from generate_series(1, 5) i`,
  );
  await declare('turning', { mode: 'full', cursor: null });
  await kernel.put('binding', binding('turning', 'full'));
  expect((await collected('turning')).keys).toEqual(['N1', 'N2', 'N3', 'N4', 'N5']);
  await admin.query('delete from turning where rid in (1, 2)');
  expect((await collected('turning')).keys).toEqual(['N3', 'N4', 'N5']);
  await admin.query('alter table turning alter rid set not null');
  await declare('turning', { mode: 'incremental', cursor: 'rid' });
  await admin.query(`insert into turning values (6, 'N6', 'v')`);
  expect(await collected('turning')).toEqual({ keys: ['N3', 'N4', 'N5', 'N6'], rows: 4, read: 4 });
  await admin.query(`insert into turning values (7, 'N7', 'v')`);
  expect(await collected('turning')).toEqual({ keys: ['N3', 'N4', 'N5', 'N6', 'N7'], rows: 5, read: 5 });
});

test('from incremental to full: all that was read counts, also when rebuilt, until the first full edition does', async () => {
  const keys = async () =>
    (await call<{ rows: { values: { no: string } }[] }>('GET', '/api/govern/tables/comingback/rows?limit=100')).rows
      .map((r) => r.values.no)
      .toSorted();
  await admin.query(
    `create table comingback (rid bigint primary key, no text, v text); insert into comingback values (1, 'N1', 'v'), (2, 'N2', 'v')`,
  );
  await declare('comingback', { mode: 'incremental', cursor: 'rid' });
  await kernel.put('binding', binding('comingback', 'incremental'));
  await collected('comingback');
  await admin.query(`insert into comingback values (3, 'N3', 'v')`);
  expect((await collected('comingback')).keys).toEqual(['N1', 'N2', 'N3']);
  await declare('comingback', { mode: 'full', cursor: null });
  await call('POST', '/api/govern/tables/comingback/rebuild', {});
  await kernel.drain();
  expect(await call('GET', '/api/govern/tables/comingback')).toMatchObject({ rows: 3, read: 3, state: 'good' });
  expect(await keys()).toEqual(['N1', 'N2', 'N3']);
  await admin.query('delete from comingback where rid = 1');
  expect(await collected('comingback')).toEqual({ keys: ['N2', 'N3'], rows: 2, read: 2 });
});

test('what a reconciliation finds gone is no longer current in the governed table, to the last row', async () => {
  await admin.query(
    `create table shrinking (rid bigserial primary key, no text, v text); insert into shrinking select i, 'N' || i, 'v' from generate_series(1, 6) i`,
  );
  await declare('shrinking', { mode: 'incremental', cursor: 'rid' });
  await kernel.put('binding', binding('shrinking', 'incremental'));
  await collected('shrinking');
  const reconciled = async (url = 'reconciliations') => {
    await call('POST', `/api/collect/sources/shrinking/${url}`, { depth: 'receipt' });
    await kernel.drain();
    const { rows }: { rows: { values: { no: string; v: string } }[] } = await call('GET', '/api/govern/tables/shrinking/rows?limit=100');
    return rows.map((r) => `${r.values.no} ${r.values.v}`).toSorted();
  };
  await admin.query(`delete from shrinking where rid in (2, 6); update shrinking set v = 'w' where rid = 3`);
  expect(await reconciled()).toEqual(['N1 v', 'N3 w', 'N4 v', 'N5 v']);
  // All of it gone waits, as an edition would; agreed to, nothing is current.
  await admin.query('delete from shrinking');
  expect(await reconciled()).toHaveLength(4);
  expect(await reconciled('reconciliations/removal')).toEqual([]);
});
