/** My work: everything that waits for whoever is signed in, overdue first, each with the place where it is done. */
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Empty, Flex, Skeleton, Table, Typography } from 'antd';
import { useMay, useMe } from '../../parts/me.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { Count, Instant, State } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';
import { byUrgency, kindsOf, type Waiting } from './waiting.ts';

export default function Desk() {
  const say = useSay();
  const may = useMay();
  const me = useMe();
  const kinds = kindsOf(may);
  const found = useQueries({
    queries: kinds.map(({ name, find }) => ({
      queryKey: ['desk', name],
      queryFn: ({ signal }: { signal: AbortSignal }) => find(signal),
      refetchInterval: 15_000,
    })),
  });
  const today = new Date().toISOString().slice(0, 10);
  const rows = found.flatMap((f) => f.data ?? []).sort(byUrgency);
  const isLoading = found.some((f) => f.isPending);
  const columns = [
    { title: say({ zh: '事项', en: 'What' }), render: (_: unknown, w: Waiting) => say(w.kind) },
    { title: say({ zh: '对象', en: 'About' }), render: (_: unknown, w: Waiting) => <Link to={w.link as never}>{say(w.what)}</Link> },
    { title: say({ zh: '情况', en: 'How it stands' }), render: (_: unknown, w: Waiting) => say(w.why) },
    { title: say({ zh: '自', en: 'Since' }), render: (_: unknown, w: Waiting) => <Instant at={w.since} /> },
    {
      title: say({ zh: '至', en: 'Until' }),
      render: (_: unknown, w: Waiting) =>
        w.until === null ? (
          '—'
        ) : w.until < today ? (
          <State tone="broken" words={{ zh: `${w.until} 已逾期`, en: `${w.until}, overdue` }} />
        ) : (
          <State tone="attention" words={{ zh: w.until, en: w.until }} />
        ),
    },
  ];
  return (
    <Flex vertical gap={16}>
      <Typography.Title level={3} style={{ margin: 0 }}>
        {say({ zh: `${me.data?.name ?? ''}，等您办理`, en: `Waiting for you, ${me.data?.name ?? ''}` })}{' '}
        {!isLoading && <Count n={rows.length} />}
      </Typography.Title>
      {found.map((f, i) => f.error && <Refusal key={kinds[i]?.name} error={f.error} retry={() => void f.refetch()} />)}
      {isLoading && rows.length === 0 ? (
        <Skeleton active />
      ) : (
        <Table<Waiting>
          size="small"
          rowKey={(w) => w.key}
          dataSource={rows}
          columns={columns}
          scroll={{ x: 'max-content' }}
          pagination={{ pageSize: 20, hideOnSinglePage: true }}
          locale={{
            emptyText: (
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={say({ zh: '没有等您办理的事', en: 'Nothing waits for you' })} />
            ),
          }}
        />
      )}
    </Flex>
  );
}
