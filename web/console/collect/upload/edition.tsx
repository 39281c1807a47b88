/** A file that looks like a newer edition of something that is there. */
import { Alert, Button, Flex, Typography } from 'antd';
import { useState } from 'react';
import { type AdoptedDocuments, editionOf } from '../../../../declare/adoption-documents.ts';
import type { Source } from '../../../../declare/source.ts';
import { Act } from '../../../parts/act.tsx';
import { call } from '../../../parts/api.ts';
import { Refusal } from '../../../parts/refusal.tsx';
import { RunView } from '../../../parts/run.tsx';
import { useSay } from '../../../parts/words.ts';
import { adoptedFrom, byColumn, type Decision, type Proposal, readingOf } from './decision.ts';
import type { Upload } from './send-file.ts';

/** Says that the file looks like a newer edition of something, names what differs, and asks. */
export function Edition({
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
          {edition.reread && (
            <span>
              {say({
                zh: `写法与上一期不同（${edition.reread.zh}）：交付时数据源改按这一期的版式读。`,
                en: `It is written otherwise than the one before (${edition.reread.en}): delivering it declares the source so.`,
              })}
            </span>
          )}
          {edition.doubts.map((d) => (
            <Typography.Text key={d.column} type="warning">
              {say({ zh: `请核对“${d.column}”：${d.why.zh}`, en: `Please check '${d.column}': ${d.why.en}` })}
            </Typography.Text>
          ))}
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
            <Typography.Text type="secondary" style={{ alignSelf: 'center' }}>
              {say({ zh: '是另一张表的，不必理会，照下面各步继续。', en: 'If it is another table, go on with the steps below.' })}
            </Typography.Text>
          </Flex>
        </Flex>
      }
    />
  );
}
