/** Asking for a service: purpose, legal basis, scene, fields, period (Decree 809). */
import { useNavigate } from '@tanstack/react-router';
import { Button, Checkbox, Flex, Form, Input, Typography } from 'antd';
import { useAct } from '../../parts/act.tsx';
import { call } from '../../parts/api.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { useSay } from '../../parts/words.ts';
import { NarrowRows } from './narrow-rows.tsx';
import { type Condition, filterOf } from './row-filter.ts';
import type { ServiceDetail } from './service-page.tsx';

interface Asked {
  purpose: string;
  legalBasis: string;
  scene: string;
  fields: string[];
  conditions?: Condition[];
  until: string;
  contact: string;
}

export function AskFor({ service }: { service: ServiceDetail }) {
  const say = useSay();
  const navigate = useNavigate();
  const returned = service.returns.map((r) => r.field);
  const rowFields = [...service.returns, ...service.keyFields.filter((k) => !returned.includes(k.field))];
  const act = useAct(
    ({ conditions = [], ...v }: Asked) =>
      call('POST /api/share/requests', { body: { ...v, service: service.id, rowFilter: filterOf(conditions, rowFields) } }),
    {
      say: { zh: '申请已提交', en: 'Submitted' },
      after: (r) => void navigate({ to: '/requests/$id' as never, params: { id: r.id } as never }),
    },
  );
  const required = (min: number) => [
    { required: true, min, message: say({ zh: `请写明，至少 ${min} 个字`, en: `needed, at least ${min} characters` }) },
  ];
  if (service.shareType === '3')
    return (
      <Typography.Text>
        {say({ zh: '这项数据不予共享：', en: 'This is not shared: ' })}
        {service.entry?.shareCondition}
      </Typography.Text>
    );
  return (
    <Form<Asked>
      layout="vertical"
      style={{ maxWidth: 640 }}
      onFinish={(v) => act.mutate(v)}
      initialValues={{
        fields: service.returns.map((r) => r.field),
        until: new Date(Date.now() + 180 * 86_400_000).toISOString().slice(0, 10),
      }}
      scrollToFirstError
    >
      <Typography.Paragraph type="secondary">
        {service.shareType === '1'
          ? say({ zh: '无条件共享：提交后自动授权。', en: 'Unconditional: granted by itself once submitted.' })
          : say({
              zh: '有条件共享：数据资源局受理后，由提供部门审核。',
              en: 'Conditional: admitted by the bureau, then reviewed by the provider.',
            })}
      </Typography.Paragraph>
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
      <NarrowRows fields={rowFields} />
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
            {say({ zh: '提交申请', en: 'Submit' })}
          </Button>
        </div>
      </Flex>
    </Form>
  );
}
