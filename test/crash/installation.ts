/** An installation as the crash tests see it: started as a person starts it, its processes found and killed, its content read when it is down. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#kernel/clock';
import { readConfig } from '#kernel/config';
import { removePostgres, startPostgres } from '#kernel/db/embedded';
import { postgresFolders } from '#kernel/db/postgres-home';
import { prepareRoles } from '#kernel/db/roles';
import { type OpenKernel, openKernel, type Site } from '#kernel/open';
import { installationKey } from '#kernel/secrets';
import { identifier } from '#kernel/sql/quote';
import { contentDigest } from '#library';
import { createStages } from '../../bin/stages.ts';
import { startStack } from '../../bin/up.ts';
import { servingTable } from '../../src/share/serving.ts';

/** The processes of an installation, in the order in which they start. */
export const victims = ['up', 'postgres', 'warehouse', 'serve', 'work'] as const;
export type Victim = (typeof victims)[number];

export interface Started {
  readonly pid: number;
  /** Seconds from the start to the word that it is up; undefined when it ended before. */
  readonly up: Promise<number | undefined>;
  /** Everything it printed. */
  text(): string;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const patienceMs = 240_000;

/** Starts `chengshu up` on a folder; `environment` is added to this process's own. */
export function start(folder: string, scale: number, environment: Readonly<Record<string, string>> = {}): Started {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    ['bin/chengshu.ts', 'up', '--data', folder, '--port', '0', '--scale', String(scale), '--seed', '7'],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, CHENGSHU_SCHEDULE: 'off', ...environment } },
  );
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (d: Buffer) => {
      text += d.toString();
    });
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const upIn = async (): Promise<number | undefined> => {
    for (; !text.includes('Ctrl-C'); await wait(25)) {
      if (isOver()) return undefined;
      if (performance.now() - began > patienceMs) throw new Error(`not up after ${patienceMs / 1000} s:\n${text}`);
    }
    return (performance.now() - began) / 1000;
  };
  return {
    pid: child.pid ?? 0,
    up: upIn(),
    text: () => text,
    stop: async () => {
      child.kill('SIGINT');
      await gone;
    },
  };
}

/** Kills a process with SIGKILL as soon as it is there; false when the installation was up before that, unless that does not matter. */
export async function kill(
  folder: string,
  started: Started,
  victim: Victim,
  options: { anyTime: boolean } = { anyTime: false },
): Promise<boolean> {
  let over = false;
  if (!options.anyTime)
    void started.up.then(
      () => {
        over = true;
      },
      () => {
        over = true;
      },
    );
  // A promise that is settled already is heard at the next turn.
  for (await wait(0); !over; await wait(20)) {
    const pid = victim === 'up' ? started.pid : find(folder, started.pid, victim);
    if (!pid) continue;
    process.kill(pid, 'SIGKILL');
    return true;
  }
  return false;
}

/** Process number of one part of a running installation, found by its parent or by the data folder in its command line. */
export function find(folder: string, parent: number, victim: Exclude<Victim, 'up'>): number | undefined {
  if (victim === 'postgres') return postmasterOf(folder);
  const file = { serve: '/bin/serve.ts', work: '/bin/work.ts', warehouse: '/warehouse/server.ts' }[victim];
  return processes().find((p) => p.parent === parent && p.command.includes(file))?.pid;
}

/** The cluster says in its own folder who serves it; that folder may live elsewhere, under a name made from the data folder. */
function postmasterOf(folder: string): number | undefined {
  for (const home of postgresFolders(join(folder, 'postgres'))) {
    const pid = processes().find((p) => p.command.includes(`${home}/data`) && p.command.includes('bin/postgres'))?.pid;
    if (pid) return pid;
  }
  return undefined;
}

function processes(): { pid: number; parent: number; command: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return [
        {
          pid: Number(name),
          parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]),
          command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '),
        },
      ];
    } catch (error) {
      if (['ENOENT', 'ESRCH'].includes(String((error as NodeJS.ErrnoException).code))) return [];
      throw error;
    }
  });
}

