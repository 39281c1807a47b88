/** A refusal on the screen: code, sentence, what is wrong where, and what to do now; the same text as the API's. */
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Flex, Typography } from 'antd';
import { useEffect, useRef } from 'react';
import { type Problem, Refused } from './api.ts';
import { labelled } from './document-words.ts';
import { useSay } from './words.ts';

/** Shows a refusal or any other error; `retry` adds the button that does it again; `form`: the kind of document that was filled in, by whose labels faults are placed. */
export function Refusal({ error, retry, form }: { error: unknown; retry?: () => void; form?: string }) {
  const say = useSay();
  const problem = error instanceof Refused ? error.problem : unexpected(error);
  const cache = useQueryClient();
  // Who may not is told the same however often they ask.
  const isFinal = problem.status === 403;
  const isOver = problem.code === 'IDENTITY_SESSION_OVER';
  useEffect(() => {
    // Asked who is signed in, the frame finds out and offers to sign in again.
    if (isOver) void cache.invalidateQueries({ queryKey: ['me'] });
  }, [isOver, cache]);
  const place = (at: string): string =>
    labelled(
      form ?? '',
      at.split('.').map((name) => ({ name: /^\d+$/.test(name) ? String(Number(name) + 1) : name })),
    )
      .labels.map((l) => (l.of ? `${say(l)} ${say(l.of)}` : say(l)))
      .join(' · ');
  const box = useRef<HTMLDivElement>(null);
  // Below the fold of a form nobody would see why nothing happens.
  // In braces: newer browsers give a promise back, which an effect would take for its end.
  useEffect(() => {
    void box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={box} style={{ width: '100%' }}>
      <Alert
        type={problem.status >= 500 || problem.status === 0 ? 'warning' : 'error'}
        showIcon
        role="alert"
        title={say({ zh: problem.title, en: problem.titleEn })}
        description={
          <Flex vertical gap={4} align="start">
            <span>{say({ zh: problem.hint, en: problem.hintEn })}</span>
            {problem.faults.length > 0 && (
              <ul style={{ margin: 0, paddingInlineStart: 20 }}>
                {problem.faults.map((f) => (
                  <li key={`${f.at} ${f.en}`}>
                    {form ? <strong>{place(f.at)}</strong> : <Typography.Text code>{f.at}</Typography.Text>} {say(f)}
                  </li>
                ))}
              </ul>
            )}
            <Typography.Text type="secondary" copyable={{ text: problem.code }}>
              {problem.code}
            </Typography.Text>
            {retry && !isFinal && <Button onClick={retry}>{say({ zh: '重试', en: 'Try again' })}</Button>}
          </Flex>
        }
      />
    </div>
  );
}

const unexpected = (error: unknown): Problem => ({
  code: 'SCREEN_BUG',
  status: 500,
  title: '页面出错了',
  titleEn: 'The page failed',
  faults: [],
  hint: `请刷新页面；仍然出现请告诉系统管理员：${error instanceof Error ? error.message : String(error)}`,
  hintEn: `Reload the page; if it stays, tell the system administrator: ${error instanceof Error ? error.message : String(error)}`,
});
