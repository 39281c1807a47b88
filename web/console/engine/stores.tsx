/** The stores of the platform: how much each holds, and the room that is left. */
import { useQuery } from '@tanstack/react-query';
import { Flex, Table, Typography } from 'antd';
import { call } from '../../parts/api.ts';
import { Bytes } from '../../parts/measure.tsx';
import { Loaded } from '../../parts/object-page.tsx';
import { Count, Instant } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';

/** The sizes, and the disk as a sum. */
export function Stores() {
  const say = useSay();
  const stores = useQuery({
    queryKey: ['engine', 'stores'],
    queryFn: ({ signal }) => call('GET /api/engine/stores', {}, signal),
    refetchInterval: 15_000,
  });
  return (
    <Loaded query={stores}>
      {({ stores: rows, disk }) => (
        <Flex vertical gap={12}>
          <Table
            size="small"
            rowKey={(s) => s.store}
            pagination={false}
            dataSource={[...rows]}
            scroll={{ x: 'max-content' }}
            columns={[
              { title: say({ zh: '存储', en: 'Store' }), render: (_, s) => say(s.title) },
              { title: say({ zh: '大小', en: 'Size' }), align: 'right', render: (_, s) => <Bytes n={s.bytes} /> },
              {
                title: say({ zh: '对象（个）', en: 'Objects' }),
                align: 'right',
                render: (_, s) => (s.count === null ? '—' : <Count n={s.count} />),
              },
              { title: say({ zh: '量于', en: 'Measured' }), render: (_, s) => <Instant at={s.asOf} /> },
            ]}
          />
          <div>
            {say({ zh: '数据目录所在磁盘：剩余', en: 'The disk of the data folder:' })} <Bytes n={disk.free} /> / <Bytes n={disk.total} /> ={' '}
            {((100 * disk.free) / disk.total).toFixed(1)}% {say({ zh: '', en: 'free' })}{' '}
            <Typography.Text code copyable={{ text: disk.folder, tooltips: false }} style={{ wordBreak: 'break-all' }}>
              {disk.folder}
            </Typography.Text>
          </div>
        </Flex>
      )}
    </Loaded>
  );
}
