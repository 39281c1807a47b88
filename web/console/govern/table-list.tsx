/** Governed tables: how many rows are good, how many are held back. */
import { useNavigate } from '@tanstack/react-router';
import { Typography } from 'antd';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { choicesOf } from '../../parts/list-address.ts';
import { useDepartments } from '../../parts/me.ts';
import { Code, Count, Instant, State } from '../../parts/state.tsx';
import type { Tone } from '../../parts/theme.ts';
import { Department } from '../../parts/who.tsx';
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
  const { choices } = useDepartments();
  return (
    <>
      <Typography.Title level={3}>{say({ zh: '治理表', en: 'Governed tables' })}</Typography.Title>
      <List<Table>
        name={['tables']}
        refreshMs={5000}
        rowKey={(t) => t.id}
        filters={[
          { name: 'q', title: { zh: '名称、编号', en: 'Name, id' } },
          { name: 'state', title: { zh: '状态', en: 'State' }, choices: choicesOf(tableStates) },
          { name: 'department', title: { zh: '提供部门', en: 'Provider' }, choices },
        ]}
        load={(query, signal) => call('GET /api/govern/tables', { query: query as never }, signal)}
        open={(t) => void navigate({ to: '/govern/$id' as never, params: { id: t.id } as never })}
        empty={{ zh: '还没有治理表：先在数据源页面绑定数据元', en: 'No governed table yet: bind a source to data elements first' }}
        columns={[
          { key: 'title', title: { zh: '名称', en: 'Name' }, sorts: true, draw: (t) => say(t.title) },
          { key: 'department', title: { zh: '提供部门', en: 'Provider' }, sorts: true, draw: (t) => <Department id={t.department} /> },
          {
            key: 'state',
            title: { zh: '状态', en: 'State' },
            sorts: true,
            draw: (t) => <State tone={tableStates[t.state].tone} words={tableStates[t.state]} />,
          },
          { key: 'rows', title: { zh: '现行行数', en: 'Rows now' }, sorts: true, align: 'right', draw: (t) => <Count n={t.rows} /> },
          {
            key: 'quarantined',
            title: { zh: '读入 = 入表 + 隔离（行）', en: 'Read = governed + quarantined (rows)' },
            sorts: true,
            align: 'right',
            draw: (t) => (
              <span>
                <Count n={t.read} /> = <Count n={t.governed} /> + <Count n={t.quarantined} />
              </span>
            ),
          },
          {
            key: 'landedAt',
            title: { zh: '最近一批', en: 'Latest batch' },
            sorts: true,
            draw: (t) => <Instant at={t.lastBatch?.landedAt} />,
          },
          { key: 'read', title: { zh: '读入（行）', en: 'Read (rows)' }, extra: true, align: 'right', draw: (t) => <Count n={t.read} /> },
          {
            key: 'governed',
            title: { zh: '入表（行）', en: 'Governed (rows)' },
            extra: true,
            align: 'right',
            draw: (t) => <Count n={t.governed} />,
          },
          {
            key: 'held',
            title: { zh: '隔离（行）', en: 'Quarantined (rows)' },
            extra: true,
            align: 'right',
            draw: (t) => <Count n={t.quarantined} />,
          },
          {
            key: 'warned',
            title: { zh: '有提醒（行）', en: 'Warned about (rows)' },
            extra: true,
            align: 'right',
            draw: (t) => <Count n={t.warned} />,
          },
          { key: 'id', title: { zh: '编号', en: 'Id' }, extra: true, draw: (t) => <Code text={t.id} /> },
        ]}
      />
    </>
  );
}
