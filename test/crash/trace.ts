/**
 * `npm run crash:trace`: a first run under strace. For every object that lands: its bytes are written, forced to the disk, named, the name
 * is forced to the disk, and only then the database hears of it and commits, and its own log is forced to the disk. A kill keeps the page
 * cache and so proves none of this. Ends with 1 when a step is missing or out of order, with 2 where there is no strace.
 */
import '../../scripts/usage.ts';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildWeb } from '../../bin/web.ts';
import { clear } from './installation.ts';
import { type ObjectSteps, objectSteps } from './object-steps.ts';
import { standsFor, systemCalls } from './system-calls.ts';

const patienceMs = 300_000;
const root = fileURLToPath(new URL('../..', import.meta.url));
// Statements with values leave by writev: without it nobody sees the database hear of an object.
const watched = 'openat,write,writev,pwrite64,fsync,fdatasync,rename,renameat,renameat2';

const version = spawnSync('strace', ['-V'], { encoding: 'utf8' });
if (version.status !== 0) {
  console.error('strace is absent: install it (Linux only) and try again; nothing was proved');
  process.exit(2);
}
await buildWeb(() => undefined);
const place = mkdtempSync(join(tmpdir(), 'chengshu-trace-'));
const folder = join(place, 'data');
const file = join(place, 'trace');
const began = performance.now();
const traced = spawn(
  'strace',
  [
    ...['-f', '-yy', '-qq', '--seccomp-bpf', '-s', '1500', '-e', `trace=${watched}`, '-e', 'signal=none', '-o', file],
    ...[process.execPath, 'bin/chengshu.ts', 'up', '--data', folder, '--port', '0', '--scale', '0.02', '--seed', '7'],
  ],
  { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
);
const gone = once(traced, 'exit');
let text = '';
for (const stream of [traced.stdout, traced.stderr])
  stream.on('data', (d: Buffer) => {
    text += d.toString();
  });
while (!text.includes('Ctrl-C') && traced.exitCode === null && performance.now() - began < patienceMs) await wait(50);
const isUp = text.includes('Ctrl-C');
// strace keeps signals to itself: its child is the installation.
const child = Number(readFileSync(`/proc/${traced.pid}/task/${traced.pid}/children`, { encoding: 'utf8' }).split(' ')[0]);
if (child > 0) process.kill(child, 'SIGINT');
await gone;

const found = isUp ? objectSteps(systemCalls(readFileSync(file, 'utf8'))) : [];
await clear(folder);
rmSync(place, { recursive: true, force: true });
if (!isUp) {
  console.error(`the installation did not come up under strace:\n${text}`);
  process.exit(1);
}
const landed = found.find((o) => o.steps.some((s) => s.call?.given.includes('insert into collect.batch')));
if (landed) console.log(`${excerpt(landed)}\n`);
for (const o of found) console.log(`object ${o.digest.slice(0, 12)}…: ${o.fault ?? 'in order'}`);
const wrong = found.filter((o) => o.fault !== undefined);
for (const o of wrong) console.error(`\n${excerpt(o)}`);
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(
  `\n${found.length} objects in ${seconds} s; ${wrong.length === 0 ? 'each was written, forced to the disk and named before the database committed it' : `${wrong.length} out of order`}`,
);
process.exit(wrong.length === 0 && landed ? 0 : 1);

/** The calls of one object with their lines in the trace, without the data that they carried. */
function excerpt({ digest, steps, fault }: ObjectSteps): string {
  const lines = steps.map(({ what, call }) => {
    if (!call) return `         -  ${what}: MISSING`;
    const on = call.name.startsWith('rename')
      ? `objects/staging/… → objects/${digest.slice(0, 2)}/${digest.slice(0, 8)}…`
      : standsFor(call);
    const statement = /(insert into [\w.]+|commit)/.exec(call.name.startsWith('write') ? call.given : '')?.[1];
    const short = on.replace(`${folder}/`, '').replace(/^.*(?=\/postgres\/|pg_wal\/)/, '');
    return `${String(call.began + 1).padStart(10)}  ${call.name.padEnd(9)} ${short}${statement ? ` "${statement}"` : ''}   ${what}`;
  });
  return [`object ${digest}${fault ? ` (${fault})` : ''}`, '      line  call', ...lines].join('\n');
}
