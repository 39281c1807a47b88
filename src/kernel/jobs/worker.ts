/** The worker: takes queued runs and facts to be heard, one at a time per thing, and takes up again what a dead worker left. */
import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger, run as startRunner, type TaskList, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import { zone } from '../clock.ts';
import type { StoredFact, Subscription } from '../facts/facts.ts';
import type { OpenKernel } from '../open.ts';
import { seam } from '../seam.ts';
import { isAway, isStoreAway } from '../stores.ts';
import { bringForward, type JobSpec, workRun } from './jobs.ts';

export interface Worker {
  /** Stops taking work and interrupts what runs; it is taken up again by the next worker. */
  stop(): Promise<void>;
}

const beatSeconds = 5;

/** Of two workers the second waits: the one that holds this lock is the worker. */
const onlyOne = 8714003;

/** A store that went away under a task is back within a second or two; the queue's own waiting begins at three seconds and doubles. */
const patience = { tries: 5, ms: 400 };

/** What the queue's two tasks do: run a run, and let a hearer hear a fact. */
export function taskListOf(kernel: OpenKernel, stopping: AbortSignal, onError: (error: unknown) => void): TaskList {
  const specs = new Map<string, JobSpec<never>>(kernel.stages.flatMap((s) => s.jobs(kernel)).map((j) => [j.name, j]));
  const hearers = new Map<string, Subscription>(kernel.stages.flatMap((s) => s.subscriptions(kernel)).map((s) => [s.by, s]));
  return {
    run: async (payload, helpers) => {
      try {
        await patiently(stopping, () =>
          workRun(kernel.db, kernel.clock, specs, (payload as { id: string }).id, helpers.job.attempts, stopping),
        );
      } catch (error) {
        onError(error);
        throw error;
      }
    },
    hear: async (payload) => {
      const { seq, by } = payload as { seq: number; by: string };
      await patiently(stopping, async () => {
        const fact = await kernel.db.first<StoredFact>(
          'select seq, name, about, actor, at::text as at, body from kernel.fact where seq = $1',
          [seq],
        );
        seam('jobs.told');
        if (fact) await hearers.get(by)?.hear(fact);
        seam('jobs.heard');
      });
    },
  };
}

/** Does it again while a store is away, for a while; tasks are repeatable. */
async function patiently(stopping: AbortSignal, work: () => Promise<void>): Promise<void> {
  for (let left = patience.tries; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 0 || stopping.aborted || !isStoreAway(error)) throw error;
    }
    await wait(patience.ms);
  }
}

/**
 * Starts the one worker of an installation; it waits until a former one is gone. A worker that was killed leaves its jobs locked for four
 * hours by the queue's own rule; there is only one worker, so whatever is locked when it starts is free.
 * @param options.onLost called once when the database went away under the queue: a job may have been locked or finished without our hearing
 *   of it, so the process must end and be started again, which frees it
 */
export async function startWorker(
  kernel: OpenKernel,
  url: string,
  options: { concurrency: number; onError: (error: unknown) => void; onLost: (error: unknown) => void },
): Promise<Worker> {
  const stopping = new AbortController();
  const pool = new pg.Pool({
    connectionString: url,
    max: options.concurrency + 2,
    application_name: 'chengshu worker',
    options: `-c timezone=${zone}`,
  });
  pool.on('error', options.onError);
  // The queue holds clients for long; each needs an ear of its own or a restarted server ends the process.
  pool.on('connect', (client) => client.on('error', options.onError));
  const alone = await kernel.db.client();
  alone.on('error', options.onLost);
  await alone.query('select pg_advisory_lock($1)', [onlyOne]);
  await kernel.db.run(
    `select graphile_worker.force_unlock_workers(array(select distinct locked_by from graphile_worker.jobs where locked_by is not null))`,
  );
  await kernel.db.run(`update kernel.run set state = 'waiting' where state = 'running'`);

  const events: WorkerEvents = new EventEmitter();
  events.on('worker:getJob:error', ({ error }) => {
    if (isAway(error) && !stopping.signal.aborted) options.onLost(error);
  });
  const runner = await startRunner({
    pgPool: pool,
    events,
    concurrency: options.concurrency,
    noHandleSignals: true,
    pollInterval: 1000,
    // The library logs every job with its payload; what a run did is in kernel.run, and only errors of ours are worth a line.
    logger: new Logger(() => () => undefined),
    taskList: taskListOf(kernel, stopping.signal, options.onError),
  });
  runner.promise.catch(options.onError);

  const beat = () =>
    kernel.db
      .run(
        `insert into kernel.process (name, pid, started_at, seen_at) values ('work', $1, now(), now()) on conflict (name) do update set pid = excluded.pid, seen_at = now()`,
        [process.pid],
      )
      .then(() => bringForward(kernel.db))
      .catch(options.onError);
  await beat();
  const beating = setInterval(() => void beat(), beatSeconds * 1000);

  const timers = kernel.stages
    .flatMap((s) => s.periodic?.(kernel) ?? [])
    .map((p) => setInterval(() => void p.work().catch(options.onError), p.minutes * 60_000));

  return {
    stop: async () => {
      clearInterval(beating);
      for (const timer of timers) clearInterval(timer);
      stopping.abort();
      await runner.stop().catch(options.onError);
      await pool.end();
      // Closed, not given back: the lock goes with the connection.
      alone.removeListener('error', options.onLost);
      alone.release(true);
    },
  };
}
