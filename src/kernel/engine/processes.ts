/** The processes of the installation: number, since when, memory, how often they were started again. */
import { isAlive } from '../process.ts';
import type { Kernel } from '../stage.ts';
import { within } from './ask.ts';
import { memoryOf } from './memory.ts';
import { type ProcessName, processNames, readProcessBook } from './process-book.ts';

/** One process now. What is not known is null, never a guess. */
export interface ProcessNow {
  readonly name: ProcessName;
  readonly title: { readonly zh: string; readonly en: string };
  readonly state: 'good' | 'broken' | 'unknown';
  readonly pid: number | null;
  readonly startedAt: string | null;
  /** Bytes. */
  readonly memory: number | null;
  readonly restarts: number | null;
  readonly lastEnd: { readonly at: string; readonly why: { readonly zh: string; readonly en: string } } | null;
}

/** What each of them does, in words. */
export const processTitles: Readonly<Record<ProcessName, { zh: string; en: string }>> = {
  up: { zh: '总进程（拉起并看护其余进程）', en: 'Parent (starts the others and keeps them)' },
  serve: { zh: '服务进程（控制台与网关）', en: 'Server (console and gateway)' },
  work: { zh: '任务进程', en: 'Worker' },
  warehouse: { zh: '数据仓库进程', en: 'Warehouse' },
  postgres: { zh: '数据库进程', en: 'Database' },
};

/** Why a process ended, in words: a signal, an exit code, or nobody saw it. */
export function endingOf(why: string | null): { readonly zh: string; readonly en: string } {
  if (why === null) return { zh: '原因不明', en: 'for no known reason' };
  if (why === 'SIGKILL') return { zh: '被强行结束 SIGKILL', en: 'killed by SIGKILL' };
  return /^\d+$/.test(why) ? { zh: `退出码 ${why}`, en: `exit code ${why}` } : { zh: `信号 ${why}`, en: `signal ${why}` };
}

/** All of them, in the order in which they depend on one another. */
export function processesOf(kernel: Kernel): Promise<readonly ProcessNow[]> {
  const kept = new Map(readProcessBook(kernel.folder).map((p) => [p.name, p]));
  return Promise.all(
    processNames.map(async (name): Promise<ProcessNow> => {
      const entry = kept.get(name);
      const title = processTitles[name];
      const startedAt = entry?.startedAt ?? (name === 'postgres' ? await databaseStart(kernel) : null);
      // Not in the book: a database of the user's own, or a process that was started by hand.
      if (!entry) {
        const state = name === 'postgres' && startedAt ? 'good' : 'unknown';
        return { name, title, state, pid: null, startedAt, memory: null, restarts: null, lastEnd: null };
      }
      const { pid, restarts, lastEnd } = entry;
      const living = pid !== null && isAlive(pid);
      return {
        name,
        title,
        state: living ? 'good' : 'broken',
        pid,
        startedAt,
        memory: living ? await memoryOf(pid, name === 'postgres') : null,
        restarts,
        lastEnd: lastEnd && { at: lastEnd.at, why: endingOf(lastEnd.why) },
      };
    }),
  );
}

async function databaseStart(kernel: Kernel): Promise<string | null> {
  const row = await within(kernel.db.first<{ at: string }>('select pg_postmaster_start_time()::text as at'), null);
  return row?.at ?? null;
}
