/** Requests: what was asked for, by whom, and where it stands. */
import { useNavigate } from '@tanstack/react-router';
import { Typography } from 'antd';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { useDepartments } from '../../parts/me.ts';
import { Instant, State, toneOf } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';

type Request = Reply<'GET /api/share/requests'>['rows'][number];

export default function RequestList() {
  const say = useSay();
  const navigate = useNavigate();
  const { titleOf } = useDepartments();
  return (
    <>
      <Typography.Title level={3}>{say({ zh: '共享申请', en: 'Requests' })}</Typography.Title>
      <List<Request>
        name={['requests']}
        rowKey={(r) => r.id}
        load={(query, signal) => call('GET /api/share/requests', { query }, signal)}
        open={(r) => void navigate({ to: '/requests/$id' as never, params: { id: r.id } as never })}
        empty={{ zh: '还没有申请：到“服务”中选一个提出', en: 'No request yet: choose a service and ask for it' }}
        columns={[
          { title: say({ zh: '服务', en: 'Service' }), render: (_, r) => say(r.serviceTitle) },
          { title: say({ zh: '使用部门', en: 'Consumer' }), render: (_, r) => say(titleOf(r.consumer)) },
          { title: say({ zh: '提供部门', en: 'Provider' }), render: (_, r) => say(titleOf(r.provider)) },
          { title: say({ zh: '目的', en: 'Purpose' }), dataIndex: 'purpose', ellipsis: true },
          { title: say({ zh: '状态', en: 'State' }), render: (_, r) => <State tone={toneOf(r.tone)} words={r.stateTitle} /> },
          { title: say({ zh: '提交于', en: 'Made' }), render: (_, r) => <Instant at={r.madeAt} /> },
        ]}
      />
    </>
  );
}
