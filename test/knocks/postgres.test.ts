/** PostgreSQL without a connection to give, killed and started again, and out of disk: what cannot be recorded is not answered, and everything goes on by itself. */
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningPostgres, removePostgres, startPostgres } from '#kernel/db/embedded';
import { openDatabase } from '#kernel/db/pool';
import { isRefusal } from '#kernel/errors';
import { type Child, keep } from '../../bin/child.ts';
import { type Serving, startServe } from '../authority/serve.ts';
import { openRiver, type River, service, table } from '../river.ts';
import { injected, mayMount, mountSmall, type SmallDisk } from './small-disk.ts';

let disk: SmallDisk;
let server: RunningPostgres;
let river: River;
let serve: Serving;
let work: Child;
let somebody: string;
/** What starts of the server were refused with while there was no room. */
const refusedStarts = new Set<string>();
let over = false;

const folder = (): string => `${disk.folder}/postgres`;

/** Starts the server again whenever it is gone, on the same port, as `up` does. */
async function attend(): Promise<void> {
  for (;;) {
    await server.exited;
    if (over) return;
    try {
      server = await startPostgres({ folder: folder(), port: Number(new URL(server.url).port) });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refusedStarts.add(error.code);
      await wait(300);
    }
  }
}

beforeAll(async () => {
  disk = mayMount ? mountSmall(320) : injected();
  // Durable: a commit that was acknowledged is on the disk when the server is killed.
  server = await startPostgres({ folder: folder() });
  process.env['CHENGSHU_TEST_PG'] = server.url;
  void attend();
  river = await openRiver(new Date());
  await river.k.drain();
  const row = await river.k.db.first<{ n: string }>(`select "identityNumber" as n from serving."${service.id}_v1" order by _key limit 1`);
  somebody = row?.n ?? '';
  serve = await startServe(river.k);
  const { app, log, audit } = river.k.urls;
  work = keep(
    'work',
    { folder: river.k.folder, urls: { app, log, audit }, key: Buffer.alloc(32, 7).toString('base64'), node: river.k.node, port: 0 },
    () => undefined,
  );
  await work.ready;
}, 120_000);
afterAll(async () => {
  try {
    await work?.stop();
    await serve?.stop();
    await river?.close();
  } finally {
    over = true;
    await removePostgres(folder());
    disk.remove();
  }
}, 60_000);

interface Reply {
  readonly status: number;
  readonly code: string;
  readonly wait: string | null;
  readonly record: string | null;
  readonly run: string;
}

async function send(method: string, path: string, token: string, body?: string | object): Promise<Reply> {
  const reply = await fetch(`${serve.address}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': typeof body === 'string' ? 'application/octet-stream' : 'application/json' }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const said = (await reply.json()) as { code?: string; run?: string };
  return {
    status: reply.status,
    code: said.code ?? '',
    wait: reply.headers.get('retry-after'),
    record: reply.headers.get('chengshu-record'),
    run: said.run ?? '',
  };
}
const ask = (): Promise<Reply> =>
  send('POST', `/api/gateway/${service.id}/query`, river.key.secret, { field: 'identityNumber', value: somebody });
const deliver = (content: string): Promise<Reply> =>
  send('POST', `/api/collect/sources/${table.id}/deliveries?name=a.csv`, river.steward.token, content);

/** Every call was answered, or refused for a moment and in words. */
function expectMoment(replies: readonly Reply[]): void {
  for (const r of replies.filter((x) => x.status !== 200)) {
    expect(['503 2', '507 30']).toContain(`${r.status} ${r.wait}`);
    expect(['DATABASE_CROWDED', 'DATABASE_AWAY', 'RECORD_UNAVAILABLE', 'DISK_FULL']).toContain(r.code);
  }
}

/** Asks until it is answered. */
async function recovered(): Promise<void> {
  for (const began = performance.now(); (await ask()).status !== 200; await wait(100))
    if (performance.now() - began > 30_000) throw new Error('no answer for 30 s');
}

/** Every answer's record is in the log, and no answer has gone that is not. */
async function expectRecorded(replies: readonly Reply[]): Promise<void> {
  const ids = replies.filter((r) => r.status === 200).map((r) => r.record);
  const admin = await river.k.audit.list({ outcome: 'answered', target: `service:${service.id}`, limit: 100_000, offset: 0 });
  const known = new Set(admin.rows.map((r) => r.id));
  expect(ids.filter((id) => id === null || !known.has(id))).toEqual([]);
}

async function done(run: string): Promise<unknown> {
  for (const began = performance.now(); ; await wait(200)) {
    const found = await river.k.jobs.find(river.k.db, run).catch(() => undefined);
    if (found && !['waiting', 'running'].includes(found.state)) return found.state;
    if (performance.now() - began > 60_000)
      throw new Error(`the run is ${found?.state ?? 'not to be read'} after a minute: ${JSON.stringify(found?.problem)}`);
  }
}

/** Files that differ in one letter each. */
let turn = 0;
const another = (): string => river.file.replace(/[\u4e00-\u9fff](?=[^\n]*\n[^\n]*$)/, [...'甲乙丙丁戊己庚辛'][turn++] ?? '变');

test('without a connection to give nothing is answered, in words and with a time to come back; then it serves and works again', async () => {
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  const held: pg.Client[] = [];
  const take = async (): Promise<boolean> => {
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      held.push(client);
      return true;
    } catch (error) {
      expect((error as { code?: string }).code).toBe('53300');
      return false;
    }
  };
  while (await take());
  // What our processes hold is cut off, one by one, and taken before they have it again.
  for (let full = 0; full < 3; ) {
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'chengshu%' or application_name = 'graphile-worker'`,
    );
    full = (await take()) ? 0 : full + 1;
    await wait(20);
  }
  const refused = await Promise.all([ask(), ask(), send('GET', '/api/collect/sources', river.steward.token), deliver(another())]);
  expectMoment(refused);
  expect(refused.map((r) => r.status)).toEqual([503, 503, 503, 503]);
  expect(refused.slice(2).map((r) => r.code)).toEqual(['DATABASE_CROWDED', 'DATABASE_CROWDED']);
  await Promise.all(held.map((c) => c.end()));
  await admin.end();
  await recovered();
  const replies = await Promise.all(Array.from({ length: 20 }, ask));
  expect(new Set(replies.map((r) => r.status))).toEqual(new Set([200]));
  await expectRecorded(replies);
  expect(await done((await deliver(another())).run)).toBe('done');
}, 120_000);

