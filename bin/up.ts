/** `chengshu up`: one parent that starts PostgreSQL, the warehouse, the worker and the server, keeps them alive, and stops them in order. */
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { systemClock } from '#kernel/clock';
import type { Config } from '#kernel/config';
import { type RunningPostgres, startPostgres } from '#kernel/db/embedded';
import { prepareRoles, type RoleUrls } from '#kernel/db/roles';
import { keepProcessBook } from '#kernel/engine/process-book';
import { migrateSite, openKernel, type Site } from '#kernel/open';
import { installationKey } from '#kernel/secrets';
import { startWarehouse, type WarehouseProcess } from '#kernel/warehouse/index';
import { type Child, keep, type Order } from './child.ts';
import { createCityIn, printAccounts } from './city/create.ts';
import { install, isCityMade, noteCityMade } from './city/install.ts';
import { whileAway } from './patience.ts';
import { reset } from './reset.ts';
import { elapsed, say } from './say.ts';
import { takeSite } from './site.ts';
import { createStages } from './stages.ts';
import { buildWeb } from './web.ts';

/** Everything of an installation that runs. */
export interface Stack {
  readonly site: Site;
  readonly address: string;
  /** URL of the administrator of the database server, for making the city's own source database. */
  readonly adminUrl: string;
  stop(): Promise<void>;
}

/** Starts the stack; what was killed is adopted or repaired. `tell` hears each step. */
export async function startStack(config: Config, tell: (zh: string, en: string) => void): Promise<Stack> {
  const folder = resolve(config.data);
  const lock = takeSite(folder);
  const closers: (() => Promise<void>)[] = [async () => lock.release()];
  const stop = async () => {
    for (const close of closers.reverse()) await close().catch((error: unknown) => console.error('stop', error));
  };
  const book = keepProcessBook(folder, systemClock.now);
  book.started('up', process.pid);
  try {
    const key = installationKey(`${folder}.key`);
    const web = buildWeb(tell);
    // Awaited below; until then its failure must not end the process with the database left behind.
    web.catch(() => undefined);
    let stopping = false;
    let postgres: RunningPostgres | undefined;
    if (!config.databaseUrl) {
      const log = (line: { zh: string; en: string }) => tell(line.zh, line.en);
      postgres = await startPostgres({ folder: `${folder}/postgres`, log });
      tell(
        postgres.adopted ? '接管了仍在运行的数据库' : '数据库已启动',
        postgres.adopted ? 'adopted the PostgreSQL that was still running' : 'PostgreSQL is up',
      );
      const port = Number(new URL(postgres.url).port);
      book.started('postgres', postgres.pid, postgres.adopted);
      const watch = (running: RunningPostgres): void => {
        void running.exited.then(async () => {
          if (stopping) return;
          tell('数据库停了，重新启动', 'PostgreSQL stopped; starting it again');
          book.ended('postgres');
          postgres = await again(() => startPostgres({ folder: `${folder}/postgres`, port, log }), tell);
          book.started('postgres', postgres.pid, postgres.adopted);
          watch(postgres);
        });
      };
      watch(postgres);
      closers.push(async () => {
        stopping = true;
        await postgres?.stop();
      });
    }
    const adminUrl = config.databaseUrl || (postgres?.url ?? '');
    // Our own server is started again when it dies under this; one that was given is as it is said to be.
    const patient: typeof whileAway = config.databaseUrl ? (work) => work() : whileAway;
    const urls: RoleUrls = await patient(() => prepareRoles(adminUrl, key, postgres?.socket));
    const site: Site = { folder, urls, key, node: config.node };
    const applied = await patient(() => migrateSite(site, createStages()));
    if (applied.length > 0) tell(`数据库迁移 ${applied.length} 步`, `${applied.length} migrations applied`);

    let warehouse: WarehouseProcess = await startWarehouse(folder, { memory: config.warehouseMemory });
    book.started('warehouse', warehouse.pid);
    const guard = (running: WarehouseProcess): void => {
      void running.exited.then(async () => {
        if (stopping) return;
        tell('数据仓库进程停了，重新启动', 'the warehouse stopped; starting it again');
        book.ended('warehouse');
        warehouse = await again(() => startWarehouse(folder, { memory: config.warehouseMemory }), tell);
        book.started('warehouse', warehouse.pid);
        guard(warehouse);
      });
    };
    guard(warehouse);
    closers.push(async () => {
      stopping = true;
      await warehouse.stop();
    });

    await web;
    const port = await freePort(config.port);
    const order: Order = { folder, urls, key: key.toString('base64'), node: config.node, port, schedule: config.schedule === 'on' };
    const children: Child[] = (['serve', 'work'] as const).map((name) =>
      keep(name, order, (what) => tell(`进程停了，重新启动：${what}`, `a process stopped and is started again: ${what}`), book),
    );
    closers.push(async () => {
      await Promise.all(children.map((c) => c.stop()));
    });
    await Promise.all(children.map((c) => c.ready));
    const address = `http://127.0.0.1:${port}`;
    lock.announce(address);
    return { site, address, adminUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs until Ctrl-C. */
export async function up(config: Config, options: { reset: boolean }): Promise<number> {
  const folder = resolve(config.data);
  if (options.reset) {
    await reset(config, folder);
    say('已清除原有数据', 'everything it made before is cleared');
  }
  const interrupted = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => done());
  });
  const stack = await startStack(config, say);
  let failed: unknown;
  try {
    const kernel = openKernel(stack.site, createStages(), { name: 'up', clock: systemClock, connections: 2 });
    const first = await whileAway(() => install(kernel, stack.site.key));
    // Once: what people change afterwards (roles, passwords, documents) is theirs, and no start depends on it.
    const made = (await whileAway(() => isCityMade(kernel)))
      ? Promise.resolve()
      : createCityIn(stack, config).then(() => noteCityMade(kernel));
    await Promise.race([made, interrupted]);
    made.catch(() => undefined);
    await kernel.close();
    say(first ? '首次启动完成' : '启动完成', `${first ? 'first start' : 'start'} finished in ${elapsed().toFixed(1)} s`);
    console.log(`\n  城枢 Chengshu   ${stack.address}\n`);
    printAccounts(stack.site.key);
    console.log('\n  Ctrl-C 停止 · Ctrl-C stops\n');
    await interrupted;
  } catch (error) {
    failed = error;
  }
  say('正在停止', 'stopping');
  await stack.stop();
  if (failed) throw failed;
  say('已停止', 'stopped');
  return 0;
}

/** Does something until it succeeds, a second apart; each failure is said. */
async function again<T>(work: () => Promise<T>, tell: (zh: string, en: string) => void): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      tell(`没有启动成功，一秒后再试：${reason}`, `it did not start and is tried again: ${reason}`);
      await new Promise((r) => setTimeout(r, 1000));
    }
  }
}

/** The wanted port, or the next free one. */
async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + 50; port++) {
    const got = await new Promise<number | undefined>((done) => {
      const server = createServer();
      server.once('error', () => done(undefined));
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => done(typeof address === 'object' ? address?.port : undefined));
      });
    });
    if (got !== undefined) return got;
  }
  throw new Error(`no free port from ${wanted} on`);
}
