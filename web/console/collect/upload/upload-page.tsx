/** One upload, from the first byte to a served table: arriving, layout, columns, key, rules, catalog. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Alert, Button, Flex, Tabs, Typography } from 'antd';
import { useEffect, useState } from 'react';
import { type AdoptedDocuments, editionOf } from '../../../../declare/adoption-documents.ts';
import type { Source } from '../../../../declare/source.ts';
import { Act } from '../../../parts/act.tsx';
import { call } from '../../../parts/api.ts';
import { useElements } from '../../../parts/elements.ts';
import { Loaded, Timeline } from '../../../parts/object-page.tsx';
import { Refusal } from '../../../parts/refusal.tsx';
import { RunView } from '../../../parts/run.tsx';
import { State } from '../../../parts/state.tsx';
import { useSay } from '../../../parts/words.ts';
import { AdoptStep, Became, CatalogForm } from './adopt-step.tsx';
import { ColumnStep } from './column-step.tsx';
import { adoptedFrom, byColumn, type Decision, decisionFrom, fits, type Proposal, readingOf } from './decision.ts';
import { KeyStep, RuleStep } from './key-step.tsx';
import { LayoutStep } from './layout-step.tsx';
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
              work={() => call('DELETE /api/collect/uploads/:id', { params: { id } })}
              done={{ after: () => void navigate({ to: '/upload' as never }) }}
            />
          </Flex>
          {u.state === 'receiving' && <Receiving upload={u} key={u.id} />}
          {(u.state === 'reading' || u.state === 'refused') && u.run && <RunView id={u.run} />}
          {u.reading && u.state !== 'reading' && <Read key={u.id} upload={u} />}
          <Timeline about={`upload:${id}`} />
        </Flex>
      )}
    </Loaded>
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
    queryFn: ({ signal }) => call('GET /api/govern/uploads/:id', { params: { id: upload.id } }, signal),
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
    staleTime: Number.POSITIVE_INFINITY,
  });
  const proposal = found.data?.proposal;
  return (
    <Flex vertical gap={16}>
      {found.error && <Refusal error={found.error} />}
      {!proposal && runs.data?.rows[0] && <RunView id={runs.data.rows[0].id} />}
      {proposal && draft.data ? (
        <Decide key={upload.run} upload={upload} proposal={proposal} draft={draft.data.draft as Decision | null} />
      ) : (
        <Tabs items={[{ key: 'layout', label: say({ zh: '版式', en: 'Layout' }), children: <LayoutStep upload={upload} /> }]} />
      )}
    </Flex>
  );
}

function Decide({ upload, proposal, draft }: { upload: Upload; proposal: Proposal; draft: Decision | null }) {
  const say = useSay();
  const [decision, decide] = useState<Decision>(() => (draft && fits(draft, proposal) ? draft : decisionFrom(upload, proposal)));
  const [before, renew] = useState<Source | null>(null);
  const elements = useElements();
  // Kept by itself, a moment after the last change.
  useEffect(() => {
    if (before !== null) return;
    const wait = setTimeout(() => {
      void call('PUT /api/collect/uploads/:id/draft', { params: { id: upload.id }, body: { draft: decision } });
    }, 800);
    return () => clearTimeout(wait);
  }, [decision, before, upload.id]);
  const set = (part: Partial<Decision>) => decide((d) => ({ ...d, ...part }));
  return (
    <>
      {upload.source === null && (
        <Edition
          upload={upload}
          proposal={proposal}
          take={(next, source) => {
            decide(next);
            renew(source);
          }}
          taken={before !== null}
        />
      )}
      <Tabs
        defaultActiveKey="columns"
        items={[
          { key: 'layout', label: say({ zh: '1 版式', en: '1 Layout' }), children: <LayoutStep upload={upload} /> },
          {
            key: 'columns',
            label: say({ zh: '2 列与数据元', en: '2 Columns' }),
            children: <ColumnStep proposal={proposal} decision={decision} elements={elements.list} set={(columns) => set({ columns })} />,
          },
          {
            key: 'key',
            label: say({ zh: '3 主键', en: '3 Key' }),
            children: <KeyStep upload={upload.id} proposal={proposal} decision={decision} set={(key) => set({ key })} />,
          },
          {
            key: 'rules',
            label: say({ zh: '4 规则', en: '4 Rules' }),
            children: <RuleStep upload={upload.id} proposal={proposal} decision={decision} set={(rules) => set({ rules })} />,
          },
          {
            key: 'adopt',
            label: say({ zh: '5 目录与建立', en: '5 Catalog' }),
            children: (
              <Flex vertical gap={16}>
                <CatalogForm decision={decision} set={set} isNew={before === null} />
                <AdoptStep upload={upload} decision={decision} before={before} />
              </Flex>
            ),
          },
        ]}
      />
    </>
  );
}

/** Says that the file looks like a newer edition of something, names what differs, and asks. */
function Edition({
  upload,
  proposal,
  take,
  taken,
}: {
  upload: Upload;
  proposal: Proposal;
  take(decision: Decision, before: Source): void;
  taken: boolean;
}) {
  const say = useSay();
  const [run, started] = useState<string | null>(null);
  const [error, fail] = useState<unknown>(null);
  const edition = proposal.editions[0];
  if (run) return <RunView id={run} />;
  if (!edition || taken) return null;
  const isSame = edition.added.length + edition.missing.length === 0 && !edition.moved;
  const renew = async () => {
    fail(null);
    try {
      const id = edition.source;
      const { body: source } = await call('GET /api/collect/sources/:id', { params: { id } });
      const { body: entry } = await call('GET /api/catalog/entries/:id', { params: { id } });
      const { body: service } = await call('GET /api/share/services/:id', { params: { id } });
      const existing = {
        source,
        entry,
        service,
        binding: edition.binding,
        mount: { form: 1, id, entry: id, source: id, items: {} },
      } as AdoptedDocuments;
      const added = proposal.columns.filter((c) => edition.added.includes(c.column)).map(adoptedFrom);
      const { secrecyChecked: _, reading: __, department: ___, ...next } = byColumn(editionOf(existing, readingOf(upload), added));
      const place = (column: string) => proposal.columns.findIndex((c) => c.column === column);
      take({ ...next, columns: [...next.columns].sort((a, b) => place(a.column) - place(b.column)) }, existing.source);
    } catch (refused) {
      fail(refused);
    }
  };
  return (
    <Alert
      type="info"
      showIcon
      title={say({ zh: `这像是“${edition.title}”的新一期`, en: `This looks like a newer edition of '${edition.title}'` })}
      description={
        <Flex vertical gap={8}>
          <span>
            {isSame
              ? say({ zh: '列完全一致。', en: 'The columns are the same.' })
              : say({
                  zh: `相同 ${edition.same} 列；多出：${edition.added.join('、') || '无'}；缺少：${edition.missing.join('、') || '无'}${edition.moved ? '；次序不同' : ''}`,
                  en: `${edition.same} columns are the same; more: ${edition.added.join(', ') || 'none'}; missing: ${edition.missing.join(', ') || 'none'}${edition.moved ? '; in another order' : ''}`,
                })}
          </span>
          {error !== null && <Refusal error={error} />}
          <Flex gap={8}>
            {isSame ? (
              <Act
                type="primary"
                words={{ zh: '交付给它', en: 'Deliver it there' }}
                work={() => call('POST /api/collect/uploads/:id/delivery', { params: { id: upload.id }, body: { source: edition.source } })}
                done={{ after: (r) => started(r.run) }}
              />
            ) : (
              edition.binding !== null && (
                <Button type="primary" onClick={() => void renew()}>
                  {say({ zh: '作为新一期：逐列确认后更新', en: 'Take it for one, and decide about the columns' })}
                </Button>
              )
            )}
          </Flex>
        </Flex>
      }
    />
  );
}
