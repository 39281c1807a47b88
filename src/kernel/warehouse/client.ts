/** The warehouse as other processes use it: they send work to the one process that opens the file. */
import { readFileSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Refusal } from '../errors.ts';

export type Param = string | number | bigint | boolean | null;

export interface Statement {
  readonly sql: string;
  readonly params?: readonly Param[];
}

export interface WarehouseHealth {
  readonly version: string;
  /** True from the making of an empty file until `complete()`: what the ledger holds must be built again. */
  readonly fresh: boolean;
  /** Size of the file. */
  readonly bytes: number;
  /** Resident memory of the process, bytes. */
  readonly memory: number;
}

interface Cancel {
  readonly signal?: AbortSignal | undefined;
}

export interface Warehouse {
  /** Rows as plain data: BIGINT, HUGEINT, DECIMAL, DATE and TIMESTAMP arrive as text, INTEGER and DOUBLE as numbers, lists and structs as such. */
  query<T>(sql: string, params?: readonly Param[], options?: Cancel): Promise<T[]>;
  /** Runs statements in one transaction; rows changed by each. */
  execute(statements: readonly Statement[], options?: Cancel): Promise<readonly { readonly rows: number }[]>;
  /**
   * Writes one table, once for a batch: a second call with the same (table, batch) does nothing and returns the first call's count,
   * unless `replace` says that the statements undo the former ones themselves. Only the last statement's rows are counted.
   */
  write(order: { readonly table: string; readonly batch: string; readonly statements: readonly Statement[]; readonly replace?: boolean }, options?: Cancel): Promise<{ readonly rows: number }>;
  /** Rows as PostgreSQL's COPY reads CSV: absent is an empty field, empty text is `""`. */
  exportCsv(sql: string, params?: readonly Param[], options?: Cancel): AsyncIterable<Uint8Array>;
  /** Writes rows to a Parquet file (zstd) in the objects folder. */
  copyToParquet(sql: string, params: readonly Param[], path: string, options?: Cancel): Promise<{ readonly rows: number }>;
  health(): Promise<WarehouseHealth>;
  /** Says that everything the ledger holds is in the file. */
  complete(): Promise<void>;
}

/** An error of the warehouse that is not the user's business. `reason` tells whether trying again can help. */
export class WarehouseError extends Error {
  override readonly name = 'WarehouseError';
  readonly reason: 'interrupted' | 'out-of-memory' | 'failed';
  constructor(reason: WarehouseError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Where a running warehouse listens and what it wants to hear, from its file in the data folder. */
export const addressFile = (folder: string): string => join(folder, 'run', 'warehouse.json');

/** How long a caller waits for the process to come back before it says that it is away. */
const patienceMs = 10_000;

/** A client for the warehouse of a data folder. It finds the process again after a restart. */
export function connectWarehouse(folder: string): Warehouse {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const send = async (path: string, body: unknown, signal?: AbortSignal): Promise<IncomingMessage> => {
    const text = Buffer.from(JSON.stringify(body, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v)));
    for (const began = Date.now(); ; await wait(100)) {
      signal?.throwIfAborted();
      try {
        return await once(folder, agent, path, text, signal);
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        // Nothing was begun when the connection was refused; a connection lost in the middle is for the caller, whose work is idempotent.
        if (!isNotThere(error) || Date.now() - began > patienceMs) throw isGone(error) ? new Refusal('WAREHOUSE_AWAY', {}, { cause: error }) : error;
      }
    }
  };
  const json = async <T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> => {
    const reply = await send(path, body, signal);
    try {
      return JSON.parse(await textOf(reply)) as T;
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw isGone(error) || error instanceof SyntaxError ? new Refusal('WAREHOUSE_AWAY', {}, { cause: error }) : error;
    }
  };
  return {
    query: (sql, params = [], options = {}) => json('/query', { sql, params }, options.signal),
    execute: (statements, options = {}) => json('/execute', { statements }, options.signal),
    write: (order, options = {}) => json('/write', order, options.signal),
    copyToParquet: (sql, params, path, options = {}) => json('/parquet', { sql, params, path }, options.signal),
    health: () => json('/health', {}),
    complete: async () => void (await json('/complete', {})),
    async *exportCsv(sql, params = [], options = {}) {
      const reply = await send('/csv', { sql, params }, options.signal);
      try {
        for await (const chunk of reply) yield chunk as Uint8Array;
      } catch (error) {
        throw isGone(error) && !options.signal?.aborted ? new Refusal('WAREHOUSE_AWAY', {}, { cause: error }) : error;
      }
      // A server that died in the middle ends a chunked answer without its last chunk.
      if (!reply.complete) throw new Refusal('WAREHOUSE_AWAY');
    },
  };
}

function once(folder: string, agent: Agent, path: string, body: Buffer, signal: AbortSignal | undefined): Promise<IncomingMessage> {
  const { port, token } = JSON.parse(readFileSync(addressFile(folder), 'utf8')) as { port: number; token: string };
  return new Promise((done, failed) => {
    const call = request({ host: '127.0.0.1', port, path, method: 'POST', agent, headers: { authorization: token, 'content-length': body.length }, ...(signal && { signal }) }, (reply) => {
      if (reply.statusCode === 200) return done(reply);
      textOf(reply).then((text) => {
        if (reply.statusCode === 401) return failed(Object.assign(new Error('the warehouse was restarted'), { code: 'ECONNREFUSED' }));
        const { reason, message } = JSON.parse(text) as { reason: WarehouseError['reason']; message: string };
        failed(new WarehouseError(reason, message));
      }, failed);
    });
    call.on('error', failed);
    call.end(body);
  });
}

async function textOf(reply: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of reply) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
const isNotThere = (error: unknown): boolean => ['ECONNREFUSED', 'ENOENT'].includes(codeOf(error));
const isGone = (error: unknown): boolean => isNotThere(error) || ['ECONNRESET', 'EPIPE', 'ECONNABORTED'].includes(codeOf(error)) || (error instanceof Error && error.message === 'aborted');
