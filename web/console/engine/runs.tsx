/** Every run of the platform. */
import { useNavigate } from '@tanstack/react-router';
import { About } from '../../parts/about.tsx';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { choicesOf, dayFilters } from '../../parts/list-address.ts';
import { useDepartments } from '../../parts/me.ts';
import { RunState, runStates } from '../../parts/run.tsx';
import { Code, Instant } from '../../parts/state.tsx';
import { Department, Who, withMeant } from '../../parts/who.tsx';
import { useSay } from '../../parts/words.ts';

type Run = Reply<'GET /api/runs'>['rows'][number];

/** The list, live. */
export function Runs() {
  const say = useSay();
  const navigate = useNavigate();
  const { choices } = useDepartments();
  return (
    <List<Run>
      name={['runs']}
      refreshMs={2000}
      rowKey={(r) => r.id}
      filters={[
        { name: 'q', title: { zh: '对象的编号', en: 'Id of what it is about' } },
        {
          name: 'state',
          title: { zh: '状态', en: 'State' },
          choices: choicesOf({ trouble: { zh: '没办成（被拒绝或出错）', en: 'Came to grief (refused or failed)' }, ...runStates }),
        },
        { name: 'department', title: { zh: '部门', en: 'Department' }, choices },
        { name: 'actor', title: { zh: '谁发起（姓名、账号）', en: 'By whom (name, account)' } },
        ...dayFilters({ zh: '排队', en: 'Queued' }),
      ]}
      load={(query, signal) => call('GET /api/runs', { query: withMeant(query) as never }, signal)}
      open={(r) => void navigate({ to: '/engine/runs/$id' as never, params: { id: r.id } as never })}
      empty={{ zh: '还没有任务', en: 'No run yet' }}
      columns={[
        { key: 'job', title: { zh: '任务', en: 'Run' }, sorts: true, draw: (r) => say(r.title) },
        { key: 'about', title: { zh: '对象', en: 'About' }, sorts: true, draw: (r) => <About about={r.about} title={r.aboutTitle} /> },
        { key: 'state', title: { zh: '状态', en: 'State' }, sorts: true, draw: (r) => <RunState state={r.state} /> },
        { key: 'actor', title: { zh: '发起', en: 'By' }, draw: (r) => <Who actor={r.actor} brief /> },
        { key: 'queuedAt', title: { zh: '排队', en: 'Queued' }, sorts: true, draw: (r) => <Instant at={r.queuedAt} /> },
        { key: 'endedAt', title: { zh: '结束', en: 'Ended' }, sorts: true, draw: (r) => <Instant at={r.endedAt} /> },
        {
          key: 'problem',
          title: { zh: '原因', en: 'Cause' },
          extra: true,
          draw: (r) => (r.problem ? say({ zh: r.problem.title, en: r.problem.titleEn }) : '—'),
        },
        { key: 'department', title: { zh: '部门', en: 'Department' }, extra: true, draw: (r) => <Department id={r.department} /> },
        { key: 'account', title: { zh: '账号', en: 'Account' }, extra: true, draw: (r) => r.actor },
        { key: 'id', title: { zh: '编号', en: 'Id' }, extra: true, draw: (r) => <Code text={r.id} /> },
      ]}
    />
  );
}
