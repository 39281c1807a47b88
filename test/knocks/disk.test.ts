/** A full disk under the object store and under the warehouse: refused in words, nothing half-written, the rest served, and afterwards the same work goes on. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startPostgres } from '#kernel/db/embedded';
import type { Problem } from '#kernel/errors';
import { bringForward } from '#kernel/jobs/jobs';
import { openRiver, type River, service, table } from '../river.ts';
import { injected, mayMount, mountSmall, type SmallDisk } from './small-disk.ts';

const closers: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A river on a disk; both are gone after the test. */
async function riverOn(disk: SmallDisk, beneath: readonly SmallDisk[] = []): Promise<River> {
  for (const d of [disk, ...beneath]) closers.push(() => d.remove());
  const river = await openRiver(undefined, { folder: disk.folder, ...(disk.effects && { disk: disk.effects }) });
  closers.push(() => river.close());
  await river.k.drain();
  return river;
}

/** Names of everything in the object store, and of what is being made there. */
function objectsOf(folder: string): { kept: readonly string[]; staged: readonly string[] } {
  const store = join(folder, 'objects');
  const shards = readdirSync(store).filter((name) => /^[0-9a-f]{2}$/.test(name));
  return { kept: shards.flatMap((s) => readdirSync(join(store, s))).toSorted(), staged: readdirSync(join(store, 'staging')) };
}

/** The invented file with one letter of one name changed: a delivery that is something new. */
const changed = (file: string): string => file.replace(/[\u4e00-\u9fff](?=[^\n]*\n[^\n]*$)/, '变');

async function send(
  river: River,
  method: string,
  path: string,
  body?: string | Buffer,
): Promise<{ status: number; wait: string; problem: Problem }> {
  const reply = await river.k.door.fastify.inject({
    method: method as 'PUT',
    url: path,
    headers: { authorization: `Bearer ${river.steward.token}`, 'content-type': 'application/octet-stream' },
    ...(body !== undefined && { payload: body }),
  });
  return { status: reply.statusCode, wait: String(reply.headers['retry-after']), problem: reply.json() as Problem };
}

function expectFull(reply: { status: number; wait: string; problem: Problem }): void {
  expect([reply.status, reply.wait, reply.problem.code]).toEqual([507, '30', 'DISK_FULL']);
  expect([reply.problem.title, reply.problem.titleEn]).toEqual([
    expect.stringMatching(/^磁盘写满了/),
    expect.stringMatching(/^The disk is full/),
  ]);
  expect([reply.problem.hint, reply.problem.hintEn]).toEqual([expect.stringContaining('腾出空间'), expect.stringContaining('df')]);
}

/** Works until the queue has nothing that is due; a full disk is what some tests want to meet. */
async function workOn(river: River): Promise<void> {
  await bringForward(river.k.db);
  await river.k.drain().catch((error: { code?: string }) => {
    if (error.code !== 'DISK_FULL') throw error;
  });
}

/** What the queue would do half a minute later. */
const later = (river: River) =>
  river.k.db.run(`select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs), run_at => now())`);

const served = async (river: River): Promise<unknown> => river.k.db.rows(`select * from serving."${service.id}_v1" order by _key`);

async function expectServed(river: River): Promise<void> {
  const somebody = await river.k.db.first<{ n: string }>(
    `select "identityNumber" as n from serving."${service.id}_v1" order by _key limit 1`,
  );
  expect(await river.ask(river.key.secret, { field: 'identityNumber', value: somebody?.n })).toMatchObject({
    status: 200,
    body: { count: 1 },
  });
}

