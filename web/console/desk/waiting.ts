/** What waits for whoever is signed in, asked of the same addresses as the pages where it is done: nobody sees here what they could not see there. */
import { call } from '../../parts/api.ts';
import type { Words } from '../../parts/words.ts';

/** One thing to do. */
export interface Waiting {
  readonly key: string;
  readonly kind: Words;
  readonly what: Words;
  /** Why it waits, or what is offered. */
  readonly why: Words;
  readonly since: string | null;
  /** The day after which it is overdue; null where nothing ends. */
  readonly until: string | null;
  readonly link: string;
}

type May = (action: string) => boolean;
type Find = (signal: AbortSignal) => Promise<readonly Waiting[]>;

/** Looked at per kind. What is beyond stands on the page of its kind. */
const most = 100;
/** A grant that ends within so many days is told of. */
const soonDays = 30;

const both = (t: { zh: string; en?: string | undefined }): Words => ({ zh: t.zh, en: t.en ?? t.zh });
const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

/** The kinds of work there are for somebody who may do these things. */
export function kindsOf(may: May): readonly { readonly name: string; readonly find: Find }[] {
  return [
    { name: 'requests', needs: 'share.request.read', find: requests },
    { name: 'entries', needs: 'entry.draft', find: entries },
    { name: 'sources', needs: 'source.list', find: sources },
    { name: 'tables', needs: 'table.list', find: tables },
    { name: 'uploads', needs: 'upload.list', find: uploads },
    { name: 'runs', needs: 'run.list', find: runs },
    { name: 'grants', needs: 'share.grant.read', find: grants },
  ].filter(({ needs }) => may(needs));
}

/** Overdue first, then what ends soonest, then what has waited longest. */
export const byUrgency = (a: Waiting, b: Waiting): number =>
  (a.until ?? '9999').localeCompare(b.until ?? '9999') || (a.since ?? '').localeCompare(b.since ?? '');

const stepsFor = (steps: readonly { allowed: boolean; title: { zh: string; en?: string | undefined } }[]): Words => {
  const open = steps.filter((s) => s.allowed).map((s) => both(s.title));
  return { zh: open.map((s) => s.zh).join('、'), en: open.map((s) => s.en ?? s.zh).join(', ') };
};

const requests: Find = async (signal) => {
  const { rows } = await call('GET /api/share/requests', { query: { limit: most } }, signal);
  const open = await Promise.all(
    rows.filter((r) => r.tone === 'waiting').map((r) => call('GET /api/share/requests/:id', { params: { id: r.id } }, signal)),
  );
  return open
    .filter((r) => r.offered.some((s) => s.allowed))
    .map((r) => ({
      key: `request:${r.id}`,
      kind: { zh: '共享申请', en: 'Request' },
      what: { zh: `${r.serviceTitle.zh}：${r.purpose}`, en: `${r.serviceTitle.en ?? r.serviceTitle.zh}: ${r.purpose}` },
      why: {
        zh: `${r.stateTitle.zh}，可办理：${stepsFor(r.offered).zh}`,
        en: `${r.stateTitle.en ?? r.stateTitle.zh}; open: ${stepsFor(r.offered).en}`,
      },
      since: r.since,
      until: null,
      link: `/requests/${r.id}`,
    }));
};

const entries: Find = async (signal) => {
  const { rows } = await call('GET /api/catalog/entries', { query: { limit: most } }, signal);
  const open = await Promise.all(
    rows
      .filter((e) => ['waiting', 'refused'].includes(e.state.tone))
      .map((e) => call('GET /api/catalog/entries/:id', { params: { id: e.id } }, signal)),
  );
  return open
    .filter((e) => e.steps.some((s) => s.allowed))
    .map((e) => ({
      key: `entry:${e.id}`,
      kind: { zh: '目录', en: 'Entry' },
      what: both(e.title),
      why: { zh: `${e.state.title.zh}，可办理：${stepsFor(e.steps).zh}`, en: `${e.state.title.en}; open: ${stepsFor(e.steps).en}` },
      since: null,
      until: null,
      link: `/catalog/${e.id}`,
    }));
};

const sources: Find = async (signal) => {
  const { rows } = await call('GET /api/collect/sources', { query: { limit: most } }, signal);
  return rows
    .filter((s) => s.state === 'trouble' || s.state === 'drifted')
    .map((s) => ({
      key: `source:${s.id}`,
      kind: { zh: '数据源', en: 'Source' },
      what: both(s.title),
      why: s.cause ? both(s.cause) : { zh: '有问题', en: 'in trouble' },
      since: s.lookedAt,
      until: null,
      link: `/collect/${s.id}`,
    }));
};

const tables: Find = async (signal) => {
  const { rows } = await call('GET /api/govern/tables', { query: { limit: most } }, signal);
  return rows
    .filter((t) => t.quarantined > 0)
    .map((t) => ({
      key: `table:${t.id}`,
      kind: { zh: '隔离的行', en: 'Quarantined rows' },
      what: both(t.title),
      why: { zh: `${t.quarantined} 行被隔离，请核对并修正`, en: `${t.quarantined} rows are in quarantine` },
      since: t.lastBatch?.governedAt ?? null,
      until: null,
      link: `/govern/${t.id}`,
    }));
};

const uploads: Find = async (signal) => {
  const { rows } = await call('GET /api/collect/uploads', { query: { limit: most } }, signal);
  const words: Readonly<Record<string, Words>> = {
    receiving: { zh: '没有传完', en: 'it has not arrived whole' },
    refused: { zh: '没有读成', en: 'it could not be read' },
    read: { zh: '推荐待确认', en: 'the proposals wait to be confirmed' },
  };
  return rows.flatMap((u) => {
    const why = words[u.state];
    return why
      ? [
          {
            key: `upload:${u.id}`,
            kind: { zh: '上传', en: 'Upload' },
            what: { zh: u.name },
            why,
            since: u.madeAt,
            until: null,
            link: `/upload/${u.id}`,
          },
        ]
      : [];
  });
};

const runs: Find = async (signal) => {
  const { rows } = await call('GET /api/runs', { query: { limit: most } }, signal);
  // Only the latest run about a thing: an earlier failure was mended by what followed.
  const latest = rows.filter((r, i) => rows.findIndex((x) => x.about === r.about && x.job === r.job) === i);
  return latest
    .filter((r) => r.state === 'failed' || r.state === 'refused')
    .map((r) => ({
      key: `run:${r.id}`,
      kind: { zh: '没办成的任务', en: 'Run that did not succeed' },
      what: { zh: `${r.title.zh} ${r.about}`, en: `${r.title.en} ${r.about}` },
      why: r.problem ? { zh: r.problem.title, en: r.problem.titleEn } : { zh: '出错', en: 'failed' },
      since: r.endedAt,
      until: null,
      link: `/engine/runs/${r.id}`,
    }));
};

const grants: Find = async (signal) => {
  const { rows } = await call('GET /api/share/grants', { query: { limit: most } }, signal);
  return rows
    .filter((g) => g.standing === 'live' && g.validTo <= day(soonDays))
    .map((g) => ({
      key: `grant:${g.id}`,
      kind: { zh: '将到期的授权', en: 'Grant about to end' },
      what: both(g.serviceTitle),
      why: { zh: `${g.validTo} 到期，需要时请重新申请`, en: `it ends on ${g.validTo}; ask again where it is needed` },
      since: g.madeAt,
      until: g.validTo,
      link: `/grants/${g.id}`,
    }));
};
