/** Every run of the platform. */
import { useNavigate } from '@tanstack/react-router';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { RunState } from '../../parts/run.tsx';
import { Code, Instant, Who } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';

type Run = Reply<'GET /api/runs'>['rows'][number];

/** The list, live. */
export function Runs() {
  const say = useSay();
  const navigate = useNavigate();
  return (
    <List<Run>
      name={['runs']}
      refreshMs={2000}
      rowKey={(r) => r.id}
      filters={[{ name: 'about', title: { zh: '对象（种类:编号）', en: 'About (kind:id)' } }]}
      load={(query, signal) => call('GET /api/runs', { query }, signal)}
      open={(r) => void navigate({ to: '/engine/runs/$id' as never, params: { id: r.id } as never })}
      empty={{ zh: '还没有任务', en: 'No run yet' }}
      columns={[
        { title: say({ zh: '任务', en: 'Run' }), render: (_, r) => say(r.title) },
        { title: say({ zh: '对象', en: 'About' }), render: (_, r) => <Code text={r.about} /> },
        { title: say({ zh: '状态', en: 'State' }), render: (_, r) => <RunState state={r.state} /> },
        { title: say({ zh: '发起', en: 'By' }), render: (_, r) => <Who actor={r.actor} /> },
        { title: say({ zh: '排队', en: 'Queued' }), render: (_, r) => <Instant at={r.queuedAt} /> },
        { title: say({ zh: '结束', en: 'Ended' }), render: (_, r) => <Instant at={r.endedAt} /> },
      ]}
    />
  );
}
