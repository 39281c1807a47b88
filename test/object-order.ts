/**
 * Watches the system calls of a process that stores objects and demands the order that survives a power cut:
 * write, fsync of the file, fsync of the store's folder for a new shard, rename, fsync of the shard, and only then the word that it is stored.
 * Run as `node test/object-order.ts` on Linux with strace; SIGKILL keeps the page cache and so proves none of this.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = mkdtempSync(join(tmpdir(), 'chengshu-order-'));
const trace = join(folder, 'trace');
const run = spawnSync(
  'strace',
  [
    '-f',
    '-y',
    '-qq',
    '-e',
    'trace=write,pwrite64,fsync,rename,renameat,renameat2',
    '-o',
    trace,
    process.execPath,
    fileURLToPath(new URL('./object-writer.ts', import.meta.url)),
    join(folder, 'objects'),
  ],
  { encoding: 'utf8' },
);
const steps = run.status === 0 ? stepsOf(readFileSync(trace, 'utf8')) : [];
rmSync(folder, { recursive: true, force: true });
if (run.status !== 0) {
  console.error(`strace could not be run: ${run.error?.message ?? run.stderr}`);
  process.exit(2);
}
const once = ['write', 'fsync file', 'fsync store', 'rename', 'fsync shard', 'said'];
const wanted = [...once, ...once, ...once].join(', ');
const found = steps.join(', ');
console.log(found);
if (found !== wanted) {
  console.error(`expected: ${wanted}`);
  process.exit(1);
}

/** One word a step; writes that follow each other are one. A call that another thread interrupted counts where it ended. */
function stepsOf(text: string): string[] {
  const begun = new Map<string, string>();
  const said: string[] = [];
  for (const line of text.split('\n')) {
    const thread = line.split(' ')[0] ?? '';
    if (line.includes('<unfinished ...>')) {
      begun.set(thread, line);
      continue;
    }
    const step = stepOf(line.includes('resumed>') ? (begun.get(thread) ?? '') : line);
    if (step && !(step === 'write' && said.at(-1) === 'write')) said.push(step);
  }
  return said;
}

function stepOf(call: string): string | undefined {
  if (/write\(1<.*"stored /.test(call)) return 'said';
  if (/p?write(64)?\(\d+<[^>]*\/objects\/staging\//.test(call)) return 'write';
  if (/fsync\(\d+<[^>]*\/objects\/staging\//.test(call)) return 'fsync file';
  if (/fsync\(\d+<[^>]*\/objects>/.test(call)) return 'fsync store';
  if (/fsync\(\d+<[^>]*\/objects\/[0-9a-f]{2}>/.test(call)) return 'fsync shard';
  return /rename/.test(call) ? 'rename' : undefined;
}