/**
 * What an installation holds, without ids, instants and actors: every governed table, finding, library and claim, the receipts of the
 * ledger, what is served, the state of every entry and request. Waits until nothing is left to do. An installation that is down is started
 * for it (its setup is not), one that runs is read beside its own processes.
 */
export async function contentOf(folder: string, running?: Started): Promise<string> {
  const config = readConfig({ '--data': folder, '--port': '0' }, { CHENGSHU_SCHEDULE: 'off' });
  if (running) {
    const key = installationKey(`${folder}.key`);
    const urls = await prepareRoles((await startPostgres({ folder: `${folder}/postgres` })).url, key);
    return settled({ folder, urls, key, node: config.node });
  }
  const stack = await startStack(config, () => undefined);
  try {
    return await settled(stack.site);
  } finally {
    await stack.stop();
  }
}

async function settled(site: Site): Promise<string> {
  const kernel = openKernel(site, createStages(), { name: 'content', clock: systemClock });
  try {
    for (let quiet = 0, began = Date.now(); quiet < 4; await wait(250)) {
      const jobs = await kernel.db.rows(
        'select task_identifier, attempts, locked_by, locked_at, last_error, run_at from graphile_worker.jobs',
      );
      const busy = jobs.length > 0 || (await kernel.jobs.busy(kernel.db)) > 0 || (await kernel.warehouse.health()).fresh;
      quiet = busy ? 0 : quiet + 1;
      if (Date.now() - began > patienceMs) throw new Error(`still busy after ${patienceMs / 1000} s: ${JSON.stringify(jobs)}`);
    }
    return await toldBy(kernel);
  } finally {
    await kernel.close();
  }
}

async function toldBy(kernel: OpenKernel): Promise<string> {
  const { db } = kernel;
  const batches = await db.rows('select source, ordinal, rows_in, rows_refused, receipt from collect.batch order by source, ordinal');
  const results = await db.rows(
    'select table_id, ordinal, rows_governed, rows_quarantined, rows_warned, rows_current from govern.result order by table_id, ordinal',
  );
  const published = await db.rows<{ service: string; version: number; rows: number }>(
    'select service, version, rows from share.published order by service, version',
  );
  const served: unknown[] = [];
  for (const p of published) {
    const from = `serving.${identifier('postgres', servingTable(p.service, p.version))}`;
    served.push({
      ...p,
      ...(await db.first<object>(`select count(*) as held, md5(string_agg(_key || _digest, ',' order by _key)) as sum from ${from}`)),
    });
  }
  const reviews = await db.rows(
    `select case when about like 'request:%' then 'a request' else about end as about, state from kernel.review order by 1, 2`,
  );
  const requests = await db.rows('select service, consumer, provider from share.request order by 1, 2, 3');
  const grants = await db.rows('select service, consumer, count(*) from share.grant_state group by 1, 2 order by 1, 2');
  const users = await db.rows('select id from kernel.account order by id');
  const tables = await contentDigest(kernel);
  return JSON.stringify({ tables, batches, results, served, reviews, requests, grants, users }, undefined, 1);
}

/** Removes the files of the warehouse. */
export function loseWarehouse(folder: string): void {
  for (const ending of ['', '.wal']) rmSync(join(folder, `warehouse.duckdb${ending}`), { force: true });
}

/** Removes an installation. */
export async function clear(folder: string): Promise<void> {
  await removePostgres(join(folder, 'postgres'));
  rmSync(folder, { recursive: true, force: true });
  rmSync(`${folder}.key`, { force: true });
}

/** The first lines in which two contents differ. */
export function firstDifference(wanted: string, got: string): string {
  const [w, g] = [wanted.split('\n'), got.split('\n')];
  const at = w.findIndex((line, i) => line !== g[i]);
  const around = (lines: readonly string[]): string => lines.slice(Math.max(0, at - 3), at + 4).join('\n');
  return `wanted\n${around(w)}\ngot\n${around(g)}`;
}
