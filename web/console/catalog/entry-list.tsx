/** The catalog: what the city has, whose it is, how it may be used, and whether it is really there. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Typography } from 'antd';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { choicesOf } from '../../parts/list-address.ts';
import { useDepartments, useMay } from '../../parts/me.ts';
import { useStateFilter } from '../../parts/process-states.ts';
import { Code, Count, Instant, State, toneOf } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';
import { mountStates, shareTypes, updateCycles } from './catalog-words.ts';
import { NewEntry } from './edit-entry.tsx';

type Entry = Reply<'GET /api/catalog/entries'>['rows'][number];

export default function EntryList() {
  const say = useSay();
  const may = useMay();
  const navigate = useNavigate();
  const state = useStateFilter('entry-publication');
  const { choices } = useDepartments();
  const rate = useQuery({ queryKey: ['mount-rate'], queryFn: ({ signal }) => call('GET /api/catalog/mount-rate', {}, signal) });
  return (
    <>
      <Typography.Title level={3}>{say({ zh: '目录', en: 'Catalog' })}</Typography.Title>
      {rate.data && (
        <Typography.Paragraph type="secondary" title={say(rate.data.definition)}>
          {say({ zh: '实际挂接率', en: 'Live mount rate' })} <Count n={rate.data.live.numerator} /> / <Count n={rate.data.denominator} />
          {rate.data.live.rate !== null && ` = ${(100 * rate.data.live.rate).toFixed(1)}%`} · {say({ zh: '名义', en: 'nominal' })}{' '}
          <Count n={rate.data.nominal.numerator} /> / <Count n={rate.data.denominator} /> · {say({ zh: '截至', en: 'as of' })}{' '}
          <Instant at={rate.data.asOf} />
        </Typography.Paragraph>
      )}
      <List<Entry>
        name={['entries']}
        rowKey={(e) => e.id}
        filters={[
          { name: 'q', title: { zh: '名称、摘要、信息项', en: 'Name, abstract, items' } },
          { name: 'department', title: { zh: '提供部门', en: 'Provider' }, choices },
          state,
          {
            name: 'shareType',
            title: { zh: '共享属性', en: 'Sharing' },
            choices: choicesOf(shareTypes),
          },
          {
            name: 'mount',
            title: { zh: '挂接', en: 'Mount' },
            choices: choicesOf(mountStates),
          },
        ]}
        load={(query, signal) => call('GET /api/catalog/entries', { query: query as never }, signal)}
        open={(e) => void navigate({ to: '/catalog/$id' as never, params: { id: e.id } as never })}
        empty={{ zh: '没有符合条件的目录', en: 'No entry matches' }}
        actions={may('entry.edit') && <NewEntry />}
        columns={[
          { key: 'title', title: { zh: '名称', en: 'Name' }, sorts: true, draw: (e) => say(e.title) },
          { key: 'code', title: { zh: '信息资源代码', en: 'Resource code' }, draw: (e) => (e.code ? <Code text={e.code} /> : '—') },
          { key: 'department', title: { zh: '提供部门', en: 'Provider' }, sorts: true, draw: (e) => say(e.department.title) },
          { key: 'shareType', title: { zh: '共享属性', en: 'Sharing' }, sorts: true, draw: (e) => say(shareTypes[e.shareType]) },
          {
            key: 'updateCycle',
            title: { zh: '更新周期', en: 'Cycle' },
            draw: (e) => say(updateCycles[e.updateCycle as keyof typeof updateCycles]),
          },
          {
            key: 'state',
            title: { zh: '状态', en: 'State' },
            sorts: true,
            draw: (e) => <State tone={toneOf(e.state.tone)} words={e.state.title} />,
          },
          {
            key: 'mount',
            title: { zh: '挂接', en: 'Mount' },
            draw: (e) => (
              <State tone={mountStates[e.mount.state].tone} words={mountStates[e.mount.state]} why={e.mount.cause ?? undefined} />
            ),
          },
        ]}
      />
    </>
  );
}
