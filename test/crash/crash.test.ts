/**
 * A sample of `npm run crash` and `npm run crash:seams` in two installations. One is left in peace. In the other a process is killed at one seam of
 * objects, of database and of jobs each, in the middle of their hits, the worker and the warehouse are killed in the middle of their work, and
 * the warehouse loses its file; it ends in the same content.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn } from '../../bin/client.ts';
import { buildWeb } from '../../bin/web.ts';
import { addressOf, castOf } from './consumer.ts';
import { find, kill, loseWarehouse, type Started, start } from './installation.ts';
import { runWithSeams, type SeamRun } from './seam-run.ts';

const place = mkdtempSync(join(tmpdir(), 'chengshu-crash-'));
const sample = ['objects.renamed', 'database.worked', 'jobs.ended'] as const;
let calm: SeamRun;
/** Roles of an account after a later start; both starts of the calm installation ended well. */
let rolesKept: readonly string[] | undefined;

/** Takes roles away and locks the system administrator out, then starts once more. */
async function startedLater(folder: string, run: Started): Promise<void> {
  const address = addressOf(run);
  await (await castOf(folder, address)('secadmin')).put('/api/users/civil/roles', { roles: [] });
  for (let i = 0; i < 5; i++)
    await expect(signIn(address, 'sysadmin', 'no such password')).rejects.toMatchObject({ code: 'IDENTITY_WRONG' });
  await expect(castOf(folder, address)('sysadmin')).rejects.toMatchObject({ code: 'IDENTITY_LOCKED' });
  await run.stop();
  const later = start(folder, 0.02);
  try {
    expect(await later.up).toEqual(expect.any(Number));
    const secadmin = await castOf(folder, addressOf(later))('secadmin');
    const { rows } = await secadmin.get<{ rows: { id: string; roles: string[] }[] }>('/api/users');
    rolesKept = rows.find((u) => u.id === 'civil')?.roles;
  } finally {
    await later.stop();
  }
}

/** Kills a process when a start has printed a line that holds this; not when the start itself was killed at its seam before. */
async function killAfter(part: string, folder: string, run: Started, victim: 'work' | 'warehouse'): Promise<void> {
  let over = false;
  void run.up.then((seconds) => {
    over = seconds === undefined;
  });
  while (!run.text().includes(part) && !over) await wait(20);
  if (!over) expect(await kill(folder, run, victim, { anyTime: true })).toBe(true);
}

beforeAll(async () => {
  await buildWeb(() => undefined);
  calm = await runWithSeams(place, [['objects.renamed', 0]], { after: startedLater });
}, 240_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

test('an undisturbed run comes to every seam and kills nobody', () => {
  expect([...calm.hits].filter(([, hits]) => hits === 0)).toEqual([]);
  expect(calm.killed).toEqual([undefined]);
});

test('a later start leaves alone what people changed, whoever is locked out', () => {
  expect(rolesKept).toEqual([]);
});

test('a run with a kill at a seam of each kind and two in the middle of work ends as the undisturbed one, and so does losing the warehouse', {
  timeout: 240_000,
}, async () => {
  let rebuilt = '';
  const run = await runWithSeams(
    place,
    sample.map((seam) => [seam, Math.ceil((calm.hits.get(seam) ?? 0) / 2)] as const),
    {
      during: async (folder, hurt) => {
        await killAfter('collected police-register', folder, hurt, 'work');
        await killAfter('collected health-records', folder, hurt, 'warehouse');
      },
      after: async (folder, hurt, content) => {
        const lost = find(folder, hurt.pid, 'warehouse');
        expect(await kill(folder, hurt, 'warehouse', { anyTime: true })).toBe(true);
        loseWarehouse(folder);
        rebuilt = await content();
        expect(find(folder, hurt.pid, 'warehouse')).not.toBe(lost);
      },
    },
  );
  expect(run.killed).toEqual(['work.ts', expect.any(String), 'work.ts']);
  expect(run.content).toBe(calm.content);
  expect(rebuilt).toBe(calm.content);
});
