/**
 * A sample of `npm run crash`: the worker and the warehouse are killed once in a first run, then the warehouse's file is lost; the content stays
 * the same. Then a later start, which takes nothing back that people changed and depends on nobody's password.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { signIn } from '../../bin/client.ts';
import { addressOf, castOf } from './consumer.ts';
import { clear, contentOf, find, kill, loseWarehouse, type Started, start } from './installation.ts';

const place = mkdtempSync(join(tmpdir(), 'chengshu-crash-'));
const scale = 0.02;
const started = new Map<string, Started>();

function up(name: string): { folder: string; run: Started } {
  const folder = join(place, name);
  const run = start(folder, scale);
  started.set(folder, run);
  return { folder, run };
}

afterAll(async () => {
  await Promise.all([...started].map(([folder, run]) => run.stop().then(() => clear(folder))));
  rmSync(place, { recursive: true, force: true });
});

/** Waits until a start has printed a line that holds this. */
async function said(run: Started, part: string): Promise<void> {
  while (!run.text().includes(part)) await wait(20);
}

test('a first run with two kills ends as an undisturbed one, and so does losing the warehouse', { timeout: 240_000 }, async () => {
  const calm = up('calm');
  const hurt = up('hurt');
  await said(hurt.run, 'collected police-register');
  expect(await kill(hurt.folder, hurt.run, 'work')).toBe(true);
  await said(hurt.run, 'collected health-records');
  expect(await kill(hurt.folder, hurt.run, 'warehouse')).toBe(true);
  expect([await calm.run.up, await hurt.run.up]).toEqual([expect.any(Number), expect.any(Number)]);

  const wanted = await contentOf(calm.folder, calm.run);
  expect(await contentOf(hurt.folder, hurt.run)).toBe(wanted);

  const lost = find(hurt.folder, hurt.run.pid, 'warehouse');
  expect(await kill(hurt.folder, hurt.run, 'warehouse', { anyTime: true })).toBe(true);
  loseWarehouse(hurt.folder);
  expect(await contentOf(hurt.folder, hurt.run)).toBe(wanted);
  expect(find(hurt.folder, hurt.run.pid, 'warehouse')).not.toBe(lost);
});

test('a later start leaves alone what people changed, whoever is locked out', { timeout: 240_000 }, async () => {
  const folder = join(place, 'calm');
  const before = started.get(folder) as Started;
  const address = addressOf(before);
  await (await castOf(folder, address)('secadmin')).put('/api/users/civil/roles', { roles: [] });
  for (let i = 0; i < 5; i++)
    await expect(signIn(address, 'sysadmin', 'no such password')).rejects.toMatchObject({ code: 'IDENTITY_WRONG' });
  await expect(castOf(folder, address)('sysadmin')).rejects.toMatchObject({ code: 'IDENTITY_LOCKED' });
  await before.stop();

  const { run } = up('calm');
  expect(await run.up).toEqual(expect.any(Number));
  const users = await (await castOf(folder, addressOf(run))('secadmin')).get<{ rows: { id: string; roles: string[] }[] }>('/api/users');
  expect(users.rows.find((u) => u.id === 'civil')?.roles).toEqual([]);
});
