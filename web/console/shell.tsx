/** The frame around every page: the river as the menu, who is signed in, the language. */
import { useQueryClient } from '@tanstack/react-query';
import { Link, Navigate, Outlet, useRouterState } from '@tanstack/react-router';
import { Button, Dropdown, Flex, Layout, Menu, Segmented, Skeleton, Typography } from 'antd';
import { useContext } from 'react';
import { call } from '../parts/api.ts';
import { useMe } from '../parts/me.ts';
import type { Page } from '../parts/page.ts';
import { Refusal } from '../parts/refusal.tsx';
import { roleWords } from '../parts/role-words.ts';
import { type Language, LanguageContext, useSay } from '../parts/words.ts';
import { SignIn } from './sign-in.tsx';

/** The frame. */
export function Shell({ menu }: { menu: readonly Page[] }) {
  const say = useSay();
  const me = useMe();
  const cache = useQueryClient();
  const path = useRouterState({ select: (s) => s.location.pathname });
  const { language, set } = useContext(LanguageContext);
  const languages = (
    <Segmented<Language>
      size="small"
      value={language}
      onChange={set}
      options={[
        { value: 'zh', label: '中文' },
        { value: 'en', label: 'English' },
      ]}
      aria-label={say({ zh: '语言', en: 'Language' })}
    />
  );
  if (me.error)
    return (
      <div style={{ padding: 48 }}>
        <Refusal error={me.error} retry={() => void me.refetch()} />
      </div>
    );
  if (me.data === undefined)
    return (
      <div style={{ padding: 48 }}>
        <Skeleton active />
      </div>
    );
  if (me.data === null) return <SignIn languages={languages} />;
  const who = me.data;
  const open = menu.filter((p) => p.menu && (p.menu.action === null || who.actions.includes(p.menu.action)));
  const chosen = open.filter((p) => path === p.path || path.startsWith(`${p.path}/`)).map((p) => p.path);
  return (
    <Layout style={{ minHeight: '100vh' }}>
      <a href="#content" className="skip" style={{ position: 'absolute', insetInlineStart: -9999 }}>
        {say({ zh: '跳到正文', en: 'Skip to content' })}
      </a>
      <Layout.Header style={{ display: 'flex', alignItems: 'center', gap: 16, borderBottom: '1px solid #e3e6eb' }}>
        <Typography.Text strong style={{ fontSize: 16 }}>
          城枢
        </Typography.Text>
        <Typography.Text type="secondary">{say({ zh: '云川市 · 演示数据', en: 'Yunchuan · invented data' })}</Typography.Text>
        <Flex gap={12} align="center" style={{ marginInlineStart: 'auto' }}>
          {languages}
          <Dropdown
            trigger={['click']}
            menu={{
              items: [
                {
                  key: 'who',
                  disabled: true,
                  label: `${who.departmentTitle} · ${who.roles.map((r) => say(roleWords[r] ?? { zh: r })).join(' / ')}`,
                },
                {
                  key: 'out',
                  label: say({ zh: '退出登录', en: 'Sign out' }),
                  onClick: () =>
                    void call('DELETE /api/session', {}).finally(() => {
                      cache.clear();
                      window.location.assign('/');
                    }),
                },
              ],
            }}
          >
            <Button type="text">{who.name}</Button>
          </Dropdown>
        </Flex>
      </Layout.Header>
      <Layout>
        <Layout.Sider width={168} breakpoint="lg" collapsedWidth={0} style={{ borderInlineEnd: '1px solid #e3e6eb' }}>
          <nav aria-label={say({ zh: '主导航', en: 'Main navigation' })}>
            <Menu
              mode="inline"
              selectedKeys={chosen}
              style={{ borderInlineEnd: 0 }}
              items={open.map((p) => ({ key: p.path, label: <Link to={p.path as never}>{say(p.menu?.title ?? { zh: p.path })}</Link> }))}
            />
          </nav>
        </Layout.Sider>
        <Layout.Content id="content" tabIndex={-1} style={{ padding: 24, background: '#fff', minWidth: 0 }}>
          {open.length === 0 ? (
            <Typography.Text>
              {say({
                zh: '这个账号还没有角色，请联系安全管理员授予。',
                en: 'This account has no role yet; ask the security administrator.',
              })}
            </Typography.Text>
          ) : path === '/catalog' && !who.actions.includes('entry.draft') && open[0] ? (
            <Navigate to={open[0].path as never} replace />
          ) : (
            <Outlet />
          )}
        </Layout.Content>
      </Layout>
    </Layout>
  );
}
