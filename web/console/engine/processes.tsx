/** The processes of the platform: number, since when, memory, how often they were started again. */
import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { call } from '../../parts/api.ts';
import { Bytes, Elapsed } from '../../parts/measure.tsx';
import { Loaded } from '../../parts/object-page.tsx';
import { Count, Instant, State } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';

const stateWords = {
  good: { zh: '在运行', en: 'Running' },
  broken: { zh: '不在', en: 'Away' },
  unknown: { zh: '不由平台看护', en: 'Not kept by the platform' },
};

/** The table, asked again every five seconds. */
export function Processes() {
  const say = useSay();
  const processes = useQuery({
    queryKey: ['engine', 'processes'],
    queryFn: ({ signal }) => call('GET /api/engine/processes', {}, signal),
    refetchInterval: 5000,
  });
  return (
    <Loaded query={processes}>
      {(rows) => (
        <Table
          size="small"
          rowKey={(p) => p.name}
          pagination={false}
          dataSource={[...rows]}
          scroll={{ x: 'max-content' }}
          columns={[
            { title: say({ zh: '进程', en: 'Process' }), render: (_, p) => say(p.title) },
            { title: say({ zh: '状态', en: 'State' }), render: (_, p) => <State tone={p.state} words={stateWords[p.state]} /> },
            { title: say({ zh: '进程号', en: 'Process id' }), align: 'right', render: (_, p) => p.pid ?? '—' },
            { title: say({ zh: '启动于', en: 'Started' }), render: (_, p) => <Instant at={p.startedAt} /> },
            { title: say({ zh: '已运行', en: 'Running for' }), align: 'right', render: (_, p) => <Elapsed since={p.startedAt} /> },
            { title: say({ zh: '内存', en: 'Memory' }), align: 'right', render: (_, p) => <Bytes n={p.memory} /> },
            {
              title: say({ zh: '重新拉起（次）', en: 'Started again (times)' }),
              align: 'right',
              render: (_, p) => (p.restarts === null ? say({ zh: '未知', en: 'not known' }) : <Count n={p.restarts} />),
            },
            {
              title: say({ zh: '最近一次中断', en: 'Last ended' }),
              render: (_, p) =>
                p.lastEnd ? (
                  <>
                    <Instant at={p.lastEnd.at} /> {say(p.lastEnd.why)}
                  </>
                ) : (
                  '—'
                ),
            },
          ]}
        />
      )}
    </Loaded>
  );
}
