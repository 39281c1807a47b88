/** The warehouse process: the only one that opens the DuckDB file. Run as `server.ts <folder> <memory>` by the parent that keeps it. */
import { randomBytes } from 'node:crypto';
import { createReadStream, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { version } from '@duckdb/node-api';
import { addressFile, type Param, type Statement } from './client.ts';
import { openFile } from './file.ts';

const [folder = '', memory = '2GB'] = process.argv.slice(2);
const token = randomBytes(24).toString('hex');

/** A connection of its own for every call, so that an interrupt stops this call and no other. */
async function withConnection<T>(instance: DuckDBInstance, caller: ServerResponse, work: (c: DuckDBConnection) => Promise<T>): Promise<T> {
  const connection = await instance.connect();
  const interrupt = () => { if (!caller.writableFinished) connection.interrupt(); };
  caller.on('close', interrupt);
  try {
    return await work(connection);
  } finally {
    caller.removeListener('close', interrupt);
    connection.closeSync();
  }
}

const bound = (params: readonly Param[] | undefined): DuckDBValue[] => [...(params ?? [])];

async function transaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('begin transaction');
  try {
    const result = await work();
    await connection.run('commit');
    return result;
  } catch (error) {
    await connection.run('rollback').catch(() => undefined);
    throw error;
  }
}

/** Writers take turns: DuckDB refuses the later of two that touch the same rows, and there is one disk. */
let turn: Promise<unknown> = Promise.resolve();
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work, work);
  turn = mine.catch(() => undefined);
  return mine;
}

type Handler = (instance: DuckDBInstance, body: never, reply: ServerResponse) => Promise<unknown>;

const handlers: Readonly<Record<string, Handler>> = {
  '/query': (instance, body: Statement, reply) =>
    withConnection(instance, reply, async (c) => (await c.runAndReadAll(body.sql, bound(body.params))).getRowObjectsJson()),
  '/execute': (instance, body: { statements: Statement[] }, reply) =>
    inTurn(() => withConnection(instance, reply, (c) => transaction(c, async () => {
      const done: { rows: number }[] = [];
      for (const s of body.statements) done.push({ rows: Number((await c.run(s.sql, bound(s.params))).rowsChanged) });
      return done;
    }))),
  '/write': (instance, body: { table: string; batch: string; statements: Statement[]; replace?: boolean }, reply) =>
    inTurn(() => withConnection(instance, reply, (c) => transaction(c, async () => {
      const known = (await c.runAndReadAll('select rows from meta.write where tbl = $1 and batch = $2', [body.table, body.batch])).getRows()[0];
      if (known && !body.replace) return { rows: Number(known[0]) };
      let rows = 0;
      for (const s of body.statements) rows = Number((await c.run(s.sql, bound(s.params))).rowsChanged);
      await c.run('insert or replace into meta.write values ($1, $2, $3)', [body.table, body.batch, rows]);
      return { rows };
    }))),
  '/parquet': (instance, body: { sql: string; params: Param[]; path: string }, reply) =>
    withConnection(instance, reply, async (c) => {
      const rows = (await c.runAndReadAll(`copy (${body.sql}) to '${body.path.replaceAll("'", "''")}' (format parquet, compression zstd)`, bound(body.params))).getRows();
      return { rows: Number(rows[0]?.[0] ?? 0) };
    }),
  '/csv': async (instance, body: Statement, reply) => {
    const path = join(folder, 'warehouse-tmp', `${randomBytes(8).toString('hex')}.csv`);
    try {
      await withConnection(instance, reply, (c) => c.run(`copy (${body.sql}) to '${path.replaceAll("'", "''")}' (format csv, header false)`, bound(body.params)));
      reply.writeHead(200, { 'content-type': 'text/csv' });
      await pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), reply);
    } finally {
      rmSync(path, { force: true });
    }
    return undefined;
  },
  '/health': (instance, _body, reply) =>
    withConnection(instance, reply, async (c) => {
      const complete = (await c.runAndReadAll('select count(*)::integer from meta.complete')).getRows()[0]?.[0];
      return { version: version(), fresh: complete === 0, bytes: statSync(join(folder, 'warehouse.duckdb')).size, memory: process.memoryUsage.rss() };
    }),
  '/complete': (instance, _body, reply) =>
    inTurn(() => withConnection(instance, reply, async (c) => {
      await c.run('insert into meta.complete select now() where not exists (select 1 from meta.complete)');
      return {};
    })),
};

async function bodyOf(request: IncomingMessage): Promise<never> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as never;
}

function reasonOf(message: string): 'interrupted' | 'out-of-memory' | 'failed' {
  if (/^INTERRUPT/i.test(message)) return 'interrupted';
  return /Out of Memory/i.test(message) ? 'out-of-memory' : 'failed';
}

async function answer(instance: DuckDBInstance, request: IncomingMessage, reply: ServerResponse): Promise<void> {
  if (request.headers.authorization !== token) {
    reply.writeHead(401).end('{}');
    return;
  }
  try {
    const handler = handlers[request.url ?? ''];
    if (!handler) throw new Error(`no such work: ${request.url}`);
    const result = await handler(instance, await bodyOf(request), reply);
    if (!reply.headersSent) reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (reply.headersSent) reply.destroy();
    else reply.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ reason: reasonOf(message), message }));
  }
}

async function main(): Promise<void> {
  process.on('SIGINT', () => undefined);
  const instance = await openFile(folder, memory);
  const server = createServer((request, reply) => void answer(instance, request, reply));
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const file = addressFile(folder);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, JSON.stringify({ port: typeof address === 'object' ? address?.port : 0, token, pid: process.pid }), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  const end = () => {
    server.close();
    server.closeAllConnections();
    instance.closeSync();
    process.exit(0);
  };
  process.on('message', (m) => { if (m === 'stop') end(); });
  process.on('disconnect', end);
  process.on('SIGTERM', end);
  process.send?.({ ready: true });
}

main().catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  process.send?.({ ready: false, reason }, () => process.exit(1));
});
