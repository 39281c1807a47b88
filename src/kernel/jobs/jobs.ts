/** Long work: queued in the transaction that wants it, run by the worker, shown live, cancelled, and taken up again after a crash. */
import type { Clock } from '../clock.ts';
import { contains, type PageOrder, pageFrom, seenIn, when, within } from '../db/listing.ts';
import type { Migration } from '../db/migrate.ts';
import type { Database, Db, Transaction } from '../db/pool.ts';
import { defineErrors, isRefusal, type Problem, problemOf, Refusal } from '../errors.ts';
import { newId } from '../identifier.ts';
import type { Filter } from '../policy/policy.ts';
import { seam } from '../seam.ts';
import { isDiskFull, isMemoryShort, isStoreAway, orFull } from '../stores.ts';

/** Numbers a run ends with. */
export type RunResult = Readonly<Record<string, number | string | boolean | null>>;

/** What a job is given while it runs. */
export interface JobContext {
  /** The run's own id: the same after a crash and a second attempt, so that what it writes can be idempotent by it. */
  readonly run: string;
  readonly attempt: number;
  readonly signal: AbortSignal;
  /** Says how far it is. `note` is one short sentence in both languages. */
  progress(done: number, total: number | null, note: { readonly zh: string; readonly en: string }): Promise<void>;
}

/** A kind of job, declared by a stage. It must be repeatable: after a crash it runs again from the start with the same run id. */
export interface JobSpec<P> {
  readonly name: string;
  readonly title: { readonly zh: string; readonly en: string };
  work(payload: P, context: JobContext): Promise<RunResult>;
  /**
   * Asked before it begins: what it should wait for, because that will change what it reads. It is asked again twice a second, and begins
   * whatever the answer once it has waited for `patienceMs`. Null: begin.
   */
  waitsFor?(payload: P): Promise<{ readonly zh: string; readonly en: string } | null>;
}

export type RunState = 'waiting' | 'running' | 'done' | 'refused' | 'failed' | 'cancelled';

