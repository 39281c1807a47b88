/** When a source was collected and will be, which update cycle asks for it, and whether it is late. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Reply } from '../../parts/api.ts';
import { runStates } from '../../parts/run.tsx';
import { Instant, State } from '../../parts/state.tsx';
import type { Words } from '../../parts/words.ts';

type Timing = Reply<'GET /api/collect/sources/:id'>['timing'];

/** Why the next collection is when it is, or why there is none. */
const whys: Readonly<Record<Timing['why'], Words>> = {
  cycle: { zh: '按更新周期', en: 'by its update cycle' },
  missed: { zh: '补上错过的一次', en: 'making up for a missed one' },
  again: { zh: '失败后重试', en: 'again after a failure' },
  'under-way': { zh: '正在归集', en: 'under way' },
  file: { zh: '由部门交付文件，不自动归集', en: 'its department delivers files; not by itself' },
  'no-cycle': { zh: '没有挂接带更新周期的目录，不自动归集', en: 'no entry with an update cycle is mounted on it; not by itself' },
  'no-time': { zh: '更新周期不约定时间，不自动归集', en: 'its update cycle promises no time; not by itself' },
};

/** The facts of time on a source's page. */
export function timingFacts(t: Timing, say: (w: Words) => string): readonly { label: Words; value: ReactNode }[] {
  return [
    {
      label: { zh: '更新周期', en: 'Update cycle' },
      value: t.cycle ? (
        <>
          {say(t.cycle)}
          {t.entry && (
            <>
              {' '}
              · <Link to={`/catalog/${t.entry.id}` as never}>{say(t.entry.title)}</Link>
            </>
          )}
        </>
      ) : (
        '—'
      ),
    },
    {
      label: { zh: '上次归集', en: 'Last run' },
      value: t.lastRun ? (
        <>
          <Link to={`/engine/runs/${t.lastRun.id}` as never}>
            <Instant at={t.lastRun.begunAt} />
          </Link>{' '}
          {say(runStates[t.lastRun.state])}
          {say(t.lastRun.itself ? { zh: '（自动）', en: ' (by itself)' } : { zh: '（人工）', en: ' (by a person)' })}
        </>
      ) : (
        '—'
      ),
    },
    {
      label: { zh: '下次归集', en: 'Next run' },
      value: (
        <>
          {t.nextAt && <Instant at={t.nextAt} />} {say(whys[t.why])}
          {t.failures > 0 && say({ zh: `，本周期已失败 ${t.failures} 次`, en: `; failed ${t.failures} times in this cycle` })}
        </>
      ),
    },
    {
      label: { zh: '应在此前更新', en: 'Due before' },
      value: t.lateAfter ? (
        <>
          <Instant at={t.lateAfter} /> {t.late && <State tone="broken" words={{ zh: '迟到', en: 'Late' }} />}
        </>
      ) : (
        say({ zh: '不判迟到', en: 'never late' })
      ),
    },
    ...(t.why === 'file'
      ? []
      : [
          {
            label: { zh: '自动归集时段', en: 'Hours of collection' },
            value: t.schedule.window ? `${t.schedule.window.from}–${t.schedule.window.to}` : say({ zh: '不限', en: 'any time of the day' }),
          },
        ]),
  ];
}
