/** What the platform says of itself: every number is measured, what is not known is null, and a failure names its part and what to do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestKernel, testKernel } from '#test/kernel';
import type { Kernel } from '../stage.ts';
import { healthOf, publicHealth } from './health.ts';
import { memoryOf } from './memory.ts';
import { keepProcessBook, readProcessBook } from './process-book.ts';
import { processesOf } from './processes.ts';
import { createObjectMeasure, diskOf, storesOf } from './stores.ts';
import { versionsOf } from './versions.ts';

let k: TestKernel;
beforeAll(async () => {
  k = await testKernel([]);
});
afterAll(() => k.close());

const partOf = async (kernel: Kernel, part: string) => (await healthOf(kernel)).parts.find((p) => p.part === part);
/** The kernel with a part that answers otherwise. */
const but = (change: Partial<Kernel>): Kernel => ({ ...k, ...change });

test('the book of processes counts what was started again, and a new parent begins a new one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chengshu-book-'));
  expect(readProcessBook(folder)).toEqual([]);
  const book = keepProcessBook(folder, k.clock.now);
  book.started('serve', 11);
  book.ended('serve', 'SIGKILL');
  expect(readProcessBook(folder)[0]).toMatchObject({ name: 'serve', pid: null, restarts: 0, lastEnd: { why: 'SIGKILL' } });
  book.started('serve', 12);
  book.started('postgres', 13, true);
  expect(readProcessBook(folder)).toMatchObject([
    { name: 'serve', pid: 12, restarts: 1, startedAt: k.clock.now().toISOString(), lastEnd: { why: 'SIGKILL' } },
    { name: 'postgres', pid: 13, restarts: 0, startedAt: null, lastEnd: null },
  ]);
  keepProcessBook(folder, k.clock.now).started('up', 14);
  expect(readProcessBook(folder)).toHaveLength(1);
  rmSync(folder, { recursive: true });
});

test('processes: a living one with its memory, a dead one as such, what nobody wrote down as unknown', async () => {
  const dead = spawn(process.execPath, ['-e', '']);
  await once(dead, 'exit');
  const book = keepProcessBook(k.folder, k.clock.now);
  book.started('serve', process.pid);
  book.started('work', dead.pid);
  const found = new Map((await processesOf(k)).map((p) => [p.name, p]));
  expect(found.get('serve')).toMatchObject({ state: 'good', pid: process.pid, restarts: 0 });
  expect(found.get('serve')?.memory).toBeGreaterThan(10 * 2 ** 20);
  expect(found.get('work')).toMatchObject({ state: 'broken', memory: null });
  expect(found.get('warehouse')).toMatchObject({ state: 'unknown', pid: null, memory: null, restarts: null });
  // No parent keeps this one, and it tells since when it runs all the same.
  expect(found.get('postgres')).toMatchObject({ state: 'good', pid: null, restarts: null });
  expect(Date.parse(found.get('postgres')?.startedAt ?? '')).toBeLessThan(Date.now());
  expect(await memoryOf(dead.pid as number, false)).toBeNull();
});

test('stores are measured: what is put into the object store is in its number', async () => {
  const empty = await createObjectMeasure(k)();
  const stored = await k.objects.put(
    (async function* () {
      yield Buffer.from('城枢'.repeat(1000));
    })(),
  );
  const sizes = new Map((await storesOf(k, createObjectMeasure(k))).map((s) => [s.store, s]));
  expect(sizes.get('objects')).toMatchObject({ bytes: empty.bytes + stored.bytes, count: empty.count + 1 });
  expect(sizes.get('warehouse')?.bytes).toBe((await k.warehouse.health()).bytes);
  expect(sizes.get('database')?.bytes).toBeGreaterThan(5 * 2 ** 20);
  expect(sizes.get('log')?.bytes).toBeGreaterThan(0);
  const disk = await diskOf(k);
  expect(disk.free).toBeGreaterThan(0);
  expect(disk.free).toBeLessThan(disk.total);
});

test('versions are what the parts say', async () => {
  const versions = Object.fromEntries((await versionsOf(k)).map((v) => [v.part, v.version]));
  expect(versions).toMatchObject({ product: '0.1.0', node: process.versions.node });
  expect(versions['duckdb']).toMatch(/^\d+\.\d+/);
  expect(versions['postgresql']).toMatch(/^\d+\.\d+/);
});

test('health names the part that is away, why, and what to do, in both languages', async () => {
  const away = but({ warehouse: { ...k.warehouse, health: () => Promise.reject(new Error('connect ECONNREFUSED')) } });
  const health = await healthOf(away);
  expect(health.ok).toBe(false);
  expect(await partOf(away, 'warehouse')).toMatchObject({
    state: 'broken',
    sentence: { zh: '数据仓库没有应答', en: 'Warehouse does not answer' },
    hint: { zh: expect.stringContaining('台账'), en: expect.stringContaining('ledger') },
    cause: { zh: 'connect ECONNREFUSED', en: 'connect ECONNREFUSED' },
  });
  expect(await partOf(away, 'database')).toMatchObject({ state: 'good', hint: null, cause: null });
  // Nothing of the system's own words leaves without an account.
  expect(JSON.stringify(publicHealth(health))).not.toContain('ECONNREFUSED');
  const [versions, stores] = [await versionsOf(away), await storesOf(away, createObjectMeasure(away))];
  expect(versions.find((v) => v.part === 'duckdb')?.version).toBeNull();
  expect(stores.find((s) => s.store === 'warehouse')?.bytes).toBeNull();
});

test('a part that hangs is named within the time a reader waits', async () => {
  const hanging = but({ db: { ...k.db, first: () => new Promise(() => undefined) } });
  const began = Date.now();
  expect(await partOf(hanging, 'database')).toMatchObject({ state: 'broken', cause: { zh: '2 秒内没有应答', en: 'no answer within 2 s' } });
  expect(Date.now() - began).toBeLessThan(3000);
});

test('a worker that was never seen, work that failed to the last try, a process that fell', async () => {
  expect(await partOf(k, 'worker')).toMatchObject({ state: 'broken', cause: { zh: '从未见过它', en: 'never seen' } });
  await k.db.run(`insert into kernel.process (name, pid, started_at, seen_at) values ('work', 1, now(), now())`);
  expect(await partOf(k, 'worker')).toMatchObject({ state: 'good' });

  expect(await partOf(k, 'queue')).toMatchObject({ state: 'good' });
  await k.db.run(
    `select graphile_worker.add_job('hear', '{}', max_attempts => 1, job_key => 'late', run_at => now() - interval '20 minutes')`,
  );
  expect(await partOf(k, 'queue')).toMatchObject({ state: 'attention', sentence: { en: '1 wait, the first for 20 minutes' } });
  await k.db.run(`select graphile_worker.permanently_fail_jobs(array(select id from graphile_worker.jobs), 'no')`);
  expect(await partOf(k, 'queue')).toMatchObject({ state: 'broken', hint: { zh: expect.stringContaining('启动窗口') } });

  const book = keepProcessBook(k.folder, k.clock.now);
  book.started('warehouse', 21);
  expect(await partOf(k, 'processes')).toMatchObject({ state: 'good' });
  book.ended('warehouse', 'SIGKILL');
  expect(await partOf(k, 'processes')).toMatchObject({ state: 'broken' });
  book.started('warehouse', 22);
  expect(await partOf(k, 'processes')).toMatchObject({
    state: 'attention',
    sentence: {
      zh: '数据仓库进程中断过（被强行结束 SIGKILL），共重启 1 次',
      en: 'Warehouse ended (killed by SIGKILL); times it was started again: 1',
    },
  });
});
