/** Changing the own password. */
import { Form, Input, Modal } from 'antd';
import { useAct } from '../parts/act.tsx';
import { call } from '../parts/api.ts';
import { Refusal } from '../parts/refusal.tsx';
import { useSay } from '../parts/words.ts';

interface Given {
  readonly before: string;
  readonly next: string;
}

/** The dialog. Every session ends with it, this one too: whoever changed it signs in with the new one. */
export function OwnPassword({ close }: { close(): void }) {
  const say = useSay();
  const [form] = Form.useForm<Given & { again: string }>();
  const act = useAct(({ before, next }: Given) => call('PUT /api/session/password', { body: { before, next } }), {
    say: { zh: '密码已修改，请用新密码登录', en: 'The password is changed: sign in with the new one' },
    after: close,
  });
  const required = [{ required: true, message: say({ zh: '请填写', en: 'Enter it' }) }];
  return (
    <Modal
      open
      onCancel={close}
      onOk={() => form.submit()}
      confirmLoading={act.isPending}
      title={say({ zh: '修改密码', en: 'Change your password' })}
      okText={say({ zh: '修改', en: 'Change' })}
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={({ before, next }) => act.mutate({ before, next })}>
        <Form.Item name="before" label={say({ zh: '原密码', en: 'Old password' })} rules={required}>
          <Input.Password autoFocus autoComplete="current-password" />
        </Form.Item>
        <Form.Item name="next" label={say({ zh: '新密码', en: 'New password' })} rules={required}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={say({ zh: '再输入一遍新密码', en: 'The new password once more' })}
          dependencies={['next']}
          rules={[
            ...required,
            {
              validator: (_, again: string) =>
                again === form.getFieldValue('next')
                  ? Promise.resolve()
                  : Promise.reject(new Error(say({ zh: '两遍不一样', en: 'The two differ' }))),
            },
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </Form>
      {act.error && <Refusal error={act.error} />}
    </Modal>
  );
}
