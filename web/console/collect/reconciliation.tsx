/** How a source is held against the ledger: what the last reconciliation came to, what waits, and when it happens next. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Descriptions, Flex, Table, Typography } from 'antd';
import { useState } from 'react';
import { Act } from '../../parts/act.tsx';
import { call, type Reply } from '../../parts/api.ts';
import { useMay } from '../../parts/me.ts';
import { Loaded } from '../../parts/object-page.tsx';
import { Code, Count, Instant } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';

type Detail = Reply<'GET /api/collect/sources/:id'>;
export type Reconciliation = NonNullable<Detail['reconciliation']>;
type Last = NonNullable<Reconciliation['last']>;

/** A removal that waits: rows gone at the source, and the steward's yes. */
export function WaitingRemoval({ id, of, started }: { id: string; of: Reconciliation; started(run: string): void }) {
  const say = useSay();
  if (!of.last?.waits) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={say({
        zh: `对账发现源端已无 ${of.last.surplus} 行，尚未移除`,
        en: `By reconciliation ${of.last.surplus} rows are gone at the source and not removed yet`,
      })}
      description={
        <Flex vertical gap={8} align="start">
          <span>
            {say({
              zh: '同意以前，各处继续使用这些行，并向使用方说明。同意后重新对账，届时源端已无的行全部移除，不再询问。若是误删，请在源端恢复。',
              en: 'Until it is agreed to they stay in use, and those who use them are told. Agreeing reconciles again and removes every row that is gone by then, without asking. If they were deleted by mistake, have them restored at the source.',
            })}
          </span>
          {of.agree && (
            <Act
              type="primary"
              words={{ zh: '同意移除', en: 'Agree to the removal' }}
              work={() => call('POST /api/collect/sources/:id/reconciliations/removal', { params: { id } })}
              done={{ after: (r) => started(r.run) }}
            />
          )}
        </Flex>
      }
    />
  );
}

/** The tab of the source's page. */
export function ReconciliationTab({
  id,
  mode,
  of,
  started,
}: {
  id: string;
  mode: Detail['mode'];
  of: Reconciliation;
  started(run: string): void;
}) {
  const say = useSay();
  const may = useMay();
  const depths = mode === 'full' ? (['count'] as const) : (['count', 'receipt'] as const);
  const { last, compared, next, every, round } = of;
  const found = (compared ?? last)?.found ?? [];
  const due = (at: string | null, days: number) => (
    <>
      <Instant at={at} /> · {say({ zh: `每 ${days} 天`, en: `every ${days} days` })}
    </>
  );
  return (
    <Flex vertical gap={16}>
      <Typography.Paragraph type="secondary" style={{ marginBlockEnd: 0 }}>
        {mode === 'full'
          ? say({
              zh: '全量的数据源，每次归集就是一次对账。两次归集之间只清点行数：不同即表示源端已有变动，下次归集会一并取来。',
              en: 'Each reading of a full source is its reconciliation. Between two only rows are counted: another number says that the source has moved on, and the next reading brings it.',
            })
          : say({
              zh: '按游标的值分段，核对两端的行数与摘要。不同的段整段重读：台账缺的、变了的补上，源端已无的移除。核对只到游标为止；其后的行，没有不同的段时留给下次归集，有则随补正一并取来。',
              en: 'Rows and digests are compared by ranges of the cursor. Ranges that differ are read again: rows that are missing or different in the ledger are landed, rows that are gone are removed. Only rows up to the cursor are compared. Those beyond it come with the mending where a range differs, else with the next collection.',
            })}
      </Typography.Paragraph>
      {may('source.collect') && (
        <Flex gap={8}>
          {depths.map((depth) => (
            <Act
              key={depth}
              words={depth === 'count' ? { zh: '清点行数', en: 'Count rows now' } : { zh: '核对摘要', en: 'Compare digests now' }}
              work={() => call('POST /api/collect/sources/:id/reconciliations', { params: { id }, body: { depth } })}
              done={{ after: (r) => started(r.run) }}
            />
          ))}
        </Flex>
      )}
      <Descriptions
        size="small"
        column={1}
        items={[
          {
            key: 'last',
            label: say(last ? lastWords[last.depth] : { zh: '最近一次', en: 'Last' }),
            children: last ? <Outcome of={last} mode={mode} /> : say({ zh: '还没有过', en: 'none yet' }),
          },
          ...(compared ? [{ key: 'compared', label: say(lastWords.receipt), children: <Outcome of={compared} mode={mode} /> }] : []),
          ...(last?.writers
            ? [
                {
                  key: 'writers',
                  label: say({ zh: '源端未结束的写入', en: 'Open at the source' }),
                  children: <Writers of={last.writers} />,
                },
              ]
            : []),
          ...(last?.greatest
            ? [
                {
                  key: 'greatest',
                  label: say({ zh: '源端最大的游标值', en: 'Greatest cursor at the source' }),
                  children: <Code text={last.greatest} />,
                },
              ]
            : []),
          ...(round
            ? [
                {
                  key: 'round',
                  label: say({ zh: '正在进行', en: 'Under way' }),
                  children: (
                    <span>
                      {say({
                        zh: `第 ${round.nights} 次进行，已核对台账 ${round.ledger} 行、源端 ${round.source} 行，${round.ranges} 段不同；始于`,
                        en: `run ${round.nights}: ${round.ledger} rows of the ledger and ${round.source} at the source done, ${round.ranges} ranges differ; begun`,
                      })}{' '}
                      <Instant at={round.begunAt} />
                    </span>
                  ),
                },
              ]
            : []),
          { key: 'count', label: say({ zh: '下次清点行数', en: 'Next count of rows' }), children: due(next.count, every.count) },
          ...(mode === 'incremental'
            ? [
                {
                  key: 'receipt',
                  label: say({ zh: '下次核对摘要', en: 'Next comparison of digests' }),
                  children: due(next.receipt, every.receipt),
                },
              ]
            : []),
        ]}
      />
      {found.length > 0 && <Found ranges={found} />}
      {mode === 'incremental' && <OtherEnd id={id} />}
    </Flex>
  );
}

