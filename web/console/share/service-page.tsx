/** One service: what it shows and how, asking for it, and trying it with a key. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Table, Typography } from 'antd';
import { call, type Reply } from '../../parts/api.ts';
import { CodeListButton } from '../../parts/code-list.tsx';
import { useDepartments, useMay } from '../../parts/me.ts';
import { Notices } from '../../parts/notices.tsx';
import { Loaded, ObjectPage } from '../../parts/object-page.tsx';
import { Count, Instant, State } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';
import { TryIt } from '../gateway/try-it.tsx';
import { AskFor } from './ask-for.tsx';
import { Masked } from './masked.tsx';
import { shareTypes } from './service-list.tsx';

export type ServiceDetail = Reply<'GET /api/share/services/:id'>;

export default function ServicePage() {
  const say = useSay();
  const may = useMay();
  const { titleOf } = useDepartments();
  const { id } = useParams({ strict: false }) as { id: string };
  const service = useQuery({
    queryKey: ['service', id],
    queryFn: ({ signal }) => call('GET /api/share/services/:id', { params: { id } }, signal),
  });
  return (
    <Loaded query={service}>
      {(s) => (
        <>
          <Notices of={s.notices} />
          <ObjectPage
            title={say(s.title)}
            id={s.id}
            about={`service:${s.id}`}
            state={
              <State
                tone={s.published ? 'good' : 'attention'}
                words={s.published ? { zh: '可调用', en: 'Being served' } : { zh: '尚未发布数据', en: 'Not published yet' }}
              />
            }
            facts={[
              { label: { zh: '提供部门', en: 'Provider' }, value: say(titleOf(s.department)) },
              { label: { zh: '共享属性', en: 'Sharing' }, value: say(shareTypes[s.shareType]) },
              { label: { zh: '共享条件', en: 'Conditions' }, value: s.entry?.shareCondition || '—' },
              {
                label: { zh: '条件出自', en: 'Said by' },
                value: s.entry ? (
                  <Link to={`/catalog/${s.entry.id}` as never}>
                    {say({ zh: `目录“${s.entry.title.zh}”`, en: `Entry “${say(s.entry.title)}”` })}
                  </Link>
                ) : (
                  say({ zh: '没有编目，按有条件共享', en: 'No entry: it counts as conditional' })
                ),
              },
              {
                label: { zh: '建立在', en: 'Stands on' },
                value: say({
                  zh: `${'library' in s.on ? '库' : '治理表'}“${s.onTitle.zh}”`,
                  en: `${'library' in s.on ? 'Library' : 'Table'} “${s.onTitle.en ?? s.onTitle.zh}”`,
                }),
              },
              { label: { zh: '版本', en: 'Version' }, value: s.version },
              {
                label: { zh: '可查行数', en: 'Rows served' },
                value: s.published ? (
                  <>
                    <Count n={s.published.rows} /> · <Instant at={s.published.at} />
                  </>
                ) : (
                  '—'
                ),
              },
            ]}
            tabs={[
              { key: 'fields', title: { zh: '返回什么', en: 'What it shows' }, body: <Fields service={s} /> },
              ...(may('share.request.submit')
                ? [{ key: 'ask', title: { zh: '申请', en: 'Ask for it' }, body: <AskFor service={s} /> }]
                : []),
              { key: 'try', title: { zh: '试用', en: 'Try it' }, body: <TryIt service={s} /> },
            ]}
          />
        </>
      )}
    </Loaded>
  );
}

/** Every field with its sensitivity and its mask in words. */
function Fields({ service }: { service: ServiceDetail }) {
  const say = useSay();
  return (
    <>
      <Typography.Paragraph>
        {say({
          zh: `按 ${service.keyFields.map((k) => say(k.title)).join('、')} 等值查询，每次最多 ${service.limit} 行。`,
          en: `Asked by equality on ${service.keyFields.map((k) => say(k.title)).join(', ')}; at most ${service.limit} rows an answer.`,
        })}
      </Typography.Paragraph>
      <Table
        size="small"
        rowKey={(f) => f.field}
        pagination={false}
        dataSource={[...service.returns]}
        scroll={{ x: 'max-content' }}
        columns={[
          { title: say({ zh: '字段', en: 'Field' }), render: (_, f) => say(f.title) },
          { title: say({ zh: '标识', en: 'Name' }), render: (_, f) => <code>{f.field}</code> },
          {
            title: say({ zh: '代码集', en: 'Code list' }),
            render: (_, f) => (f.codeList ? <CodeListButton list={f.codeList} /> : '—'),
          },
          { title: say({ zh: '敏感级', en: 'Sensitivity' }), align: 'right', dataIndex: 'sensitivity' },
          {
            title: say({ zh: '怎样显示', en: 'How it is shown' }),
            render: (_, f) =>
              f.mask ? (
                <Masked looks={f.mask} exact={f.maskExact} />
              ) : f.shownBecause ? (
                say({ zh: `原值，理由：${f.shownBecause}`, en: `as it is, because: ${f.shownBecause}` })
              ) : (
                say({ zh: '原值', en: 'as it is' })
              ),
          },
        ]}
      />
    </>
  );
}
