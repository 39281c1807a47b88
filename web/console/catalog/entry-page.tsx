/** One entry: its items, its mount with the live state, its review and its versions. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button, Empty, Flex, Form, Modal, Select, Table, Typography } from 'antd';
import { useState } from 'react';
import { Act, Steps, useAct } from '../../parts/act.tsx';
import { call, type Reply } from '../../parts/api.ts';
import { Due } from '../../parts/due.tsx';
import { useElements } from '../../parts/elements.ts';
import { useMay } from '../../parts/me.ts';
import { Loaded, ObjectPage } from '../../parts/object-page.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { ReviewHistory } from '../../parts/review-history.tsx';
import { Code, Instant, State, toneOf } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';
import { formats, mountStates, openTypes, resourceClasses, shareTypes, updateCycles } from './catalog-words.ts';
import { EditEntry, type EntryForm } from './edit-entry.tsx';

type Detail = Reply<'GET /api/catalog/entries/:id'>;
/** The document itself, as it was stored. */
const entryOf = (detail: Detail) => detail.body as EntryForm & { department: string };

/** What is over with an entry that is withdrawn. */
const closes = {
  zh: '注销后，建立在这项资源上的服务立即停止：调用和新的申请都被拒绝，直到恢复编制并重新发布。',
  en: 'Its services stop at once: calls and new requests are refused until the entry is reopened and published again.',
};

export default function EntryPage() {
  const say = useSay();
  const [editing, edit] = useState(false);
  const { id } = useParams({ strict: false }) as { id: string };
  const entry = useQuery({
    queryKey: ['entry', id],
    queryFn: ({ signal }) => call('GET /api/catalog/entries/:id', { params: { id } }, signal),
    refetchInterval: 4000,
  });
  return (
    <Loaded query={entry}>
      {(d) => {
        const e = entryOf(d);
        const mine = d.edit.allowed;
        return (
          <>
            {editing && <EditEntry entry={e} close={() => edit(false)} />}
            <ObjectPage
              title={say(e.title)}
              id={e.id}
              about={`entry:${e.id}`}
              state={<State tone={toneOf(d.state.tone)} words={d.state.title} />}
              actions={
                <>
                  <Steps
                    steps={d.steps}
                    ends={{ withdraw: closes, 'take-down': closes }}
                    take={(step, opinion) =>
                      call('POST /api/catalog/entries/:id/steps', { params: { id }, body: { step, opinion, version: d.version } })
                    }
                  />
                  {mine && <Button onClick={() => edit(true)}>{say({ zh: '修改', en: 'Edit' })}</Button>}
                </>
              }
              facts={[
                {
                  label: { zh: '信息资源代码', en: 'Resource code' },
                  value: d.code ? <Code text={d.code} /> : say({ zh: '首次发布时分配', en: 'assigned when first published' }),
                },
                { label: { zh: '提供部门', en: 'Provider' }, value: say(d.department.title) },
                ...(d.due ? [{ label: { zh: '办理期限', en: 'To be done' }, value: <Due {...d.due} /> }] : []),
                { label: { zh: '类 / 项', en: 'Class' }, value: `${say(resourceClasses[e.resourceClass])} / ${e.category}` },
                { label: { zh: '共享属性', en: 'Sharing' }, value: say(shareTypes[e.shareType]) },
                { label: { zh: '共享条件', en: 'Conditions' }, value: e.shareCondition || '—' },
                { label: { zh: '开放属性', en: 'Opening' }, value: say(openTypes[e.openType]) },
                { label: { zh: '更新周期', en: 'Cycle' }, value: say(updateCycles[e.updateCycle]) },
                { label: { zh: '格式', en: 'Format' }, value: say(formats[e.format]) },
                { label: { zh: '摘要', en: 'Abstract' }, value: e.abstract },
              ]}
              tabs={[
                { key: 'items', title: { zh: '信息项', en: 'Items' }, body: <Items detail={d} /> },
                { key: 'mounts', title: { zh: '挂接', en: 'Mount' }, body: <Mounts detail={d} mine={mine} /> },
                // What is not published of an entry is not for everybody: then no step is told.
                ...(d.history.length > 0
                  ? [{ key: 'review', title: { zh: '审核', en: 'Review' }, body: <ReviewHistory steps={d.history} /> }]
                  : []),
              ]}
            />
          </>
        );
      }}
    </Loaded>
  );
}

function Items({ detail }: { detail: Detail }) {
  const say = useSay();
  const elements = useElements();
  return (
    <Table
      size="small"
      rowKey={(i) => i.name}
      pagination={false}
      dataSource={[...entryOf(detail).items]}
      scroll={{ x: 'max-content' }}
      columns={[
        { title: say({ zh: '名称', en: 'Name' }), render: (_, i) => say(i.title) },
        { title: say({ zh: '标识', en: 'Identifier' }), render: (_, i) => <code>{i.name}</code> },
        { title: say({ zh: '数据元', en: 'Data element' }), render: (_, i) => (i.element ? say(elements.titleOf(i.element)) : '—') },
        { title: say({ zh: '主键', en: 'Key' }), render: (_, i) => (i.isKey ? say({ zh: '是', en: 'yes' }) : '') },
        { title: say({ zh: '可空', en: 'May be absent' }), render: (_, i) => (i.isNullable ? say({ zh: '是', en: 'yes' }) : '') },
        { title: say({ zh: '敏感级', en: 'Sensitivity' }), align: 'right', dataIndex: 'sensitivity' },
      ]}
    />
  );
}

