/** How the parts of the platform are: which one is at fault, why, and what to do about it. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Flex, Typography } from 'antd';
import { call } from './api.ts';
import { Loaded } from './object-page.tsx';
import { State } from './state.tsx';
import { useSay } from './words.ts';

const healthWords = {
  good: { zh: '正常', en: 'Good' },
  attention: { zh: '注意', en: 'Attention' },
  broken: { zh: '故障', en: 'Broken' },
  unknown: { zh: '未知', en: 'Unknown' },
};

/** The platform answers about its parts within two seconds, whatever hangs; longer than this it does not answer. */
const patienceMs = 3500;

/** The parts, asked again every five seconds. `detailed` for whoever may see numbers and causes; the rest see which part it is and what to do. */
export function Health({ detailed }: { detailed: boolean }) {
  const say = useSay();
  const health = useQuery({
    queryKey: ['health', detailed],
    // Without its database the platform knows nobody; what everybody may see is told all the same.
    queryFn: async ({ signal }) => {
      const asked = (address: 'GET /api/engine/health' | 'GET /api/health') =>
        call(address, {}, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]));
      return detailed ? asked('GET /api/engine/health').catch(() => asked('GET /api/health')) : asked('GET /api/health');
    },
    refetchInterval: 5000,
    retry: false,
  });
  // What was true is no answer to how it is: once nothing comes any more, the parts are not known.
  const isOld = health.isError;
  return (
    <Loaded query={health}>
      {(h) => (
        <>
          {isOld && (
            <Alert
              type="error"
              showIcon
              title={say({
                zh: `平台没有应答；最后一次应答在 ${new Date(health.dataUpdatedAt).toLocaleTimeString('zh-CN')}`,
                en: `The platform does not answer; it last did at ${new Date(health.dataUpdatedAt).toLocaleTimeString('en-GB')}`,
              })}
              description={say({
                zh: '请检查网络，再到运行它的机器上看启动窗口：服务进程或数据库可能停住了。',
                en: 'Check the network, then read the start window on its machine: the server or the database may have stopped.',
              })}
            />
          )}
          <Flex
            vertical
            component="ul"
            style={{ margin: 0, padding: 0, listStyle: 'none' }}
            aria-label={say({ zh: '各部件', en: 'Parts' })}
          >
            {h.parts.map((p) => (
              <li key={p.part} style={{ borderBlockEnd: '1px solid #e3e6eb', paddingBlock: 6 }}>
                <Flex gap={16} wrap align="baseline">
                  <span style={{ minWidth: 88 }}>{say(p.title)}</span>
                  <span style={{ minWidth: 72 }}>
                    <State tone={isOld ? 'unknown' : p.state} words={healthWords[isOld ? 'unknown' : p.state]} />
                  </span>
                  {!isOld && <span>{say(p.sentence)}</span>}
                  {p.cause && !isOld && <Typography.Text code>{say(p.cause)}</Typography.Text>}
                </Flex>
                {p.hint && !isOld && (
                  <div style={{ marginBlockStart: 4 }}>
                    <strong>{say({ zh: '怎么办：', en: 'What to do: ' })}</strong>
                    {say(p.hint)}
                  </div>
                )}
              </li>
            ))}
          </Flex>
        </>
      )}
    </Loaded>
  );
}
