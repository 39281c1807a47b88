/** `npm run bench:first`: the first minute of a fresh clone: time and size of both installs, and the first and second start, step by step. */
import '../scripts/usage.ts';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installedPackages } from '../scripts/sizes.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'chengshu-first-'));
const clone = join(folder, 'clone');
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
// What npm tells its scripts would point the clone at this checkout's packages.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));

/** Runs the installer in the clone and prints what it took and left. */
function install(what: string, args: readonly string[]): void {
  const began = performance.now();
  execFileSync(process.execPath, ['scripts/ensure.mjs', ...args], { cwd: clone, env, stdio: 'inherit' });
  const seconds = (performance.now() - began) / 1000;
  const packages = installedPackages(clone);
  const total = packages.reduce((sum, p) => sum + p.bytes, 0);
  console.log(`\n${what}: ${seconds.toFixed(1)} s, ${megabytes(total)} in ${packages.length} packages; over 5 MB:`);
  for (const p of packages.filter((x) => x.bytes > 5e6)) console.log(`  ${megabytes(p.bytes).padStart(7)}  ${p.name}`);
}

/** Starts the platform, waits until people can sign in, stops it. Its own lines carry the time of each step. */
async function start(what: string): Promise<void> {
  console.log(`\n${what}`);
  const began = performance.now();
  const child = spawn(process.execPath, ['bin/chengshu.ts', 'up', '--port', '0', '--data', join(folder, 'data')], {
    cwd: clone,
    env: { ...env, PATH: `${join(clone, 'node_modules/.bin')}:${env.PATH}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const ended = new Promise<number | null>((done) => child.on('exit', done));
  await new Promise<void>((ready, failed) => {
    child.stdout.on('data', (d: Buffer) => {
      text += d.toString();
      if (text.includes('http://127.0.0.1:')) ready();
    });
    void ended.then((code) => failed(new Error(`it ended with ${code}:\n${text}`)));
  });
  const seconds = (performance.now() - began) / 1000;
  console.log(text.split('\n\n')[0]);
  console.log(`${what}: ${seconds.toFixed(1)} s until one can sign in`);
  child.kill('SIGINT');
  await ended;
}

try {
  execFileSync('git', ['clone', '-q', root, clone]);
  console.log(`load ${loadavg()[0]?.toFixed(1)}; what npm has in its cache is not fetched again`);
  install('install for npm start', ['start']);
  await start('first start');
  await start('second start');
  install('completed for npm test', []);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
