/** Usage by call, row and byte: three meters, never one. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Descriptions, Flex, Typography } from 'antd';
import { call, type Reply } from '../../parts/api.ts';
import { List, useAddress } from '../../parts/list.tsx';
import { useDepartments } from '../../parts/me.ts';
import { Count } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';

type Usage = Reply<'GET /api/share/usage'>['rows'][number];

export default function UsageList() {
  const say = useSay();
  const [search] = useAddress();
  const service = search['service'] ? String(search['service']) : undefined;
  const total = useQuery({
    queryKey: ['usage-total', service],
    queryFn: ({ signal }) => call('GET /api/share/usage', { query: { limit: 1, service } }, signal),
  });
  const sum = total.data?.total;
  return (
    <Flex vertical gap={12}>
      <Typography.Title level={3} style={{ margin: 0 }}>
        {say({ zh: '用量', en: 'Usage' })}
      </Typography.Title>
      <Typography.Text type="secondary">
        {say({
          zh: '来自访问日志：提供部门看到自己服务的使用，使用部门看到自己的调用。',
          en: 'From the access log: a provider sees the use of its services, a consumer its own calls.',
        })}
      </Typography.Text>
      {sum && (
        <Descriptions
          size="small"
          column={{ xs: 2, lg: 4 }}
          items={[
            { key: 'calls', label: say({ zh: '答复（次）', en: 'Answered (calls)' }), children: <Count n={sum.calls} /> },
            { key: 'rows', label: say({ zh: '行', en: 'Rows' }), children: <Count n={sum.rows} /> },
            { key: 'bytes', label: say({ zh: '字节', en: 'Bytes' }), children: <Count n={sum.bytes} /> },
            { key: 'refused', label: say({ zh: '被拒（次）', en: 'Refused (calls)' }), children: <Count n={sum.refused} /> },
          ]}
        />
      )}
      <UsageTable />
    </Flex>
  );
}

/** Usage per grant and day. */
export function UsageTable({ grant }: { grant?: string }) {
  const say = useSay();
  const { titleOf } = useDepartments();
  return (
    <List<Usage>
      name={['usage', grant ?? '']}
      refreshMs={5000}
      rowKey={(u) => `${u.day} ${u.grant}`}
      filters={grant ? [] : [{ name: 'service', title: { zh: '服务', en: 'Service' } }]}
      load={(query, signal) => call('GET /api/share/usage', { query: { ...query, grant } }, signal)}
      empty={{ zh: '还没有调用', en: 'No call yet' }}
      columns={[
        { title: say({ zh: '日期', en: 'Day' }), dataIndex: 'day' },
        { title: say({ zh: '服务', en: 'Service' }), dataIndex: 'service' },
        { title: say({ zh: '使用部门', en: 'Consumer' }), render: (_, u) => say(titleOf(u.consumer)) },
        { title: say({ zh: '授权', en: 'Grant' }), render: (_, u) => <Link to={`/grants/${u.grant}` as never}>{u.grant}</Link> },
        { title: say({ zh: '答复（次）', en: 'Calls' }), align: 'right', render: (_, u) => <Count n={u.calls} /> },
        { title: say({ zh: '行', en: 'Rows' }), align: 'right', render: (_, u) => <Count n={u.rows} /> },
        { title: say({ zh: '字节', en: 'Bytes' }), align: 'right', render: (_, u) => <Count n={u.bytes} /> },
        { title: say({ zh: '被拒（次）', en: 'Refused' }), align: 'right', render: (_, u) => <Count n={u.refused} /> },
      ]}
    />
  );
}
