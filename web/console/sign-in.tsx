/** Signing in: the first page, and a dialog over the page that somebody was at when the session ended. */
import { useQueryClient } from '@tanstack/react-query';
import { Button, Flex, Form, Input, Modal, Typography } from 'antd';
import { useState } from 'react';
import { call } from '../parts/api.ts';
import type { Me } from '../parts/me.ts';
import { Refusal } from '../parts/refusal.tsx';
import { useSay } from '../parts/words.ts';

/** The sign-in page. */
export function SignIn({ languages }: { languages: React.ReactNode }) {
  const say = useSay();
  return (
    <Flex justify="center" align="center" style={{ minHeight: '100vh', padding: 16 }}>
      <main style={{ width: '100%', maxWidth: 360 }}>
        <Flex justify="space-between" align="center">
          <Typography.Title level={2} style={{ margin: 0 }}>
            {say({ zh: '城枢', en: 'Chengshu' })}
          </Typography.Title>
          {languages}
        </Flex>
        <Typography.Paragraph type="secondary">
          {say({ zh: '云川市数据枢纽（演示数据）', en: 'The data hub of Yunchuan (invented data)' })}
        </Typography.Paragraph>
        <SignInForm />
      </main>
    </Flex>
  );
}

/** Over the page that was open: what was filled in there stays. Whoever else signs in begins anew, because the page is not theirs. */
export function SignInAgain({ who }: { who: Me }) {
  const say = useSay();
  return (
    <Modal
      open
      footer={null}
      closable={false}
      keyboard={false}
      title={say({ zh: '登录已失效，请重新登录', en: 'The session is over: sign in again' })}
    >
      <Typography.Paragraph type="secondary">
        {say({ zh: '登录后可接着办理，已填写的内容还在。', en: 'Then go on: what you filled in is still there.' })}
      </Typography.Paragraph>
      <SignInForm user={who.user} />
    </Modal>
  );
}

function SignInForm({ user = '' }: { user?: string }) {
  const say = useSay();
  const cache = useQueryClient();
  const [error, fail] = useState<unknown>(null);
  const [busy, work] = useState(false);
  const enter = async (given: { user: string; password: string }) => {
    work(true);
    fail(null);
    try {
      const me = await call('POST /api/session', { body: { ...given, door: 'console' } });
      if (user !== '' && given.user !== user) {
        window.location.assign('/');
        return;
      }
      cache.setQueryData(['me'], me);
      await cache.invalidateQueries({ predicate: (q) => q.queryKey[0] !== 'me' });
    } catch (refused) {
      fail(refused);
    } finally {
      work(false);
    }
  };
  return (
    <>
      <Form
        layout="vertical"
        initialValues={{ user }}
        onFinish={(v: { user: string; password: string }) => void enter(v)}
        requiredMark={false}
      >
        <Form.Item
          name="user"
          label={say({ zh: '账号', en: 'Account' })}
          rules={[{ required: true, message: say({ zh: '请填写账号', en: 'Enter your account' }) }]}
        >
          <Input autoFocus={user === ''} autoComplete="username" />
        </Form.Item>
        <Form.Item
          name="password"
          label={say({ zh: '口令', en: 'Password' })}
          extra={say({ zh: '演示账号与口令在启动窗口里。', en: 'The demo accounts are printed by npm start.' })}
          rules={[{ required: true, message: say({ zh: '请填写口令', en: 'Enter your password' }) }]}
        >
          <Input.Password autoFocus={user !== ''} autoComplete="current-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={busy} block>
          {say({ zh: '登录', en: 'Sign in' })}
        </Button>
      </Form>
      {error !== null && (
        <div style={{ marginBlockStart: 16 }}>
          <Refusal error={error} />
        </div>
      )}
    </>
  );
}
