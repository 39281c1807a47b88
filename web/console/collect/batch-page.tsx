/** One batch: the sum, the receipt, the rows as received. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { useMay } from '../../parts/me.ts';
import { Loaded, ObjectPage } from '../../parts/object-page.tsx';
import { Code, Count, Instant, State } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';
import { batchStands, faultWords, rowKinds } from './collect-words.ts';
import { Buckets } from './receipt.tsx';
import { Sum } from './source-page.tsx';

type Detail = Reply<'GET /api/collect/batches/:seq'>;
type Row = Reply<'GET /api/collect/batches/:seq/rows'>['rows'][number];

export default function BatchPage() {
  const say = useSay();
  const may = useMay();
  const { seq } = useParams({ strict: false }) as { seq: string };
  const batch = useQuery({
    queryKey: ['batch', seq],
    queryFn: ({ signal }) => call('GET /api/collect/batches/:seq', { params: { seq: Number(seq) } }, signal),
  });
  const source = useQuery({
    queryKey: ['source', batch.data?.source],
    enabled: batch.data !== undefined,
    queryFn: ({ signal }) => call('GET /api/collect/sources/:id', { params: { id: batch.data?.source ?? '' } }, signal),
  });
  return (
    <Loaded query={batch}>
      {(b) => (
        <ObjectPage
          title={`${source.data ? say(source.data.title) : b.source} · ${say({ zh: `第 ${b.ordinal} 批`, en: `batch ${b.ordinal}` })}`}
          id={String(b.seq)}
          about={`batch:${b.seq}`}
          state={<State tone={batchStands[b.stands].tone} words={batchStands[b.stands]} />}
          facts={[
            ...(b.declined ? [{ label: { zh: '未启用的理由', en: 'Why it is not used' }, value: b.declined }] : []),
            {
              label: { zh: '数据源', en: 'Source' },
              value: <Link to={`/collect/${b.source}` as never}>{source.data ? say(source.data.title) : b.source}</Link>,
            },
            { label: { zh: '读入 = 数据 + 拒收 + 非数据（行）', en: 'In = data + refused + not data (rows)' }, value: <Sum batch={b} /> },
            {
              label: { zh: '非数据', en: 'Not data' },
              value: say({
                zh: `标题 ${b.receipt.rowsOther.title}，表头 ${b.receipt.rowsOther.header}，空行 ${b.receipt.rowsOther.blank}，表尾 ${b.receipt.rowsOther.footer}，夹在数据中 ${b.receipt.rowsOther.aside ?? 0}`,
                en: `titles ${b.receipt.rowsOther.title}, headers ${b.receipt.rowsOther.header}, blank ${b.receipt.rowsOther.blank}, footers ${b.receipt.rowsOther.footer}, asides ${b.receipt.rowsOther.aside ?? 0}`,
              }),
            },
            ...(b.receipt.change
              ? [
                  {
                    label: { zh: '与前一批相比（行）', en: 'Against the batch before (rows)' },
                    value: say({
                      zh: `新增 ${b.receipt.change.added}，修改 ${b.receipt.change.changed}，删除 ${b.receipt.change.removed}`,
                      en: `${b.receipt.change.added} added, ${b.receipt.change.changed} changed, ${b.receipt.change.removed} removed`,
                    }),
                  },
                ]
              : []),
            { label: { zh: '归集于', en: 'Landed' }, value: <Instant at={b.landedAt} /> },
            { label: { zh: '归集任务', en: 'Run' }, value: <Link to={`/engine/runs/${b.run}` as never}>{b.run}</Link> },
            { label: { zh: '文件', en: 'File' }, value: b.name ?? '—' },
            { label: { zh: '原件摘要', en: 'Digest of the file' }, value: b.original ? <Code text={b.original.slice(0, 16)} /> : '—' },
            {
              label: { zh: '数据摘要', en: 'Digest of the rows' },
              value: (
                <>
                  <Code text={b.receipt.digest.sum} /> {say({ zh: '，共', en: 'of' })} <Count n={b.receipt.digest.count} />{' '}
                  {say({ zh: '行', en: 'rows' })}
                </>
              ),
            },
          ]}
          tabs={[
            ...(may('batch.rows') ? [{ key: 'rows', title: { zh: '原样的行', en: 'Rows as received' }, body: <Rows batch={b} /> }] : []),
            { key: 'receipt', title: { zh: '回执', en: 'Receipt' }, body: <Buckets seq={b.seq} /> },
          ]}
        />
      )}
    </Loaded>
  );
}

/** Rows as received, refused ones with their raw text. */
function Rows({ batch }: { batch: Detail }) {
  const say = useSay();
  return (
    <List<Row>
      name={['batch-rows', String(batch.seq)]}
      filters={[
        {
          name: 'kind',
          title: { zh: '哪些行', en: 'Which rows' },
          choices: Object.entries(rowKinds).map(([value, title]) => ({ value, title })),
        },
      ]}
      load={(query, signal) => call('GET /api/collect/batches/:seq/rows', { params: { seq: batch.seq }, query: query as never }, signal)}
      rowKey={(r) => String(r.row)}
      empty={{ zh: '没有这样的行', en: 'No such row' }}
      columns={[
        { key: 'row', title: { zh: '行', en: 'Row' }, align: 'right', draw: (r) => <Count n={r.row} /> },
        { key: 'kind', title: { zh: '种类', en: 'Kind' }, draw: (r) => say(rowKinds[r.kind]) },
        {
          key: 'fault',
          title: { zh: '为何拒收', en: 'Why refused' },
          draw: (r) => (r.fault ? say(faultWords[r.fault] ?? { zh: r.fault }) : ''),
        },
        ...batch.columns.map((name, i) => ({
          key: `c${i + 1}`,
          title: { zh: name },
          className: 'as-delivered',
          draw: (r: Row) => (r.cells === null ? say({ zh: '（不可见）', en: '(not shown)' }) : (r.cells[i] ?? '')),
        })),
      ]}
    />
  );
}
