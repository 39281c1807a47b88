/** One upload, from the first byte to a served table: arriving, layout, columns, key, rules, catalog. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Alert, Flex, Tabs, Typography } from 'antd';
import { useState } from 'react';
import { Act } from '../../../parts/act.tsx';
import { call } from '../../../parts/api.ts';
import { Loaded, Timeline } from '../../../parts/object-page.tsx';
import { Refusal } from '../../../parts/refusal.tsx';
import { RunView } from '../../../parts/run.tsx';
import { State } from '../../../parts/state.tsx';
import { useSay } from '../../../parts/words.ts';
import { Became } from './adopt-step.tsx';
import { Decide } from './decide.tsx';
import type { Draft } from './kept-draft.ts';
import { LayoutStep, type Reading } from './layout-step.tsx';
import { ReadAs } from './read-as.tsx';
import { Receiving } from './receiving.tsx';
import type { Upload } from './send-file.ts';
import { uploadStates } from './upload-words.ts';

export default function UploadPage() {
  const navigate = useNavigate();
  const { id } = useParams({ strict: false }) as { id: string };
  const upload = useQuery({
    queryKey: ['upload', id],
    queryFn: ({ signal }) => call('GET /api/collect/uploads/:id', { params: { id } }, signal),
    refetchInterval: (q) => (q.state.data?.state === 'reading' ? 700 : 5000),
  });
  return (
    <Loaded query={upload}>
      {(u) => (
        <Flex vertical gap={16}>
          <Flex gap={12} align="center" wrap>
            <Typography.Title level={3} style={{ margin: 0 }}>
              {u.name}
            </Typography.Title>
            <State tone={uploadStates[u.state].tone} words={uploadStates[u.state]} />
            <Act
              danger
              words={{ zh: '删除上传', en: 'Remove the upload' }}
              asks={{
                zh: '文件、读取结果和填到一半的步骤都会删除，不能恢复。已经交付的数据不受影响。',
                en: 'The file, what was read of it and the steps filled in so far are deleted for good. What was delivered from it stays.',
              }}
              work={() => call('DELETE /api/collect/uploads/:id', { params: { id } })}
              done={{ leave: () => navigate({ to: '/upload' as never }) }}
            />
          </Flex>
          {u.state === 'receiving' && <Receiving upload={u} key={u.id} />}
          {u.run && (u.state === 'reading' || u.state === 'refused' || isSpoiled(u)) && <RunView id={u.run} />}
          {u.run && u.state === 'refused' && <ReadAs upload={u} run={u.run} />}
          {isSpoiled(u) && <StillInForce />}
          {u.reading && u.state !== 'reading' && <Read key={u.id} upload={u} />}
          <Timeline about={`upload:${id}`} />
        </Flex>
      )}
    </Loaded>
  );
}

/** It was to be read again and was not; what was read before is in force. */
const isSpoiled = (u: Upload): boolean => u.state === 'read' && u.runState !== null && u.runState !== 'done';

function StillInForce() {
  const say = useSay();
  return (
    <Alert
      type="info"
      showIcon
      title={say({ zh: '重新读取没有完成，原来读取的结果仍然有效', en: 'It was not read again; what was read before is in force' })}
    />
  );
}

/** To be decided about; or what became of it, when that was so already as the page was opened: whoever delivers it here sees it through. */
function Read({ upload }: { upload: Upload }) {
  const [source] = useState(upload.source);
  return source === null ? <Judged upload={upload} /> : <Delivered source={source} />;
}

/** What became of it. Another edition is another upload. */
function Delivered({ source }: { source: string }) {
  const say = useSay();
  const runs = useQuery({
    queryKey: ['source-runs', source],
    queryFn: ({ signal }) => call('GET /api/runs', { query: { about: `source:${source}`, limit: 1 } }, signal),
  });
  return (
    <Flex vertical gap={16}>
      <Alert
        type="success"
        showIcon
        title={say({ zh: '已交付；治理随即进行', en: 'Delivered; governing follows' })}
        description={<Became id={source} />}
      />
      {runs.error && <Refusal error={runs.error} />}
      {runs.data?.rows[0] && <RunView id={runs.data.rows[0].id} />}
    </Flex>
  );
}

/** Waits for the proposal, then lets it be decided about. */
function Judged({ upload }: { upload: Upload }) {
  const say = useSay();
  const found = useQuery({
    queryKey: ['upload-proposal', upload.id, upload.run],
    queryFn: ({ signal }) => call('GET /api/govern/uploads/:id', { params: { id: upload.id }, query: {} }, signal),
    refetchInterval: (q) => (q.state.data?.proposal ? false : 1000),
  });
  const runs = useQuery({
    queryKey: ['upload-runs', upload.id],
    queryFn: ({ signal }) => call('GET /api/runs', { query: { about: `upload:${upload.id}`, limit: 1 } }, signal),
    refetchInterval: 1000,
    enabled: !found.data?.proposal,
  });
  const draft = useQuery({
    queryKey: ['upload-draft', upload.id],
    queryFn: ({ signal }) => call('GET /api/collect/uploads/:id/draft', { params: { id: upload.id } }, signal),
    // What was kept meanwhile is asked for whenever the steps are shown anew, and never under somebody's hands.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const [correction, correct] = useState<Reading | null>(null);
  const proposal = found.data?.proposal;
  return (
    <Flex vertical gap={16}>
      {found.error && <Refusal error={found.error} />}
      {!proposal && runs.data?.rows[0] && <RunView id={runs.data.rows[0].id} />}
      {proposal && draft.data ? (
        <Decide key={upload.run} upload={upload} proposal={proposal} draft={draft.data.draft as Draft | null} />
      ) : (
        <Tabs
          items={[
            {
              key: 'layout',
              label: upload.reading?.layout === null ? say({ zh: '样本', en: 'Sample' }) : say({ zh: '版式', en: 'Layout' }),
              children: <LayoutStep upload={upload} changed={correction} change={correct} />,
            },
          ]}
        />
      )}
    </Flex>
  );
}
