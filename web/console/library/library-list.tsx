/** The libraries: how many records, from how many rows, and where the sources disagree. */
import { useNavigate } from '@tanstack/react-router';
import { Typography } from 'antd';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
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
        load={(query, signal) => call('GET /api/library/libraries', { query }, signal)}
        open={(l) => void navigate({ to: '/library/$id' as never, params: { id: l.id } as never })}
        empty={{ zh: '还没有库', en: 'No library yet' }}
        columns={[
          { title: say({ zh: '名称', en: 'Name' }), render: (_, l) => say(l.title) },
          {
            title: say({ zh: '状态', en: 'State' }),
            render: (_, l) => <State tone={libraryStates[l.state].tone} words={libraryStates[l.state]} />,
          },
          { title: say({ zh: '记录', en: 'Records' }), align: 'right', render: (_, l) => <Count n={l.entities} /> },
          { title: say({ zh: '来源行', en: 'Source rows' }), align: 'right', render: (_, l) => <Count n={l.members} /> },
          {
            title: say({ zh: '说法不一 / 多源字段（条）', en: 'Disagree / several sources' }),
            align: 'right',
            render: (_, l) => (
              <span>
                <Count n={l.disagreeing} /> / <Count n={l.contested} />
              </span>
            ),
          },
          { title: say({ zh: '数据截至', en: 'As of' }), render: (_, l) => <Instant at={l.asOf} /> },
        ]}
      />
    </>
  );
}
