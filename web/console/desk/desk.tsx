/** My work: everything that waits for whoever is signed in, overdue first, each with the place where it is done. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Alert, Typography } from 'antd';
import { pathOf } from '../../parts/about.tsx';
import { call, type Reply } from '../../parts/api.ts';
import { Due } from '../../parts/due.tsx';
import { List } from '../../parts/list.tsx';
import { choicesOf } from '../../parts/list-address.ts';
import { useMe } from '../../parts/me.ts';
import { Count, Instant, Wrapped } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';

type Waiting = Reply<'GET /api/waiting'>['rows'][number];

/** Kinds of work, by the kind of the object. */
const kinds = {
  request: { zh: '共享申请', en: 'Request' },
  entry: { zh: '目录', en: 'Entry' },
  source: { zh: '数据源', en: 'Source' },
  table: { zh: '隔离的行', en: 'Quarantined rows' },
  upload: { zh: '上传', en: 'Upload' },
  run: { zh: '没办成的任务', en: 'Run that did not succeed' },
  grant: { zh: '将到期的授权', en: 'Grant about to end' },
} as const;

export default function Desk() {
  const say = useSay();
  const me = useMe();
  const navigate = useNavigate();
  const path = (w: Waiting): string => pathOf(`${w.kind}:${w.id}`) ?? '/desk';
  const late = useQuery({
    queryKey: ['waiting', 'late'],
    queryFn: ({ signal }) => call('GET /api/waiting', { query: { limit: 1 } }, signal),
    refetchInterval: 15_000,
  });
  return (
    <>
      <Typography.Title level={3}>
        {say({ zh: `${me.data?.name ?? ''}，等您办理`, en: `Waiting for you, ${me.data?.name ?? ''}` })}
      </Typography.Title>
      {late.data && late.data.overdue > 0 && (
        <Alert
          type="error"
          showIcon
          style={{ marginBlockEnd: 12 }}
          title={
            <>
              <Count n={late.data.overdue} /> {say({ zh: '件已逾期', en: 'overdue' })}
            </>
          }
        />
      )}
      <List<Waiting>
        name={['waiting']}
        refreshMs={15_000}
        rowKey={(w) => `${w.kind}:${w.id}`}
        filters={[
          { name: 'kind', title: { zh: '事项', en: 'What' }, choices: choicesOf(kinds) },
          {
            name: 'due',
            title: { zh: '期限', en: 'Due' },
            choices: choicesOf({
              overdue: { zh: '已逾期', en: 'Overdue' },
              soon: { zh: '逾期或 3 个工作日内截止', en: 'Overdue or due within 3 working days' },
            }),
          },
        ]}
        load={(query, signal) => call('GET /api/waiting', { query: query as never }, signal)}
        open={(w) => void navigate({ to: path(w) as never })}
        actions={<Link to={'/calendar' as never}>{say({ zh: '工作日历', en: 'Working calendar' })}</Link>}
        empty={{ zh: '没有等您办理的事', en: 'Nothing waits for you' }}
        columns={[
          { key: 'kind', title: { zh: '事项', en: 'What' }, draw: (w) => say(w.kindTitle) },
          {
            key: 'about',
            title: { zh: '对象', en: 'About' },
            draw: (w) => (
              <Link to={path(w) as never} onClick={(e) => e.stopPropagation()}>
                <Wrapped>{say(w.what)}</Wrapped>
              </Link>
            ),
          },
          { key: 'why', title: { zh: '情况', en: 'How it stands' }, draw: (w) => <Wrapped>{say(w.why)}</Wrapped> },
          { key: 'until', title: { zh: '期限', en: 'Due' }, sorts: true, draw: (w) => <Due {...w} /> },
          { key: 'since', title: { zh: '自', en: 'Since' }, sorts: true, draw: (w) => <Instant at={w.since} /> },
          {
            key: 'basis',
            title: { zh: '期限依据', en: 'Clause of the limit' },
            extra: true,
            draw: (w) => (w.limit ? say(w.limit.basis) : '—'),
          },
          { key: 'id', title: { zh: '编号', en: 'Id' }, extra: true, draw: (w) => w.id },
        ]}
      />
    </>
  );
}
