/** Signing in. */
import { useQueryClient } from '@tanstack/react-query';
import { Button, Flex, Form, Input, Typography } from 'antd';
import { useState } from 'react';
import { call } from '../parts/api.ts';
import { Refusal } from '../parts/refusal.tsx';
import { useSay } from '../parts/words.ts';

/** The sign-in page. */
export function SignIn({ languages }: { languages: React.ReactNode }) {
  const say = useSay();
  const cache = useQueryClient();
  const [error, fail] = useState<unknown>(null);
  const [busy, work] = useState(false);
  const enter = async (given: { user: string; password: string }) => {
    work(true);
    fail(null);
    try {
      cache.setQueryData(['me'], await call('POST /api/session', { body: { ...given, door: 'console' } }));
      await cache.invalidateQueries({ predicate: (q) => q.queryKey[0] !== 'me' });
    } catch (refused) {
      fail(refused);
    } finally {
      work(false);
    }
  };
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
        <Form layout="vertical" onFinish={(v: { user: string; password: string }) => void enter(v)} requiredMark={false}>
          <Form.Item
            name="user"
            label={say({ zh: '账号', en: 'Account' })}
            rules={[{ required: true, message: say({ zh: '请填写账号', en: 'Enter your account' }) }]}
          >
            <Input autoFocus autoComplete="username" />
          </Form.Item>
          <Form.Item
            name="password"
            label={say({ zh: '口令', en: 'Password' })}
            extra={say({ zh: '演示账号与口令在启动窗口里。', en: 'The demo accounts are printed by npm start.' })}
            rules={[{ required: true, message: say({ zh: '请填写口令', en: 'Enter your password' }) }]}
          >
            <Input.Password autoComplete="current-password" />
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
      </main>
    </Flex>
  );
}