describe.each([
  ['that is a real small file system', mayMount, () => mountSmall(64)],
  ['whose every write is refused', true, injected],
] as const)('a disk under the objects %s', (_name, possible, make) => {
  test.runIf(possible)('refuses a delivery and a part of an upload; afterwards both go on to the same content', async () => {
    const disk = make();
    const river = await riverOn(disk);
    const before = objectsOf(disk.folder);
    const held = await served(river);
    const delivery = `/api/collect/sources/${table.id}/deliveries?name=a.csv`;

    const whole = Buffer.from(`编号,名称\n${Array.from({ length: 60_000 }, (_, i) => `${i},${i}号甲乙丙\n`).join('')}`);
    const third = Math.ceil(whole.length / 3);
    const upload = (await river.ok('POST', '/api/collect/uploads', river.steward, { name: '大.csv', bytes: whole.length })) as unknown as {
      id: string;
    };
    const part = (n: number) =>
      send(river, 'PUT', `/api/collect/uploads/${upload.id}/parts/${n * third}`, whole.subarray(n * third, (n + 1) * third));
    expect((await part(0)).status).toBe(200);
    const queued = await send(river, 'POST', delivery, changed(river.file));
    expect(queued.status).toBe(200);
    const { run } = queued.problem as unknown as { run: string };
    const between = objectsOf(disk.folder);

    disk.fill();
    expectFull(await part(1));
    expectFull(await send(river, 'POST', delivery, 'a,b\n1,2\n'));
    await workOn(river);
    expect(await river.k.jobs.find(river.k.db, run)).toMatchObject({ state: 'waiting', problem: { code: 'DISK_FULL' } });
    expect(objectsOf(disk.folder)).toEqual({ kept: between.kept, staged: [] });
    expect(await river.ok('GET', `/api/collect/uploads/${upload.id}`, river.steward)).toMatchObject({
      received: third,
      state: 'receiving',
    });
    expect(await served(river)).toEqual(held);
    await expectServed(river);

    disk.free();
    for (const n of [1, 2]) expect((await part(n)).status).toBe(200);
    await later(river);
    await river.k.drain();
    expect(await river.k.jobs.find(river.k.db, run)).toMatchObject({ state: 'done', problem: null, result: { landed: true } });
    expect(await river.ok('GET', `/api/collect/uploads/${upload.id}`, river.steward)).toMatchObject({
      state: 'read',
      rows: { rowsData: 60_000 },
    });
    expect(objectsOf(disk.folder).kept).toContain(createHash('sha256').update(whole).digest('hex'));
    expect(before.kept.every((name) => objectsOf(disk.folder).kept.includes(name))).toBe(true);
    // Delivered once more, undisturbed, it is row by row what landed.
    expect(await river.deliver(changed(river.file))).toMatchObject({ state: 'done', result: { landed: false, unchanged: true } });
    expect(await served(river)).not.toEqual(held);
  });
});

test.runIf(mayMount)(
  'a full disk under the warehouse: what was landed waits to be governed, the rest is served, and then it is governed',
  async () => {
    const disk = mountSmall(48);
    const objects = mountSmall(64, join(disk.folder, 'objects'));
    const river = await riverOn(disk, [objects]);
    const held = await served(river);
    const governed = () => river.k.db.rows('select rows_governed, rows_quarantined, rows_current from govern.result order by ordinal');
    const before = await governed();
    const { run } = (await send(river, 'POST', `/api/collect/sources/${table.id}/deliveries?name=a.csv`, changed(river.file)))
      .problem as unknown as { run: string };

    disk.fill();
    await workOn(river);
    await workOn(river);
    expect(await river.k.jobs.find(river.k.db, run)).toMatchObject({ state: 'done' });
    expect(
      await river.k.db.rows(`select job, problem ->> 'code' as code, problem ->> 'title' as title from kernel.run where state = 'waiting'`),
    ).toEqual([{ job: 'govern-batch', code: 'DISK_FULL', title: expect.stringContaining('数据仓库') }]);
    expect(await governed()).toEqual(before);
    expect(await served(river)).toEqual(held);
    await expectServed(river);

    disk.free();
    await later(river);
    await river.k.drain();
    expect(await river.k.db.rows(`select 1 from kernel.run where state <> 'done'`)).toEqual([]);
    expect(await governed()).toEqual([...before, before[0]]);
    expect(await served(river)).not.toEqual(held);
    expect(existsSync(join(disk.folder, 'warehouse.duckdb'))).toBe(true);
    expect(readdirSync(disk.folder).filter((name) => name.includes('unreadable'))).toEqual([]);
  },
);

test.runIf(mayMount)('a start without room says so and leaves nothing half-made', async () => {
  const disk = mountSmall(24);
  closers.push(() => disk.remove());
  await expect(startPostgres({ folder: join(disk.folder, 'postgres') })).rejects.toMatchObject({ code: 'DISK_FULL' });
  // Where PostgreSQL's user cannot enter this checkout its programs are copied first, and that finds no room already.
  expect(['', 'password']).toContain(readdirSync(join(disk.folder, 'postgres')).join());
  const folder = join(disk.folder, 'data');
  mkdirSync(folder);
  disk.fill();
  const up = spawnSync(process.execPath, ['bin/chengshu.ts', 'up', '--data', folder, '--port', '0'], { encoding: 'utf8' });
  expect([up.status, up.stderr.split('\n')[0]]).toEqual([1, 'DISK_FULL']);
  expect([readdirSync(folder), readdirSync(join(folder, 'run'))]).toEqual([['run'], []]);
});
