/** The warehouse as other processes use it: they send work to the one process that opens the file. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Refusal } from '../errors.ts';
import { orFull } from '../stores.ts';
import { type Address, addressFile, encode, type Param, type Statement, type WarehouseReason, type WriteOrder } from './protocol.ts';

export interface WarehouseHealth {
  readonly version: string;
  /** True from the making of an empty file until `complete()`: what the ledger holds must be built again. */
  readonly fresh: boolean;
  /** Size of the file with its log. */
  readonly bytes: number;
  /** Memory the process holds, bytes. */
  readonly memory: number;
}

export interface WarehouseOptions {
  /** Aborting interrupts the engine; the call then throws the signal's reason and nothing of it remains. */
  readonly signal?: AbortSignal | undefined;
  /** Told once a second how much of the present statement is done, 0 to 1; of an export, how much of it has been read. */
  readonly progress?: ((share: number) => Promise<void>) | undefined;
}

/** Every call throws a WarehouseError when the engine says no, the refusal DISK_FULL when it has no room, and WAREHOUSE_AWAY when the process stays away for 10 s. */
export interface Warehouse {
  /**
   * Rows as plain data. As text: BIGINT, UBIGINT, HUGEINT, DECIMAL, DATE, TIME, TIMESTAMP, UUID; TIMESTAMPTZ as text at offset +00.
   * As numbers: integers up to 32 bits and DOUBLE (not a number and the infinities as text). LIST and STRUCT as such, MAP as pairs {key, value}.
   */
  query<T>(sql: string, params?: readonly Param[], options?: WarehouseOptions): Promise<T[]>;
  /** Runs statements in one transaction; rows changed by each. The one call that is not tried again when the process dies under it. */
  execute(statements: readonly Statement[], options?: WarehouseOptions): Promise<readonly { readonly rows: number }[]>;
  /**
   * Writes one table, once for a batch: a second call with the same (table, batch) does nothing and returns the first call's count,
   * unless `replace` says that the statements undo the former ones themselves. Only the last statement's rows are counted.
   */
  write(order: WriteOrder, options?: WarehouseOptions): Promise<{ readonly rows: number }>;
  /** Rows as PostgreSQL's COPY reads CSV: absent is an empty field, every value is quoted. An error comes before the first byte. */
  exportCsv(sql: string, params?: readonly Param[], options?: WarehouseOptions): AsyncIterable<Uint8Array>;
  /** Writes rows to a Parquet file (zstd) in the objects folder. */
  copyToParquet(sql: string, params: readonly Param[], path: string, options?: WarehouseOptions): Promise<{ readonly rows: number }>;
  health(): Promise<WarehouseHealth>;
  /** Says that everything the ledger holds is in the file. */
  complete(): Promise<void>;
}

/** The engine's no; not the user's business. `reason` tells whether trying again can help. */
export class WarehouseError extends Error {
  override readonly name = 'WarehouseError';
  readonly reason: WarehouseReason;
  constructor(reason: WarehouseReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** How long a caller waits for the process to come back before it says that it is away. */
const patienceMs = 10_000;
/** How often it is asked how far a piece of work is. */
const askEveryMs = 1000;
/** The part of an export that is over before its first byte. */
const writingShare = 0.2;

/** A client for the warehouse of a data folder. It finds the process again after a restart. */
export function connectWarehouse(folder: string): Warehouse {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });

