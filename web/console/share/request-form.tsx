/** What a request says: purpose, legal basis, scene, fields, rows, period (Decree 809). It begins a new one, or changes one that was returned. */
import { Alert, Button, Checkbox, Flex, Form, Input, Typography } from 'antd';
import { useState } from 'react';
import type { Expr } from '../../../declare/expr/tree.ts';
import { useAct } from '../../parts/act.tsx';
import type { Reply } from '../../parts/api.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { useSay, type Words } from '../../parts/words.ts';
import { NarrowRows } from './narrow-rows.tsx';
import { type Condition, conditionsOf, filterOf, filterSentence } from './row-filter.ts';
import type { ServiceDetail } from './service-page.tsx';

export type RequestDetail = Reply<'GET /api/share/requests/:id'>;

/** The fields of the form. */
interface Written {
  purpose: string;
  legalBasis: string;
  scene: string;
  fields: string[];
  conditions?: Condition[];
  until: string;
  contact: string;
}

/** What is sent. */
export interface Asked extends Omit<Written, 'conditions'> {
  readonly service: string;
  readonly rowFilter: Expr | null;
}

export interface RequestFormProps {
  readonly service: ServiceDetail;
  /** The request that is changed, or from which a new one begins. */
  readonly from?: RequestDetail | undefined;
  /** Under this name what is written is kept in this browser until it is sent. */
  readonly draft: string;
  readonly submit: Words;
  readonly sent: Words;
  readonly send: (asked: Asked) => Promise<RequestDetail>;
  readonly after: (request: RequestDetail) => void;
}

const days = 86_400_000;

export function RequestForm({ service, from, draft, submit, sent, send, after }: RequestFormProps) {
  const say = useSay();
  const [form] = Form.useForm<Written>();
  const returned = service.returns.map((r) => r.field);
  const rowFields = [...service.returns, ...service.keyFields.filter((k) => !returned.includes(k.field))];
  const [kept] = useState(() => localStorage.getItem(draft));
  const [isKept, show] = useState(kept !== null);
  // A filter that was made elsewhere and is no list of conditions stands as it is, until it is written anew.
  const before = (from?.rowFilter ?? null) as Expr | null;
  const lines = conditionsOf(before);
  const [whole, keepWhole] = useState(lines === undefined ? before : null);
  const start: Written = {
    purpose: from?.purpose ?? '',
    legalBasis: from?.legalBasis ?? '',
    scene: from?.scene ?? '',
    fields: from ? from.fields.map((f) => f.field).filter((f) => returned.includes(f)) : returned,
    conditions: [...(lines ?? [])],
    until: from?.until ?? new Date(Date.now() + 180 * days).toISOString().slice(0, 10),
    contact: from?.contact ?? '',
  };
  const act = useAct(
    ({ conditions = [], ...v }: Written) => send({ ...v, service: service.id, rowFilter: whole ?? filterOf(conditions, rowFields) }),
    {
      say: sent,
      after: (request) => {
        localStorage.removeItem(draft);
        after(request);
      },
    },
  );
  const required = (min: number) => [
    { required: true, min, message: say({ zh: `请写明，至少 ${min} 个字`, en: `needed, at least ${min} characters` }) },
  ];
  return (
    <Form<Written>
      form={form}
      layout="vertical"
      style={{ maxWidth: 640 }}
      onFinish={(v) => act.mutate(v)}
      onValuesChange={(_, all) => localStorage.setItem(draft, JSON.stringify(all))}
      initialValues={kept === null ? start : (JSON.parse(kept) as Written)}
      scrollToFirstError
    >
      {isKept && (
        <Alert
          type="info"
          style={{ marginBlockEnd: 16 }}
          title={say({ zh: '这是上次没有提交的内容', en: 'This is what you wrote last time and did not submit' })}
          description={
            <Button
              size="small"
              onClick={() => {
                localStorage.removeItem(draft);
                form.setFieldsValue(start);
                show(false);
              }}
            >
              {say({ zh: '不要了，重新填写', en: 'Discard it' })}
            </Button>
          }
        />
      )}
      <Form.Item
        name="purpose"
        label={say({ zh: '使用目的', en: 'Purpose' })}
        extra={say({
          zh: '只能用于所写目的，不得转提供第三方（政务数据共享条例第二十五条）',
          en: 'For this purpose only, never passed on (Decree 809 art. 25)',
        })}
        rules={required(4)}
      >
        <Input maxLength={500} />
      </Form.Item>
      <Form.Item name="legalBasis" label={say({ zh: '使用依据', en: 'Legal basis' })} rules={required(4)}>
        <Input maxLength={500} />
      </Form.Item>
      <Form.Item name="scene" label={say({ zh: '使用场景', en: 'Scene of use' })} rules={required(2)}>
        <Input.TextArea maxLength={500} rows={2} />
      </Form.Item>
      <Form.Item
        name="fields"
        label={say({ zh: '所需字段', en: 'Fields needed' })}
        rules={[
          {
            // Not `required`: that would say aria-required of a group, which no reader knows.
            validator: async (_, chosen: readonly string[]) => {
              if (chosen.length === 0) throw new Error(say({ zh: '至少选一个字段', en: 'choose at least one' }));
            },
          },
        ]}
      >
        <Checkbox.Group options={service.returns.map((r) => ({ value: r.field, label: say(r.title) }))} />
      </Form.Item>
      {whole ? (
        <Form.Item label={say({ zh: '范围', en: 'Rows' })}>
          <Typography.Paragraph style={{ marginBlockEnd: 8 }}>
            {say({
              zh: `仅限符合以下条件的记录：${filterSentence(whole, rowFields).zh}。`,
              en: `Only records for which ${filterSentence(whole, rowFields).en}.`,
            })}
          </Typography.Paragraph>
          <Button onClick={() => keepWhole(null)}>{say({ zh: '不沿用，重新限定范围', en: 'Drop it and narrow the rows anew' })}</Button>
        </Form.Item>
      ) : (
        <NarrowRows fields={rowFields} />
      )}
      <Form.Item
        name="until"
        label={say({ zh: '使用期限（截止日）', en: 'Until (last day)' })}
        extra={say({ zh: '写作 年-月-日', en: 'as YYYY-MM-DD' })}
        rules={[
          {
            required: true,
            pattern: /^\d{4}-\d{2}-\d{2}$/,
            message: say({ zh: '请写作 年-月-日，如 2027-06-30', en: 'write it as YYYY-MM-DD, e.g. 2027-06-30' }),
          },
        ]}
      >
        {/* Typed: a browser's own field for a day speaks the browser's language. */}
        <Input maxLength={10} inputMode="numeric" style={{ width: 200 }} />
      </Form.Item>
      <Form.Item name="contact" label={say({ zh: '联系人', en: 'Contact' })} rules={required(1)}>
        <Input maxLength={100} />
      </Form.Item>
      <Flex vertical gap={12}>
        {act.error && <Refusal error={act.error} />}
        <div>
          <Button type="primary" htmlType="submit" loading={act.isPending}>
            {say(submit)}
          </Button>
        </div>
      </Flex>
    </Form>
  );
}
