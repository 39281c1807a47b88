/** One library: its records (masked), its fields with the order of trust, its feeds. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Alert, Table } from 'antd';
import { useState } from 'react';
import { Act } from '../../parts/act.tsx';
import { call, type Reply } from '../../parts/api.ts';
import { useElements } from '../../parts/elements.ts';
import { List } from '../../parts/list.tsx';
import { useDepartments, useMay } from '../../parts/me.ts';
import { Notices } from '../../parts/notices.tsx';
import { Loaded, ObjectPage } from '../../parts/object-page.tsx';
import { StartedRun } from '../../parts/run.tsx';
import { Count, Instant, State, Wrapped } from '../../parts/state.tsx';
import { useMayHere } from '../../parts/who-may.tsx';
import { useSay } from '../../parts/words.ts';
import { libraryStates } from './library-list.tsx';

type Library = Reply<'GET /api/library/libraries/:id'>;
type RecordRow = Reply<'GET /api/library/libraries/:id/records'>['rows'][number];

export default function LibraryPage() {
  const say = useSay();
  const may = useMay();
  const [run, started] = useState<string | null>(null);
  const { id } = useParams({ strict: false }) as { id: string };
  const library = useQuery({
    queryKey: ['library', id],
    queryFn: ({ signal }) => call('GET /api/library/libraries/:id', { params: { id } }, signal),
  });
  const reads = useMayHere(`library:${id}`, 'library.read');
  return (
    <Loaded query={{ ...library, data: reads === undefined ? undefined : library.data }}>
      {(l) => (
        <>
          <StartedRun id={run} close={() => started(null)} />
          <Notices of={l.notices} />
          <ObjectPage
            title={say(l.title)}
            id={l.id}
            about={`library:${l.id}`}
            state={<State tone={libraryStates[l.state].tone} words={libraryStates[l.state]} />}
            actions={
              may('library.build') && (
                <Act
                  words={{ zh: '重建', en: 'Build again' }}
                  work={() => call('POST /api/library/libraries/:id/build', { params: { id } })}
                  done={{ after: (r) => started(r.run) }}
                />
              )
            }
            facts={[
              { label: { zh: '一条记录是', en: 'One record is' }, value: say(l.entity) },
              { label: { zh: '记录', en: 'Records' }, value: <Count n={l.entities} /> },
              { label: { zh: '来源行', en: 'Source rows' }, value: <Count n={l.members} /> },
              { label: { zh: '数据截至', en: 'As of' }, value: <Instant at={l.asOf} /> },
              { label: { zh: '建成于', en: 'Built' }, value: <Instant at={l.builtAt} /> },
              {
                label: { zh: '说法不一 / 多源字段（条）', en: 'Disagree / several sources' },
                value: (
                  <>
                    <Count n={l.disagreeing} /> / <Count n={l.contested} />
                  </>
                ),
              },
              {
                label: {
                  zh: '同一来源有多行的主键（取最新一整行）',
                  en: 'Keys with several rows of one source (the newest row speaks, whole)',
                },
                value: <Count n={l.repeated} />,
              },
            ]}
            tabs={[
              ...(reads ? [{ key: 'records', title: { zh: '记录', en: 'Records' }, body: <Records library={l} /> }] : []),
              { key: 'fields', title: { zh: '字段与来源顺序', en: 'Fields and order of trust' }, body: <Fields library={l} /> },
              { key: 'feeds', title: { zh: '来源', en: 'Feeds' }, body: <Feeds library={l} /> },
            ]}
          />
        </>
      )}
    </Loaded>
  );
}

/** Records found by the equal value of a field. */
function Records({ library }: { library: Library }) {
  const say = useSay();
  const navigate = useNavigate();
  return (
    <>
      <Alert type="info" showIcon style={{ marginBlockEnd: 12 }} title={say(library.masking)} />
      <List<RecordRow>
        name={['records', library.id]}
        rowKey={(r) => r.entity}
        filters={[
          {
            name: 'field',
            title: { zh: '按字段', en: 'By field' },
            choices: library.fields.map((f) => ({ value: f.name, title: f.title })),
          },
          { name: 'value', title: { zh: '等于', en: 'equal to' } },
          {
            name: 'repeated',
            title: { zh: '同一来源有多行', en: 'Several rows of' },
            choices: library.feeds.filter((f) => (f.repeated ?? 0) > 0).map((f) => ({ value: f.table, title: f.title })),
          },
        ]}
        load={(query, signal) =>
          call(
            'GET /api/library/libraries/:id/records',
            {
              params: { id: library.id },
              query: (query['value'] ? { field: library.strongKey, ...query } : { ...query, field: undefined }) as never,
            },
            signal,
          )
        }
        open={(r) => void navigate({ to: '/library/$id/$entity' as never, params: { id: library.id, entity: r.entity } as never })}
        empty={{ zh: '没有符合条件的记录', en: 'No record matches' }}
        columns={library.fields.map((f) => ({ key: f.name, title: f.title, draw: (r: RecordRow) => r.values[f.name] ?? '—' }))}
      />
    </>
  );
}

