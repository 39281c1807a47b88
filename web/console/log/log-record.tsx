/** One record of the access log with the bytes that prove it. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Typography } from 'antd';
import { About } from '../../parts/about.tsx';
import { call } from '../../parts/api.ts';
import { useActionTitles, useDepartments } from '../../parts/me.ts';
import { Loaded, ObjectPage } from '../../parts/object-page.tsx';
import { Code, Count, Instant, State, toneOf } from '../../parts/state.tsx';
import { Who } from '../../parts/who.tsx';
import { useSay } from '../../parts/words.ts';
import { doorWords, otherActions, outcomeWords } from './log-list.tsx';

export default function LogRecord() {
  const say = useSay();
  const titleOfAction = useActionTitles();
  const { titleOf } = useDepartments();
  const { id } = useParams({ strict: false }) as { id: string };
  const record = useQuery({ queryKey: ['log', id], queryFn: ({ signal }) => call('GET /api/log/:id', { params: { id } }, signal) });
  return (
    <Loaded query={record}>
      {(r) => (
        <ObjectPage
          title={say({ zh: '访问记录', en: 'Access record' })}
          id={r.id}
          state={<State tone={toneOf(r.outcome)} words={outcomeWords[r.outcome] ?? { zh: r.outcome }} />}
          facts={[
            { label: { zh: '序号', en: 'Number' }, value: <Count n={r.seq} /> },
            { label: { zh: '时间', en: 'Time' }, value: <Instant at={r.at} /> },
            { label: { zh: '入口', en: 'Door' }, value: say(doorWords[r.door] ?? { zh: r.door }) },
            { label: { zh: '谁', en: 'Who' }, value: <Who actor={r.actor} /> },
            { label: { zh: '部门', en: 'Department' }, value: say(titleOf(r.department)) },
            { label: { zh: '做了什么', en: 'Action' }, value: say(otherActions[r.action] ?? titleOfAction(r.action)) },
            { label: { zh: '对象', en: 'What' }, value: <About about={r.target} title={null} /> },
            { label: { zh: '授权', en: 'Grant' }, value: r.grant ? <Code text={r.grant} /> : '—' },
            {
              label: { zh: '行 / 字节', en: 'Rows / bytes' },
              value: (
                <>
                  <Count n={r.rows} /> / <Count n={r.bytes} />
                </>
              ),
            },
          ]}
          tabs={[
            {
              key: 'proof',
              title: { zh: '原文与摘要', en: 'Bytes and digest' },
              body: (
                <>
                  <Typography.Paragraph>
                    <State
                      tone={r.intact ? 'good' : 'broken'}
                      words={
                        r.intact
                          ? { zh: '原文与摘要相符', en: 'the bytes give the digest' }
                          : { zh: '原文与摘要不符：记录被改动过', en: 'the bytes do not give the digest: the record was changed' }
                      }
                    />
                  </Typography.Paragraph>
                  <Typography.Paragraph>
                    SHA-256 <Code text={r.digest} />
                  </Typography.Paragraph>
                  <pre style={{ whiteSpace: 'pre-wrap', wordBreak: 'break-all' }}>{JSON.stringify(JSON.parse(r.canonical), null, 2)}</pre>
                  <Typography.Paragraph type="secondary">
                    {say({
                      zh: '摘要按原文的规范字节计算（键按字典序、无空白）。签名与防篡改证明尚未建立：掌握磁盘的人仍可能重写日志。',
                      en: 'The digest is of the canonical bytes (keys sorted, no blanks). Signatures and proofs are not built yet: who holds the disk could rewrite the log.',
                    })}
                  </Typography.Paragraph>
                </>
              ),
            },
          ]}
        />
      )}
    </Loaded>
  );
}