  const send = async <T>(
    path: string,
    body: unknown,
    read: (reply: IncomingMessage) => Promise<T>,
    { signal, progress }: WarehouseOptions = {},
  ): Promise<T> => {
    if (!progress) return sendOnly(path, body, read, signal);
    const work = randomUUID();
    const ended = new AbortController();
    const told = tellOf(work, progress, ended.signal);
    // It may fail (a store went away) long before the work ends, which then says so: until somebody waits for it that would end the process.
    told.catch(() => undefined);
    try {
      return await sendOnly(path, body, read, signal, work);
    } finally {
      ended.abort();
      await told;
    }
  };
  /** Asks how far a piece of work is, and tells it, until it has ended. That the warehouse is away is for the work to say. */
  const tellOf = async (work: string, progress: (share: number) => Promise<void>, ended: AbortSignal): Promise<void> => {
    const unknown = { share: 0 };
    for (;;) {
      await wait(askEveryMs, undefined, { signal: ended }).catch(() => undefined);
      if (ended.aborted) return;
      const read = async (reply: IncomingMessage): Promise<typeof unknown> => JSON.parse(await textOf(reply)) as typeof unknown;
      const { share } = await sendOnly('/progress', { work }, read, ended).catch(() => unknown);
      if (share > 0 && !ended.aborted) await progress(share);
    }
  };
  const sendOnly = async <T>(
    path: string,
    body: unknown,
    read: (reply: IncomingMessage) => Promise<T>,
    signal?: AbortSignal,
    work?: string,
  ): Promise<T> => {
    const bytes = Buffer.from(encode(body));
    let lost = false;
    for (const began = performance.now(); ; await wait(100)) {
      signal?.throwIfAborted();
      try {
        return await read(await once(folder, agent, path, bytes, signal, work));
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        if (!isNotThere(error) && !isLost(error)) throw error;
        // Lost in the middle, the work may have been done, which only `execute` minds; once more, because work that kills the process will do so again.
        const hopeless = isLost(error) && (lost || path === '/execute');
        if (hopeless || performance.now() - began > patienceMs) throw new Refusal('WAREHOUSE_AWAY', {}, { cause: error });
        lost ||= isLost(error);
      }
    }
  };
  const json = <T>(path: string, body: unknown, options: WarehouseOptions = {}): Promise<T> =>
    send(path, body, async (reply) => JSON.parse(await textOf(reply)) as T, options);

  return {
    query: (sql, params = [], options) => json('/query', { sql, params }, options),
    execute: (statements, options) => json('/execute', { statements }, options),
    write: (order, options) => json('/write', order, options),
    copyToParquet: (sql, params, path, options) => json('/parquet', { sql, params, path }, options),
    health: () => json('/health', {}),
    complete: async () => void (await json('/complete', {})),
    async *exportCsv(sql, params = [], options = {}) {
      const { signal, progress } = options;
      const writing = progress && { progress: (share: number) => progress(writingShare * share) };
      const reply = await send('/csv', { sql, params }, async (r) => r, { signal, ...writing });
      const bytes = Number(reply.headers['content-length']);
      let sent = 0;
      try {
        for await (const chunk of reply as AsyncIterable<Uint8Array>) {
          yield chunk;
          sent += chunk.length;
          await progress?.(writingShare + (1 - writingShare) * (sent / bytes));
        }
      } catch (error) {
        if (options.signal?.aborted) throw options.signal.reason;
        throw isLost(error) ? new Refusal('WAREHOUSE_AWAY', {}, { cause: error }) : error;
      }
      // A server that died in the middle ends an answer before its length.
      if (!reply.complete) throw new Refusal('WAREHOUSE_AWAY');
    },
  };
}

/** Sends a request to whoever is written down as the warehouse now. @throws WarehouseError, or an error with the system's code */
async function once(
  folder: string,
  agent: Agent,
  path: string,
  body: Buffer,
  signal: AbortSignal | undefined,
  work: string | undefined,
): Promise<IncomingMessage> {
  const { port, token } = JSON.parse(readFileSync(addressFile(folder), 'utf8')) as Address;
  const headers = { authorization: `Bearer ${token}`, 'content-length': body.length, ...(work && { 'x-work': work }) };
  const reply = await new Promise<IncomingMessage>((done, failed) => {
    const call = request({ host: '127.0.0.1', port, path, method: 'POST', agent, headers, ...(signal && { signal }) }, done);
    call.on('error', failed);
    call.end(body);
  });
  if (reply.statusCode === 200) return reply;
  const text = await textOf(reply);
  // A stranger has the port of a process that died, or its successor wants another token: the file will say more in a moment.
  if (reply.statusCode !== 500) throw Object.assign(new Error(`not the warehouse (${reply.statusCode})`), { code: 'ECONNREFUSED' });
  const { reason, message } = JSON.parse(text) as { reason: WarehouseReason; message: string };
  const error = new WarehouseError(reason, message);
  if (reason === 'out-of-memory') throw new Refusal('WAREHOUSE_MEMORY', {}, { cause: error });
  throw reason === 'disk-full' ? orFull(error, /[\\/]objects[\\/]/.test(message) ? 'objects' : 'warehouse') : error;
}

async function textOf(reply: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of reply) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
const isNotThere = (error: unknown): boolean => ['ECONNREFUSED', 'ENOENT'].includes(codeOf(error));
const isLost = (error: unknown): boolean => ['ECONNRESET', 'EPIPE', 'ECONNABORTED'].includes(codeOf(error));