const lastWords = {
  count: { zh: '最近一次清点行数', en: 'Last count of rows' },
  receipt: { zh: '最近一次核对摘要', en: 'Last comparison of digests' },
};

/** What one came to, in rows. */
function Outcome({ of, mode }: { of: Last; mode: Detail['mode'] }) {
  const say = useSay();
  const { depth, source, ledger, missing, changed, surplus, ranges, unfit, waits } = of;
  const counts = say({ zh: `源端 ${source} 行，台账 ${ledger} 行`, en: `${source} rows at the source, ${ledger} in the ledger` });
  const parts = [
    ...(missing > 0 ? [{ zh: `缺失 ${missing}（已补）`, en: `${missing} were missing (landed)` }] : []),
    ...(changed > 0 ? [{ zh: `变化 ${changed}（已补）`, en: `${changed} had changed (landed)` }] : []),
    ...(surplus > 0
      ? [
          {
            zh: `源端已无 ${surplus}（${waits ? '移除待同意' : '已移除'}）`,
            en: `${surplus} gone at the source (${waits ? 'their removal waits' : 'removed'})`,
          },
        ]
      : []),
  ];
  const told = {
    // A count alone cannot tell that one row went and another came.
    same: { zh: '，行数相同', en: ': the same number' },
    moved: { zh: '，源端已有变动，待下次归集', en: ': the source has moved on, the next collection brings it' },
    found: { zh: `：${parts.map((p) => p.zh).join('，')}`, en: `: ${parts.map((p) => p.en).join(', ')}` },
    late: { zh: '，只差归集之后才提交的行，已随之取来', en: ': only rows committed after the collection differed, they were read' },
    equal: { zh: '，逐段核对没有发现不同', en: ': no range differs' },
  };
  const how = ((): keyof typeof told => {
    if (depth === 'count') return mode === 'full' && source !== ledger ? 'moved' : 'same';
    if (parts.length > 0) return 'found';
    return ranges > 0 ? 'late' : 'equal';
  })();
  return (
    <span>
      {counts}
      {say(told[how])}
      {unfit > 0 &&
        say({
          zh: `；有 ${unfit} 个游标值的行太多，源端来不及核对，这些行没有核对`,
          en: `; ${unfit} cursor values have more rows than the source can digest in its time: those were not compared`,
        })}{' '}
      · <Instant at={of.at} />
    </span>
  );
}

