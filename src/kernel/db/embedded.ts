/** The embedded PostgreSQL: a real server from the npm binaries, started in the data folder, adopted when it still runs, started again after a kill. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { isRefusal, Refusal } from '../errors.ts';
import { isAlive } from '../process.ts';
import { orFull, saysFull } from '../stores.ts';
import { admin, prepareCluster } from './postgres-cluster.ts';
import { type PostgresHome, postgresFolders, postgresHome } from './postgres-home.ts';
import { discard, launch, postmaster, shutDown, socketFolder } from './postgres-process.ts';

export interface RunningPostgres {
  /** URL of the administrator. */
  readonly url: string;
  /** Folder of the unix socket (what libpq calls `host`); undefined where there is none. */
  readonly socket: string | undefined;
  /** Where it really lives. */
  readonly folder: string;
  /** True when it was running already. */
  readonly adopted: boolean;
  readonly pid: number;
  alive(): boolean;
  /** Resolves when it is gone, however it went. Watching does not keep this process alive. */
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

/** The database of the installation; made at the first start. */
const database = 'chengshu';

/** How long a start is tried again. After a kill -9 the old server's children hold its shared memory for a moment; a taken port seldom comes free, and room on a full disk is made by a person. */
const patienceMs = (lastWords: string): number => (saysFull(lastWords) ? 0 : /TCP\/IP sockets/.test(lastWords) ? 1500 : 10_000);

/**
 * Starts or adopts the server of a folder and makes sure that it is the one of this folder.
 * @throws Refusal POSTGRES_OTHER_VERSION, POSTGRES_NOT_STARTED, POSTGRES_NOT_FOR_PLATFORM, POSTGRES_FOLDER_CLOSED, DISK_FULL
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const home = postgresHome(options.folder);
  if (home.folder !== resolve(options.folder))
    options.log?.({
      zh: `数据库放在 ${home.folder}（它的运行用户进不了数据目录）`,
      en: `PostgreSQL lives in ${home.folder} (its user cannot enter the data folder)`,
    });
  const data = join(home.folder, 'data');
  const password = prepareCluster(home, data, options.durable !== false);
  for (const began = performance.now(); ; await wait(250)) {
    const server = await serverOf(home, data, options);
    const url = `postgres://${admin}:${password}@127.0.0.1:${server.port}/${database}`;
    try {
      await answers(url, data, server.living, options.log);
      await makeDatabase(url);
      return handle(home, data, url, server.pid, server.adopted);
    } catch (error) {
      if (!server.living() && performance.now() - began < patienceMs(server.lastWords())) continue;
      if (!server.adopted && server.living()) await shutDown(home, data, server.pid);
      const words = orFull(new Error(server.lastWords(), { cause: error }), 'database');
      if (isRefusal(words)) throw words;
      throw new Refusal(
        'POSTGRES_NOT_STARTED',
        { reason: server.lastWords() || (error as Error).message, log: join(home.folder, 'postgres.log') },
        { cause: error },
      );
    }
  }
}

/** Stops the server of a folder if it runs, and removes everything that was made for it. */
export async function removePostgres(folder: string): Promise<void> {
  for (const place of postgresFolders(folder)) {
    if (!existsSync(place)) continue;
    const running = postmaster(join(place, 'data'));
    if (running) await discard(running.pid);
    rmSync(place, { recursive: true, force: true });
  }
}

interface Server {
  readonly pid: number;
  readonly port: number;
  readonly adopted: boolean;
  living(): boolean;
  lastWords(): string;
}

/** The server that runs, else a launched one. */
async function serverOf(home: PostgresHome, data: string, options: PostgresOptions): Promise<Server> {
  for (let running = postmaster(data); running; running = postmaster(data)) {
    const { pid, port } = running;
    if (port) return { pid, port, adopted: true, living: () => isAlive(pid), lastWords: () => '' };
    await wait(20);
  }
  const port = options.port ?? (await freePort(lastPort(data)));
  return { ...launch(home, data, port, options.durable !== false, join(home.folder, 'postgres.log')), port, adopted: false };
}

/** Waits until the server answers and proves to be the one of this folder: another may have had the port. */
async function answers(url: string, data: string, living: () => boolean, log: PostgresOptions['log']): Promise<void> {
  let told = false;
  let refusals = 0;
  for (const began = performance.now(); ; await wait(40)) {
    const client = new pg.Client({ connectionString: url.replace(/[^/]*$/, 'postgres'), connectionTimeoutMillis: 2000 });
    // A connection lost between two steps shows again at the next step; without a listener it would end the process.
    client.on('error', () => undefined);
    try {
      await client.connect();
      const where = (await client.query<{ d: string }>(`select current_setting('data_directory') as d`)).rows[0]?.d;
      if (where !== data) throw new Refusal('POSTGRES_NOT_STARTED', { reason: `another server answers on the port: ${where}`, log: '' });
      return;
    } catch (error) {
      const code = String((error as { code?: unknown }).code);
      // 57P03: it recovers after a crash, which may take long and ends by itself.
      const recovering = code === '57P03' && living();
      if (recovering && !told && performance.now() - began > 2000) {
        told = true;
        log?.({ zh: '数据库正在从日志恢复', en: 'PostgreSQL is recovering from its log' });
      }
      // 28P01: a wrong password; another server on the port says so too, until ours has given the port up.
      if (code === '28P01') refusals += 1;
      if (isRefusal(error) || !living() || refusals > 25 || (!recovering && performance.now() - began > 60_000)) throw error;
    } finally {
      await client.end();
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

function handle(home: PostgresHome, data: string, url: string, pid: number, adopted: boolean): RunningPostgres {
  const exited = (async () => {
    while (isAlive(pid)) await wait(200, undefined, { ref: false });
  })();
  return {
    url,
    socket: socketFolder(home),
    folder: home.folder,
    adopted,
    pid,
    exited,
    alive: () => isAlive(pid),
    stop: async () => {
      const now = postmaster(data);
      if (now) await shutDown(home, data, now.pid);
    },
  };
}

/** The port it was last started with, which PostgreSQL keeps among its options; 0 before the first start. */
function lastPort(data: string): number {
  const kept = join(data, 'postmaster.opts');
  return existsSync(kept) ? Number(/"-p" "(\d+)"/.exec(readFileSync(kept, 'utf8'))?.[1] ?? 0) : 0;
}

/** The wanted port while nobody has it, or any free one: sources that read from this server (the demonstration's do) name its port. */
async function freePort(wanted: number): Promise<number> {
  const server = createServer();
  const listen = (port: number) => new Promise<void>((done, failed) => server.once('error', failed).listen(port, '127.0.0.1', done));
  await listen(wanted).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' || wanted === 0) throw error;
    return listen(0);
  });
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (typeof address !== 'object' || !address) throw new Error('no free port');
  return address.port;
}
