/** Usage by call, row and byte: three meters, never one. */
import { useQuery } from '@tanstack/react-query';
import { Descriptions, Flex, Typography } from 'antd';
import { About } from '../../parts/about.tsx';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { dayFilters, type FilterSpec, useAddress, valuesOf } from '../../parts/list-address.ts';
import { useDepartments } from '../../parts/me.ts';
import { Count } from '../../parts/state.tsx';
import { Department } from '../../parts/who.tsx';
import { useSay } from '../../parts/words.ts';

type Usage = Reply<'GET /api/share/usage'>['rows'][number];

/** What usage can be narrowed to. */
function useUsageFilters(): readonly FilterSpec[] {
  const { choices } = useDepartments();
  const services = useQuery({
    queryKey: ['services', 'all'],
    staleTime: 60_000,
    queryFn: ({ signal }) => call('GET /api/share/services', { query: { limit: 200 } }, signal),
  });
  return [
    {
      name: 'service',
      title: { zh: '服务', en: 'Service' },
      choices: (services.data?.rows ?? []).map((s) => ({ value: s.id, title: s.title })),
    },
    { name: 'department', title: { zh: '使用或提供部门', en: 'Department of either side' }, choices },
    ...dayFilters({ zh: '日期', en: 'Day' }),
  ];
}

export default function UsageList() {
  const say = useSay();
  const [search] = useAddress();
  const filters = useUsageFilters();
  const values = valuesOf(
    search,
    filters.map((f) => f.name),
  );
  const total = useQuery({
    queryKey: ['usage-total', values],
    queryFn: ({ signal }) => call('GET /api/share/usage', { query: { ...values, limit: 1 } }, signal),
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
      <UsageTable filters={filters} />
    </Flex>
  );
}

/** Usage per grant and day. */
export function UsageTable({
  grant,
  filters = dayFilters({ zh: '日期', en: 'Day' }),
}: {
  grant?: string;
  filters?: readonly FilterSpec[];
}) {
  return (
    <List<Usage>
      name={['usage', grant ?? '']}
      refreshMs={5000}
      rowKey={(u) => `${u.day} ${u.grant}`}
      filters={filters}
      load={(query, signal) => call('GET /api/share/usage', { query: { ...query, grant } as never }, signal)}
      empty={{
        zh: '还没有调用：使用部门用授权的密钥调用服务后记在这里',
        en: 'No call yet: a call made with a grant’s key is counted here',
      }}
      columns={[
        { key: 'day', title: { zh: '日期', en: 'Day' }, sorts: true, draw: (row) => row.day },
        {
          key: 'service',
          title: { zh: '服务', en: 'Service' },
          sorts: true,
          draw: (u) => <About about={`service:${u.service}`} title={u.serviceTitle} />,
        },
        { key: 'consumer', title: { zh: '使用部门', en: 'Consumer' }, sorts: true, draw: (u) => <Department id={u.consumer} /> },
        {
          key: 'grant',
          title: { zh: '授权', en: 'Grant' },
          draw: (u) => <About about={`grant:${u.grant}`} title={{ zh: '授权', en: 'Grant' }} />,
        },
        { key: 'calls', title: { zh: '答复（次）', en: 'Calls' }, sorts: true, align: 'right', draw: (u) => <Count n={u.calls} /> },
        { key: 'rows', title: { zh: '行', en: 'Rows' }, sorts: true, align: 'right', draw: (u) => <Count n={u.rows} /> },
        { key: 'bytes', title: { zh: '字节', en: 'Bytes' }, sorts: true, align: 'right', draw: (u) => <Count n={u.bytes} /> },
        { key: 'refused', title: { zh: '被拒（次）', en: 'Refused' }, sorts: true, align: 'right', draw: (u) => <Count n={u.refused} /> },
      ]}
    />
  );
}
