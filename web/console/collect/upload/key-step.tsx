/** The key, with the rows that each candidate fails to tell apart; and the rules, with what they find. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Checkbox, Flex, Select, Table, Typography } from 'antd';
import { call } from '../../../parts/api.ts';
import { Refusal } from '../../../parts/refusal.tsx';
import { Count } from '../../../parts/state.tsx';
import { useListed, useRemarked, useSay } from '../../../parts/words.ts';
import { type Decision, inForce, offered, type Proposal, standsOn, withholds } from './decision.ts';
import { Withheld } from './withheld.tsx';

/** The present choice as a trial asks for it. */
function triedOf(decision: Decision) {
  const { key, rules } = inForce(decision);
  const fields = decision.columns
    .filter((c) => c.taken)
    .map(({ name, column, title, element, sensitivity, withholds: held }) => ({
      ...{ name, column, title, element, sensitivity },
      ...(held && { withholds: held }),
    }));
  return { fields, key, rules };
}

/** What the present choice would find, counted over all rows; nothing is written. */
function useTrial(upload: string, decision: Decision) {
  const body = triedOf(decision);
  return useQuery({
    queryKey: ['upload-trial', upload, body],
    queryFn: ({ signal }) => call('POST /api/govern/uploads/:id/trial', { params: { id: upload }, body }, signal),
    placeholderData: (before) => before,
    retry: false,
  });
}

/** Choosing the key. */
export function KeyStep({
  upload,
  proposal,
  decision,
  set,
  withhold,
}: {
  upload: string;
  proposal: Proposal;
  decision: Decision;
  set(key: string[]): void;
  withhold(rows: boolean): void;
}) {
  const say = useSay();
  const listed = useListed();
  const remarked = useRemarked();
  const taken = decision.columns.filter((c) => c.taken);
  const isTaken = (column: string) => taken.some((c) => c.column === column);
  const chosen = decision.key.filter(isTaken);
  const elements = chosen.map((column) => taken.find((c) => c.column === column)?.element ?? '');
  const judged = useQuery({
    queryKey: ['upload-key', upload, chosen, elements],
    queryFn: ({ signal }) =>
      call('POST /api/govern/uploads/:id/key', { params: { id: upload }, body: { columns: chosen, elements } }, signal),
    enabled: chosen.length > 0,
  });
  return (
    <Flex vertical gap={12}>
      <Typography.Text>
        {say({
          zh: '主键用来认出同一行；服务按主键查询。候选按含义和重复情况排列：',
          en: 'The key tells one row from another, and the service is asked by it. Candidates, the best first:',
        })}
      </Typography.Text>
      <Table
        size="small"
        pagination={false}
        rowKey={(k) => k.columns.join('+')}
        dataSource={[...proposal.keys.filter((k) => k.columns.every(isTaken)), noKey]}
        rowSelection={{
          type: 'radio',
          selectedRowKeys: [chosen.join('+')],
          onChange: (_, [k]) => k && set([...k.columns]),
        }}
        columns={[
          {
            title: say({ zh: '列', en: 'Columns' }),
            render: (_, k) =>
              k.columns.length > 0 ? k.columns.join(' + ') : say({ zh: '没有主键：不隔离任何一行', en: 'No key: no row is withheld' }),
          },
          { title: say({ zh: '缺（行）', en: 'Absent (rows)' }), align: 'right', render: (_, k) => <Count n={k.absent} /> },
          { title: say({ zh: '重复（行）', en: 'Repeated (rows)' }), align: 'right', render: (_, k) => <Count n={k.repeated} /> },
        ]}
      />
      <Select
        aria-label={say({ zh: '自选主键', en: 'Another key' })}
        mode="multiple"
        style={{ minWidth: 320 }}
        value={chosen}
        options={taken.map((c) => ({ value: c.column, label: c.title.zh }))}
        onChange={set}
      />
      {judged.error && <Refusal error={judged.error} />}
      {judged.data && judged.data.repeated + judged.data.absent > 0 && (
        <Alert
          type="warning"
          showIcon
          title={say({
            zh: `${judged.data.repeated} 行与别的行主键相同，${judged.data.absent} 行缺主键`,
            en: `${judged.data.repeated} rows repeat a key and ${judged.data.absent} lack it`,
          })}
          description={
            <Flex vertical gap={4}>
              <Checkbox checked={withholds(decision)} onChange={(e) => withhold(e.target.checked)}>
                {say({
                  zh: '隔离这些行（不勾选则照常入表，只作提醒）',
                  en: 'Withhold these rows (else they are governed, with a warning)',
                })}
              </Checkbox>
              <span>{listed(judged.data.examples.map((e) => remarked(e.values.join(' + '), e.rows)))}</span>
            </Flex>
          }
        />
      )}
      {chosen.length > 0 && <Withheld upload={upload} tried={triedOf(decision)} columns={chosen} />}
    </Flex>
  );
}

