/** The libraries: how many records, from how many rows, and where the sources disagree. */
import { useNavigate } from '@tanstack/react-router';
import { Typography } from 'antd';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { choicesOf } from '../../parts/list-address.ts';
import { Count, Instant, State } from '../../parts/state.tsx';
import type { Tone } from '../../parts/theme.ts';
import { useSay } from '../../parts/words.ts';

type Library = Reply<'GET /api/library/libraries'>['rows'][number];

export const libraryStates: Readonly<Record<Library['state'], { tone: Tone; zh: string; en: string }>> = {
  empty: { tone: 'unknown', zh: '还没有记录', en: 'No record yet' },
  building: { tone: 'attention', zh: '正在建', en: 'Being built' },
  behind: { tone: 'attention', zh: '有新数据待并入', en: 'New rows wait' },
  good: { tone: 'good', zh: '最新', en: 'Up to date' },
};

export default function LibraryList() {
  const say = useSay();
  const navigate = useNavigate();
  return (
    <>
      <Typography.Title level={3}>{say({ zh: '库', en: 'Libraries' })}</Typography.Title>
      <List<Library>
        name={['libraries']}
        refreshMs={5000}
        rowKey={(l) => l.id}
        filters={[
          { name: 'q', title: { zh: '名称、编号', en: 'Name, id' } },
          { name: 'state', title: { zh: '状态', en: 'State' }, choices: choicesOf(libraryStates) },
        ]}
        load={(query, signal) => call('GET /api/library/libraries', { query: query as never }, signal)}
        open={(l) => void navigate({ to: '/library/$id' as never, params: { id: l.id } as never })}
        empty={{ zh: '还没有库：库由 libraries 文件夹中的声明建立', en: 'No library yet: one is declared in the folder libraries' }}
        columns={[
          { key: 'title', title: { zh: '名称', en: 'Name' }, sorts: true, draw: (l) => say(l.title) },
          {
            key: 'state',
            title: { zh: '状态', en: 'State' },
            sorts: true,
            draw: (l) => <State tone={libraryStates[l.state].tone} words={libraryStates[l.state]} />,
          },
          { key: 'entities', title: { zh: '记录', en: 'Records' }, sorts: true, align: 'right', draw: (l) => <Count n={l.entities} /> },
          { key: 'members', title: { zh: '来源行', en: 'Source rows' }, sorts: true, align: 'right', draw: (l) => <Count n={l.members} /> },
          {
            key: 'disagreeing',
            title: { zh: '说法不一 / 多源字段（条）', en: 'Disagree / several sources' },
            sorts: true,
            align: 'right',
            draw: (l) => (
              <span>
                <Count n={l.disagreeing} /> / <Count n={l.contested} />
              </span>
            ),
          },
          { key: 'asOf', title: { zh: '数据截至', en: 'As of' }, sorts: true, draw: (l) => <Instant at={l.asOf} /> },
        ]}
      />
    </>
  );
}
