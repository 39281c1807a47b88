/** What the catalog says of the table, and carrying it all out, step by step. */
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Button, Checkbox, Flex, Form, Input, Select, Steps } from 'antd';
import { useState } from 'react';
import type { Adoption } from '../../../../declare/adoption.ts';
import { documentsOf, stepsOf } from '../../../../declare/adoption-documents.ts';
import type { Source } from '../../../../declare/source.ts';
import { call, Refused, send } from '../../../parts/api.ts';
import { Refusal } from '../../../parts/refusal.tsx';
import { RunView } from '../../../parts/run.tsx';
import { useSay } from '../../../parts/words.ts';
import { resourceClasses, shareTypes, updateCycles } from '../../catalog/catalog-words.ts';
import { type Decision, inForce, lacking, readingOf } from './decision.ts';
import type { Upload } from './send-file.ts';

/** The form of what the catalog says. */
export function CatalogForm({ decision, set, isNew }: { decision: Decision; set(part: Partial<Decision>): void; isNew: boolean }) {
  const say = useSay();
  const options = (words: Readonly<Record<string, { zh: string; en?: string }>>) =>
    Object.entries(words).map(([value, w]) => ({ value, label: say(w) }));
  return (
    <Form layout="vertical" style={{ maxWidth: 640 }}>
      <Form.Item htmlFor="adopt-title" label={say({ zh: '信息资源名称', en: 'Title' })} required>
        <Input id="adopt-title" value={decision.title.zh} onChange={(e) => set({ title: { ...decision.title, zh: e.target.value } })} />
      </Form.Item>
      <Form.Item
        htmlFor="adopt-id"
        label={say({ zh: '编号', en: 'Id' })}
        required
        help={say({
          zh: '小写字母、数字和连字符；数据源、目录、治理表和服务共用，建立后不变',
          en: 'lower-case letters, digits, hyphens; it does not change',
        })}
      >
        <Input id="adopt-id" disabled={!isNew} value={decision.id} onChange={(e) => set({ id: e.target.value })} />
      </Form.Item>
      <Form.Item htmlFor="adopt-abstract" label={say({ zh: '信息资源摘要', en: 'Abstract' })} required>
        <Input.TextArea id="adopt-abstract" rows={2} value={decision.abstract} onChange={(e) => set({ abstract: e.target.value })} />
      </Form.Item>
      <Flex gap={12} wrap>
        <Form.Item htmlFor="adopt-class" label={say({ zh: '类', en: 'Class' })}>
          <Select
            id="adopt-class"
            style={{ width: 160 }}
            value={decision.resourceClass}
            options={options(resourceClasses)}
            onChange={(resourceClass) => set({ resourceClass })}
          />
        </Form.Item>
        <Form.Item htmlFor="adopt-category" label={say({ zh: '项', en: 'Item' })} required>
          <Input id="adopt-category" style={{ width: 160 }} value={decision.category} onChange={(e) => set({ category: e.target.value })} />
        </Form.Item>
        <Form.Item htmlFor="adopt-cycle" label={say({ zh: '更新周期', en: 'Update cycle' })}>
          <Select
            id="adopt-cycle"
            style={{ width: 120 }}
            value={decision.updateCycle}
            options={options(updateCycles)}
            onChange={(updateCycle) => set({ updateCycle })}
          />
        </Form.Item>
        <Form.Item htmlFor="adopt-share" label={say({ zh: '共享属性', en: 'Sharing' })}>
          <Select
            id="adopt-share"
            style={{ width: 160 }}
            value={decision.shareType}
            options={options(shareTypes)}
            onChange={(shareType) => set({ shareType })}
          />
        </Form.Item>
      </Flex>
      {decision.shareType !== '1' && (
        <Form.Item
          htmlFor="adopt-condition"
          label={say({ zh: '共享条件或不予共享的法律依据', en: 'Conditions, or the legal basis of not sharing' })}
          required
        >
          <Input.TextArea
            id="adopt-condition"
            rows={2}
            value={decision.shareCondition}
            onChange={(e) => set({ shareCondition: e.target.value })}
          />
        </Form.Item>
      )}
    </Form>
  );
}

