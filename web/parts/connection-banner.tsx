/** Says that nothing is answered, on whatever page one is, and goes away by itself. */
import { useQuery } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { Alert } from 'antd';
import { useSyncExternalStore } from 'react';
import { call, connection } from './api.ts';
import { useSay } from './words.ts';

/** So often it is tried again. */
const againMs = 2000;

export function ConnectionBanner() {
  const say = useSay();
  // The address is that of the page that was asked for already; what it needs has not come.
  const isOpening = useRouterState({ select: (s) => s.isLoading });
  const away = useSyncExternalStore(connection.watch, connection.isAway);
  // The first answer takes the banner away; until then somebody has to ask, whatever the page does.
  useQuery({
    queryKey: ['connection'],
    enabled: away,
    retry: false,
    refetchInterval: againMs,
    refetchIntervalInBackground: true,
    networkMode: 'always',
    queryFn: ({ signal }) => call('GET /api/health', {}, AbortSignal.any([signal, AbortSignal.timeout(againMs)])),
  });
  if (!away) return null;
  return (
    <Alert
      banner
      type="warning"
      role="status"
      title={say({
        zh: '连接中断，正在重试；恢复后自动接着办理，填写的内容还在',
        en: 'The connection is broken, trying again; it goes on by itself, and what you filled in is still there',
      })}
      {...(isOpening && {
        description: say({
          zh: '要打开的页面还没有取到，恢复后自动打开；在那之前留在现在的页面',
          en: 'The page you are opening has not been fetched yet; it opens by itself afterwards, and until then this one stays',
        }),
      })}
    />
  );
}
