/**
 * `npm run crash`: kills a process in the middle of a first run, starts again, and compares what came of it with an undisturbed run:
 * keys, values and provenance, never ids, instants or actors. `--times N` kills each process N times at random instants.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { contentDigest } from '#library';
import { systemClock } from '#kernel/clock';
import { readConfig } from '#kernel/config';
import { removePostgres } from '#kernel/db/embedded';
import { openKernel } from '#kernel/open';
import { startStack } from '../../bin/up.ts';
import { createStages } from '../../bin/stages.ts';

const { values } = parseArgs({ options: { times: { type: 'string', default: '2' }, scale: { type: 'string', default: '0.05' }, seed: { type: 'string', default: String(Date.now() % 100000) } } });
const root = fileURLToPath(new URL('../..', import.meta.url));
let random = Number(values.seed);
const next = (): number => (random = (random * 1103515245 + 12345) % 2147483648) / 2147483648;

type Victim = 'up' | 'serve' | 'work' | 'warehouse' | 'postgres';

/** Process numbers of one installation, found by the data folder in the command line or the parent. */
function victims(folder: string, parent: number): Record<Victim, number | undefined> {
  const all = readdirProcesses();
  const child = (name: string) => all.find((p) => p.parent === parent && p.command.includes(name))?.pid;
  return { up: parent, serve: child('/serve.ts'), work: child('/work.ts'), warehouse: child('warehouse/server.ts'), postgres: all.find((p) => p.command.includes(`${folder}/postgres`) && p.command.includes('bin/postgres'))?.pid };
}

function readdirProcesses(): { pid: number; parent: number; command: string }[] {
  const found: { pid: number; parent: number; command: string }[] = [];
  for (let pid = 2; pid < 4_194_304; pid++) {
    if (pid > maxPid()) break;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      found.push({ pid, parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && (error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  return found;
}

const maxPid = (): number => Number(readFileSync('/proc/loadavg', 'utf8').trim().split(' ').at(-1)) + 1000;

/** Starts `up`; resolves when it printed its accounts or ended. */
async function up(folder: string, during?: (pid: number) => Promise<void>): Promise<{ seconds: number; ended: boolean }> {
  const began = performance.now();
  const child = spawn(process.execPath, ['bin/chengshu.ts', 'up', '--data', folder, '--port', '0', '--scale', values.scale, '--seed', '7'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.on('data', (d: Buffer) => { text += d.toString(); });
  child.stderr.on('data', (d: Buffer) => { text += d.toString(); });
  const gone = new Promise<'gone'>((done) => child.once('exit', () => done('gone')));
  const disturbed = during?.(child.pid ?? 0);
  for (;;) {
    if (text.includes('Ctrl-C')) break;
    if ((await Promise.race([gone, wait(50)])) === 'gone') { await disturbed; return { seconds: (performance.now() - began) / 1000, ended: true }; }
    if (performance.now() - began > 240_000) throw new Error(`not up after 240 s:\n${text}`);
  }
  const seconds = (performance.now() - began) / 1000;
  await disturbed;
  child.kill('SIGINT');
  await gone;
  return { seconds, ended: false };
}

/** The content of an installation that is down: starts its stores, reads, stops. */
async function digestOf(folder: string): Promise<string> {
  const stack = await startStack(readConfig({ '--data': folder, '--port': '0' }, {}), () => undefined);
  try {
    const kernel = openKernel(stack.site, createStages(), { name: 'digest', clock: systemClock });
    for (let quiet = 0; quiet < 5; quiet = (await kernel.jobs.busy(kernel.db)) === 0 ? quiet + 1 : 0) await wait(300);
    const digest = await contentDigest(kernel);
    const receipts = await kernel.db.rows<{ source: string; ordinal: number; receipt: unknown }>('select source, ordinal, receipt from collect.batch order by source, ordinal');
    await kernel.close();
    return JSON.stringify({ digest, receipts });
  } finally {
    await stack.stop();
  }
}

const place = mkdtempSync(join(tmpdir(), 'chengshu-crash-'));
const clear = async (folder: string) => {
  await removePostgres(join(folder, 'postgres'));
  rmSync(folder, { recursive: true, force: true });
  rmSync(`${folder}.key`, { force: true });
};
const calm = join(place, 'calm');
const first = await up(calm);
const wanted = await digestOf(calm);
await clear(calm);
console.log(`undisturbed: up in ${first.seconds.toFixed(1)} s\n\n| killed | after s | started again | recovered in s | content |\n| --- | ---: | --- | ---: | --- |`);
let wrong = 0;
for (let round = 0; round < Number(values.times); round++)
  for (const victim of ['up', 'serve', 'work', 'warehouse', 'postgres'] as const) {
    const folder = join(place, `${victim}-${round}`);
    const after = 0.5 + next() * (first.seconds - 0.5);
    const began = performance.now();
    const run = await up(folder, async (pid) => {
      await wait(after * 1000);
      for (let tries = 0; tries < 100; tries++) {
        const target = victims(folder, pid)[victim];
        if (target) { process.kill(target, 'SIGKILL'); return; }
        await wait(100);
      }
    });
    const again = run.ended ? await up(folder) : undefined;
    const got = await digestOf(folder);
    const same = got === wanted;
    if (!same) wrong += 1;
    console.log(`| ${victim} | ${after.toFixed(1)} | ${run.ended ? 'by hand' : 'by its parent'} | ${(again?.seconds ?? (performance.now() - began) / 1000 - after).toFixed(1)} | ${same ? 'the same' : 'DIFFERENT'} |`);
    if (!same) console.error(`wanted ${wanted.slice(0, 1500)}\ngot    ${got.slice(0, 1500)}`);
    await clear(folder);
  }
rmSync(place, { recursive: true, force: true });
console.log(`\n${wrong === 0 ? 'every one ended in the content of the undisturbed run' : `${wrong} differ`}`);
process.exit(wrong === 0 ? 0 : 1);
