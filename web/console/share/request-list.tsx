/** Requests: what was asked for, by whom, and where it stands. */
import { useNavigate } from '@tanstack/react-router';
import { Typography } from 'antd';
import { call, type Reply } from '../../parts/api.ts';
import { Due } from '../../parts/due.tsx';
import { List } from '../../parts/list.tsx';
import { dayFilters } from '../../parts/list-address.ts';
import { useDepartments } from '../../parts/me.ts';
import { useStateFilter } from '../../parts/process-states.ts';
import { Code, Instant, State, toneOf, Wrapped } from '../../parts/state.tsx';
import { Department, Who } from '../../parts/who.tsx';
import { useSay } from '../../parts/words.ts';

type Request = Reply<'GET /api/share/requests'>['rows'][number];

export default function RequestList() {
  const say = useSay();
  const navigate = useNavigate();
  const { choices } = useDepartments();
  const state = useStateFilter('share-request');
  return (
    <>
      <Typography.Title level={3}>{say({ zh: '共享申请', en: 'Requests' })}</Typography.Title>
      <List<Request>
        name={['requests']}
        rowKey={(r) => r.id}
        filters={[
          { name: 'q', title: { zh: '服务、目的', en: 'Service, purpose' } },
          state,
          { name: 'department', title: { zh: '申请或提供部门', en: 'Department of either side' }, choices },
          ...dayFilters({ zh: '提交', en: 'Made' }),
        ]}
        load={(query, signal) => call('GET /api/share/requests', { query: query as never }, signal)}
        open={(r) => void navigate({ to: '/requests/$id' as never, params: { id: r.id } as never })}
        empty={{ zh: '还没有申请：到“服务”中选一个提出', en: 'No request yet: choose a service and ask for it' }}
        columns={[
          { key: 'service', title: { zh: '服务', en: 'Service' }, sorts: true, draw: (r) => say(r.serviceTitle) },
          { key: 'consumer', title: { zh: '使用部门', en: 'Consumer' }, sorts: true, draw: (r) => <Department id={r.consumer} /> },
          { key: 'provider', title: { zh: '提供部门', en: 'Provider' }, draw: (r) => <Department id={r.provider} /> },
          { key: 'purpose', title: { zh: '目的', en: 'Purpose' }, draw: (r) => <Wrapped width={260}>{r.purpose}</Wrapped> },
          {
            key: 'state',
            title: { zh: '状态', en: 'State' },
            sorts: true,
            draw: (r) => <State tone={toneOf(r.tone)} words={r.stateTitle} />,
          },
          {
            key: 'due',
            title: { zh: '办理期限', en: 'To be done' },
            sorts: true,
            draw: (r) => (r.due ? <Due {...r.due} /> : '—'),
          },
          { key: 'madeAt', title: { zh: '提交于', en: 'Made' }, sorts: true, draw: (r) => <Instant at={r.madeAt} /> },
          { key: 'madeBy', title: { zh: '提交人', en: 'By' }, extra: true, draw: (r) => <Who actor={r.madeBy} brief /> },
          { key: 'until', title: { zh: '申请用到', en: 'Asked until' }, extra: true, draw: (r) => r.until },
          { key: 'id', title: { zh: '编号', en: 'Id' }, extra: true, draw: (r) => <Code text={r.id} /> },
        ]}
      />
    </>
  );
}
