/** The console: gathers the pages that the stages declare and puts the shell around them. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type AnyRoute, createRootRoute, createRoute, createRouter, Link, RouterProvider, redirect } from '@tanstack/react-router';
import { App, ConfigProvider, Typography } from 'antd';
import 'antd/dist/reset.css';
import './parts/theme.css';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { StrictMode, useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Shell } from './console/shell.tsx';
import { Refused } from './parts/api.ts';
import { watchHistory } from './parts/came-back.ts';
import { lazyPage } from './parts/lazy-page.tsx';
import { leaveByTab } from './parts/leave-by-tab.ts';
import type { Page } from './parts/page.ts';
import { Refusal } from './parts/refusal.tsx';
import { themeFor } from './parts/theme.ts';
import { LanguageContext, storedLanguage, useSay } from './parts/words.ts';

const pages: readonly Page[] = Object.values(import.meta.glob<{ pages: readonly Page[] }>('./console/*/pages.ts', { eager: true })).flatMap(
  (m) => m.pages,
);
const menu = pages.filter((p) => p.menu !== undefined).sort((a, b) => (a.menu?.order ?? 0) - (b.menu?.order ?? 0));

const root = createRootRoute({ component: () => <Shell menu={menu} />, notFoundComponent: NoSuchPage });
const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/desk' as never });
  },
});
// The pages are gathered at run time, so their addresses are texts here and not types.
const routes: AnyRoute[] = pages.map(
  (p) => createRoute({ getParentRoute: () => root, path: p.path as string, component: lazyPage(p.load) }) as unknown as AnyRoute,
);
const tree: AnyRoute = root.addChildren([home, ...routes]) as unknown as AnyRoute;
const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  context: undefined,
  defaultErrorComponent: FailedPage,
});

watchHistory(router.history);
leaveByTab();

/** What a page shows that threw: our words, and a way to try again. */
function FailedPage({ error, reset }: { error: unknown; reset: () => void }) {
  const isOld = error instanceof Refused && error.problem.code === 'CODE_NOT_FETCHED';
  return (
    <div style={{ padding: 24, maxWidth: 960 }}>
      <Refusal error={error} retry={isOld ? () => window.location.reload() : reset} />
    </div>
  );
}

function NoSuchPage() {
  const say = useSay();
  return (
    <>
      <Typography.Title level={3}>{say({ zh: '没有这个页面', en: 'There is no such page' })}</Typography.Title>
      <Typography.Paragraph>
        {say({ zh: '地址可能写错了，或者页面已经换了地方。', en: 'The address may be mistyped, or the page has moved.' })}
      </Typography.Paragraph>
      <Link to={'/desk' as never}>{say({ zh: '回到工作台', en: 'To my work' })}</Link>
    </>
  );
}

const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2000,
      // A refusal will be the same again; only a platform that does not answer is asked again.
      retry: (times, error) => times < 3 && error instanceof Refused && (error.problem.status === 503 || error.problem.status === 0),
      retryDelay: 700,
    },
  },
});

function Console() {
  const [language, choose] = useState(storedLanguage);
  useEffect(() => {
    document.title = language === 'en' ? 'Chengshu' : '城枢';
    document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
    localStorage.setItem('language', language);
  }, [language]);
  const context = useMemo(() => ({ language, set: choose }), [language]);
  return (
    <LanguageContext value={context}>
      <ConfigProvider theme={themeFor(language)} locale={language === 'en' ? enUS : zhCN} button={{ autoInsertSpace: false }}>
        <App>
          <QueryClientProvider client={cache}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </App>
      </ConfigProvider>
    </LanguageContext>
  );
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <Console />
  </StrictMode>,
);
