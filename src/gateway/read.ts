/** Read: calls that arrive within a tick and share a statement are read by one execution of it. */
import type pg from 'pg';
import { zone } from '#kernel/clock';
import { type Lane, openLane } from '#kernel/db/lane';
import { Refusal } from '#kernel/errors';
import { isAway, orDatabaseAway } from '#kernel/stores';
import type { Plan } from './plan.ts';
import type { Statement } from './statement.ts';

/** JSON texts of the rows of one call, at most its limit, and whether there are more. */
export interface Rows {
  readonly rows: readonly string[];
  readonly more: boolean;
}

export interface Reader {
  /** @throws Refusal DATABASE_AWAY, DATABASE_CROWDED, GATEWAY_SLOW; TableMissing when the serving table does not exist */
  read(plan: Plan): Promise<Rows>;
  close(): Promise<void>;
}

/** The serving table is not there. */
export class TableMissing extends Error {
  override readonly name = 'TableMissing';
}

interface Waiting {
  readonly plan: Plan;
  readonly done: (rows: Rows) => void;
  readonly failed: (error: unknown) => void;
}

/** Calls of one statement. While an execution is under way those that arrive gather for the next. */
interface Queue {
  readonly statement: Statement;
  readonly waiting: Waiting[];
  busy: boolean;
}

/** Keys read by one execution. */
const mostKeys = 500;
/** Connections, and executions on their way on one of them. */
const lanes = 2;
const deepest = 4;
/** A connection that has prepared this many statements is replaced: each costs the server memory. */
const mostPrepared = 1000;
const slowSeconds = 5;

/** Opens the reading connections when they are first needed; one that breaks is replaced by itself. */
export function openReader(url: string): Reader {
  const open = Array.from({ length: lanes }, () =>
    openLane({
      connectionString: url,
      pipeline: true,
      application_name: 'chengshu gateway',
      // One plan is right for every key and every size of table: each key has an index that also gives its rows in order.
      options: `-c timezone=${zone} -c statement_timeout=${slowSeconds * 1000} -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off -c jit=off`,
    }),
  );
  const prepared = new WeakMap<pg.Client, Set<string>>();
  const queues = new Map<string, Queue>();
  let flying = 0;
  let scheduled = false;
  let closed = false;
  let turn = 0;

  const clientFor = async (statement: Statement): Promise<pg.Client> => {
    const lane = open[turn++ % lanes] as Lane;
    let client = await lane.client();
    if ((prepared.get(client)?.size ?? 0) >= mostPrepared) {
      lane.leave(client);
      client = await lane.client();
    }
    prepared.set(client, (prepared.get(client) ?? new Set()).add(statement.name));
    return client;
  };

  const execute = async (statement: Statement, batch: readonly Waiting[], again: boolean): Promise<readonly { n: number; j: string }[]> => {
    const values = [batch.map((w) => w.plan.value), batch.map((w) => w.plan.limit + 1), batch.map((w) => w.plan.offset)];
    try {
      const client = await clientFor(statement);
      return (await client.query<{ n: number; j: string }>({ ...statement, values })).rows;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === '42P01' || code === '3F000') throw new TableMissing('serving table', { cause: error });
      if (code === '57014') throw new Refusal('GATEWAY_SLOW', { seconds: slowSeconds }, { cause: error });
      // Behind a statement that failed to prepare, the next one in the pipeline finds nothing prepared; a broken connection has a successor.
      if (again && (code === '26000' || isAway(error) || isEnded(error))) return execute(statement, batch, false);
      throw isEnded(error) ? new Refusal('DATABASE_AWAY', {}, { cause: error }) : orDatabaseAway(error);
    }
  };

  const send = async (queue: Queue): Promise<void> => {
    const batch = queue.waiting.splice(0, mostKeys);
    queue.busy = true;
    flying += 1;
    try {
      const rows = batch.map((): string[] => []);
      for (const { n, j } of await execute(queue.statement, batch, true)) rows[n - 1]?.push(j);
      for (const [i, w] of batch.entries()) {
        const found = rows[i] ?? [];
        const more = found.length > w.plan.limit;
        w.done({ rows: more ? found.slice(0, w.plan.limit) : found, more });
      }
    } catch (error) {
      for (const w of batch) w.failed(error);
    } finally {
      flying -= 1;
      queue.busy = false;
      if (queue.waiting.length === 0) queues.delete(queue.statement.name);
      flush();
    }
  };

  const flush = (): void => {
    scheduled = false;
    for (const queue of queues.values()) {
      if (flying >= lanes * deepest) return;
      if (!queue.busy) void send(queue);
    }
  };

  return {
    read: (plan) =>
      new Promise((done, failed) => {
        if (closed) return failed(new Refusal('DATABASE_AWAY'));
        const { statement } = plan;
        const queue = queues.get(statement.name) ?? { statement, waiting: [], busy: false };
        queues.set(statement.name, queue);
        queue.waiting.push({ plan, done, failed });
        if (!scheduled) {
          scheduled = true;
          setImmediate(flush);
        }
      }),
    async close() {
      closed = true;
      await Promise.all(open.map((lane) => lane.close()));
    },
  };
}

const isEnded = (error: unknown): boolean =>
  error instanceof Error && /Client (was closed|has encountered)|Connection terminated/.test(error.message);
