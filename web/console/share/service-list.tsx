/** Services: what may be asked for. */
import { useNavigate } from '@tanstack/react-router';
import { Typography } from 'antd';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { useDepartments } from '../../parts/me.ts';
import { Count, Instant, State } from '../../parts/state.tsx';
import { Department } from '../../parts/who.tsx';
import { useSay } from '../../parts/words.ts';

type Service = Reply<'GET /api/share/services'>['rows'][number];

export const shareTypes = {
  '1': { zh: '无条件共享', en: 'Unconditional' },
  '2': { zh: '有条件共享', en: 'Conditional' },
  '3': { zh: '不予共享', en: 'Not shared' },
} as const;

export default function ServiceList() {
  const say = useSay();
  const navigate = useNavigate();
  const { choices } = useDepartments();
  return (
    <>
      <Typography.Title level={3}>{say({ zh: '服务', en: 'Services' })}</Typography.Title>
      <List<Service>
        name={['services']}
        rowKey={(s) => s.id}
        filters={[
          { name: 'q', title: { zh: '名称', en: 'Name' } },
          { name: 'department', title: { zh: '提供部门', en: 'Provider' }, choices },
        ]}
        load={(query, signal) => call('GET /api/share/services', { query }, signal)}
        open={(s) => void navigate({ to: '/services/$id' as never, params: { id: s.id } as never })}
        empty={{ zh: '没有符合条件的服务', en: 'No service matches' }}
        columns={[
          { key: 'title', title: { zh: '名称', en: 'Name' }, sorts: true, draw: (s) => say(s.title) },
          { key: 'department', title: { zh: '提供部门', en: 'Provider' }, sorts: true, draw: (s) => <Department id={s.department} /> },
          {
            key: 'shareType',
            title: { zh: '共享属性', en: 'Sharing' },
            draw: (s) => (
              <State tone={s.shareType === '3' ? 'broken' : s.shareType === '2' ? 'attention' : 'good'} words={shareTypes[s.shareType]} />
            ),
          },
          { key: 'version', title: { zh: '版本', en: 'Version' }, align: 'right', draw: (row) => row.version },
          {
            key: 'rows',
            title: { zh: '可查行数', en: 'Rows served' },
            align: 'right',
            draw: (s) => (s.published ? <Count n={s.published.rows} /> : '—'),
          },
          { key: 'publishedAt', title: { zh: '发布于', en: 'Published' }, draw: (s) => <Instant at={s.published?.at} /> },
        ]}
      />
    </>
  );
}