/** Makes what was decided: each call in turn, the refused one with its reason; pressed again it goes on. `before`: the source it renews. */
export function AdoptStep({ upload, decision, before }: { upload: Upload; decision: Decision; before: Source | null }) {
  const say = useSay();
  const cache = useQueryClient();
  const [isChecked, check] = useState(false);
  const [done, advance] = useState(-1);
  const [busy, work] = useState(false);
  const [run, started] = useState<string | null>(null);
  const [error, fail] = useState<unknown>(null);
  const adoption: Adoption = { ...inForce(decision), secrecyChecked: true, department: upload.department, reading: readingOf(upload) };
  const steps = stepsOf(upload.id, documentsOf(adoption), before);
  const make = async () => {
    work(true);
    fail(null);
    try {
      for (const [i, step] of steps.entries()) {
        advance(i);
        const answer = await send<{ run?: string }>(step.method, step.path, { body: JSON.stringify(step.body), type: 'application/json' });
        if (step.method === 'POST' && answer.run) started(answer.run);
      }
      await call('POST /api/catalog/entries/:id/steps', { params: { id: decision.id }, body: { step: 'submit', opinion: '' } }).catch(
        (refused) => {
          // A newer edition may stand under review already.
          if (!(refused instanceof Refused) || refused.problem.code !== 'REVIEW_STEP_REFUSED') throw refused;
        },
      );
      advance(steps.length);
      await cache.invalidateQueries();
    } catch (refused) {
      fail(refused);
    } finally {
      work(false);
    }
  };
  const isDone = done >= steps.length;
  const lacks = lacking(decision);
  return (
    <Flex vertical gap={16}>
      {!isDone && (
        <Checkbox checked={isChecked} onChange={(e) => check(e.target.checked)}>
          {say({
            zh: '已核对：内容不含国家秘密、工作秘密（政务数据共享条例第三条）',
            en: 'Checked: it holds no state secret and no work secret (Decree 809, art. 3)',
          })}
        </Checkbox>
      )}
      {!isDone && lacks.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={say({ zh: '建立之前还需：', en: 'Before it can be made:' })}
          description={lacks.map((l) => <div key={l.en}>{say(l)}</div>)}
        />
      )}
      {done >= 0 && (
        <Steps
          orientation="vertical"
          size="small"
          current={done}
          status={error ? 'error' : 'process'}
          items={steps.map((s) => ({ title: say(s.title) }))}
        />
      )}
      {error !== null && <Refusal error={error} />}
      {!isDone && (
        <Button
          type="primary"
          disabled={!isChecked || lacks.length > 0}
          loading={busy}
          onClick={() => void make()}
          style={{ alignSelf: 'start' }}
        >
          {error
            ? say({ zh: '改好了，继续', en: 'Go on' })
            : before
              ? say({ zh: '更新并交付', en: 'Update and deliver' })
              : say({ zh: '建立', en: 'Make it' })}
        </Button>
      )}
      {run && <RunView id={run} />}
      {isDone && (
        <Alert
          type="success"
          showIcon
          title={say({
            zh: '已建立；治理随即进行，目录等待运营人员发布',
            en: 'Done; governing follows, and the entry awaits its publication',
          })}
          description={<Became id={decision.id} />}
        />
      )}
    </Flex>
  );
}

/** Where to look at what an upload became. */
export function Became({ id }: { id: string }) {
  const say = useSay();
  return (
    <Flex gap={16} wrap>
      <Link to={`/govern/${id}` as never}>{say({ zh: '看治理结果和隔离的行', en: 'What was governed and quarantined' })}</Link>
      <Link to={`/catalog/${id}` as never}>{say({ zh: '看目录', en: 'The entry' })}</Link>
      <Link to={`/services/${id}` as never}>{say({ zh: '看服务', en: 'The service' })}</Link>
      <Link to={`/collect/${id}` as never}>{say({ zh: '看批次与回执', en: 'Batches and receipts' })}</Link>
    </Flex>
  );
}
