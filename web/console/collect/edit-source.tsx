/** Declaring a source: its connector's own settings, its columns, how it is delivered and laid out. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Drawer, Flex, Form, Input, InputNumber, Select, Space, Switch } from 'antd';
import { useState } from 'react';
import { useAct } from '../../parts/act.tsx';
import { call } from '../../parts/api.ts';
import { useGiveBackFocus } from '../../parts/give-back-focus.ts';
import { useMe } from '../../parts/me.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { titleFrom, useSay } from '../../parts/words.ts';
import { asideWords, modes } from './collect-words.ts';
import { delimiterWords } from './upload/upload-words.ts';

/** A source as the form holds it. */
export interface SourceForm {
  id: string;
  title: { zh: string; en?: string };
  connector: string;
  settings: Record<string, string | number | boolean | null>;
  columns: string[];
  key: string[];
  mode: 'full' | 'incremental';
  cursor: string | null;
  layout: {
    encoding: string | null;
    sheet: string | null;
    titleRows: number;
    headerRows: number;
    fillDown: string[];
    footer: string[];
    groupColumn?: string | undefined;
    ends?: 'gap' | undefined;
  } | null;
  /** Columns of a table that are not collected on purpose. */
  leaves?: string[];
  /** Left out: 20 in a hundred and 100 rows. */
  removal?: 'replaces-itself' | { percent: number; rows: number };
  /** Days between two reconciliations. Left out: 1 and 7. */
  reconciliation?: { count: number; receipt: number };
  /** Left out: at any time, two at a time. */
  schedule?: { window: { from?: string; to?: string } | null; together: number };
}

/** A setting of a connector as its schema says it. */
export interface SettingSchema {
  type?: string;
  title?: string;
  titleEn?: string;
  description?: string;
  descriptionEn?: string;
  secret?: boolean;
  /** Told by the table that is picked. */
  picked?: boolean;
  default?: unknown;
  enum?: string[];
}

/** The button for a new source. */
export function NewSource() {
  const say = useSay();
  const [open, show] = useState(false);
  return (
    <>
      <Button type="primary" onClick={() => show(true)}>
        {say({ zh: '建立数据源', en: 'New source' })}
      </Button>
      {open && <EditSource source={null} close={() => show(false)} />}
    </>
  );
}

