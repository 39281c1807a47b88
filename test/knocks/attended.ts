/** A platform over a PostgreSQL of its own that is started again whenever it is gone, as `up` does, with a server and a worker in processes of their own. */
import { setTimeout as wait } from 'node:timers/promises';
import { type RunningPostgres, removePostgres, startPostgres } from '#kernel/db/embedded';
import { isRefusal } from '#kernel/errors';
import { keep } from '../../bin/child.ts';
import { startServe } from '../authority/serve.ts';
import { openRiver, type River, service, table } from '../river.ts';
import { injected, mayMount, mountSmall, type SmallDisk } from './small-disk.ts';

export interface Reply {
  readonly status: number;
  readonly code: string;
  /** Seconds after which to come back. */
  readonly wait: string | null;
  readonly record: string | null;
  readonly run: string;
}

export interface Attended {
  /** What PostgreSQL's data is on. */
  readonly disk: SmallDisk;
  readonly river: River;
  /** The server that runs now, or ran last. */
  server(): RunningPostgres;
  /** Codes with which starts of it were refused. */
  readonly refusedStarts: ReadonlySet<string>;
  send(method: string, path: string, token: string, body?: string | object): Promise<Reply>;
  /** A consumer's call. */
  ask(): Promise<Reply>;
  deliver(content: string): Promise<Reply>;
  /** Asks until it is answered. */
  recovered(): Promise<void>;
  /** The state in which a run ends. */
  ended(run: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens it on a small disk where the tests may mount one. */
export async function openAttended(): Promise<Attended> {
  const disk = mayMount ? mountSmall(320) : injected();
  const folder = `${disk.folder}/postgres`;
  // Durable: a commit that was acknowledged is on the disk when the server is killed.
  let server = await startPostgres({ folder });
  // Only what is opened here belongs on it: other files may run in this process later.
  const shared = process.env['CHENGSHU_TEST_PG'];
  process.env['CHENGSHU_TEST_PG'] = server.url;
  const refusedStarts = new Set<string>();
  let over = false;
  void (async () => {
    for (;;) {
      await server.exited;
      if (over) return;
      try {
        server = await startPostgres({ folder, port: Number(new URL(server.url).port) });
      } catch (error) {
        if (!isRefusal(error)) throw error;
        refusedStarts.add(error.code);
        await wait(300);
      }
    }
  })();
  const river = await openRiver(new Date());
  const { k } = river;
  await k.drain();
  const row = await k.db.first<{ n: string }>(`select "identityNumber" as n from serving."${service.id}_v1" order by _key limit 1`);
  const serve = await startServe(k);
  const { app, log, audit } = k.urls;
  const order = {
    folder: k.folder,
    urls: { app, log, audit },
    key: Buffer.alloc(32, 7).toString('base64'),
    node: k.node,
    port: 0,
    schedule: false,
  };
  const work = keep('work', order, () => undefined);
  await work.ready;

  const send: Attended['send'] = async (method, path, token, body) => {
    const type = typeof body === 'string' ? 'application/octet-stream' : 'application/json';
    const reply = await fetch(`${serve.address}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const said = (await reply.json()) as { code?: string; run?: string };
    const [again, record] = [reply.headers.get('retry-after'), reply.headers.get('chengshu-record')];
    return { status: reply.status, code: said.code ?? '', wait: again, record, run: said.run ?? '' };
  };
  const ask = () => send('POST', `/api/gateway/${service.id}/query`, river.key.secret, { field: 'identityNumber', value: row?.n });
  return {
    disk,
    river,
    server: () => server,
    refusedStarts,
    send,
    ask,
    deliver: (content) => send('POST', `/api/collect/sources/${table.id}/deliveries?name=a.csv`, river.steward.token, content),
    async recovered() {
      for (const began = performance.now(); (await ask()).status !== 200; await wait(100))
        if (performance.now() - began > 30_000) throw new Error('no answer for 30 s');
    },
    async ended(run) {
      for (const began = performance.now(); ; await wait(200)) {
        const found = await k.jobs.find(k.db, run).catch(() => undefined);
        if (found && !['waiting', 'running'].includes(found.state)) return found.state;
        if (performance.now() - began > 60_000)
          throw new Error(`the run is ${found?.state ?? 'not to be read'} after a minute: ${JSON.stringify(found?.problem)}`);
      }
    },
    async close() {
      try {
        await work.stop();
        await serve.stop();
        await river.close();
      } finally {
        over = true;
        process.env['CHENGSHU_TEST_PG'] = shared;
        await removePostgres(folder);
        disk.remove();
      }
    },
  };
}