/** Rows that an open transaction may hold back. */
function Writers({ of: { count, oldest } }: { of: NonNullable<Last['writers']> }) {
  const say = useSay();
  if (count === 0) return <>{say({ zh: '没有', en: 'none' })}</>;
  return (
    <span>
      {say({
        zh: `${count} 个事务正在写这张表，它们的行提交以后才读得到，不算缺失；最早的一个始于`,
        en: `${count} transactions are writing to the table; their rows can be read once they are committed and do not count as missing; the oldest began`,
      })}{' '}
      {oldest ? <Instant at={oldest} /> : say({ zh: '（源端不告知）', en: '(the server does not tell)' })}
    </span>
  );
}

/** The ranges that differed; only for its steward. */
function Found({ ranges }: { ranges: NonNullable<Last['found']> }) {
  const say = useSay();
  const number = (title: { zh: string; en: string }, of: (r: (typeof ranges)[number]) => number) => ({
    title: say(title),
    align: 'right' as const,
    render: (_: unknown, r: (typeof ranges)[number]) => <Count n={of(r)} />,
  });
  return (
    <Table
      size="small"
      rowKey={(r) => `${r.from}`}
      pagination={{ pageSize: 10, hideOnSinglePage: true }}
      dataSource={[...ranges]}
      columns={[
        {
          title: say({ zh: '不同的段，从', en: 'Range that differed, from' }),
          render: (_, r) => (r.from === null ? '—' : <Code text={r.from} />),
        },
        {
          title: say({ zh: '到（不含）', en: 'to before' }),
          render: (_, r) => (r.to === null ? say({ zh: '游标', en: 'the cursor' }) : <Code text={r.to} />),
        },
        number({ zh: '源端', en: 'Source' }, (r) => r.source),
        number({ zh: '台账', en: 'Ledger' }, (r) => r.ledger),
        number({ zh: '缺失', en: 'Missing' }, (r) => r.missing),
        number({ zh: '变化', en: 'Changed' }, (r) => r.changed),
        number({ zh: '源端已无', en: 'Gone' }, (r) => r.surplus),
      ]}
    />
  );
}

/** The SQL with which the source's administrator computes what we have, and what we have. */
function OtherEnd({ id }: { id: string }) {
  const say = useSay();
  const [isOpen, open] = useState(false);
  const receipt = useQuery({
    queryKey: ['source-receipt', id],
    enabled: isOpen,
    queryFn: ({ signal }) => call('GET /api/collect/sources/:id/receipt', { params: { id } }, signal),
  });
  if (!isOpen)
    return (
      <div>
        <Button onClick={() => open(true)}>{say({ zh: '供源端管理员自行核对', en: 'For the source’s own administrator' })}</Button>
      </div>
    );
  return (
    <Loaded query={receipt}>
      {(r) => (
        <Flex vertical gap={8}>
          <span>
            {say({
              zh: '在源端运行下面的 SQL，结果应与表中各桶相同。截至游标',
              en: 'Run this at the source; it should give the buckets below. Up to the cursor',
            })}{' '}
            <Code text={r.upTo} />
          </span>
          {r.sql && <pre style={{ whiteSpace: 'pre-wrap', maxHeight: 320, overflow: 'auto' }}>{r.sql}</pre>}
          <Table
            size="small"
            rowKey={(b) => b.bucket}
            pagination={{ pageSize: 16 }}
            dataSource={[...r.buckets]}
            columns={[
              { title: say({ zh: '桶（bucket）', en: 'Bucket' }), dataIndex: 'bucket' },
              { title: say({ zh: '行数（rows）', en: 'Rows' }), align: 'right', render: (_, b) => <Count n={b.rows} /> },
              { title: say({ zh: '摘要（digest）', en: 'Digest' }), align: 'right', render: (_, b) => <Code text={b.digest} /> },
            ]}
          />
        </Flex>
      )}
    </Loaded>
  );
}