/** The form in a drawer; `source` null makes a new one. */
export function EditSource({ source, close }: { source: SourceForm | null; close(): void }) {
  const say = useSay();
  const me = useMe();
  const navigate = useNavigate();
  useGiveBackFocus();
  const [form] = Form.useForm<SourceForm>();
  const connectors = useQuery({
    queryKey: ['connectors'],
    staleTime: 300_000,
    queryFn: ({ signal }) => call('GET /api/collect/connectors', {}, signal),
  });
  const chosen = Form.useWatch('connector', form) ?? source?.connector;
  const mode = Form.useWatch('mode', form);
  const columns = Form.useWatch('columns', form) ?? [];
  const connector = connectors.data?.find((c) => c.id === chosen);
  const settings = Object.entries((connector?.settings as { properties?: Record<string, SettingSchema> } | undefined)?.properties ?? {});
  const isFile = connector?.takes === 'file';
  const act = useAct(
    (v: SourceForm) =>
      call('PUT /api/collect/sources/:id', {
        params: { id: v.id },
        body: {
          ...source,
          ...v,
          form: 1,
          title: titleFrom(v.title),
          department: me.data?.department ?? '',
          settings: Object.fromEntries(Object.entries(v.settings ?? {}).filter(([, x]) => x !== undefined && x !== '')),
          key: v.key ?? [],
          cursor: v.mode === 'incremental' ? v.cursor : null,
          layout: isFile
            ? { ...blankLayout, ...source?.layout, ...v.layout, encoding: v.layout?.encoding || null, sheet: v.layout?.sheet || null }
            : null,
          removal: v.mode === 'full' || !isFile ? v.removal : undefined,
          reconciliation: isFile ? undefined : v.reconciliation && { ...usualReconciliation, ...v.reconciliation },
          schedule: isFile ? undefined : scheduleFrom(v.schedule),
        } as never,
      }),
    {
      say: { zh: '数据源已保存', en: 'Stored' },
      after: () => {
        const id = form.getFieldValue('id') as string;
        close();
        void navigate({ to: '/collect/$id' as never, params: { id } as never });
      },
    },
  );
  const needed = [{ required: true, message: say({ zh: '必填', en: 'Required' }) }];
  const options = (names: readonly string[]) => names.map((n) => ({ value: n, label: n }));
  return (
    <Drawer
      open
      size={640}
      onClose={close}
      title={source ? say({ zh: '修改数据源', en: 'Edit the source' }) : say({ zh: '建立数据源', en: 'New source' })}
      footer={
        <Space>
          <Button type="primary" loading={act.isPending} onClick={() => form.submit()}>
            {say({ zh: '保存', en: 'Store' })}
          </Button>
          <Button onClick={close}>{say({ zh: '取消', en: 'Cancel' })}</Button>
        </Space>
      }
    >
      <Form<SourceForm>
        form={form}
        layout="vertical"
        scrollToFirstError
        initialValues={source ?? { mode: 'full', key: [], columns: [], settings: {}, layout: blankLayout }}
        onFinish={(v) => act.mutate(v)}
      >
        <Form.Item
          name="id"
          label={say({ zh: '编号', en: 'Id' })}
          rules={[
            {
              required: true,
              pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
              message: say({ zh: '小写字母、数字和连字符', en: 'lower-case letters, digits, hyphens' }),
            },
          ]}
        >
          <Input disabled={source !== null} maxLength={63} />
        </Form.Item>
        <Form.Item name={['title', 'zh']} label={say({ zh: '名称', en: 'Name (Chinese)' })} rules={needed}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name={['title', 'en']} label={say({ zh: '英文名称（可不填）', en: 'Name (English, optional)' })}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="connector" label={say({ zh: '连接器', en: 'Connector' })} rules={needed}>
          <Select options={(connectors.data ?? []).map((c) => ({ value: c.id, label: say(c.title) }))} />
        </Form.Item>
        {settings.map(([name, s]) => (
          <Form.Item
            key={name}
            name={['settings', name]}
            label={say({ zh: s.title ?? name, en: s.titleEn ?? s.title ?? name })}
            extra={
              s.secret
                ? say({
                    zh: '填 secret:名称；口令本身在数据源页面另行填写，不进文档',
                    en: 'write secret:name; the value itself is entered on the source’s page and never stands in the document',
                  })
                : s.description && say({ zh: s.description, en: s.descriptionEn ?? s.description })
            }
          >
            {s.type === 'integer' || s.type === 'number' ? (
              <InputNumber style={{ width: 200 }} />
            ) : s.enum ? (
              <Select
                options={s.enum.map((value) => ({
                  value,
                  label: name === 'delimiter' ? say(delimiterWords[value] ?? { zh: value }) : value,
                }))}
              />
            ) : (
              <Input />
            )}
          </Form.Item>
        ))}
        <Form.Item
          name="columns"
          label={say({ zh: '列（按交付的次序，逐个输入后回车）', en: 'Columns (in the order delivered; Enter after each)' })}
          rules={needed}
        >
          <Select mode="tags" open={false} tokenSeparators={[',', '，', '\t']} />
        </Form.Item>
        <Form.Item
          name="key"
          label={say({ zh: '标识一行的列（回执按它分桶）', en: 'Columns that identify a row (the receipt’s buckets go by them)' })}
        >
          <Select mode="multiple" options={options(columns)} />
        </Form.Item>
        <Flex gap={12}>
          <Form.Item name="mode" label={say({ zh: '方式', en: 'Mode' })} style={{ width: 160 }}>
            <Select options={Object.entries(modes).map(([value, w]) => ({ value, label: say(w) }))} />
          </Form.Item>
          {mode === 'incremental' && (
            <Form.Item
              name="cursor"
              label={say({ zh: '游标列', en: 'Cursor column' })}
              extra={say({
                zh: '随写入增长的列（如自增编号），不要用可能迟到的更新时间',
                en: 'a column that grows as rows are written (a serial), not an update time that may come late',
              })}
              rules={needed}
              style={{ flex: 1 }}
            >
              <Select options={options(columns)} />
            </Form.Item>
          )}
        </Flex>
        {(mode === 'full' || (connector && !isFile)) && <RemovalFields mode={mode ?? 'full'} />}
        {connector && !isFile && <ScheduleFields />}
        {connector && !isFile && <ReconciliationFields mode={mode ?? 'full'} />}
        {isFile && (
          <fieldset style={{ border: '1px solid #e3e6eb', padding: 12 }}>
            <legend style={{ width: 'auto', fontSize: 14, marginBlockEnd: 0, padding: '0 8px' }}>
              {say({ zh: '版式', en: 'Layout' })}
            </legend>
            <Flex gap={12} wrap>
              <Form.Item
                name={['layout', 'encoding']}
                label={say({ zh: '编码（文本文件）', en: 'Encoding (text files)' })}
                style={{ width: 180 }}
              >
                <Select allowClear options={options(['utf-8', 'gb18030', 'big5', 'utf-16le', 'utf-16be'])} />
              </Form.Item>
              <Form.Item name={['layout', 'sheet']} label={say({ zh: '工作表', en: 'Sheet' })} style={{ width: 180 }}>
                <Input placeholder={say({ zh: '第一张', en: 'the first' })} />
              </Form.Item>
              <Form.Item name={['layout', 'titleRows']} label={say({ zh: '标题行数', en: 'Title rows' })}>
                <InputNumber min={0} max={1000} />
              </Form.Item>
              <Form.Item name={['layout', 'headerRows']} label={say({ zh: '表头行数', en: 'Header rows' })}>
                <InputNumber min={0} max={10} />
              </Form.Item>
            </Flex>
            <Form.Item
              name={['layout', 'fillDown']}
              label={say({ zh: '合并单元格的列（空单元格取上一行）', en: 'Merged columns (empty cells take the value above)' })}
            >
              <Select mode="multiple" options={options(columns)} />
            </Form.Item>
            <Form.Item name={['layout', 'footer']} label={say({ zh: '表尾的开头文字', en: 'Beginnings of footer rows' })}>
              <Select mode="tags" open={false} />
            </Form.Item>
            <Form.Item name={['layout', 'asides']} label={say({ zh: '夹在数据中的非数据行', en: 'Rows among the data that are none' })}>
              <Select mode="multiple" options={Object.entries(asideWords).map(([value, words]) => ({ value, label: say(words) }))} />
            </Form.Item>
          </fieldset>
        )}
      </Form>
      {act.error && <Refusal error={act.error} form="source" />}
    </Drawer>
  );
}

