/** The steps in which an upload is decided about; which of them is open is part of the address. */
import { Alert, Flex, Tabs } from 'antd';
import { useMemo, useState } from 'react';
import type { Source } from '../../../../declare/source.ts';
import { useElements } from '../../../parts/elements.ts';
import { useAddress } from '../../../parts/list-address.ts';
import { useSay } from '../../../parts/words.ts';
import { AdoptStep, CatalogForm } from './adopt-step.tsx';
import { ColumnStep } from './column-step.tsx';
import { type Decision, decisionFrom, fits, keyedBy, type Proposal, withholding } from './decision.ts';
import { Edition } from './edition.tsx';
import { correctionIn, type Draft, useKept } from './kept-draft.ts';
import { KeyStep, RuleStep } from './key-step.tsx';
import { LayoutStep, type Reading } from './layout-step.tsx';
import type { Upload } from './send-file.ts';

/** The steps, in their order. */
const steps = ['layout', 'columns', 'key', 'rules', 'adopt'] as const;

export function Decide({ upload, proposal, draft }: { upload: Upload; proposal: Proposal; draft: Draft | null }) {
  const say = useSay();
  const [search, move] = useAddress();
  const [correction, correct] = useState<Reading | null>(() => correctionIn(draft, upload));
  const [decision, decide] = useState<Decision>(() => (draft && fits(draft, proposal) ? draft : decisionFrom(upload, proposal)));
  const [before, renew] = useState<Source | null>(null);
  const elements = useElements();
  const kept = useMemo(() => (before === null ? { ...decision, correction } : null), [decision, correction, before]);
  useKept(upload.id, kept);
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
      {proposal.rows.looked < proposal.rows.data && (
        <Alert
          type="info"
          showIcon
          title={say({
            zh: `这份表有 ${proposal.rows.data.toLocaleString('en-US')} 行：各列和规则按从中抽取的 ${proposal.rows.looked.toLocaleString('en-US')} 行推荐和试行；主键按全部行核对，治理时检查全部行`,
            en: `The table has ${proposal.rows.data.toLocaleString('en-US')} rows: columns and rules are judged by ${proposal.rows.looked.toLocaleString('en-US')} picked rows; keys are counted over all rows, and governing checks all rows`,
          })}
        />
      )}
      <Tabs
        activeKey={steps.find((s) => s === search['tab']) ?? 'columns'}
        onChange={(tab) => move({ tab: tab === 'columns' ? undefined : tab })}
        items={[
          {
            key: 'layout',
            label: upload.reading?.layout === null ? say({ zh: '1 样本', en: '1 Sample' }) : say({ zh: '1 版式', en: '1 Layout' }),
            children: <LayoutStep upload={upload} changed={correction} change={correct} />,
          },
          {
            key: 'columns',
            label: say({ zh: '2 列与数据元', en: '2 Columns' }),
            children: <ColumnStep proposal={proposal} decision={decision} elements={elements.list} set={(columns) => set({ columns })} />,
          },
          {
            key: 'key',
            label: say({ zh: '3 主键', en: '3 Key' }),
            children: (
              <KeyStep
                upload={upload.id}
                proposal={proposal}
                decision={decision}
                set={(key) => decide((d) => keyedBy(proposal, d, key))}
                withhold={(withhold) => decide((d) => withholding(d, withhold))}
              />
            ),
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