/** The choice of no key, among the candidates. */
const noKey: Proposal['keys'][number] = { columns: [], absent: 0, repeated: 0, examples: [] };

/** Choosing the rules; what the present choice would find in the rows that are looked at. */
export function RuleStep({
  upload,
  proposal,
  decision,
  set,
}: {
  upload: string;
  proposal: Proposal;
  decision: Decision;
  set(rules: Decision['rules']): void;
}) {
  const say = useSay();
  const listed = useListed();
  const remarked = useRemarked();
  const taken = decision.columns.filter((c) => c.taken);
  const key = decision.key.filter((column) => taken.some((c) => c.column === column));
  const titleOf = (column: string) => decision.columns.find((c) => c.column === column)?.title.zh ?? column;
  const ofKey = new Set(proposal.keyed.map((r) => r.id));
  const possible = offered(proposal)
    .filter((r) => !ofKey.has(r.id) || (key.length > 0 && standsOn(r).every((column) => key.includes(column))))
    .filter((r) => Object.values(r.slots).every((column) => taken.some((c) => c.column === column)));
  const tried = useTrial(upload, decision);
  const refused = tried.data?.checks.find((c) => c.id === 'reading')?.failed ?? 0;
  return (
    <Flex vertical gap={12}>
      <Checkbox.Group
        value={decision.rules.map((r) => r.id)}
        onChange={(ids) =>
          set([
            // What is not offered (of an edition before this, or on a column left out for now) stays as it is.
            ...decision.rules.filter((r) => !possible.some((p) => p.id === r.id)),
            ...possible.filter((r) => ids.includes(r.id)).map(({ title: _, ...rule }) => structuredClone(rule)),
          ])
        }
        options={possible.map((r) => ({
          value: r.id,
          label: Object.values(r.slots).length > 0 ? remarked(say(r.title), listed(Object.values(r.slots).map(titleOf))) : say(r.title),
        }))}
      />
      {tried.error && <Refusal error={tried.error} />}
      {tried.data && (
        <>
          <Typography.Text strong aria-live="polite">
            <Count n={tried.data.rows.looked} /> {say({ zh: '行', en: 'rows' })} = <Count n={tried.data.rows.governed} />{' '}
            {say({ zh: '可入表', en: 'pass' })} + <Count n={tried.data.rows.looked - tried.data.rows.governed} />{' '}
            {say({ zh: '隔离', en: 'to quarantine' })}
            {refused > 0 && (
              <>
                {' '}
                {say({ zh: '；另有', en: '; and' })} <Count n={refused} />{' '}
                {say({ zh: '行读不出，不入表', en: 'rows that cannot be read, which do not pass' })}
              </>
            )}
          </Typography.Text>
          <Table
            size="small"
            pagination={false}
            rowKey="id"
            dataSource={tried.data.checks.filter((c) => c.failed > 0)}
            locale={{ emptyText: say({ zh: '没有查出问题', en: 'Nothing was found' }) }}
            columns={[
              { title: say({ zh: '检查', en: 'Check' }), render: (_, c) => say(c.title) },
              {
                title: say({ zh: '规定', en: 'Rule' }),
                render: (_, c) => (
                  <Typography.Paragraph style={{ margin: 0 }} ellipsis={{ rows: 2, expandable: true }}>
                    {say(c.sentence)}
                  </Typography.Paragraph>
                ),
              },
              {
                title: say({ zh: '后果', en: 'Then' }),
                width: 96,
                render: (_, c) => (c.severity === 'block' ? say({ zh: '隔离', en: 'quarantine' }) : say({ zh: '提醒', en: 'a warning' })),
              },
              {
                title: say({ zh: '不符 / 检查', en: 'Failed / checked' }),
                align: 'right',
                render: (_, c) => (
                  <>
                    <Count n={c.failed} /> / <Count n={c.checked} />
                  </>
                ),
              },
            ]}
          />
        </>
      )}
    </Flex>
  );
}
