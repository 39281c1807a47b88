/** Governed tables: how many rows are good, how many are held back. */
import { useNavigate } from '@tanstack/react-router';
import { Typography } from 'antd';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { useDepartments } from '../../parts/me.ts';
import { Count, Instant, State } from '../../parts/state.tsx';
import type { Tone } from '../../parts/theme.ts';
import { useSay } from '../../parts/words.ts';

type Table = Reply<'GET /api/govern/tables'>['rows'][number];

export const tableStates: Readonly<Record<Table['state'], { tone: Tone; zh: string; en: string }>> = {
  empty: { tone: 'unknown', zh: '还没有数据', en: 'No data yet' },
  governing: { tone: 'attention', zh: '治理中', en: 'Governing' },
  behind: { tone: 'attention', zh: '有批次待治理', en: 'Batches wait' },
  outdated: { tone: 'attention', zh: '规则已变，待重建', en: 'Rules changed: rebuild' },
  good: { tone: 'good', zh: '已治理', en: 'Governed' },
};

export default function TableList() {
  const say = useSay();
  const navigate = useNavigate();
  const { titleOf } = useDepartments();
  return (
    <>
      <Typography.Title level={3}>{say({ zh: '治理表', en: 'Governed tables' })}</Typography.Title>
      <List<Table>
        name={['tables']}
        refreshMs={5000}
        rowKey={(t) => t.id}
        load={(query, signal) => call('GET /api/govern/tables', { query }, signal)}
        open={(t) => void navigate({ to: '/govern/$id' as never, params: { id: t.id } as never })}
        empty={{ zh: '还没有治理表：先在数据源页面绑定数据元', en: 'No governed table yet: bind a source to data elements first' }}
        columns={[
          { title: say({ zh: '名称', en: 'Name' }), render: (_, t) => say(t.title) },
          { title: say({ zh: '提供部门', en: 'Provider' }), render: (_, t) => say(titleOf(t.department)) },
          {
            title: say({ zh: '状态', en: 'State' }),
            render: (_, t) => <State tone={tableStates[t.state].tone} words={tableStates[t.state]} />,
          },
          { title: say({ zh: '现行行数', en: 'Rows now' }), align: 'right', render: (_, t) => <Count n={t.rows} /> },
          {
            title: say({ zh: '读入 = 入表 + 隔离（行）', en: 'Read = governed + quarantined (rows)' }),
            align: 'right',
            render: (_, t) => (
              <span>
                <Count n={t.read} /> = <Count n={t.governed} /> + <Count n={t.quarantined} />
              </span>
            ),
          },
          { title: say({ zh: '最近一批', en: 'Latest batch' }), render: (_, t) => <Instant at={t.lastBatch?.landedAt} /> },
        ]}
      />
    </>
  );
}
