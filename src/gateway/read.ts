/** Read: calls that arrive within a tick and share a statement are read by one execution of it. */
import pg from 'pg';
import { zone } from '#kernel/clock';
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

interface Lane {
  readonly client: pg.Client;
  readonly prepared: Set<string>;
}

/** Keys read by one execution. */
const mostKeys = 500;
/** Executions on their way on one connection. */
const deepest = 4;
const lanes = 2;
/** A connection that has prepared this many statements is replaced: each costs the server memory. */
const mostPrepared = 1000;
const slowSeconds = 5;

/** Opens the reading connections when they are first needed; one that breaks is replaced by itself. */
export function openReader(url: string): Reader {
  const open: (Promise<Lane> | undefined)[] = Array.from({ length: lanes });
  const queues = new Map<string, { statement: Statement; waiting: Waiting[] }>();
  let flying = 0;
  let scheduled = false;
  let closed = false;
  let turn = 0;

  const connect = (at: number): Promise<Lane> => {
    const client = new pg.Client({
      connectionString: url,
      pipeline: true,
      application_name: 'chengshu gateway',
      connectionTimeoutMillis: 2000,
      // One plan is right for every key and every size of table: each key has an index that also gives its rows in order.
      options: `-c timezone=${zone} -c statement_timeout=${slowSeconds * 1000} -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off -c jit=off`,
    });
    const lane = client.connect().then((): Lane => ({ client, prepared: new Set() }));
    const forget = (): void => {
      if (open[at] === lane) open[at] = undefined;
    };
    client.on('error', forget);
    client.on('end', forget);
    lane.catch(forget);
    return lane;
  };
  const laneFor = async (statement: Statement): Promise<Lane> => {
    const at = turn++ % lanes;
    open[at] ??= connect(at);
    const lane = await open[at];
    if (lane.prepared.size < mostPrepared || lane.prepared.has(statement.name)) return lane;
    open[at] = connect(at);
    void lane.client.end();
    return open[at];
  };

  const execute = async (statement: Statement, batch: readonly Waiting[], again: boolean): Promise<readonly { n: number; j: string }[]> => {
    const values = [batch.map((w) => w.plan.value), batch.map((w) => w.plan.limit + 1), batch.map((w) => w.plan.offset)];
    try {
      const lane = await laneFor(statement);
      lane.prepared.add(statement.name);
      return (await lane.client.query<{ n: number; j: string }>({ ...statement, values })).rows;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === '42P01' || code === '3F000') throw new TableMissing('serving table', { cause: error });
      if (code === '57014') throw new Refusal('GATEWAY_SLOW', { seconds: slowSeconds }, { cause: error });
      // Behind a statement that failed to prepare, the next one in the pipeline finds nothing prepared; a broken connection has a successor.
      if (again && (code === '26000' || isAway(error) || isEnded(error))) return execute(statement, batch, false);
      throw isEnded(error) ? new Refusal('DATABASE_AWAY', {}, { cause: error }) : orDatabaseAway(error);
    }
  };

  const send = async (statement: Statement, batch: readonly Waiting[]): Promise<void> => {
    flying += 1;
    try {
      const rows = batch.map((): string[] => []);
      for (const { n, j } of await execute(statement, batch, true)) rows[n - 1]?.push(j);
      for (const [i, w] of batch.entries()) {
        const found = rows[i] ?? [];
        const more = found.length > w.plan.limit;
        w.done({ rows: more ? found.slice(0, w.plan.limit) : found, more });
      }
    } catch (error) {
      for (const w of batch) w.failed(error);
    } finally {
      flying -= 1;
      flush();
    }
  };

  const flush = (): void => {
    scheduled = false;
    for (const [name, queue] of queues) {
      if (flying >= lanes * deepest) return;
      const batch = queue.waiting.splice(0, mostKeys);
      if (queue.waiting.length === 0) queues.delete(name);
      if (batch.length > 0) void send(queue.statement, batch);
    }
  };

  return {
    read: (plan) =>
      new Promise((done, failed) => {
        if (closed) return failed(new Refusal('DATABASE_AWAY'));
        const queue = queues.get(plan.statement.name);
        if (queue) queue.waiting.push({ plan, done, failed });
        else queues.set(plan.statement.name, { statement: plan.statement, waiting: [{ plan, done, failed }] });
        if (!scheduled) {
          scheduled = true;
          setImmediate(flush);
        }
      }),
    async close() {
      closed = true;
      for (const lane of open)
        await lane?.then(
          (l) => l.client.end(),
          () => undefined,
        );
    },
  };
}

const isEnded = (error: unknown): boolean =>
  error instanceof Error && /Client (was closed|has encountered)|Connection terminated/.test(error.message);