/** A window of which nothing is filled is none. */
const scheduleFrom = (s: SourceForm['schedule']) =>
  s && { together: s.together ?? 2, window: s.window?.from || s.window?.to ? { from: s.window.from ?? '', to: s.window.to ?? '' } : null };

/** When a full edition, or what a reconciliation removes, waits. */
function RemovalFields({ mode }: { mode: SourceForm['mode'] }) {
  const say = useSay();
  const form = Form.useFormInstance<SourceForm>();
  const removal = Form.useWatch('removal', form);
  return (
    <>
      <Form.Item
        label={
          mode === 'full'
            ? say({
                zh: '每一期都是另一批数据（减少多少都不必确认）',
                en: 'Every edition is another set of rows (no confirmation is asked)',
              })
            : say({
                zh: '源端已无的行一律移除（移除多少都不必同意）',
                en: 'Rows gone at the source are always removed (no consent is asked)',
              })
        }
      >
        <Switch
          checked={removal === 'replaces-itself'}
          onChange={(on) => form.setFieldValue('removal', on ? 'replaces-itself' : { percent: 20, rows: 100 })}
        />
      </Form.Item>
      {removal === 'replaces-itself' ? (
        <Form.Item name="removal" hidden>
          <Input />
        </Form.Item>
      ) : (
        <Flex gap={12} wrap>
          <Form.Item
            name={['removal', 'percent']}
            label={
              mode === 'full'
                ? say({ zh: '新一期减少超过（%）须确认', en: 'Ask before an edition removes more than (%)' })
                : say({ zh: '对账移除的行超过（%）须同意', en: 'Ask before reconciliation removes more than (%)' })
            }
            extra={
              mode === 'full'
                ? say({ zh: '全部减少的一律须确认', en: 'Removing all is always asked about' })
                : say({ zh: '全部移除的一律须同意', en: 'Removing all is always asked about' })
            }
            initialValue={20}
          >
            <InputNumber min={0} max={100} />
          </Form.Item>
          <Form.Item name={['removal', 'rows']} label={say({ zh: '并且超过（行）', en: 'and more rows than' })} initialValue={100}>
            <InputNumber min={0} />
          </Form.Item>
        </Flex>
      )}
    </>
  );
}

/** The hours in which the source may be read by itself, and how many readings its server bears. */
function ScheduleFields() {
  const say = useSay();
  const clock = { pattern: /^([01]\d|2[0-3]):[0-5]\d$/, message: say({ zh: '时:分，如 22:30', en: 'hours:minutes, as 22:30' }) };
  return (
    <Flex gap={12} wrap>
      <Form.Item name={['schedule', 'window', 'from']} label={say({ zh: '自动归集从', en: 'By itself from' })} rules={[clock]}>
        <Input style={{ width: 110 }} placeholder={say({ zh: '不限', en: 'any time' })} />
      </Form.Item>
      <Form.Item
        name={['schedule', 'window', 'to']}
        label={say({ zh: '到（可过零点）', en: 'until (may be after midnight)' })}
        rules={[clock]}
      >
        <Input style={{ width: 110 }} placeholder={say({ zh: '不限', en: 'any time' })} />
      </Form.Item>
      <Form.Item
        name={['schedule', 'together']}
        label={say({ zh: '对方服务器同时归集不超过（个）', en: 'Readings at a time on its server, at most' })}
        initialValue={2}
      >
        <InputNumber min={1} max={100} />
      </Form.Item>
    </Flex>
  );
}

const usualReconciliation = { count: 1, receipt: 7 };

/** How often the source is held against the ledger. */
function ReconciliationFields({ mode }: { mode: SourceForm['mode'] }) {
  const say = useSay();
  return (
    <Flex gap={12} wrap>
      <Form.Item
        name={['reconciliation', 'count']}
        label={say({ zh: '清点行数，每隔（天）', en: 'Count rows every (days)' })}
        initialValue={usualReconciliation.count}
      >
        <InputNumber min={1} max={366} precision={0} />
      </Form.Item>
      {mode === 'incremental' && (
        <Form.Item
          name={['reconciliation', 'receipt']}
          label={say({ zh: '核对摘要，每隔（天）', en: 'Compare digests every (days)' })}
          initialValue={usualReconciliation.receipt}
        >
          <InputNumber min={1} max={366} precision={0} />
        </Form.Item>
      )}
    </Flex>
  );
}

const blankLayout = { encoding: 'utf-8', sheet: null, titleRows: 0, headerRows: 1, fillDown: [], footer: [] };
