/** One source: fetching or delivering with a live run, its columns, its batches. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Alert, Button, Flex, Input, Modal, Upload } from 'antd';
import { useState } from 'react';
import { Act, useAct } from '../../parts/act.tsx';
import { call, type Reply, upload } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { dayFilters } from '../../parts/list-address.ts';
import { useDepartments, useMay } from '../../parts/me.ts';
import { Loaded, ObjectPage } from '../../parts/object-page.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { StartedRun } from '../../parts/run.tsx';
import { Count, Instant, State } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';
import { batchStands, modes, sourceStates } from './collect-words.ts';
import { Columns } from './columns.tsx';
import { EditSource, type SourceForm } from './edit-source.tsx';
import { ReconciliationTab, WaitingRemoval } from './reconciliation.tsx';
import { SetBack } from './set-back.tsx';
import { timingFacts } from './timing.tsx';
import { DeclinedEdition, WaitingEdition } from './waiting-edition.tsx';

type Detail = Reply<'GET /api/collect/sources/:id'>;
type Batch = Reply<'GET /api/collect/batches'>['rows'][number];

export default function SourcePage() {
  const say = useSay();
  const may = useMay();
  const { titleOf } = useDepartments();
  const [run, started] = useState<string | null>(null);
  const [editing, edit] = useState(false);
  const { id } = useParams({ strict: false }) as { id: string };
  const source = useQuery({
    queryKey: ['source', id],
    queryFn: ({ signal }) => call('GET /api/collect/sources/:id', { params: { id } }, signal),
    refetchInterval: 5000,
  });
  return (
    <Loaded query={source}>
      {(s) => (
        <Flex vertical gap={16}>
          {editing && <EditSource source={s.body as SourceForm} close={() => edit(false)} />}
          <StartedRun id={run} close={() => started(null)} />
          {s.cause && (
            <Alert
              type="warning"
              showIcon
              title={say(s.cause)}
              description={
                s.state === 'drifted'
                  ? say({
                      zh: '上一次交付没有入账，此前的数据继续有效。确认新的列后，修改数据源的列再交付一次。',
                      en: 'That delivery was not kept and what was there before stays in force. Decide about the new columns, change the source and deliver again.',
                    })
                  : undefined
              }
            />
          )}
          {s.warned.length > 0 && (
            <Alert
              type="info"
              title={say({ zh: '这个游标可能漏过的行', en: 'Rows that this cursor may let slip' })}
              description={s.warned.map(say).join(' ')}
            />
          )}
          {s.waiting && <WaitingEdition id={s.id} edition={s.waiting} />}
          {s.declined && <DeclinedEdition id={s.id} edition={s.declined} />}
          {s.reconciliation && <WaitingRemoval id={s.id} of={s.reconciliation} started={started} />}
          <ObjectPage
            title={say(s.title)}
            id={s.id}
            about={`source:${s.id}`}
            state={<State tone={sourceStates[s.state].tone} words={sourceStates[s.state]} />}
            actions={
              <>
                {may('source.collect') &&
                  (s.takes === 'database' ? (
                    <Act
                      type="primary"
                      words={{ zh: '立即归集', en: 'Collect now' }}
                      work={() => call('POST /api/collect/sources/:id/runs', { params: { id } })}
                      done={{ after: (r) => started(r.run) }}
                    />
                  ) : (
                    <Deliver id={id} started={started} />
                  ))}
                {may('source.probe') && (
                  <Act
                    words={{ zh: '探测', en: 'Probe' }}
                    work={() => call('POST /api/collect/sources/:id/probe', { params: { id } })}
                    done={{ say: { zh: '已探测', en: 'Probed' } }}
                  />
                )}
                {s.mode === 'incremental' && s.setBack.allowed && <SetBack id={id} cursor={s.cursor} />}
                {s.edit.allowed && <Secrets detail={s} />}
                {s.edit.allowed && <Button onClick={() => edit(true)}>{say({ zh: '修改', en: 'Edit' })}</Button>}
              </>
            }
            facts={[
              { label: { zh: '提供部门', en: 'Provider' }, value: say(titleOf(s.department)) },
              { label: { zh: '连接器', en: 'Connector' }, value: say(s.connectorTitle) },
              {
                label: { zh: '方式', en: 'Mode' },
                value: (
                  <>
                    {say(modes[s.mode])}
                    {s.cursor !== null && (
                      <>
                        {' '}
                        · {say({ zh: '游标', en: 'cursor' })} <code>{s.cursor}</code>
                      </>
                    )}
                  </>
                ),
              },
              {
                label: { zh: '最近一批，读入 = 数据 + 拒收 + 非数据（行）', en: 'Latest batch, in = data + refused + not data (rows)' },
                value: s.lastBatch ? <Sum batch={s.lastBatch} /> : '—',
              },
              ...(s.protection ? [{ label: { zh: '连接', en: 'Connection' }, value: say(s.protection) }] : []),
              { label: { zh: '归集于', en: 'Landed' }, value: <Instant at={s.lastBatch?.landedAt} /> },
              { label: { zh: '探测于', en: 'Probed' }, value: <Instant at={s.lookedAt} /> },
              ...timingFacts(s.timing, say),
            ]}
            tabs={[
              { key: 'batches', title: { zh: '批次与回执', en: 'Batches and receipts' }, body: <Batches id={id} /> },
              ...(s.reconciliation
                ? [
                    {
                      key: 'reconciliation',
                      title: { zh: '对账', en: 'Reconciliation' },
                      body: <ReconciliationTab id={id} mode={s.mode} of={s.reconciliation} started={started} />,
                    },
                  ]
                : []),
              { key: 'columns', title: { zh: '列与版式', en: 'Columns and layout' }, body: <Columns detail={s} /> },
            ]}
          />
        </Flex>
      )}
    </Loaded>
  );
}

/** Rows in as the sum they are. */
export function Sum({ batch }: { batch: Pick<Batch, 'rowsIn' | 'rowsData' | 'rowsRefused' | 'rowsOther'> }) {
  const say = useSay();
  return (
    <span title={say({ zh: '读入 = 数据 + 拒收 + 非数据（行）', en: 'in = data + refused + not data (rows)' })}>
      <Count n={batch.rowsIn} /> = <Count n={batch.rowsData} /> + <Count n={batch.rowsRefused} /> + <Count n={batch.rowsOther} />
    </span>
  );
}

