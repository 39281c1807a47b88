/** Operations: how the parts are, and every run. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Flex, Table, Typography } from 'antd';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { Loaded } from '../../parts/object-page.tsx';
import { RunState } from '../../parts/run.tsx';
import { Code, Instant, State, Who } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';

type Run = Reply<'GET /api/runs'>['rows'][number];

const healthWords = {
  good: { zh: '正常', en: 'Good' },
  attention: { zh: '注意', en: 'Attention' },
  broken: { zh: '故障', en: 'Broken' },
  unknown: { zh: '未知', en: 'Unknown' },
};

export default function Engine() {
  const say = useSay();
  const navigate = useNavigate();
  const health = useQuery({ queryKey: ['health'], queryFn: ({ signal }) => call('GET /api/health', {}, signal), refetchInterval: 5000 });
  return (
    <Flex vertical gap={16}>
      <Typography.Title level={3} style={{ margin: 0 }}>
        {say({ zh: '运维', en: 'Operations' })}
      </Typography.Title>
      <Loaded query={health}>
        {(h) => (
          <Table
            size="small"
            rowKey={(p) => p.part}
            pagination={false}
            dataSource={[...h.parts]}
            columns={[
              { title: say({ zh: '部件', en: 'Part' }), render: (_, p) => say(p.title) },
              { title: say({ zh: '状态', en: 'State' }), render: (_, p) => <State tone={p.state} words={healthWords[p.state]} /> },
              { title: say({ zh: '说明', en: 'What it says' }), render: (_, p) => say(p.sentence) },
            ]}
          />
        )}
      </Loaded>
      <Typography.Title level={4} style={{ margin: 0 }}>
        {say({ zh: '任务', en: 'Runs' })}
      </Typography.Title>
      <List<Run>
        name={['runs']}
        refreshMs={2000}
        rowKey={(r) => r.id}
        filters={[{ name: 'about', title: { zh: '对象，如 source:police-register', en: 'About, e.g. source:police-register' } }]}
        load={(query, signal) => call('GET /api/runs', { query }, signal)}
        open={(r) => void navigate({ to: '/engine/runs/$id' as never, params: { id: r.id } as never })}
        empty={{ zh: '还没有任务', en: 'No run yet' }}
        columns={[
          { title: say({ zh: '任务', en: 'Run' }), render: (_, r) => say(r.title) },
          { title: say({ zh: '对象', en: 'About' }), render: (_, r) => <Code text={r.about} /> },
          { title: say({ zh: '状态', en: 'State' }), render: (_, r) => <RunState state={r.state} /> },
          { title: say({ zh: '发起', en: 'By' }), render: (_, r) => <Who actor={r.actor} /> },
          { title: say({ zh: '排队', en: 'Queued' }), render: (_, r) => <Instant at={r.queuedAt} /> },
          { title: say({ zh: '结束', en: 'Ended' }), render: (_, r) => <Instant at={r.endedAt} /> },
        ]}
      />
    </Flex>
  );
}
