/** The frame around every page: the river as the menu, who is signed in, the language. */
import { Navigate, Outlet, useRouterState } from '@tanstack/react-router';
import { Button, Drawer, Flex, Grid, Layout, Segmented, Skeleton, Typography } from 'antd';
import { useContext, useEffect, useRef, useState } from 'react';
import { cameBack } from '../parts/came-back.ts';
import { ConnectionBanner } from '../parts/connection-banner.tsx';
import { Health } from '../parts/health.tsx';
import { type Me, useMe } from '../parts/me.ts';
import type { Page } from '../parts/page.ts';
import { useReachableScroll } from '../parts/reachable-scroll.ts';
import { Refusal } from '../parts/refusal.tsx';
import { type Language, LanguageContext, useSay } from '../parts/words.ts';
import { Account } from './account.tsx';
import { River } from './river.tsx';
import { SignIn, SignInAgain } from './sign-in.tsx';

/** The frame. */
export function Shell({ menu }: { menu: readonly Page[] }) {
  const say = useSay();
  const me = useMe();
  const path = useRouterState({ select: (s) => s.location.pathname });
  const isWide = Grid.useBreakpoint().lg ?? true;
  // The page on which the menu was opened on a narrow screen: on the next page it is closed.
  const [openOn, openMenu] = useState<string | null>(null);
  const isOpen = openOn === path;
  const [last, remember] = useState<Me | null>(null);
  const content = useRef<HTMLDivElement>(null);
  useFocusOnArrival(path, content);
  useReachableScroll(content, me.data);
  if (me.error && !me.data)
    return (
      <Flex vertical gap={16} style={{ padding: 24, maxWidth: 960 }}>
        <Refusal error={me.error} retry={() => void me.refetch()} />
        <Health detailed={false} />
      </Flex>
    );
  if (me.data === undefined)
    return (
      <div style={{ padding: 48 }}>
        <Skeleton active />
      </div>
    );
  // The page of whoever was signed in stays under the dialog; signing out loads the first page anew.
  if (me.data !== null && me.data.user !== last?.user) remember(me.data);
  const who = me.data ?? last;
  if (who === null) return <SignIn languages={<Languages />} />;
  const entries = menu.filter((p) => p.menu && (p.menu.action === null || who.actions.includes(p.menu.action)));
  const river = <River pages={entries} path={path} />;
  return (
    <Layout style={{ minHeight: '100vh' }}>
      {me.data === null && <SignInAgain who={who} />}
      <button type="button" className="skip" onClick={() => content.current?.focus()}>
        {say({ zh: '跳到正文', en: 'Skip to content' })}
      </button>
      <Layout.Header style={{ display: 'flex', alignItems: 'center', gap: isWide ? 16 : 8, borderBottom: '1px solid #e3e6eb' }}>
        {!isWide && (
          <Button type="text" aria-expanded={isOpen} onClick={() => openMenu(path)}>
            ☰ {say({ zh: '菜单', en: 'Menu' })}
          </Button>
        )}
        <Typography.Text strong ellipsis style={{ fontSize: 16 }}>
          {say({ zh: '城枢', en: 'Chengshu' })}
        </Typography.Text>
        {isWide && <Typography.Text type="secondary">{say({ zh: '云川市 · 演示数据', en: 'Yunchuan · invented data' })}</Typography.Text>}
        <Flex gap={isWide ? 12 : 4} align="center" style={{ marginInlineStart: 'auto' }}>
          {isWide && <Languages />}
          <Account who={who} />
        </Flex>
      </Layout.Header>
      <ConnectionBanner />
      <Layout>
        {isWide ? (
          <Layout.Sider width={168} style={{ borderInlineEnd: '1px solid #e3e6eb' }}>
            {river}
          </Layout.Sider>
        ) : (
          <Drawer open={isOpen} onClose={() => openMenu(null)} placement="left" size={260} title={say({ zh: '菜单', en: 'Menu' })}>
            <Flex vertical gap={16}>
              <Typography.Text type="secondary">{say({ zh: '云川市 · 演示数据', en: 'Yunchuan · invented data' })}</Typography.Text>
              {river}
              <div>
                <Languages />
              </div>
            </Flex>
          </Drawer>
        )}
        <Layout.Content id="content" ref={content} tabIndex={-1} style={{ padding: isWide ? 24 : 16, background: '#fff', minWidth: 0 }}>
          {entries.length === 0 ? (
            <Typography.Text>
              {say({
                zh: '这个账号还没有角色，请联系安全管理员授予。',
                en: 'This account has no role yet; ask the security administrator.',
              })}
            </Typography.Text>
          ) : path === '/catalog' && !who.actions.includes('entry.draft') && entries[0] ? (
            <Navigate to={entries[0].path as never} replace />
          ) : (
            <Outlet />
          )}
        </Layout.Content>
      </Layout>
    </Layout>
  );
}

/** A page that was just opened has the focus: what was pressed to open it is gone, and the next Tab would begin at the top of the frame. */
function useFocusOnArrival(path: string, content: React.RefObject<HTMLDivElement | null>): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    // The list gives it back to the row.
    if (!cameBack()) content.current?.focus({ preventScroll: true });
  }, [path, content]);
}

/** The two languages. */
function Languages() {
  const say = useSay();
  const { language, set } = useContext(LanguageContext);
  return (
    <Segmented<Language>
      size="small"
      value={language}
      onChange={set}
      options={[
        { value: 'zh', label: <span lang="zh-CN">中文</span> },
        { value: 'en', label: <span lang="en">English</span> },
      ]}
      aria-label={say({ zh: '语言', en: 'Language' })}
    />
  );
}
