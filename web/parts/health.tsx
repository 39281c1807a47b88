/** How the parts of the platform are: which one is at fault, why, and what to do about it. */
import { useQuery } from '@tanstack/react-query';
import { Flex, Typography } from 'antd';
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

/** The parts, asked again every five seconds. `detailed` for whoever may see numbers and causes; the rest see which part it is and what to do. */
export function Health({ detailed }: { detailed: boolean }) {
  const say = useSay();
  const health = useQuery({
    queryKey: ['health', detailed],
    // Without its database the platform knows nobody; what everybody may see is told all the same.
    queryFn: async ({ signal }) =>
      detailed
        ? call('GET /api/engine/health', {}, signal).catch(() => call('GET /api/health', {}, signal))
        : call('GET /api/health', {}, signal),
    refetchInterval: 5000,
  });
  return (
    <Loaded query={health}>
      {(h) => (
        <Flex vertical component="ul" style={{ margin: 0, padding: 0, listStyle: 'none' }} aria-label={say({ zh: '各部件', en: 'Parts' })}>
          {h.parts.map((p) => (
            <li key={p.part} style={{ borderBlockEnd: '1px solid #e3e6eb', paddingBlock: 6 }}>
              <Flex gap={16} wrap align="baseline">
                <span style={{ minWidth: 88 }}>{say(p.title)}</span>
                <span style={{ minWidth: 72 }}>
                  <State tone={p.state} words={healthWords[p.state]} />
                </span>
                <span>{say(p.sentence)}</span>
                {p.cause && <Typography.Text code>{p.cause}</Typography.Text>}
              </Flex>
              {p.hint && (
                <div style={{ marginBlockStart: 4 }}>
                  <strong>{say({ zh: '怎么办：', en: 'What to do: ' })}</strong>
                  {say(p.hint)}
                </div>
              )}
            </li>
          ))}
        </Flex>
      )}
    </Loaded>
  );
}
