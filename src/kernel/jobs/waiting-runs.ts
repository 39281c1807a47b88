/** Runs that came to grief and were not mended by a later one about the same thing. */

import { titlesOf } from '../about.ts';
import { type Sql, seenIn } from '../db/listing.ts';
import type { TimelineTable } from '../stage.ts';
import type { WaitingKind } from '../waiting.ts';
import type { Run } from './jobs.ts';

/** A refused run waits for the department whose thing it is; a failed one also for those who look after the platform. */
export const waitingRuns = (titles: ReadonlyMap<string, { zh: string; en: string }>, timelines: TimelineTable): WaitingKind => ({
  kind: 'run',
  title: { zh: '没办成的任务', en: 'Run that did not succeed' },
  async find(kernel, actor) {
    const seen = kernel.policy.filter(actor, 'run.list');
    if (seen.kind === 'none') return null;
    // Of each job about each thing that ever came to grief the latest run, by its index: held against all later ones, thousands cost a second.
    const own = (run: string): Sql => {
      const [policy, ...departments] = seenIn(seen, `${run}.department`);
      return [
        `${run}.state in ('failed', 'refused') and ${policy} and (${run}.state = 'failed' or ${run}.department = ? or ${run}.department is null)`,
        ...departments,
        actor.department,
      ];
    };
    const [grieved, ...values] = own('g');
    const [latest, ...same] = own('r');
    // Nobody can mend what came to grief about a thing that was removed.
    const there = Object.entries(timelines).flatMap(([kind, t]) =>
      t.still ? [`(r.about not like '${kind}:%' or ${t.still('r.about')})`] : [],
    );
    return [
      `select r.id, r.ended_at as since, null::date as until, null::integer as days
       from (select distinct g.about, g.job from kernel.run g where ${grieved}) g
       cross join lateral (select l.* from kernel.run l where l.about = g.about and l.job = g.job order by l.queued_at desc, l.id desc limit 1) r
       where ${[latest, ...there].join(' and ')}`,
      ...values,
      ...same,
    ];
  },
  async tell(kernel, found, actor) {
    const runs = await kernel.db.rows<Pick<Run, 'id' | 'job' | 'about' | 'department' | 'problem'>>(
      'select id, job, about, department, problem from kernel.run where id = any($1)',
      [found.map((f) => f.id)],
    );
    const abouts = await titlesOf(kernel, timelines, actor, runs);
    return new Map(
      runs.map((r) => {
        const about = abouts.get(r.about) ?? { zh: r.about };
        const title = titles.get(r.job) ?? { zh: r.job, en: r.job };
        return [
          r.id,
          {
            what: { zh: `${title.zh}：${about.zh}`, en: `${title.en}: ${about.en ?? about.zh}` },
            why: r.problem ? { zh: r.problem.title, en: r.problem.titleEn } : { zh: '出错', en: 'failed' },
            limit: null,
          },
        ];
      }),
    );
  },
});