/** Uploads a file as a delivery. */
function Deliver({ id, started }: { id: string; started(run: string): void }) {
  const say = useSay();
  const [error, fail] = useState<unknown>(null);
  const [busy, work] = useState(false);
  const send = async (file: File) => {
    work(true);
    fail(null);
    try {
      started(
        (
          await upload<{ run: string }>(
            `/api/collect/sources/${encodeURIComponent(id)}/deliveries?name=${encodeURIComponent(file.name)}`,
            file,
          )
        ).run,
      );
    } catch (refused) {
      fail(refused);
    } finally {
      work(false);
    }
  };
  return (
    <>
      <Upload
        showUploadList={false}
        beforeUpload={(file) => {
          void send(file);
          return false;
        }}
      >
        <Button type="primary" loading={busy}>
          {say({ zh: '交付文件', en: 'Deliver a file' })}
        </Button>
      </Upload>
      <Modal
        open={error !== null}
        onCancel={() => fail(null)}
        footer={<Button onClick={() => fail(null)}>{say({ zh: '知道了', en: 'Close' })}</Button>}
        title={say({ zh: '没有交付成功', en: 'Not delivered' })}
      >
        <Refusal error={error} />
      </Modal>
    </>
  );
}

/** Enters the value behind a `secret:name` of the settings; it is sealed and never shown again. */
function Secrets({ detail }: { detail: Detail }) {
  const say = useSay();
  const names = Object.values((detail.body as SourceForm).settings).flatMap((v) =>
    typeof v === 'string' && v.startsWith('secret:') ? [v.slice(7)] : [],
  );
  const [open, show] = useState(false);
  const [value, write] = useState('');
  const act = useAct((v: string) => call('PUT /api/collect/secrets/:name', { params: { name: names[0] ?? '' }, body: { value: v } }), {
    say: { zh: '口令已密封保存', en: 'Sealed' },
    after: () => {
      write('');
      show(false);
    },
  });
  if (names.length === 0) return null;
  return (
    <>
      <Button onClick={() => show(true)}>{say({ zh: '填写口令', en: 'Enter the secret' })}</Button>
      <Modal
        open={open}
        title={`secret:${names[0]}`}
        onCancel={() => show(false)}
        okButtonProps={{ disabled: value === '', loading: act.isPending }}
        onOk={() => act.mutate(value)}
      >
        <Input.Password
          value={value}
          onChange={(e) => write(e.target.value)}
          autoComplete="off"
          aria-label={say({ zh: '口令', en: 'Secret' })}
        />
        {act.error && <Refusal error={act.error} />}
      </Modal>
    </>
  );
}

function Batches({ id }: { id: string }) {
  const say = useSay();
  const navigate = useNavigate();
  return (
    <List<Batch>
      name={['batches', id]}
      refreshMs={5000}
      rowKey={(b) => String(b.seq)}
      filters={dayFilters({ zh: '归集', en: 'Landed' })}
      load={(query, signal) => call('GET /api/collect/batches', { query: { ...query, source: id } }, signal)}
      open={(b) => void navigate({ to: '/collect/$id/batches/$seq' as never, params: { id, seq: String(b.seq) } as never })}
      empty={{ zh: '还没有批次：点“立即归集”，或交付文件', en: 'No batch yet: collect now, or deliver a file' }}
      columns={[
        { key: 'batch', title: { zh: '批次', en: 'Batch' }, align: 'right', draw: (b) => <Count n={b.ordinal} /> },
        {
          key: 'rowsIn',
          sorts: true,
          title: { zh: '读入 = 数据 + 拒收 + 非数据（行）', en: 'In = data + refused + not data (rows)' },
          align: 'right',
          draw: (b) => <Sum batch={b} />,
        },
        { key: 'mode', title: { zh: '方式', en: 'Mode' }, draw: (b) => say(modes[b.mode]) },
        {
          key: 'stands',
          title: { zh: '状态', en: 'State' },
          draw: (b) => <State tone={batchStands[b.stands].tone} words={batchStands[b.stands]} />,
        },
        { key: 'name', title: { zh: '文件', en: 'File' }, draw: (b) => b.name ?? '—' },
        { key: 'landedAt', sorts: true, title: { zh: '归集于', en: 'Landed' }, draw: (b) => <Instant at={b.landedAt} /> },
      ]}
    />
  );
}
