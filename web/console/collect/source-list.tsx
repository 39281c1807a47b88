/** Sources: where rows come from, and how the last delivery went. */
import { useNavigate } from '@tanstack/react-router';
import { Typography } from 'antd';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { choicesOf } from '../../parts/list-address.ts';
import { useDepartments, useMay } from '../../parts/me.ts';
import { Code, Count, Instant, State } from '../../parts/state.tsx';
import { Department } from '../../parts/who.tsx';
import { useSay } from '../../parts/words.ts';
import { modes, sourceStates } from './collect-words.ts';
import { NewSource } from './edit-source.tsx';

type Source = Reply<'GET /api/collect/sources'>['rows'][number];

export default function SourceList() {
  const say = useSay();
  const may = useMay();
  const navigate = useNavigate();
  const { choices } = useDepartments();
  return (
    <>
      <Typography.Title level={3}>{say({ zh: '数据源', en: 'Sources' })}</Typography.Title>
      <List<Source>
        name={['sources']}
        refreshMs={5000}
        rowKey={(s) => s.id}
        filters={[
          { name: 'q', title: { zh: '名称、编号', en: 'Name, id' } },
          { name: 'state', title: { zh: '状态', en: 'State' }, choices: choicesOf(sourceStates) },
          { name: 'department', title: { zh: '提供部门', en: 'Provider' }, choices },
        ]}
        load={(query, signal) => call('GET /api/collect/sources', { query: query as never }, signal)}
        open={(s) => void navigate({ to: '/collect/$id' as never, params: { id: s.id } as never })}
        empty={{ zh: '还没有数据源：点“建立数据源”，或上传一个文件', en: 'No source yet: make one, or upload a file' }}
        actions={may('source.edit') && <NewSource />}
        columns={[
          { key: 'title', title: { zh: '名称', en: 'Name' }, sorts: true, draw: (s) => say(s.title) },
          { key: 'department', title: { zh: '提供部门', en: 'Provider' }, sorts: true, draw: (s) => <Department id={s.department} /> },
          {
            key: 'state',
            title: { zh: '状态', en: 'State' },
            sorts: true,
            draw: (s) => <State tone={sourceStates[s.state].tone} words={sourceStates[s.state]} why={s.cause ?? undefined} />,
          },
          { key: 'connector', title: { zh: '连接器', en: 'Connector' }, draw: (s) => say(s.connectorTitle) },
          { key: 'mode', title: { zh: '方式', en: 'Mode' }, draw: (s) => say(modes[s.mode]) },
          {
            key: 'rowsIn',
            title: { zh: '最近一批：读入（行）', en: 'Latest batch: rows in' },
            sorts: true,
            align: 'right',
            draw: (s) => (s.lastBatch ? <Count n={s.lastBatch.rowsIn} /> : '—'),
          },
          { key: 'landedAt', title: { zh: '归集于', en: 'Landed' }, sorts: true, draw: (s) => <Instant at={s.lastBatch?.landedAt} /> },
          { key: 'lookedAt', title: { zh: '最近查看', en: 'Looked at' }, extra: true, draw: (s) => <Instant at={s.lookedAt} /> },
          { key: 'id', title: { zh: '编号', en: 'Id' }, extra: true, draw: (s) => <Code text={s.id} /> },
        ]}
      />
    </>
  );
}