/** Each field with its order of trust and its measured disagreement. */
function Fields({ library }: { library: Library }) {
  const say = useSay();
  const elements = useElements();
  return (
    <Table
      size="small"
      rowKey={(f) => f.name}
      pagination={false}
      dataSource={[...library.fields]}
      scroll={{ x: 'max-content' }}
      columns={[
        { title: say({ zh: '字段', en: 'Field' }), render: (_, f) => say(f.title) },
        { title: say({ zh: '数据元', en: 'Data element' }), render: (_, f) => say(elements.titleOf(f.element)) },
        { title: say({ zh: '敏感级', en: 'Sensitivity' }), align: 'right', dataIndex: 'sensitivity' },
        {
          title: say({ zh: '来源顺序（先信前者）', en: 'Order of trust (earlier first)' }),
          render: (_, f) => <Wrapped>{f.trust.map((t) => say(t.title)).join(' → ')}</Wrapped>,
        },
        { title: say({ zh: '有值（条）', en: 'With a value' }), align: 'right', render: (_, f) => <Count n={f.claimed} /> },
        {
          title: say({ zh: '说法不一 / 多源（条）', en: 'Disagree / several sources' }),
          align: 'right',
          render: (_, f) =>
            f.contested === 0 ? (
              say({ zh: '只有一个来源', en: 'one source only' })
            ) : (
              <span>
                <Count n={f.disagreeing} /> / <Count n={f.contested} /> = {((100 * f.disagreeing) / f.contested).toFixed(2)}%
              </span>
            ),
        },
      ]}
    />
  );
}

/** The governed tables it stands on, each with the delivery it holds. */
function Feeds({ library }: { library: Library }) {
  const say = useSay();
  const { titleOf } = useDepartments();
  return (
    <Table
      size="small"
      rowKey={(f) => f.table}
      pagination={false}
      dataSource={[...library.feeds]}
      scroll={{ x: 'max-content' }}
      columns={[
        { title: say({ zh: '来源表', en: 'Table' }), render: (_, f) => say(f.title) },
        { title: say({ zh: '提供部门', en: 'Provider' }), render: (_, f) => say(titleOf(f.department)) },
        { title: say({ zh: '提供的字段', en: 'Fields' }), render: (_, f) => f.fields.length },
        { title: say({ zh: '批次', en: 'Batch' }), align: 'right', render: (_, f) => f.ordinal ?? '—' },
        { title: say({ zh: '行', en: 'Rows' }), align: 'right', render: (_, f) => (f.rows === null ? '—' : <Count n={f.rows} />) },
        {
          title: say({ zh: '有多行的主键', en: 'Keys with several rows' }),
          align: 'right',
          render: (_, f) => (f.repeated === null ? '—' : <Count n={f.repeated} />),
        },
        { title: say({ zh: '归集于', en: 'Landed' }), render: (_, f) => <Instant at={f.landedAt} /> },
      ]}
    />
  );
}
