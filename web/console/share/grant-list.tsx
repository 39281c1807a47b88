/** Grants: who may ask what, until when. */
import { useNavigate } from '@tanstack/react-router';
import { Typography } from 'antd';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { useDepartments } from '../../parts/me.ts';
import { Code, State } from '../../parts/state.tsx';
import type { Tone } from '../../parts/theme.ts';
import { useSay } from '../../parts/words.ts';

type Grant = Reply<'GET /api/share/grants'>['rows'][number];

export const standings: Readonly<Record<Grant['standing'], { tone: Tone; zh: string; en: string }>> = {
  live: { tone: 'good', zh: '有效', en: 'Live' },
  future: { tone: 'attention', zh: '未到起始日', en: 'Not yet' },
  expired: { tone: 'unknown', zh: '已到期', en: 'Expired' },
  revoked: { tone: 'broken', zh: '已撤销', en: 'Revoked' },
};

export default function GrantList() {
  const say = useSay();
  const navigate = useNavigate();
  const { titleOf } = useDepartments();
  return (
    <>
      <Typography.Title level={3}>{say({ zh: '授权', en: 'Grants' })}</Typography.Title>
      <List<Grant>
        name={['grants']}
        rowKey={(g) => g.id}
        load={(query, signal) => call('GET /api/share/grants', { query }, signal)}
        open={(g) => void navigate({ to: '/grants/$id' as never, params: { id: g.id } as never })}
        empty={{ zh: '还没有授权', en: 'No grant yet' }}
        columns={[
          { title: say({ zh: '编号', en: 'Id' }), render: (_, g) => <Code text={g.id} /> },
          { title: say({ zh: '服务', en: 'Service' }), render: (_, g) => say(g.serviceTitle) },
          { title: say({ zh: '使用部门', en: 'Consumer' }), render: (_, g) => say(titleOf(g.consumer)) },
          { title: say({ zh: '提供部门', en: 'Provider' }), render: (_, g) => say(titleOf(g.provider)) },
          {
            title: say({ zh: '状态', en: 'State' }),
            render: (_, g) => <State tone={standings[g.standing].tone} words={standings[g.standing]} />,
          },
          { title: say({ zh: '期限', en: 'Period' }), render: (_, g) => `${g.validFrom} — ${g.validTo}` },
        ]}
      />
    </>
  );
}
