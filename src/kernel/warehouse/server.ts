/** The warehouse process: the only one that opens the DuckDB file. Run as `server.ts <folder> [memory]`, by a parent that it does not outlive. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Caller } from './call.ts';
import { openFile } from './file.ts';
import { type Address, addressFile, decode } from './protocol.ts';
import { judge, type Opened, works } from './work.ts';

const folder = resolve(process.argv[2] ?? '.');
const memory = process.argv[3] ?? process.env['CHENGSHU_WAREHOUSE_MEMORY'] ?? '1GB';
const token = randomBytes(24).toString('hex');

/** Work that is going on, by its id, with what ends it. */
const running = new Map<string, Caller & { readonly abort: () => void }>();

async function main(): Promise<void> {
  // Ctrl-C reaches the whole group; the parent decides when.
  process.on('SIGINT', () => undefined);
  const opened: Opened = { instance: await openFile(folder, memory), folder, running };
  let ending = false;
  const end = async (code: number): Promise<void> => {
    if (ending) return;
    ending = true;
    forgetAddress();
    server.close();
    for (const work of running.values()) work.abort();
    for (const began = performance.now(); running.size > 0 && performance.now() - began < 3000; ) await wait(10);
    server.closeAllConnections();
    opened.instance.closeSync();
    process.exit(code);
  };
  const server = createServer((request, reply) => void answer(opened, request, reply, () => void end(1)));
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the warehouse has no port');
  tellAddress({ port: address.port, token, pid: process.pid });
  process.on('message', (message) => {
    if (message === 'stop') void end(0);
  });
  process.on('disconnect', () => void end(0));
  process.on('SIGTERM', () => void end(0));
  if (!process.send) return;
  // The parent may have died while the file was being opened.
  if (process.connected) process.send({ ready: true });
  else await end(0);
}

async function answer(opened: Opened, request: IncomingMessage, reply: ServerResponse, restart: () => void): Promise<void> {
  if (!isOurs(request.headers.authorization)) {
    reply.writeHead(401).end('{}');
    return;
  }
  const stop = new AbortController();
  const asked = request.headers['x-work'];
  const id = typeof asked === 'string' ? asked : randomBytes(8).toString('hex');
  const caller = { signal: stop.signal, asks: asked !== undefined, share: () => 0, abort: () => stop.abort() };
  const leave = (): void => {
    if (!reply.writableFinished) stop.abort();
  };
  reply.on('close', leave);
  running.set(id, caller);
  try {
    const work = works[request.url ?? ''];
    if (!work) throw new Error(`no such work: ${request.url}`);
    const result = await work(opened, (await bodyOf(request)) as never, caller, reply);
    if (result !== undefined) reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  } catch (error) {
    const { reason, message, fatal } = judge(error);
    // Work that our own ending stopped was not refused: the caller finds the next process.
    if (reply.headersSent || caller.signal.aborted) reply.destroy();
    else reply.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ reason, message }));
    if (fatal) {
      console.error(`warehouse: ${message.split('\n')[0]}; it must be started again`);
      restart();
    }
  } finally {
    running.delete(id);
    reply.removeListener('close', leave);
  }
}

function isOurs(header: string | undefined): boolean {
  const said = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return said.length === wanted.length && timingSafeEqual(said, wanted);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return decode(Buffer.concat(parts).toString('utf8'));
}

function tellAddress(address: Address): void {
  const file = addressFile(folder);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, JSON.stringify(address), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** A port that another program may get next must not stay written down as ours. */
function forgetAddress(): void {
  const file = addressFile(folder);
  if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as Address).pid === process.pid) rmSync(file);
}

main().catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  if (process.send && process.connected) process.send({ ready: false, reason }, () => process.exit(1));
  else {
    console.error(`warehouse: ${reason}`);
    process.exit(1);
  }
});
