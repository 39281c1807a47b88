/** The embedded PostgreSQL: a real server from the npm binaries, started in the data folder, adopted when it still runs, repaired after a kill. */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { zone } from '../clock.ts';
import { defineErrors, Refusal } from '../errors.ts';
import { postgresFolders, postgresHome, type PostgresHome } from './postgres-home.ts';

defineErrors({
  POSTGRES_OTHER_VERSION: {
    status: 503,
    zh: '数据目录由 PostgreSQL {found} 建立，本版本带的是 {ours}',
    en: 'The data folder was made by PostgreSQL {found}; this version brings {ours}',
    hint: { zh: '请用原来的版本启动并导出，或用 DATABASE_URL 连接该版本的数据库。', en: 'Start the version that made it, or reach a server of that version with DATABASE_URL.' },
  },
  POSTGRES_NOT_STARTED: {
    status: 503,
    zh: '内置 PostgreSQL 没有启动：{reason}',
    en: 'The embedded PostgreSQL did not start: {reason}',
    hint: { zh: '日志在 {log}。', en: 'Its log is {log}.' },
  },
});

export interface RunningPostgres {
  /** URL of the administrator. */
  readonly url: string;
  /** Where it really lives. */
  readonly folder: string;
  /** True when it was running already. */
  readonly adopted: boolean;
  readonly pid: number;
  alive(): boolean;
  /** Resolves when it is gone, however it went. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  readonly folder: string;
  /** The port to use; a free one when absent. */
  readonly port?: number;
  /** False only for tests: commits are not forced to the disk. */
  readonly durable?: boolean;
  readonly log?: (line: { zh: string; en: string }) => void;
}

const admin = 'chengshu';
const database = 'chengshu';

/** Starts or adopts the server of a folder. @throws Refusal POSTGRES_OTHER_VERSION, POSTGRES_NOT_STARTED, POSTGRES_NOT_FOR_PLATFORM */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const home = postgresHome(options.folder);
  if (home.folder !== options.folder) options.log?.({ zh: `数据库放在 ${home.folder}（它的运行用户进不了数据目录）`, en: `PostgreSQL lives in ${home.folder} (its user cannot enter the data folder)` });
  const data = join(home.folder, 'data');
  const password = passwordOf(home.folder);
  if (!existsSync(data)) initialise(home, data, password);
  demandVersion(home, data);

  const running = postmaster(data);
  if (running) {
    const url = urlOf(running.port, password);
    await answers(url, data, () => true, join(home.folder, 'postgres.log'));
    return handle(home, data, url, running.pid, true);
  }
  const port = options.port ?? (await freePort());
  const url = urlOf(port, password);
  const logFile = join(home.folder, 'postgres.log');
  for (let tries = 0; ; tries++) {
    const child = launch(home, data, port, options.durable !== false, logFile);
    try {
      await answers(url, data, () => child.exitCode === null && child.signalCode === null, logFile);
      await makeDatabase(url);
      return handle(home, data, url, child.pid ?? 0, false);
    } catch (error) {
      // After a kill -9 the old server's children hold its shared memory for a moment.
      if (tries >= 20 || (child.exitCode === null && child.signalCode === null)) throw error;
      await wait(250);
    }
  }
}

/** Stops the server of a folder if it runs, and removes what it made. */
export async function removePostgres(folder: string): Promise<void> {
  for (const place of postgresFolders(folder)) {
    const running = postmaster(join(place, 'data'));
    if (running) {
      process.kill(running.pid, 'SIGQUIT');
      while (isAlive(running.pid)) await wait(50);
    }
    rmSync(place, { recursive: true, force: true });
  }
}

const urlOf = (port: number, password: string): string => `postgres://${admin}:${password}@127.0.0.1:${port}/${database}`;

function passwordOf(folder: string): string {
  const file = join(folder, 'password');
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, randomBytes(24).toString('hex'), { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  }
  return readFileSync(file, 'utf8');
}