/** The mounts with what the last probe found, and mounting on a source of one's own. */
function Mounts({ detail, mine }: { detail: Detail; mine: boolean }) {
  const say = useSay();
  const may = useMay();
  return (
    <Flex vertical gap={12}>
      {mine && <MountOn detail={detail} />}
      {detail.mounts.length === 0 ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={say({ zh: '还没有挂接数据源', en: 'Not mounted on any source yet' })} />
      ) : (
        detail.mounts.map((m) => (
          <section key={m.id}>
            <Flex gap={16} align="center" wrap>
              <State tone={mountStates[m.state].tone} words={mountStates[m.state]} />
              {may('source.list') ? <Link to={`/collect/${m.source}` as never}>{say(m.sourceTitle)}</Link> : say(m.sourceTitle)}
              <Typography.Text type="secondary">
                {say({ zh: '探测于', en: 'probed' })} <Instant at={m.probedAt} />
              </Typography.Text>
              {mine && (
                <Act
                  size="small"
                  words={{ zh: '现在探测', en: 'Probe now' }}
                  work={() => call('POST /api/collect/sources/:id/probe', { params: { id: m.source } })}
                  done={{ say: { zh: '已探测', en: 'Probed' } }}
                />
              )}
            </Flex>
            {m.cause && <Typography.Paragraph type="warning">{say(m.cause)}</Typography.Paragraph>}
            <Table
              size="small"
              rowKey={(i) => i.name}
              style={{ marginBlockStart: 8 }}
              pagination={false}
              dataSource={[...entryOf(detail).items]}
              columns={[
                { title: say({ zh: '信息项', en: 'Item' }), render: (_, i) => say(i.title) },
                { title: say({ zh: '标识', en: 'Identifier' }), render: (_, i) => <code>{i.name}</code> },
                {
                  title: say({ zh: '数据源的列', en: 'Column of the source' }),
                  render: (_, i) => (m.items[i.name] === undefined ? '—' : <code>{m.items[i.name]}</code>),
                },
              ]}
            />
          </section>
        ))
      )}
    </Flex>
  );
}

/** Picks one of the department's sources; items find their column by name, title or position in its list. */
function MountOn({ detail }: { detail: Detail }) {
  const say = useSay();
  const [open, show] = useState(false);
  const [source, pick] = useState<string | null>(null);
  const sources = useQuery({
    queryKey: ['sources', 'all'],
    enabled: open,
    queryFn: ({ signal }) => call('GET /api/collect/sources', { query: { limit: 200 } }, signal),
  });
  const columns = useQuery({
    queryKey: ['source', source],
    enabled: source !== null,
    queryFn: ({ signal }) => call('GET /api/collect/sources/:id', { params: { id: source ?? '' } }, signal),
  });
  const [form] = Form.useForm<Record<string, string>>();
  const found = (columns.data?.body as { columns: string[] } | undefined)?.columns ?? [];
  const known = detail.mounts[0];
  const act = useAct(
    (items: Record<string, string>) =>
      call('PUT /api/catalog/mounts/:id', {
        params: { id: known?.id ?? detail.id },
        body: { form: 1, entry: detail.id, source: source ?? '', items } as never,
      }),
    { say: { zh: '已挂接', en: 'Mounted' }, after: () => show(false) },
  );
  return (
    <>
      <div>
        <Button type="primary" onClick={() => show(true)}>
          {known ? say({ zh: '重新挂接', en: 'Mount again' }) : say({ zh: '挂接数据源', en: 'Mount on a source' })}
        </Button>
      </div>
      <Modal
        open={open}
        width={640}
        title={say({ zh: '挂接数据源', en: 'Mount on a source' })}
        onCancel={() => show(false)}
        onOk={() => form.submit()}
        okButtonProps={{ disabled: source === null, loading: act.isPending }}
        destroyOnHidden
      >
        <Flex vertical gap={12}>
          <Select
            aria-label={say({ zh: '数据源', en: 'Source' })}
            placeholder={say({ zh: '选择本部门的数据源', en: 'Choose a source of your department' })}
            value={source}
            onChange={pick}
            options={(sources.data?.rows ?? []).map((s) => ({ value: s.id, label: say(s.title) }))}
          />
          {columns.data && (
            <Form
              key={source}
              form={form}
              layout="vertical"
              onFinish={(v) => act.mutate(v)}
              initialValues={Object.fromEntries(
                entryOf(detail).items.map((i) => [i.name, found.find((c) => c === i.name || c === i.title.zh)]),
              )}
            >
              {entryOf(detail).items.map((i) => (
                <Form.Item
                  key={i.name}
                  name={i.name}
                  label={say(i.title)}
                  rules={[{ required: true, message: say({ zh: '请选择列', en: 'Choose a column' }) }]}
                >
                  <Select showSearch options={found.map((c) => ({ value: c, label: c }))} />
                </Form.Item>
              ))}
            </Form>
          )}
          {act.error && <Refusal error={act.error} />}
        </Flex>
      </Modal>
    </>
  );
}