export interface Run {
  readonly id: string;
  readonly job: string;
  readonly about: string;
  readonly department: string | null;
  readonly actor: string;
  readonly state: RunState;
  readonly done: number;
  readonly total: number | null;
  readonly note: { readonly zh: string; readonly en: string } | null;
  readonly result: RunResult | null;
  readonly problem: Problem | null;
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

defineErrors({
  RUN_NOT_FOUND: { status: 404, zh: '没有任务“{id}”', en: "There is no run '{id}'", hint: { zh: '请核对编号。', en: 'Check the id.' } },
  RUN_OVER: {
    status: 409,
    zh: '任务“{id}”已经结束',
    en: "Run '{id}' is over",
    hint: { zh: '需要时请重新发起。', en: 'Start it again if needed.' },
  },
  RUN_CANCELLED: {
    status: 409,
    zh: '任务已按要求取消',
    en: 'The run was cancelled',
    hint: { zh: '没有留下任何半截数据，可重新发起。', en: 'Nothing half-done was left; it can be started again.' },
  },
});

export const jobMigrations: readonly Migration[] = [
  {
    name: 'kernel/005-run',
    sql: `create table kernel.run (
      id text primary key, job text not null, about text not null, department text, actor text not null,
      payload jsonb not null, state text not null check (state in ('waiting', 'running', 'done', 'refused', 'failed', 'cancelled')),
      done bigint not null default 0, total bigint, note jsonb, result jsonb, problem jsonb,
      cancel_asked boolean not null default false,
      queued_at timestamptz not null, started_at timestamptz, ended_at timestamptz
    );
    create index run_about on kernel.run (about, queued_at desc);
    create index run_queued on kernel.run (queued_at desc);`,
  },
  {
    name: 'kernel/009-run-grief',
    sql: `create index run_grief on kernel.run (about, queued_at) where state in ('failed', 'refused')`,
  },
  {
    name: 'kernel/011-run-latest',
    sql: `create index run_latest on kernel.run (about, job, queued_at desc, id desc);
    drop index kernel.run_grief;
    create index run_grief on kernel.run (about, job) include (department, state) where state in ('failed', 'refused')`,
  },
];

/** What may be asked of the list of runs. */
export interface RunQuery extends PageOrder {
  readonly about?: string | undefined;
  readonly department?: string | undefined;
  /** What the policy lets somebody see of them. */
  readonly seen?: Filter | undefined;
  /** A state, or every one in which it came to grief. */
  readonly state?: RunState | 'trouble' | undefined;
  /** Whoever of these began it. */
  readonly actors?: readonly string[] | undefined;
  /** In what it is about. */
  readonly q?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Orders of the list. */
export const runSorts = { queuedAt: 'queued_at', endedAt: 'ended_at', state: 'state', job: 'job', about: 'about' };

export interface Jobs {
  /** Queues a run in the caller's transaction. Runs about the same thing go one after another. */
  queue(
    tx: Transaction,
    job: string,
    order: { about: string; department: string | null; actor: string; payload: unknown },
  ): Promise<string>;
  find(db: Db, id: string): Promise<Run | undefined>;
  list(db: Db, where: RunQuery): Promise<{ runs: readonly Run[]; count: number }>;
  /** Has a run that waits for something looked at now. */
  hasten(tx: Transaction, id: string): Promise<void>;
  /** Asks a run to stop; it does within a second or so. @throws Refusal RUN_NOT_FOUND, RUN_OVER */
  cancel(db: Db, id: string): Promise<void>;
  /** True while a run is waiting or running. */
  busy(db: Db): Promise<number>;
}

const columns = `id, job, about, department, actor, state, done, total, note, result, problem, queued_at::text as "queuedAt", started_at::text as "startedAt", ended_at::text as "endedAt"`;

/** Jobs over a database, as the server sees them. */
export function createJobs(clock: Clock, node: string): Jobs {
  return {
    async queue(tx, job, order) {
      const id = newId('run', node, clock.now());
      await tx.run(
        `insert into kernel.run (id, job, about, department, actor, payload, state, queued_at) values ($1, $2, $3, $4, $5, $6, 'waiting', $7)`,
        [id, job, order.about, order.department, order.actor, JSON.stringify(order.payload), clock.now()],
      );
      await tx.run(
        `select graphile_worker.add_job('run', json_build_object('id', $1::text), queue_name => $2, max_attempts => 25, job_key => $1)`,
        [id, order.about],
      );
      seam('jobs.queued');
      return id;
    },
    async hasten(tx, id) {
      await tx.run(
        `select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where key = $1 and locked_at is null), run_at => now())`,
        [id],
      );
    },
    find: (db, id) => db.first<Run>(`select ${columns} from kernel.run where id = $1`, [id]),
    async list(db, { q, ...where }) {
      const { rows, count } = await pageFrom<Run>(
        db,
        {
          columns,
          from: ['kernel.run'],
          where: [
            ...when(where.about, 'about = ?'),
            ...when(where.department, 'department = ?'),
            ...(where.seen ? [seenIn(where.seen, 'department')] : []),
            ...when(where.state && (where.state === 'trouble' ? ['failed', 'refused'] : [where.state]), 'state = any(?::text[])'),
            ...when(where.actors, 'actor = any(?::text[])'),
            ...contains(q, 'about'),
            ...within('queued_at', where.from, where.to),
          ],
          sorts: runSorts,
          order: 'queued_at desc, id desc',
        },
        where,
      );
      return { runs: rows, count };
    },
    async cancel(db, id) {
      const run = await db.first<{ state: RunState }>('select state from kernel.run where id = $1', [id]);
      if (!run) throw new Refusal('RUN_NOT_FOUND', { id });
      const waiting = await db.run(
        `update kernel.run set cancel_asked = true, state = 'cancelled', ended_at = $2 where id = $1 and state = 'waiting'`,
        [id, clock.now()],
      );
      const running = waiting || (await db.run(`update kernel.run set cancel_asked = true where id = $1 and state = 'running'`, [id]));
      if (!running) throw new Refusal('RUN_OVER', { id });
    },
    busy: async (db) =>
      (await db.first<{ n: number }>(`select count(*) as n from kernel.run where state in ('waiting', 'running')`))?.n ?? 0,
  };
}

/** A run waits no longer than this for what would change what it reads: that may never end. */
const patienceMs = 60_000;

/** A run that found the disk full is tried again after this many seconds, however often it did. */
const roomSeconds = 30;

/**
 * Brings forward what waits longer than it should: what was queued before the clock was set back would wait until the clock is there again
 * (whatever was never tried is due when it is queued), and what found a disk full would wait by the queue's own rule, for hours at last.
 */
export async function bringForward(db: Db): Promise<void> {
  await db.run(
    `select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where locked_at is null and attempts = 0 and run_at > now() + interval '5 seconds'), run_at => now()),
            graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where locked_at is null and attempts > 0 and last_error like 'DISK_FULL%'
              and run_at > now() + make_interval(secs => $1)), run_at => now() + make_interval(secs => $1), attempts => 1)`,
    [roomSeconds],
  );
}

/** Puts a run back for half a second, and says what it waits for. */
async function later(db: Database, id: string, about: string, before: { readonly zh: string; readonly en: string }): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.run(`update kernel.run set note = $2 where id = $1 and state = 'waiting'`, [id, JSON.stringify(before)]);
    await tx.run(
      `select graphile_worker.add_job('run', json_build_object('id', $1::text), queue_name => $2, max_attempts => 25, job_key => $1,
         run_at => now() + interval '500 milliseconds')`,
      [id, about],
    );
  });
}

