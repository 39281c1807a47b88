/** What a source's page says of time: when it was collected and will be, what promises that, and since when it is late. */
import type { Connector, Schedule, Source } from '#declare';
import type { RunState } from '#kernel/jobs/jobs';
import { machine } from '#kernel/review/review';
import type { Kernel } from '#kernel/stage';
import { cyclesOf } from './mounted-cycle.ts';
import type { NextStart } from './schedule.ts';
import { collectionsOf, nextOf, scheduleOf } from './scheduler.ts';
import { findMounts } from './standing.ts';

interface Words {
  readonly zh: string;
  readonly en: string;
}

export interface Timing {
  readonly cycle: Words | null;
  readonly entry: { readonly id: string; readonly title: Words } | null;
  readonly nextAt: string | null;
  /** Besides what the schedule says: `file` its department brings it, `no-cycle` no entry is mounted on it, `no-time` its cycle promises none. */
  readonly why: NextStart['why'] | 'file' | 'no-cycle' | 'no-time';
  readonly failures: number;
  readonly lastRun: {
    readonly id: string;
    readonly state: RunState;
    readonly begunAt: string;
    readonly endedAt: string | null;
    readonly itself: boolean;
    readonly why: Words | null;
  } | null;
  readonly lateAfter: string | null;
  readonly late: boolean;
  readonly schedule: Schedule;
}

const said = (t: { zh: string; en?: string | undefined }): Words => ({ zh: t.zh, en: t.en ?? t.zh });

/** The times of one source, as they stand now. */
export async function timingOf(kernel: Kernel, source: Source, connector: Connector): Promise<Timing> {
  const snapshot = await kernel.documents.snapshot();
  const now = kernel.clock.now();
  const runs = (await collectionsOf(kernel.db, [source.id]))(source.id);
  const promised = (await cyclesOf(kernel.db, snapshot))(source.id);
  const next = nextOf(source, connector, promised?.cycle, runs, now);
  const [last] = runs;
  const ends = (await findMounts(kernel, kernel.db, snapshot, source.id)).flatMap((m) => (m.lateAfter ? [m.lateAfter.getTime()] : []));
  const lateAfter = ends.length > 0 ? new Date(Math.min(...ends)) : null;
  return {
    cycle: promised ? said(promised.cycle.title) : null,
    entry: promised ? { id: promised.entry.id, title: said(promised.entry.title) } : null,
    nextAt: next?.at?.toISOString() ?? null,
    why: next?.why ?? (connector.takes === 'file' ? 'file' : promised ? 'no-time' : 'no-cycle'),
    failures: next?.failures ?? 0,
    lastRun: last
      ? {
          id: last.run,
          state: last.runState,
          begunAt: last.begunAt.toISOString(),
          endedAt: last.endedAt?.toISOString() ?? null,
          itself: last.actor === machine,
          why: last.problem && { zh: last.problem.title, en: last.problem.titleEn },
        }
      : null,
    lateAfter: lateAfter?.toISOString() ?? null,
    late: lateAfter !== null && lateAfter < now,
    schedule: scheduleOf(source),
  };
}