test('a pool whose connections are all in use says the same', async () => {
  const db = openDatabase(river.k.urls.app, { max: 1, name: 'crowded' });
  const only = await db.client();
  await expect(db.rows('select 1')).rejects.toMatchObject({ code: 'DATABASE_CROWDED' });
  only.release();
  expect(await db.rows('select 1 as one')).toEqual([{ one: 1 }]);
  await db.close();
}, 20_000);

test('killed and started again under calls and a delivery: no answer is without its record, and the delivery ends', async () => {
  const { run } = await deliver(another());
  const replies: Reply[] = [];
  let stop = false;
  const callers = Array.from({ length: 4 }, async () => {
    while (!stop) replies.push(await ask());
  });
  await wait(200);
  process.kill(server.pid, 'SIGKILL');
  await wait(1500);
  await recovered();
  stop = true;
  await Promise.all(callers);
  expectMoment(replies);
  expect(replies.filter((r) => r.status === 503).length).toBeGreaterThan(0);
  await expectRecorded(replies);
  expect(await done(run)).toBe('done');
}, 120_000);

test.runIf(mayMount)(
  'out of disk: refused in words, no answer without its record, and once there is room it goes on',
  async () => {
    const upload = (await river.ok('POST', '/api/collect/uploads', river.steward, { name: 'a.csv', bytes: 10 })) as unknown as {
      id: string;
    };
    const draft = () =>
      send('PUT', `/api/collect/uploads/${upload.id}/draft`, river.steward.token, {
        draft: { text: Buffer.from(Array.from({ length: 1 << 20 }, () => Math.random() * 256)).toString('base64') },
      });
    expect((await draft()).status).toBe(200);
    const { run } = await deliver(another());
    const admin = new pg.Client({ connectionString: server.url });
    admin.on('error', () => undefined);
    await admin.connect();
    disk.fill();
    const replies: Reply[] = [];
    for (let n = 0; n < 5; n++) replies.push(await draft());
    expect(replies.map((r) => `${r.status} ${r.code}`)).toEqual(Array(5).fill('507 DISK_FULL'));
    for (let n = 0; n < 100; n++) replies.push(await ask());
    // The next segment of the server's own log has no room: it ends, and cannot start.
    const first = server.pid;
    for (const began = performance.now(); server.pid === first && refusedStarts.size === 0 && performance.now() - began < 10_000; )
      await admin.query(`select pg_logical_emit_message(false, 'knock', 'on'), pg_switch_wal()`).catch(() => wait(100));
    await admin.end().catch(() => undefined);
    for (let n = 0; n < 100; n++) replies.push(await ask());
    expectMoment(replies);
    expect([...refusedStarts]).toEqual(['DISK_FULL']);
    disk.free();
    await recovered();
    await expectRecorded(replies);
    expect((await draft()).status).toBe(200);
    expect(await done(run)).toBe('done');
    expect(await done((await deliver(another())).run)).toBe('done');
  },
  180_000,
);
