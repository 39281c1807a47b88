/** One governed table: the sum, the quarantine, the rules with their numbers, the rows, the batches. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Checkbox, Typography } from 'antd';
import { useState } from 'react';
import { Act, useAct } from '../../parts/act.tsx';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { choicesOf, pageHere } from '../../parts/list-address.ts';
import { useDepartments, useMay } from '../../parts/me.ts';
import { Notices } from '../../parts/notices.tsx';
import { Loaded, ObjectPage } from '../../parts/object-page.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { StartedRun } from '../../parts/run.tsx';
import { Count, Instant, State, Wrapped } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';
import { KeyTab } from './key-tab.tsx';
import { tableStates } from './table-list.tsx';
import { mayWithhold, withheld } from './withheld.ts';

type TableDetail = Reply<'GET /api/govern/tables/:id'>;
type Finding = Reply<'GET /api/govern/tables/:id/findings'>['rows'][number];
type Row = Reply<'GET /api/govern/tables/:id/rows'>['rows'][number];
type Rule = Reply<'GET /api/govern/tables/:id/rules'>['rules'][number];

const severityWords = { block: { zh: '隔离', en: 'Quarantined' }, warn: { zh: '提醒', en: 'Warned' } };

const whichWords = {
  current: { zh: '现行的', en: 'as they stand' },
  repeated: { zh: '主键有多行的', en: 'of keys with several rows' },
  keyless: { zh: '没有主键的', en: 'without a key' },
};

export default function TablePage() {
  const say = useSay();
  const may = useMay();
  const { titleOf } = useDepartments();
  const [run, started] = useState<string | null>(null);
  const { id } = useParams({ strict: false }) as { id: string };
  const table = useQuery({
    queryKey: ['table', id],
    queryFn: ({ signal }) => call('GET /api/govern/tables/:id', { params: { id } }, signal),
    refetchInterval: 4000,
  });
  // What is listed is asked for again when the table was governed again, and only then: each look at its rows leaves a record.
  const at = `${table.data?.bindingVersion} ${table.data?.batches[0]?.governedAt}`;
  return (
    <Loaded query={table}>
      {(t) => (
        <>
          <StartedRun id={run} close={() => started(null)} />
          <Notices of={t.notices} />
          <ObjectPage
            title={say(t.title)}
            id={t.id}
            about={`table:${t.id}`}
            state={<State tone={tableStates[t.state].tone} words={tableStates[t.state]} />}
            facts={[
              { label: { zh: '提供部门', en: 'Provider' }, value: say(titleOf(t.department)) },
              { label: { zh: '现行行数', en: 'Rows now' }, value: <Count n={t.rows} /> },
              { label: { zh: '最近一批', en: 'Latest batch' }, value: <Instant at={t.lastBatch?.landedAt} /> },
              {
                label: t.reading,
                value: (
                  <span>
                    <Count n={t.read} /> = <Count n={t.governed} /> + <Count n={t.quarantined} />
                  </span>
                ),
              },
              { label: { zh: '有提醒的行', en: 'Rows warned about' }, value: <Count n={t.warned} /> },
              { label: { zh: '有多行的主键', en: 'Keys with several rows' }, value: <Count n={t.repeated} /> },
              {
                label: { zh: '没有主键的行（照原样保留，不合并）', en: 'Rows without a key (kept, never merged)' },
                value: <Count n={t.keyless} />,
              },
              { label: { zh: '绑定版本', en: 'Binding version' }, value: t.bindingVersion },
            ]}
            actions={
              may('table.rebuild') && (
                <Act
                  words={{ zh: '按现行规则重建', en: 'Rebuild' }}
                  work={() => call('POST /api/govern/tables/:id/rebuild', { params: { id } })}
                  done={{ after: (r) => started(r.run) }}
                />
              )
            }
            tabs={[
              ...(may('table.read')
                ? [{ key: 'findings', title: { zh: '隔离与提醒', en: 'Quarantine' }, body: <Findings id={id} at={at} fields={t.fields} /> }]
                : []),
              { key: 'rules', title: { zh: '规则', en: 'Rules' }, body: <Rules id={id} at={at} binding={t.binding} started={started} /> },
              { key: 'key', title: { zh: '主键', en: 'Key' }, body: <KeyTab table={t} started={started} /> },
              ...(may('table.read')
                ? [{ key: 'rows', title: { zh: '数据行', en: 'Rows' }, body: <Rows id={id} at={at} fields={t.fields} /> }]
                : []),
              { key: 'batches', title: { zh: '批次', en: 'Batches' }, body: <Batches id={id} batches={t.batches} fields={t.fields} /> },
            ]}
          />
        </>
      )}
    </Loaded>
  );
}

/** What broke a rule: row, rule, value and reason. */
function Findings({ id, at, fields }: { id: string; at: string; fields: TableDetail['fields'] }) {
  const say = useSay();
  const rules = useQuery({
    queryKey: ['rules', id, at],
    queryFn: ({ signal }) => call('GET /api/govern/tables/:id/rules', { params: { id } }, signal),
  });
  return (
    <List<Finding>
      name={['findings', id, at]}
      filters={[
        {
          name: 'rule',
          title: { zh: '规则', en: 'Rule' },
          choices: (rules.data?.rules ?? []).filter((r) => (r.failed ?? 0) > 0).map((r) => ({ value: r.id, title: r.title })),
        },
        {
          name: 'severity',
          title: { zh: '处置', en: 'Outcome' },
          choices: choicesOf(severityWords),
        },
        { name: 'field', title: { zh: '字段', en: 'Field' }, choices: fields.map((f) => ({ value: f.name, title: f.title })) },
        { name: 'batch', title: { zh: '批次', en: 'Batch' } },
      ]}
      load={(query, signal) => call('GET /api/govern/tables/:id/findings', { params: { id }, query: query as never }, signal)}
      rowKey={(f) => `${f.ordinal} ${f.row} ${f.rule}`}
      empty={{ zh: '没有行违反规则', en: 'No row broke a rule' }}
      columns={[
        { key: 'batch', title: { zh: '批次', en: 'Batch' }, align: 'right', draw: (f) => <Count n={f.ordinal} /> },
        { key: 'row', title: { zh: '行', en: 'Row' }, align: 'right', draw: (f) => <Count n={f.row} /> },
        { key: 'rule', title: { zh: '规则', en: 'Rule' }, draw: (f) => <Wrapped width={220}>{say(f.title)}</Wrapped> },
        {
          key: 'severity',
          title: { zh: '处置', en: 'Outcome' },
          draw: (f) => <State tone={f.severity === 'block' ? 'broken' : 'attention'} words={severityWords[f.severity]} />,
        },
        { key: 'field', title: { zh: '字段', en: 'Field' }, draw: (f) => (f.fieldTitle ? say(f.fieldTitle) : '—') },
        {
          key: 'value',
          title: { zh: '原值', en: 'Value' },
          draw: (f) => f.value ?? (f.field === null ? '' : say({ zh: '（空）', en: '(absent)' })),
        },
        { key: 'reason', title: { zh: '理由', en: 'Reason' }, draw: (f) => <Wrapped>{say(f.reason)}</Wrapped> },
      ]}
    />
  );
}

