/** What happened to a run, newest first: what its own row says, and what was said about it. */
import type { StoredFact } from '../facts/facts.ts';
import { machine } from '../review/review.ts';
import type { Run } from './jobs.ts';

/** `said` are the facts about it. The numbers of what its row says only keep the order. */
export function runHappened(run: Run, said: readonly StoredFact[]): readonly StoredFact[] {
  const about = `run:${run.id}`;
  const own = (name: string, at: string | null, actor: string, body: StoredFact['body']): readonly StoredFact[] =>
    at === null ? [] : [{ seq: 0, name, about, actor, at, body }];
  const ended =
    run.problem && run.state !== 'cancelled'
      ? { why: `：${run.problem.title}`, whyEn: `: ${run.problem.titleEn}` }
      : { why: '', whyEn: '' };
  const all = [
    ...own('run-ended', run.endedAt, machine, { state: run.state, ...ended }),
    ...said,
    ...own('run-started', run.startedAt, machine, {}),
    ...own('run-queued', run.queuedAt, run.actor, {}),
  ];
  return all.map((f, i) => ({ ...f, seq: all.length - i }));
}
