/** Sources: where rows come from, and how the last delivery went. */
import { useNavigate } from '@tanstack/react-router';
import { Typography } from 'antd';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { useDepartments, useMay } from '../../parts/me.ts';
import { Count, Instant, State } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';
import { modes, sourceStates } from './collect-words.ts';
import { NewSource } from './edit-source.tsx';

type Source = Reply<'GET /api/collect/sources'>['rows'][number];

export default function SourceList() {
  const say = useSay();
  const may = useMay();
  const navigate = useNavigate();
  const { titleOf } = useDepartments();
  return (
    <>
      <Typography.Title level={3}>{say({ zh: '数据源', en: 'Sources' })}</Typography.Title>
      <List<Source>
        name={['sources']}
        refreshMs={5000}
        rowKey={(s) => s.id}
        load={(query, signal) => call('GET /api/collect/sources', { query }, signal)}
        open={(s) => void navigate({ to: '/collect/$id' as never, params: { id: s.id } as never })}
        empty={{ zh: '还没有数据源', en: 'No source yet' }}
        actions={may('source.edit') && <NewSource />}
        columns={[
          { title: say({ zh: '名称', en: 'Name' }), render: (_, s) => say(s.title) },
          { title: say({ zh: '提供部门', en: 'Provider' }), render: (_, s) => say(titleOf(s.department)) },
          {
            title: say({ zh: '状态', en: 'State' }),
            render: (_, s) => <State tone={sourceStates[s.state].tone} words={sourceStates[s.state]} why={s.cause ?? undefined} />,
          },
          { title: say({ zh: '连接器', en: 'Connector' }), render: (_, s) => say(s.connectorTitle) },
          { title: say({ zh: '方式', en: 'Mode' }), render: (_, s) => say(modes[s.mode]) },
          {
            title: say({ zh: '最近一批：读入（行）', en: 'Latest batch: rows in' }),
            align: 'right',
            render: (_, s) => (s.lastBatch ? <Count n={s.lastBatch.rowsIn} /> : '—'),
          },
          { title: say({ zh: '归集于', en: 'Landed' }), render: (_, s) => <Instant at={s.lastBatch?.landedAt} /> },
        ]}
      />
    </>
  );
}
