/** PostgreSQL without a connection to give, killed and started again, and out of disk: what cannot be recorded is not answered, and everything goes on by itself. */
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '#kernel/db/pool';
import { service } from '../river.ts';
import { type Attended, openAttended, type Reply } from './attended.ts';
import { mayMount } from './small-disk.ts';

let site: Attended;
beforeAll(async () => {
  site = await openAttended();
}, 120_000);
afterAll(() => site.close(), 60_000);

/** Every call was answered, or refused for a moment and in words. */
function expectMoment(replies: readonly Reply[]): void {
  for (const r of replies.filter((x) => x.status !== 200)) {
    expect(['503 2', '507 30']).toContain(`${r.status} ${r.wait}`);
    expect(['DATABASE_CROWDED', 'DATABASE_AWAY', 'RECORD_UNAVAILABLE', 'DISK_FULL']).toContain(r.code);
  }
}

/** Every answer's record is in the log, and no answer has gone that is not. */
async function expectRecorded(replies: readonly Reply[]): Promise<void> {
  const ids = replies.filter((r) => r.status === 200).map((r) => r.record);
  const admin = await site.river.k.audit.list({ outcome: 'answered', target: `service:${service.id}`, limit: 100_000, offset: 0 });
  const known = new Set(admin.rows.map((r) => r.id));
  expect(ids.filter((id) => id === null || !known.has(id))).toEqual([]);
}

/** Files that differ in one letter each. */
let turn = 0;
const another = (): string => site.river.file.replace(/[\u4e00-\u9fff](?=[^\n]*\n[^\n]*$)/, [...'甲乙丙丁戊己庚辛'][turn++] ?? '变');

test('without a connection to give nothing is answered, in words and with a time to come back; then it serves and works again', async () => {
  const admin = new pg.Client({ connectionString: site.server().url });
  await admin.connect();
  const held: pg.Client[] = [];
  const take = async (): Promise<boolean> => {
    const client = new pg.Client({ connectionString: site.server().url });
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
  const refused = await Promise.all([
    site.ask(),
    site.ask(),
    site.send('GET', '/api/collect/sources', site.river.steward.token),
    site.deliver(another()),
  ]);
  expectMoment(refused);
  expect(refused.map((r) => r.status)).toEqual([503, 503, 503, 503]);
  expect(refused.slice(2).map((r) => r.code)).toEqual(['DATABASE_CROWDED', 'DATABASE_CROWDED']);
  await Promise.all(held.map((c) => c.end()));
  await admin.end();
  await site.recovered();
  const replies = await Promise.all(Array.from({ length: 20 }, site.ask));
  expect(new Set(replies.map((r) => r.status))).toEqual(new Set([200]));
  await expectRecorded(replies);
  expect(await site.ended((await site.deliver(another())).run)).toBe('done');
}, 120_000);

test('a pool whose connections are all in use says the same', async () => {
  const db = openDatabase(site.river.k.urls.app, { max: 1, name: 'crowded' });
  const only = await db.client();
  await expect(db.rows('select 1')).rejects.toMatchObject({ code: 'DATABASE_CROWDED' });
  only.release();
  expect(await db.rows('select 1 as one')).toEqual([{ one: 1 }]);
  await db.close();
}, 20_000);

test('killed and started again under calls and a delivery: no answer is without its record, and the delivery ends', async () => {
  const { run } = await site.deliver(another());
  const replies: Reply[] = [];
  let stop = false;
  const callers = Array.from({ length: 4 }, async () => {
    while (!stop) replies.push(await site.ask());
  });
  await wait(200);
  process.kill(site.server().pid, 'SIGKILL');
  await wait(1500);
  await site.recovered();
  stop = true;
  await Promise.all(callers);
  expectMoment(replies);
  expect(replies.filter((r) => r.status === 503).length).toBeGreaterThan(0);
  await expectRecorded(replies);
  expect(await site.ended(run)).toBe('done');
}, 120_000);

test.runIf(mayMount)(
  'out of disk: refused in words, no answer without its record, and once there is room it goes on',
  async () => {
    const upload = (await site.river.ok('POST', '/api/collect/uploads', site.river.steward, { name: 'a.csv', bytes: 10 })) as unknown as {
      id: string;
    };
    const draft = () =>
      site.send('PUT', `/api/collect/uploads/${upload.id}/draft`, site.river.steward.token, {
        draft: { text: Buffer.from(Array.from({ length: 1 << 20 }, () => Math.random() * 256)).toString('base64') },
      });
    expect((await draft()).status).toBe(200);
    const { run } = await site.deliver(another());
    const admin = new pg.Client({ connectionString: site.server().url });
    admin.on('error', () => undefined);
    await admin.connect();
    site.disk.fill();
    const replies: Reply[] = [];
    for (let n = 0; n < 5; n++) replies.push(await draft());
    expect(replies.map((r) => `${r.status} ${r.code}`)).toEqual(Array(5).fill('507 DISK_FULL'));
    for (let n = 0; n < 100; n++) replies.push(await site.ask());
    // The next segment of the server's own log has no room: it ends, and cannot start.
    const first = site.server().pid;
    for (
      const began = performance.now();
      site.server().pid === first && site.refusedStarts.size === 0 && performance.now() - began < 10_000;
    )
      await admin.query(`select pg_logical_emit_message(false, 'knock', 'on'), pg_switch_wal()`).catch(() => wait(100));
    await admin.end().catch(() => undefined);
    for (let n = 0; n < 100; n++) replies.push(await site.ask());
    expectMoment(replies);
    expect([...site.refusedStarts]).toEqual(['DISK_FULL']);
    site.disk.free();
    await site.recovered();
    await expectRecorded(replies);
    expect((await draft()).status).toBe(200);
    expect(await site.ended(run)).toBe('done');
    expect(await site.ended((await site.deliver(another())).run)).toBe('done');
  },
  180_000,
);
