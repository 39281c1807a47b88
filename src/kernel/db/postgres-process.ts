/** The server process of a PostgreSQL data folder: found by its pid file, launched, stopped. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { zone } from '../clock.ts';
import { isAlive } from '../process.ts';
import type { PostgresHome } from './postgres-home.ts';

/** A postmaster that runs now. */
export interface Postmaster {
  readonly pid: number;
  /** Undefined for the moment in which it has not written its port down. */
  readonly port: number | undefined;
}

export interface Launched {
  readonly pid: number;
  living(): boolean;
  /** The last words of a server that ended, from its log. */
  lastWords(): string;
}

/** Longest path that PostgreSQL takes for a socket, bytes (UNIXSOCK_PATH_BUFLEN - 1 on Linux). */
const socketPathLimit = 107;

/** The environment of PostgreSQL's programs: what ours holds (PGOPTIONS, secrets) is not theirs. Windows starts nothing without SystemRoot. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH = '', SystemRoot } = process.env;
  return { PATH, LC_ALL: 'C', TZ: zone, ...(SystemRoot && { SystemRoot }) };
}

/** Folder for the unix socket; undefined where there can be none: Windows, too long a path, a path that the setting cannot say. */
export function socketFolder(home: PostgresHome): string | undefined {
  const fits = Buffer.byteLength(join(home.folder, '.s.PGSQL.65535')) <= socketPathLimit && !/[,"]/.test(home.folder);
  return process.platform !== 'win32' && fits ? home.folder : undefined;
}

/** The postmaster of a data folder, if it runs. */
export function postmaster(data: string): Postmaster | undefined {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const [pid, , , port] = readFileSync(file, 'utf8').split('\n');
  if (!Number(pid) || !isAlive(Number(pid)) || isSomethingElse(Number(pid), data)) return undefined;
  return { pid: Number(pid), port: Number(port) || undefined };
}

/** A process number can come round again, in a container after every restart: on Linux the command line tells. */
function isSomethingElse(pid: number, data: string): boolean {
  const commandLine = `/proc/${pid}/cmdline`;
  return existsSync(commandLine) && !readFileSync(commandLine, 'utf8').split('\0').includes(data);
}

/** Starts a server; it outlives this process, and the next start adopts it. */
export function launch(home: PostgresHome, data: string, port: number, durable: boolean, logFile: string): Launched {
  clearStale(home, data);
  const output = openSync(logFile, 'a', 0o600);
  const logStart = statSync(logFile).size;
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socketFolder(home) ?? '',
    unix_socket_permissions: '0700',
    ssl: 'off',
    timezone: zone,
    log_timezone: zone,
    max_connections: '100',
    shared_buffers: '256MB',
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    max_wal_size: '2GB',
    checkpoint_timeout: '10min',
    log_min_messages: 'warning',
    log_statement: 'none',
    log_min_error_statement: 'panic',
    jit: 'off',
    // Tests play departments' servers on it, some of which prepare transactions.
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_prepared_transactions: '20' }),
  };
  const child = spawn(
    join(home.native, 'bin', 'postgres'),
    ['-D', data, '-p', String(port), ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
    {
      ...home.owner,
      cwd: home.folder,
      detached: true,
      stdio: ['ignore', output, output],
      env: serverEnvironment(),
    },
  );
  let failure: Error | undefined;
  child.on('error', (error) => {
    failure = error;
  });
  child.unref();
  closeSync(output);
  return {
    pid: child.pid ?? 0,
    living: () => !failure && child.exitCode === null && child.signalCode === null,
    lastWords: () => failure?.message ?? wordsSince(logFile, logStart),
  };
}

/** Stops a server: open work is rolled back, everything committed is on disk; at once and with recovery at the next start when that takes over 10 s. */
export async function shutDown(home: PostgresHome, data: string, pid: number): Promise<void> {
  // Windows has no signals; the server listens to pg_ctl's.
  if (process.platform === 'win32') spawnSync(join(home.native, 'bin', 'pg_ctl'), ['stop', '-m', 'fast', '-D', data]);
  else signal(pid, 'SIGINT');
  await goneWithin(pid, 10_000, 'SIGQUIT');
}

/** Stops a server whose data nobody wants any more. */
export async function discard(pid: number): Promise<void> {
  signal(pid, 'SIGQUIT');
  await goneWithin(pid, 5000, 'SIGKILL');
}

async function goneWithin(pid: number, ms: number, then: NodeJS.Signals): Promise<void> {
  for (const began = performance.now(); isAlive(pid); await wait(20)) {
    if (performance.now() - began < ms) continue;
    signal(pid, then);
    await wait(500);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Removes lock files whose number now belongs to another program: PostgreSQL would take it for a server and refuse to start.
 * Orphans that still hold the shared memory are found by PostgreSQL itself, with or without the file.
 */
function clearStale(home: PostgresHome, data: string): void {
  const left = [
    join(data, 'postmaster.pid'),
    ...readdirSync(home.folder)
      .filter((n) => n.startsWith('.s.PGSQL.') && n.endsWith('.lock'))
      .map((n) => join(home.folder, n)),
  ];
  for (const file of left) {
    if (!existsSync(file)) continue;
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
    if (!pid || !isAlive(pid) || isSomethingElse(pid, data)) rmSync(file, { force: true });
  }
}

function wordsSince(logFile: string, start: number): string {
  const lines = readFileSync(logFile).subarray(start).toString('utf8').trim().split('\n');
  // Who knocks too early is turned away with a FATAL of its own, which is not why the server ended.
  const why = lines.findLast((l) => /FATAL|PANIC/.test(l) && !/the database system is /.test(l));
  return (why ?? lines.at(-1) ?? '').slice(-400);
}
