/** A run: what it is doing, how much, how fast, how long still; it can be left, found again and cancelled. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Button, Descriptions, Flex, Progress, Typography } from 'antd';
import { useEffect, useState } from 'react';
import { About } from './about.tsx';
import { Act } from './act.tsx';
import { call, Refused, type Reply } from './api.ts';
import { Loaded } from './object-page.tsx';
import { Refusal } from './refusal.tsx';
import { resultValues, resultWords } from './run-words.ts';
import { Count, Instant, State, toneOf } from './state.tsx';
import { useSay, type Words } from './words.ts';

type Run = Reply<'GET /api/runs/:id'>;

export const runStates: Record<Run['state'], Words> = {
  waiting: { zh: '排队中', en: 'Waiting' },
  running: { zh: '进行中', en: 'Running' },
  done: { zh: '完成', en: 'Done' },
  refused: { zh: '被拒绝', en: 'Refused' },
  failed: { zh: '出错', en: 'Failed' },
  cancelled: { zh: '已取消', en: 'Cancelled' },
};

/** State of a run in a list. */
export const RunState = ({ state }: { state: Run['state'] }) => <State tone={toneOf(state)} words={runStates[state]} />;

/** Asks for a run until it has ended. */
export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id],
    queryFn: ({ signal }) => call('GET /api/runs/:id', { params: { id } }, signal),
    refetchInterval: (q) => (q.state.data && !['waiting', 'running'].includes(q.state.data.state) ? false : 700),
  });

/** The results in the order in which they are declared; the database gives them in another. */
const order = Object.keys(resultWords);
const placeOf = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);

/** A live run. `inPage`: what it is and its state stand above it already. */
export function RunView({ id, inPage }: { id: string; inPage?: true }) {
  const say = useSay();
  const run = useQuery(runQuery(id));
  return (
    <Loaded query={run}>
      {(r) => (
        <Flex vertical gap={12} aria-live="polite">
          <Flex gap={16} align="center" wrap>
            {!inPage && (
              <>
                <strong>{say(r.title)}</strong>
                <About about={r.about} title={r.aboutTitle} />
                <RunState state={r.state} />
              </>
            )}
            {r.note && ['waiting', 'running'].includes(r.state) && <span>{say(r.note)}</span>}
            {['waiting', 'running'].includes(r.state) && (
              <Act
                words={{ zh: '取消', en: 'Cancel' }}
                danger
                size="small"
                work={() => call('POST /api/runs/:id/cancel', { params: { id } })}
                done={{ say: { zh: '已要求停止', en: 'Asked to stop' } }}
              />
            )}
          </Flex>
          {r.state === 'running' && <Pace run={r} />}
          {r.problem && <Refusal error={new Refused(r.problem as never)} />}
          {r.result && (
            <Descriptions
              size="small"
              bordered
              column={{ xs: 1, sm: 2, lg: 4 }}
              items={Object.entries(r.result)
                .toSorted(([a], [b]) => placeOf(a) - placeOf(b))
                .map(([k, v]) => ({
                  key: k,
                  label: say(resultWords[k] ?? { zh: k }),
                  children:
                    typeof v === 'number' ? (
                      <Count n={v} />
                    ) : typeof v === 'boolean' ? (
                      say(v ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' })
                    ) : v === null ? (
                      '—'
                    ) : (
                      say(resultValues[v] ?? { zh: v })
                    ),
                }))}
            />
          )}
          <Typography.Text type="secondary">
            {say({ zh: '排队', en: 'Queued' })} <Instant at={r.queuedAt} /> · {say({ zh: '开始', en: 'Started' })}{' '}
            <Instant at={r.startedAt} /> · {say({ zh: '结束', en: 'Ended' })} <Instant at={r.endedAt} />
          </Typography.Text>
        </Flex>
      )}
    </Loaded>
  );
}

/** How far, how fast, how long still. */
function Pace({ run }: { run: Run }) {
  const say = useSay();
  const [now, tick] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => tick(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = run.startedAt
    ? Math.max(0.1, (now - new Date(run.startedAt.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')).getTime()) / 1000)
    : 0;
  const speed = seconds > 0 ? run.done / seconds : 0;
  const left = run.total && speed > 0 ? (run.total - run.done) / speed : null;
  return (
    <div>
      <Progress
        percent={run.total ? Math.min(100, Math.floor((100 * run.done) / run.total)) : 0}
        status="active"
        showInfo={run.total !== null}
        aria-label={say({ zh: '进度', en: 'Progress' })}
      />
      <Typography.Text type="secondary">
        <Count n={run.done} />
        {run.total !== null && (
          <>
            {' '}
            / <Count n={run.total} />
          </>
        )}{' '}
        · {Math.round(speed).toLocaleString('en-US')}/s
        {left !== null && <> · {say({ zh: `约剩 ${Math.ceil(left)} 秒`, en: `about ${Math.ceil(left)} s left` })}</>}
      </Typography.Text>
    </div>
  );
}

/** Shows a run that was just started, in place. */
export function StartedRun({ id, close }: { id: string | null; close(): void }) {
  const say = useSay();
  if (!id) return null;
  return (
    <section aria-label={say({ zh: '任务', en: 'Run' })} style={{ border: '1px solid #e3e6eb', borderRadius: 4, padding: 16 }}>
      <RunView id={id} />
      <Button type="link" onClick={close} style={{ paddingInline: 0 }}>
        {say({ zh: '收起（任务继续，可在运维中找到）', en: 'Put away (it goes on; find it under Operations)' })}
      </Button>
    </section>
  );
}