/**
 * Runs one queued run: moves it through its states, watches for a request to stop, and tells a refusal (the user's business, final) from
 * an error of ours or a store that is away (thrown, so that the queue tries again).
 */
export async function workRun(
  db: Database,
  clock: Clock,
  specs: ReadonlyMap<string, JobSpec<never>>,
  id: string,
  attempt: number,
  stopping: AbortSignal,
): Promise<void> {
  seam('jobs.taken');
  const row = await db.first<{ job: string; about: string; payload: unknown; state: RunState; cancel: boolean; queuedAt: string }>(
    'select job, about, payload, state, cancel_asked as cancel, queued_at::text as "queuedAt" from kernel.run where id = $1',
    [id],
  );
  if (!row || !['waiting', 'running'].includes(row.state)) return;
  const spec = specs.get(row.job);
  if (!spec) throw new Error(`no stage declares the job ${row.job}`);
  const patient = row.state === 'waiting' && clock.now().getTime() - Date.parse(row.queuedAt) < patienceMs;
  const before = patient ? await spec.waitsFor?.(row.payload as never) : null;
  if (before) return later(db, id, row.about, before);
  const end = (state: RunState, set: { result?: RunResult; problem?: Problem }) =>
    db.run('update kernel.run set state = $2, result = $3, problem = $4, ended_at = $5 where id = $1', [
      id,
      state,
      JSON.stringify(set.result ?? null),
      set.problem ? JSON.stringify(set.problem) : null,
      clock.now(),
    ]);
  /** It waits in sight of everybody for room on the disk; where not even that can be written the queue has the error. */
  const wait = (full: Refusal) =>
    db
      .run(`update kernel.run set state = 'waiting', problem = $2 where id = $1`, [id, JSON.stringify(problemOf(full))])
      .catch((error: unknown) => {
        if (!isDiskFull(error)) throw error;
      });
  const asked = new AbortController();
  const watch = setInterval(() => {
    void db.first<{ cancel: boolean }>('select cancel_asked as cancel from kernel.run where id = $1', [id]).then(
      (r) => {
        if (r?.cancel) asked.abort(new Refusal('RUN_CANCELLED'));
      },
      () => undefined,
    );
  }, 500);
  await db.run(`update kernel.run set state = 'running', started_at = coalesce(started_at, $2), done = 0, problem = null where id = $1`, [
    id,
    clock.now(),
  ]);
  seam('jobs.started');
  let last = Number.NEGATIVE_INFINITY;
  try {
    if (row.cancel) throw new Refusal('RUN_CANCELLED');
    const result = await spec.work(row.payload as never, {
      run: id,
      attempt,
      signal: AbortSignal.any([asked.signal, stopping]),
      // The screen polls about once a second: more than four writes a second would only wear the disk.
      progress: async (done, total, note) => {
        const now = performance.now();
        if (now - last < 250 && done !== total) return;
        last = now;
        await db.run('update kernel.run set done = $2, total = $3, note = $4 where id = $1', [
          id,
          Math.round(done),
          total === null ? null : Math.round(total),
          JSON.stringify(note),
        ]);
      },
    });
    seam('jobs.worked');
    await end('done', { result });
    seam('jobs.ended');
  } catch (thrown) {
    const error = orFull(thrown, 'folder');
    if (asked.signal.aborted || (isRefusal(error) && error.code === 'RUN_CANCELLED'))
      await end('cancelled', { problem: problemOf(new Refusal('RUN_CANCELLED')) });
    else if (stopping.aborted || isStoreAway(error)) throw error;
    else if (isDiskFull(error)) {
      await wait(error as Refusal);
      throw error;
    } else if (isMemoryShort(error) && attempt < 3) throw error;
    else if (isRefusal(error)) await end('refused', { problem: problemOf(error) });
    else if (attempt < 3) throw error;
    else {
      await end('failed', { problem: problemOf(new Refusal('PLATFORM_BUG', { incident: id })) });
      throw error;
    }
  } finally {
    clearInterval(watch);
  }
}