/** Made in a folder of its own and moved in whole, so that a kill in the middle leaves nothing half-made. */
function initialise(home: PostgresHome, data: string, password: string): void {
  const fresh = `${data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  const passwordFile = `${data}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (home.owner) for (const path of [fresh, passwordFile]) chownSync(path, home.owner.uid, home.owner.gid);
  const done = spawnSync(
    join(home.native, 'bin', 'initdb'),
    ['-D', fresh, '-U', admin, `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C.UTF-8', '--no-sync'],
    { ...home.owner, cwd: home.folder, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' } },
  );
  rmSync(passwordFile, { force: true });
  if (done.status !== 0) throw new Refusal('POSTGRES_NOT_STARTED', { reason: (done.stderr || String(done.error)).trim().slice(-400), log: fresh });
  renameSync(fresh, data);
}

function demandVersion(home: PostgresHome, data: string): void {
  const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  // `--version` is answered before the server looks who runs it.
  const version = /\) (\d+)/.exec(spawnSync(join(home.native, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' }).stdout)?.[1];
  if (version !== found) throw new Refusal('POSTGRES_OTHER_VERSION', { found, ours: version ?? '?' });
}

function launch(home: PostgresHome, data: string, port: number, durable: boolean, logFile: string) {
  const output = openSync(logFile, 'a', 0o600);
  const settings = {
    listen_addresses: '127.0.0.1', unix_socket_directories: '', timezone: zone, log_timezone: zone, max_connections: '100', shared_buffers: '256MB',
    work_mem: '16MB', maintenance_work_mem: '128MB', max_wal_size: '2GB', checkpoint_timeout: '10min', log_min_messages: 'warning', log_statement: 'none', jit: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const child = spawn(join(home.native, 'bin', 'postgres'), ['-D', data, '-p', String(port), ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])], {
    ...home.owner, cwd: home.folder, detached: true, stdio: ['ignore', output, output], env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: zone },
  });
  child.on('error', () => undefined);
  child.unref();
  closeSync(output);
  return child;
}

/** Waits until the server answers and proves to be the one of this folder: another may have had the port. */
async function answers(url: string, data: string, living: () => boolean, logFile: string): Promise<void> {
  for (const began = Date.now(); ; await wait(40)) {
    const client = new pg.Client({ connectionString: url.replace(/[^/]*$/, 'postgres'), connectionTimeoutMillis: 2000 });
    try {
      await client.connect();
      const where = await client.query<{ d: string }>(`select current_setting('data_directory') as d`);
      if (where.rows[0]?.d !== data) throw new Refusal('POSTGRES_NOT_STARTED', { reason: `another server answers on the port (${where.rows[0]?.d})`, log: logFile });
      return;
    } catch (error) {
      if (error instanceof Refusal) throw error;
      const reason = (error as Error).message;
      if (!living() || Date.now() - began > 60_000) throw new Refusal('POSTGRES_NOT_STARTED', { reason, log: logFile }, { cause: error });
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function makeDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url.replace(/[^/]*$/, 'postgres') });
  await client.connect();
  try {
    const known = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (known.rowCount === 0) await client.query(`create database ${database}`);
  } finally {
    await client.end();
  }
}

/** The postmaster of a data folder that runs now. */
function postmaster(data: string): { pid: number; port: number } | undefined {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const [pid, , , port] = readFileSync(file, 'utf8').split('\n');
  if (!pid || !port || !isAlive(Number(pid))) return undefined;
  // The number may have come round: on Linux the command line tells.
  const commandLine = `/proc/${Number(pid)}/cmdline`;
  if (existsSync(commandLine) && !readFileSync(commandLine, 'utf8').includes(data)) return undefined;
  return { pid: Number(pid), port: Number(port) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A killed child of ours that nobody has waited for yet is a zombie, not a server.
    const status = `/proc/${pid}/stat`;
    return !existsSync(status) || !/\) Z /.test(readFileSync(status, 'utf8'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function handle(home: PostgresHome, data: string, url: string, pid: number, adopted: boolean): RunningPostgres {
  const exited = (async () => {
    while (isAlive(pid)) await wait(200, undefined, { ref: false });
  })();
  return {
    url, folder: home.folder, adopted, pid, exited,
    alive: () => isAlive(pid),
    stop: async () => {
      const now = postmaster(data);
      if (!now) return;
      process.kill(now.pid, 'SIGINT');
      for (const began = Date.now(); isAlive(now.pid); await wait(20)) if (Date.now() - began > 10_000) process.kill(now.pid, 'SIGQUIT');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (typeof address !== 'object' || !address) throw new Error('no free port');
  return address.port;
}