/** Every rule as a sentence, with numerator and denominator. */
function Rules({
  id,
  at,
  binding,
  started,
}: {
  id: string;
  at: string;
  binding: TableDetail['binding'];
  started: (run: string | null) => void;
}) {
  const say = useSay();
  const may = useMay();
  const tick = useAct(
    (order: { rule: Rule; on: boolean }) =>
      call('PUT /api/govern/bindings/:id', { params: { id }, body: withheld(binding, order.rule, order.on) }),
    { after: (r) => started(r.run) },
  );
  const rules = useQuery({
    queryKey: ['rules', id, at],
    queryFn: ({ signal }) => call('GET /api/govern/tables/:id/rules', { params: { id } }, signal),
  });
  return (
    <Loaded query={rules}>
      {(r) => (
        <>
          <Typography.Paragraph type="secondary">{say(r.definition)}</Typography.Paragraph>
          {tick.error && <Refusal error={tick.error} />}
          <List<Rule>
            name={['rules', id, at]}
            rowKey={(c) => c.id}
            load={pageHere(r.rules)}
            empty={{ zh: '还没有规则', en: 'No rule yet' }}
            columns={[
              {
                key: 'title',
                title: { zh: '规则', en: 'Rule' },
                draw: (c) => <Wrapped width={260}>{say(c.title)}</Wrapped>,
              },
              {
                key: 'severity',
                title: { zh: '处置', en: 'Outcome' },
                draw: (c) =>
                  may('binding.edit') && mayWithhold(binding, c) ? (
                    <Checkbox
                      checked={c.severity === 'block'}
                      disabled={tick.isPending}
                      aria-label={`${say(severityWords.block)}：${say(c.title)}`}
                      onChange={(e) => tick.mutate({ rule: c, on: e.target.checked })}
                    >
                      {say(severityWords.block)}
                    </Checkbox>
                  ) : (
                    say(severityWords[c.severity])
                  ),
              },
              {
                key: 'sentence',
                title: { zh: '规定', en: 'What must hold' },
                draw: (c) => <Wrapped width={560}>{say(c.sentence)}</Wrapped>,
              },
              {
                key: 'rate',
                title: { zh: '不符 / 检查（行）', en: 'Failed / checked (rows)' },
                align: 'right',
                draw: (c) =>
                  c.checked === null ? (
                    '—'
                  ) : (
                    <span>
                      <Count n={c.failed ?? 0} /> / <Count n={c.checked} />
                      {c.rate !== null && ` = ${(100 * c.rate).toFixed(2)}%`}
                    </span>
                  ),
              },
              {
                key: 'failed',
                title: { zh: '不符（行）', en: 'Failed (rows)' },
                extra: true,
                align: 'right',
                draw: (c) => (c.failed === null ? '—' : <Count n={c.failed} />),
              },
              {
                key: 'checked',
                title: { zh: '检查（行）', en: 'Checked (rows)' },
                extra: true,
                align: 'right',
                draw: (c) => (c.checked === null ? '—' : <Count n={c.checked} />),
              },
            ]}
          />
        </>
      )}
    </Loaded>
  );
}

