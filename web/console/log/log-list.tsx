/** The access log: who read what, when, under which grant, and what was refused. */
import { useNavigate } from '@tanstack/react-router';
import { Typography } from 'antd';
import { About } from '../../parts/about.tsx';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { choicesOf, dayFilters } from '../../parts/list-address.ts';
import { useActionTitles, useDepartments } from '../../parts/me.ts';
import { Code, Count, Instant, State, toneOf } from '../../parts/state.tsx';
import { Who, withMeant } from '../../parts/who.tsx';
import { useSay } from '../../parts/words.ts';

type Line = Reply<'GET /api/log'>['rows'][number];

export const doorWords = {
  gateway: { zh: '服务网关', en: 'Gateway' },
  console: { zh: '控制台', en: 'Console' },
  'command-line': { zh: '命令行', en: 'Command line' },
} as Record<string, { zh: string; en: string }>;
export const outcomeWords = { answered: { zh: '已答复', en: 'Answered' }, refused: { zh: '已拒绝', en: 'Refused' } } as Record<
  string,
  { zh: string; en: string }
>;

/** What the log names that is no action of the policy. */
export const otherActions: Readonly<Record<string, { zh: string; en: string }>> = {
  'session.begin': { zh: '登录', en: 'Sign in' },
  'signed-in': { zh: '登录后的访问', en: 'Use of an own session' },
  'gateway.query': { zh: '调用服务', en: 'Call a service' },
};

export default function LogList() {
  const say = useSay();
  const navigate = useNavigate();
  const titleOfAction = useActionTitles();
  const { titleOf } = useDepartments();
  return (
    <>
      <Typography.Title level={3}>{say({ zh: '访问日志', en: 'Access log' })}</Typography.Title>
      <Typography.Paragraph type="secondary">
        {say({
          zh: '每次读取在答复之前先写入；只能追加。当事人只以带密钥的散列留存：在“当事人”中填写证件号即可查到涉及他的记录。对象只写编号：名称只告诉可以查看它的人。',
          en: 'Every reading is written before it is answered; lines are only ever added. Subjects are kept as keyed hashes: enter a number under “person” to find what concerns them. Things stand here by their ids: what one is called is told only to whoever may see it.',
        })}
      </Typography.Paragraph>
      <List<Line>
        name={['log']}
        filters={[
          {
            name: 'door',
            title: { zh: '入口', en: 'Door' },
            choices: choicesOf(doorWords),
          },
          {
            name: 'outcome',
            title: { zh: '结果', en: 'Outcome' },
            choices: choicesOf(outcomeWords),
          },
          { name: 'actor', title: { zh: '谁（姓名、账号）', en: 'Who (name, account)' } },
          { name: 'target', title: { zh: '对象', en: 'What' } },
          { name: 'grant', title: { zh: '授权', en: 'Grant' } },
          ...dayFilters({ zh: '时间', en: 'Time' }),
          { name: 'person', title: { zh: '当事人证件号', en: 'Person' }, secret: true },
        ]}
        load={(query, signal) => call('GET /api/log', { query: withMeant(query) as never }, signal)}
        rowKey={(l) => l.id}
        open={(l) => void navigate({ to: '/log/$id' as never, params: { id: l.id } as never })}
        empty={{ zh: '没有符合条件的记录', en: 'No record matches' }}
        columns={[
          { key: 'at', title: { zh: '时间', en: 'Time' }, sorts: true, draw: (l) => <Instant at={l.at} /> },
          {
            key: 'outcome',
            title: { zh: '结果', en: 'Outcome' },
            draw: (l) => <State tone={toneOf(l.outcome)} words={outcomeWords[l.outcome] ?? { zh: l.outcome }} />,
          },
          { key: 'door', title: { zh: '入口', en: 'Door' }, draw: (l) => say(doorWords[l.door] ?? { zh: l.door }) },
          {
            key: 'actor',
            title: { zh: '谁', en: 'Who' },
            draw: (l) => (
              <>
                <Who actor={l.actor} brief />
                {l.department && ` · ${say(titleOf(l.department))}`}
              </>
            ),
          },
          { key: 'action', title: { zh: '做了什么', en: 'Action' }, draw: (l) => say(otherActions[l.action] ?? titleOfAction(l.action)) },
          { key: 'target', title: { zh: '对象', en: 'What' }, draw: (l) => <About about={l.target} title={null} /> },
          { key: 'rows', title: { zh: '行', en: 'Rows' }, sorts: true, align: 'right', draw: (l) => <Count n={l.rows} /> },
          { key: 'account', title: { zh: '账号', en: 'Account' }, extra: true, draw: (l) => l.actor },
          { key: 'grant', title: { zh: '授权', en: 'Grant' }, extra: true, draw: (l) => (l.grant ? <Code text={l.grant} /> : '—') },
          { key: 'id', title: { zh: '编号', en: 'Id' }, extra: true, draw: (l) => <Code text={l.id} /> },
          { key: 'bytes', title: { zh: '字节', en: 'Bytes' }, sorts: true, align: 'right', draw: (l) => <Count n={l.bytes} /> },
        ]}
      />
    </>
  );
}
