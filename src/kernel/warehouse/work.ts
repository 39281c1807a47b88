/** What the warehouse process can be asked to do. */
import { randomBytes } from 'node:crypto';
import { createReadStream, rmSync, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type DuckDBInstance, version } from '@duckdb/node-api';
import { saysFull } from '../stores.ts';
import { type Call, type Caller, withCall, withTransaction } from './call.ts';
import { bytesOf, temporaryFolder } from './file.ts';
import type { Statement, WarehouseReason, WriteOrder } from './protocol.ts';

/** The open file. */
export interface Opened {
  readonly instance: DuckDBInstance;
  readonly folder: string;
  /** Work that is going on, by the id its caller gave it. */
  readonly running: ReadonlyMap<string, Caller>;
}

/** @param reply for work that answers with a stream itself; it then returns undefined */
export type Work = (opened: Opened, body: never, caller: Caller, reply: ServerResponse) => Promise<unknown>;

/**
 * How objects are written. Room for a dictionary is taken for every column that repeats a value: with the megabyte that DuckDB would take for each, a
 * delivery of 1,600 columns ran out of memory, however few its rows.
 */
const parquet = 'format parquet, compression zstd, string_dictionary_page_size_limit 262144';

export const works: Readonly<Record<string, Work>> = {
  '/query': ({ instance }, body: Statement, caller) =>
    withCall(instance, caller, async (call) => (await call.run(body.sql, body.params)).getRowObjectsJson()),

  '/execute': ({ instance }, body: { statements: Statement[] }, caller) =>
    inTurn(() =>
      withTransaction(instance, caller, async (call) => {
        const done: { rows: number }[] = [];
        for (const statement of body.statements) done.push({ rows: await changed(call, statement) });
        return done;
      }),
    ),

  '/write': ({ instance }, body: WriteOrder, caller) =>
    inTurn(() =>
      withTransaction(instance, caller, async (call) => {
        const known = (await call.run('select rows from meta.write where tbl = $1 and batch = $2', [body.table, body.batch])).getRows()[0];
        if (known && !body.replace) return { rows: Number(known[0]) };
        let rows = 0;
        for (const statement of body.statements) rows = await changed(call, statement);
        await call.run('insert or replace into meta.write values ($1, $2, $3)', [body.table, body.batch, rows]);
        return { rows };
      }),
    ),

  '/parquet': async ({ instance }, body: Statement & { path: string }, caller) => {
    try {
      const rows = await withCall(instance, caller, async (call) => {
        const copied = await call.run(`copy (${body.sql}) to ${text(body.path)} (${parquet})`, body.params);
        return Number(copied.getRows()[0]?.[0] ?? 0);
      });
      caller.signal.throwIfAborted();
      return { rows };
    } catch (error) {
      // A caller that left has removed its file already; the engine may have written it once more after that.
      rmSync(body.path, { force: true });
      throw error;
    }
  },

  // Through a file: an error in the last row is then still an error and not a cut answer, and a slow reader holds no query open.
  '/csv': async ({ instance, folder }, body: Statement, caller, reply) => {
    const path = join(temporaryFolder(folder), `${randomBytes(8).toString('hex')}.csv`);
    try {
      // Every value is quoted (absent is not): PostgreSQL before 18 takes a bare `\.` line for the end of the data.
      await withCall(instance, caller, (call) =>
        call.run(`copy (${body.sql}) to ${text(path)} (format csv, header false, force_quote *)`, body.params),
      );
      reply.writeHead(200, { 'content-type': 'text/csv', 'content-length': statSync(path).size });
      await pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), reply);
    } finally {
      rmSync(path, { force: true });
    }
    return undefined;
  },

  '/health': ({ instance, folder }, _body, caller) =>
    withCall(instance, caller, async (call) => {
      const complete = (await call.run('select count(*)::integer from meta.complete')).getRows()[0]?.[0];
      return { version: version(), fresh: complete === 0, bytes: bytesOf(folder), memory: process.memoryUsage.rss() };
    }),

  '/progress': async ({ running }, { work }: { work: string }) => ({ share: running.get(work)?.share() ?? 0 }),

  '/complete': ({ instance }, _body, caller) =>
    inTurn(() =>
      withCall(instance, caller, async (call) => {
        await call.run('insert into meta.complete select now() where not exists (select 1 from meta.complete)');
        return {};
      }),
    ),
};

/** What a reader of a log or a caller must know of an error of the engine. `fatal`: the engine wants to be started again. */
export function judge(error: unknown): { reason: WarehouseReason; message: string; fatal: boolean } {
  const message = error instanceof Error ? error.message : String(error);
  const fatal = /^FATAL Error|database has been invalidated/i.test(message);
  if (/^INTERRUPT/i.test(message)) return { reason: 'interrupted', message, fatal };
  // Spilling gives up over its limit, which it calls out of memory too.
  if (saysFull(message)) return { reason: 'disk-full', message, fatal };
  return { reason: /^Out of Memory/i.test(message) ? 'out-of-memory' : 'failed', message, fatal };
}

const changed = async (call: Call, statement: Statement): Promise<number> => (await call.run(statement.sql, statement.params)).rowsChanged;

/** Paths we made ourselves, in statements that take no parameter for them. */
const text = (path: string): string => `'${path.replaceAll("'", "''")}'`;

/** Writers take turns: DuckDB refuses the later of two that touch the same rows, and there is one disk. */
let turn: Promise<unknown> = Promise.resolve();
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work);
  // Whatever became of it, the next one's turn comes; the error itself goes to the caller.
  turn = mine.catch(() => undefined);
  return mine;
}