/** Rows as they stand now; masked for whoever is not of the providing department. */
function Rows({ id, at, fields }: { id: string; at: string; fields: TableDetail['fields'] }) {
  const say = useSay();
  return (
    <List<Row>
      name={['rows', id, at]}
      load={(query, signal) => call('GET /api/govern/tables/:id/rows', { params: { id }, query: query as never }, signal)}
      filters={[{ name: 'which', title: { zh: '哪些行', en: 'Which rows' }, choices: choicesOf(whichWords) }]}
      rowKey={(r) => `${r.ordinal} ${r.row}`}
      empty={{ zh: '还没有数据行', en: 'No row yet' }}
      columns={[
        { key: '_batch', title: { zh: '批次', en: 'Batch' }, align: 'right', draw: (r) => <Count n={r.ordinal} /> },
        { key: '_row', title: { zh: '行', en: 'Row' }, align: 'right', draw: (r) => <Count n={r.row} /> },
        {
          key: '_current',
          title: { zh: '现行', en: 'Stands' },
          draw: (r) => say(r.current ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' }),
        },
        ...fields.map((f) => ({ key: f.name, title: f.title, draw: (r: Row) => r.values[f.name] ?? '—' })),
      ]}
    />
  );
}

/** Every batch with its sum. */
function Batches({ id, batches, fields }: { id: string; batches: TableDetail['batches']; fields: TableDetail['fields'] }) {
  const say = useSay();
  const titleOf = (name: string): string => {
    const title = fields.find((f) => f.name === name)?.title;
    return title ? say(title) : name;
  };
  return (
    <List<TableDetail['batches'][number]>
      name={['table-batches', id, String(batches[0]?.governedAt)]}
      rowKey={(b) => String(b.seq)}
      load={pageHere(batches)}
      empty={{ zh: '还没有批次', en: 'No batch yet' }}
      columns={[
        { key: 'batch', title: { zh: '批次', en: 'Batch' }, align: 'right', draw: (b) => <Count n={b.ordinal} /> },
        {
          key: 'sum',
          title: { zh: '数据 + 拒收 = 入表 + 隔离（行）', en: 'Data + refused = governed + quarantined (rows)' },
          align: 'right',
          draw: (b) => (
            <span>
              <Count n={b.data} /> + <Count n={b.refused} /> = <Count n={b.governed} /> + <Count n={b.quarantined} />
            </span>
          ),
        },
        { key: 'warned', title: { zh: '提醒', en: 'Warned' }, align: 'right', draw: (b) => <Count n={b.warned} /> },
        {
          key: 'absent',
          title: { zh: '作为没有值的写法（行）', en: 'Words taken for no value (rows)' },
          draw: (b) => b.absent.map((a) => `${titleOf(a.field)}：${a.word} ${a.rows}`).join('；') || '—',
        },
        { key: 'landedAt', title: { zh: '归集于', en: 'Landed' }, draw: (b) => <Instant at={b.landedAt} /> },
        { key: 'governedAt', title: { zh: '治理于', en: 'Governed' }, draw: (b) => <Instant at={b.governedAt} /> },
      ]}
    />
  );
}
