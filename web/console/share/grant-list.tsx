/** Grants: who may ask what, until when. */
import { useNavigate } from '@tanstack/react-router';
import { Typography } from 'antd';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { choicesOf, dayFilters } from '../../parts/list-address.ts';
import { useDepartments } from '../../parts/me.ts';
import { Code, Instant, State } from '../../parts/state.tsx';
import type { Tone } from '../../parts/theme.ts';
import { Department } from '../../parts/who.tsx';
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
  const { choices } = useDepartments();
  return (
    <>
      <Typography.Title level={3}>{say({ zh: '授权', en: 'Grants' })}</Typography.Title>
      <List<Grant>
        name={['grants']}
        rowKey={(g) => g.id}
        filters={[
          { name: 'q', title: { zh: '服务、编号', en: 'Service, id' } },
          { name: 'standing', title: { zh: '状态', en: 'State' }, choices: choicesOf(standings) },
          { name: 'department', title: { zh: '使用或提供部门', en: 'Department of either side' }, choices },
          ...dayFilters({ zh: '到期', en: 'Ends' }),
        ]}
        load={(query, signal) => call('GET /api/share/grants', { query: query as never }, signal)}
        open={(g) => void navigate({ to: '/grants/$id' as never, params: { id: g.id } as never })}
        empty={{
          zh: '还没有授权：提供部门同意一件共享申请后自动产生',
          en: 'No grant yet: one comes into being when a provider approves a request',
        }}
        columns={[
          { key: 'service', title: { zh: '服务', en: 'Service' }, sorts: true, draw: (g) => say(g.serviceTitle) },
          { key: 'consumer', title: { zh: '使用部门', en: 'Consumer' }, sorts: true, draw: (g) => <Department id={g.consumer} /> },
          { key: 'provider', title: { zh: '提供部门', en: 'Provider' }, sorts: true, draw: (g) => <Department id={g.provider} /> },
          {
            key: 'standing',
            title: { zh: '状态', en: 'State' },
            draw: (g) => <State tone={standings[g.standing].tone} words={standings[g.standing]} />,
          },
          { key: 'validTo', title: { zh: '期限', en: 'Period' }, sorts: true, draw: (g) => `${g.validFrom} — ${g.validTo}` },
          { key: 'madeAt', title: { zh: '作出于', en: 'Made' }, sorts: true, extra: true, draw: (g) => <Instant at={g.madeAt} /> },
          { key: 'id', title: { zh: '编号', en: 'Id' }, draw: (g) => <Code text={g.id} /> },
        ]}
      />
    </>
  );
}
