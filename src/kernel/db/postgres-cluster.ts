/** The data of the embedded PostgreSQL: made whole or not at all, with a password of its own, for one major version. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineErrors, Refusal } from '../errors.ts';
import { orFull, saysFull } from '../stores.ts';
import type { PostgresHome } from './postgres-home.ts';
import { serverEnvironment } from './postgres-process.ts';

defineErrors({
  POSTGRES_OTHER_VERSION: {
    status: 503,
    zh: '数据目录由 PostgreSQL {found} 建立，本版本带的是 {ours}',
    en: 'The data folder was made by PostgreSQL {found}; this version brings {ours}',
    hint: {
      zh: '请用原来的版本启动并导出，或用 DATABASE_URL 连接该版本的数据库。',
      en: 'Start the version that made it, or reach a server of that version with DATABASE_URL.',
    },
  },
  POSTGRES_NOT_STARTED: {
    status: 503,
    zh: '内置 PostgreSQL 没有启动：{reason}',
    en: 'The embedded PostgreSQL did not start: {reason}',
    hint: { zh: '日志在 {log}。', en: 'Its log is {log}.' },
  },
});

/** The administrator's name in the server. */
export const admin = 'chengshu';

/** Makes the data unless it is there, and returns the administrator's password. @throws Refusal POSTGRES_NOT_STARTED, POSTGRES_OTHER_VERSION */
export function prepareCluster(home: PostgresHome, data: string, durable: boolean): string {
  const password = passwordOf(home.folder);
  if (!existsSync(data)) initialise(home, data, password, durable);
  demandVersion(home, data);
  return password;
}

function passwordOf(folder: string): string {
  const file = join(folder, 'password');
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, randomBytes(24).toString('hex'), { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
    syncFolder(folder);
  }
  return readFileSync(file, 'utf8');
}

/** Made in a folder of its own and moved in whole, so that a kill or a power cut in the middle leaves nothing half-made. */
function initialise(home: PostgresHome, data: string, password: string, durable: boolean): void {
  const fresh = `${data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  const passwordFile = `${data}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (home.owner) for (const path of [fresh, passwordFile]) chownSync(path, home.owner.uid, home.owner.gid);
  const done = spawnSync(
    join(home.native, 'bin', 'initdb'),
    [
      ...['-D', fresh, '-U', admin, `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '-E', 'UTF8'],
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', process.platform === 'win32' ? '--locale=C' : '--locale=C.UTF-8'],
      ...(durable ? [] : ['--no-sync']),
    ],
    { ...home.owner, cwd: home.folder, encoding: 'utf8', env: serverEnvironment() },
  );
  rmSync(passwordFile, { force: true });
  if (done.status !== 0 && saysFull(done.stderr)) {
    rmSync(fresh, { recursive: true, force: true });
    throw orFull(new Error(done.stderr.trim().slice(-400)), 'database');
  }
  if (done.status !== 0)
    throw new Refusal('POSTGRES_NOT_STARTED', { reason: (done.stderr || String(done.error)).trim().slice(-400), log: fresh });
  renameSync(fresh, data);
  if (durable) syncFolder(home.folder);
}

function demandVersion(home: PostgresHome, data: string): void {
  const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  // `--version` is answered before the server looks who runs it.
  const said = spawnSync(join(home.native, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' });
  const ours = /\) (\d+)/.exec(said.stdout ?? '')?.[1];
  if (!ours)
    throw new Refusal('POSTGRES_NOT_STARTED', { reason: (said.stderr || String(said.error)).trim().slice(-400), log: home.native });
  if (ours !== found) throw new Refusal('POSTGRES_OTHER_VERSION', { found, ours });
}

/** Makes a name durable: a renamed file is the folder's business, not the file's. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
