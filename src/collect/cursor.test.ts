/** A cursor is judged when it is declared, a source behind it is trouble, and its steward may set it back. */
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTown, type Town } from './test-sources.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());

interface Page {
  readonly state: string;
  readonly cursor: string | null;
  readonly warned: readonly { readonly en: string }[];
}
const page = async (id: string): Promise<Page> => (await town.kernel.call('GET', `/api/collect/sources/${id}`, town.steward)).body;
const setBack = (id: string, batch: number | null, as = town.steward) =>
  town.kernel.call('POST', `/api/collect/sources/${id}/cursor`, as, { batch });

test('what cannot be a cursor is refused with the reason, what can let rows slip is warned of', async () => {
  await town.admin.query(`create sequence cached cache 10;
    create table candidates (id bigint generated always as identity primary key, u uuid not null default gen_random_uuid(), t text not null default '', n bigint, at timestamptz not null default now(), c bigint not null default nextval('cached'));
    create view seen as select * from candidates; insert into candidates default values`);
  const columns = ['id', 'u', 't', 'n', 'at', 'c'];
  const declare = (id: string, table: string, cursor: string) =>
    town.declareTable(id, table, { columns, key: ['id'], mode: 'incremental', cursor });
  for (const [cursor, why] of [
    ['u', '随机'],
    ['t', '次序'],
    ['n', '可以为空'],
  ] as const)
    await expect(declare('refused', 'candidates', cursor)).rejects.toThrow(why);
  expect((await town.kernel.call('GET', '/api/collect/sources/refused', town.steward)).status).toBe(403);
  for (const [id, table, cursor, why] of [
    ['timed', 'candidates', 'at', 'times do not grow'],
    ['cached', 'candidates', 'c', 'uncached sequence'],
    ['viewed', 'seen', 'id', 'views'],
  ] as const) {
    await declare(id, table, cursor);
    expect((await page(id)).warned).toEqual([expect.objectContaining({ en: expect.stringContaining(why) })]);
  }
  await declare('sound', 'candidates', 'id');
  expect((await page('sound')).warned).toEqual([]);
});

test('a source that is away when it is declared is judged by its first reading, before a row lands', async () => {
  await town.admin.query(`create table away (id bigint, u uuid not null default gen_random_uuid(), t text not null default '', f float8 not null);
    create view away_seen as select * from away; insert into away (id, f) values (1, 'infinity')`);
  // Nothing listens there until the server comes back.
  const server = createServer((from) => {
    const to = connect(town.admin.port, town.admin.host);
    from.pipe(to).pipe(from);
    for (const end of [from, to]) end.on('error', () => undefined);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  const given = {
    host: '127.0.0.1',
    port,
    database: town.database.name,
    user: town.admin.user ?? '',
    password: 'secret:civil-reader',
    schema: 'public',
  };
  await town.kernel.call('PUT', '/api/collect/secrets/civil-reader', town.steward, { value: town.admin.password ?? 'none' });
  const declare = (id: string, table: string, cursor: string) =>
    town.declare(id, {
      ...{ connector: 'postgres', layout: null, settings: { ...given, table } },
      ...{ columns: ['id', 'u', 't', 'f'], key: ['id'], mode: 'incremental', cursor },
    });
  const unfit = [
    ['away-n', 'id', '可以为空'],
    ['away-u', 'u', '随机'],
    ['away-t', 't', '次序'],
    ['away-f', 'f', '非有限'],
  ] as const;
  for (const [id, cursor] of unfit) await declare(id, 'away', cursor);
  await declare('away-v', 'away_seen', 'id');
  expect(await town.collect('away-n')).toMatchObject({ state: 'refused', problem: { code: 'COLLECT_SOURCE_UNREACHABLE' } });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  try {
    for (const [id, , why] of unfit) {
      const run = await town.collect(id);
      expect(run.state).toBe('refused');
      expect(JSON.stringify(run.problem)).toContain(why);
      expect(await town.batches(id)).toEqual([]);
    }
    expect(await town.collect('away-v')).toMatchObject({ state: 'done', result: { rowsData: 1 } });
    expect((await page('away-v')).warned).toEqual([expect.objectContaining({ en: expect.stringContaining('views') })]);
  } finally {
    await new Promise((done) => server.close(done));
  }
});

test('numbers that begin again are trouble until the steward sets the cursor back, which is written down', async () => {
  await town.admin.query(
    `create table restart (rid bigserial primary key, v text); insert into restart (v) select 'old' || i from generate_series(1, 50) i`,
  );
  await town.declareTable('restart', 'restart', { columns: ['rid', 'v'], key: ['rid'], mode: 'incremental', cursor: 'rid' });
  expect(await town.collect('restart')).toMatchObject({ result: { rowsData: 50 } });
  await town.admin.query(`truncate restart restart identity; insert into restart (v) select 'new' || i from generate_series(1, 30) i`);
  expect(await town.collect('restart')).toMatchObject({ state: 'refused', problem: { code: 'COLLECT_SOURCE_BEHIND' } });
  expect(await page('restart')).toMatchObject({ state: 'trouble', cursor: '50' });
  expect((await setBack('restart', null, town.operator)).status).toBe(403);
  expect(await setBack('restart', 999_999)).toMatchObject({ status: 404, body: { code: 'COLLECT_BATCH_UNKNOWN' } });
  expect(await setBack('restart', null)).toMatchObject({ status: 200, body: { cursor: null } });
  expect(await town.facts('cursor-set-back')).toMatchObject([{ source: 'restart', from: '50', toEn: 'the beginning' }]);
  expect(await town.collect('restart')).toMatchObject({ state: 'done', result: { rowsData: 30 } });
  expect(await page('restart')).toMatchObject({ state: 'good', cursor: '30' });
  // The thirty rows of the new batch stand alone: the fifty rows of before are over.
  const [first, second] = await town.batches('restart');
  expect(second?.since).toBe(second?.seq);
  // Back to where a batch ended, only what the ledger lacks lands.
  await town.admin.query(`insert into restart (v) values ('31'); update restart set v = 'changed' where rid = 2`);
  await town.collect('restart');
  expect(await setBack('restart', second?.seq ?? 0)).toMatchObject({ body: { cursor: '30' } });
  expect(await town.collect('restart')).toMatchObject({ result: { rowsData: 1 } });
  expect(first?.cursorTo).toBe('50');
  await town.declare('a-file', {});
  expect(await setBack('a-file', null)).toMatchObject({ status: 409, body: { code: 'COLLECT_NO_CURSOR' } });
});

test('a source that drops the connection ends the run, and is not asked again and again', async () => {
  await town.admin.query('create table dropped (id int primary key)');
  let asked = 0;
  const server = createServer((socket) => {
    asked++;
    socket.on('error', () => undefined).once('data', () => socket.destroy());
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  try {
    await town.declareTable('dropped', 'dropped', { columns: ['id'], key: ['id'] });
    const declared = (await town.kernel.documents.snapshot()).get('source', 'dropped');
    const port = (server.address() as { port: number }).port;
    await town.kernel.put('source', { ...declared, settings: { ...declared.settings, host: '127.0.0.1', port, tls: 'off' } });
    asked = 0;
    expect(await town.collect('dropped')).toMatchObject({ state: 'refused', problem: { code: 'COLLECT_SOURCE_UNREACHABLE' } });
    expect(asked).toBe(1);
  } finally {
    await new Promise((done) => server.close(done));
  }
});
