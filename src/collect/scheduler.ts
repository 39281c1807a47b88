/** Collection by itself: which sources are due, and beginning them, as many at a time as their servers bear. */
import type { Connector, Schedule, Source, UpdateCycle } from '#declare';
import { usualSchedule } from '#declare';
import type { Db } from '#kernel/db/pool';
import type { Problem } from '#kernel/errors';
import type { RunState } from '#kernel/jobs/jobs';
import { machine } from '#kernel/review/review';
import type { Kernel } from '#kernel/stage';
import { type ConnectorOf, collectingJobs, queueCollection, queueReconciliation, reconcilingJob } from './jobs.ts';
import { cyclesOf } from './mounted-cycle.ts';
import { dueReconciliation } from './reconcile.ts';
import { inWindow, type NextStart, nextStart, type PastRun, placeOf } from './schedule.ts';

/** A collection of a source as its run tells it. */
export interface CollectionRun extends PastRun {
  readonly run: string;
  readonly actor: string;
  readonly runState: RunState;
  readonly problem: Problem | null;
}

const states: Readonly<Record<RunState, PastRun['state']>> = {
  waiting: 'under-way',
  running: 'under-way',
  done: 'done',
  refused: 'failed',
  failed: 'failed',
  cancelled: 'cancelled',
};
/** A fault of ours is tried again after so many seconds: what it met may be gone. */
const afterBug = 300;
/** More collections of one source than one cycle can hold of tries. */
const remembered = 20;

/** The latest collections of sources, newest first. */
export async function collectionsOf(db: Db, sources: readonly string[]): Promise<(id: string) => readonly CollectionRun[]> {
  const rows = await db.rows<{
    source: string;
    run: string;
    actor: string;
    state: RunState;
    problem: Problem | null;
    begun: string;
    ended: string | null;
  }>(
    `select s.id as source, r.id as run, r.actor, r.state, r.problem, r.queued_at::text as begun, r.ended_at::text as ended
     from unnest($1::text[]) s(id)
     cross join lateral (select * from kernel.run where about = 'source:' || s.id and job = any($2::text[]) order by queued_at desc, id desc limit $3) r`,
    [sources, collectingJobs, remembered],
  );
  const found = Map.groupBy(rows, (r) => r.source);
  return (id) =>
    (found.get(id) ?? []).map((r) => ({
      run: r.run,
      actor: r.actor,
      runState: r.state,
      problem: r.problem,
      state: states[r.state],
      begunAt: new Date(r.begun),
      endedAt: r.ended === null ? null : new Date(r.ended),
      again: r.state === 'failed' ? afterBug : (r.problem?.again ?? null),
    }));
}

export const scheduleOf = (source: Source): Schedule => source.schedule ?? usualSchedule;

/** The next start of a source; null where it has none: a file is brought by its department, and some cycles promise no time. */
export function nextOf(
  source: Source,
  connector: Connector,
  cycle: UpdateCycle | undefined,
  runs: readonly PastRun[],
  now: Date,
): NextStart | null {
  if (connector.takes === 'file' || !cycle?.every) return null;
  const { window } = scheduleOf(source);
  return nextStart({ every: cycle.every, grace: cycle.grace, window, place: placeOf(source.id) }, runs, now);
}

/** The server that a source stands on. Sources of connectors that tell no server share that of their department. */
export const serverOf = (source: Source, connector: Connector): string => connector.server?.(source) ?? `department:${source.department}`;

/** Sources that are being held against the ledger now, which reads their servers too. */
const reconcilingNow = async (db: Db, sources: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set(
    (
      await db.rows<{ id: string }>(
        `select s.id from unnest($1::text[]) s(id)
         cross join lateral (select state from kernel.run where about = 'source:' || s.id and job = $2 order by queued_at desc, id desc limit 1) r
         where r.state in ('waiting', 'running')`,
        [sources, reconcilingJob],
      )
    ).map((r) => r.id),
  );

/** Held while it is decided, so that two deciders never begin the same. */
const deciding = 8714201;

/**
 * Begins the due readings, the longest due first. It decides from the runs themselves, and begins them in the transaction in which it read them.
 * Killed at any moment and started again, it begins nothing twice. Returns the runs.
 */
export async function startDue(kernel: Kernel, connectorOf: ConnectorOf): Promise<readonly string[]> {
  return kernel.db.transaction(async (tx) => {
    const alone = await tx.first<{ got: boolean }>('select pg_try_advisory_xact_lock($1) as got', [deciding]);
    if (!alone?.got) return [];
    const snapshot = await kernel.documents.snapshot(tx);
    const now = kernel.clock.now();
    const sources = snapshot.list('source').filter((s) => connectorOf(s.connector).takes === 'database');
    const ids = sources.map((s) => s.id);
    const runsOf = await collectionsOf(tx, ids);
    const reconciling = await reconcilingNow(tx, ids);
    const promised = await cyclesOf(tx, snapshot);
    const busy = new Map<string, number>();
    const occupied = new Set<string>(reconciling);
    const due: { readonly source: Source; readonly server: string; readonly at: number }[] = [];
    for (const source of sources) {
      const connector = connectorOf(source.connector);
      const server = serverOf(source, connector);
      const runs = runsOf(source.id);
      if (runs.some((r) => r.state === 'under-way')) occupied.add(source.id);
      if (occupied.has(source.id)) busy.set(server, (busy.get(server) ?? 0) + 1);
      const next = nextOf(source, connector, promised(source.id)?.cycle, runs, now);
      if (next?.at && next.at <= now) due.push({ source, server, at: runs[0]?.begunAt.getTime() ?? 0 });
    }
    const started: string[] = [];
    for (const { source, server } of due.toSorted((a, b) => a.at - b.at)) {
      const underWay = busy.get(server) ?? 0;
      if (underWay >= scheduleOf(source).together) continue;
      busy.set(server, underWay + 1);
      occupied.add(source.id);
      started.push(await queueCollection(kernel, tx, source, machine));
    }
    for (const source of sources.filter((s) => !occupied.has(s.id) && inWindow(scheduleOf(s).window, now))) {
      const server = serverOf(source, connectorOf(source.connector));
      const depth = (busy.get(server) ?? 0) < scheduleOf(source).together ? await dueReconciliation(tx, source, now) : null;
      if (depth === null) continue;
      busy.set(server, (busy.get(server) ?? 0) + 1);
      started.push(await queueReconciliation(kernel, tx, source, machine, depth));
    }
    return started;
  });
}
