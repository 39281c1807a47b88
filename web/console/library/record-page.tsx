/** One golden record: every value can be asked where it comes from. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Flex, Table, Typography } from 'antd';
import { call } from '../../parts/api.ts';
import { Loaded } from '../../parts/object-page.tsx';
import { ValueWithOrigin } from '../../parts/origin.tsx';
import { Code } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';

export default function RecordPage() {
  const say = useSay();
  const { id, entity } = useParams({ strict: false }) as { id: string; entity: string };
  const record = useQuery({
    queryKey: ['record', id, entity],
    queryFn: ({ signal }) => call('GET /api/library/libraries/:id/records/:entity', { params: { id, entity } }, signal),
  });
  return (
    <Flex vertical gap={12}>
      <Link to={`/library/${id}` as never}>← {say({ zh: '返回库', en: 'Back to the library' })}</Link>
      <Typography.Title level={3} style={{ margin: 0 }}>
        {say({ zh: '记录', en: 'Record' })}
      </Typography.Title>
      <Code text={entity} />
      <Loaded query={record}>
        {(r) => (
          <Table
            size="small"
            rowKey={(f) => f.name}
            pagination={false}
            dataSource={[...r.fields]}
            columns={[
              { title: say({ zh: '字段', en: 'Field' }), width: '30%', render: (_, f) => say(f.title) },
              {
                title: say({ zh: '值（点开看来历）', en: 'Value (press for its origin)' }),
                render: (_, f) => <ValueWithOrigin value={f.value} origin={f.origin} rule={f.rule} others={f.others} />,
              },
              { title: say({ zh: '敏感级', en: 'Sensitivity' }), width: 100, align: 'right', dataIndex: 'sensitivity' },
            ]}
          />
        )}
      </Loaded>
    </Flex>
  );
}
