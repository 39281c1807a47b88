/** What of collecting waits for people: sources of their department, and uploads that they began. */
import { instantWords } from '#kernel/clock';
import { seenIn } from '#kernel/db/listing';
import type { Db } from '#kernel/db/pool';
import type { WaitingKind } from '#kernel/waiting';
import { rowsGone } from './edition-change.ts';
import { type Batch, waitingEditions } from './ledger.ts';
import { type Reconciled, waitingRemovals } from './round.ts';
import { standingsOf } from './standing.ts';
import { uploadStateSql } from './uploads.ts';

const sources: WaitingKind = {
  kind: 'source',
  title: { zh: '数据源', en: 'Source' },
  async find(kernel, actor) {
    if (kernel.policy.filter(actor, 'source.edit').kind === 'none') return null;
    const own = (await kernel.documents.snapshot()).list('source').filter((s) => s.department === actor.department);
    if (own.length === 0) return null;
    const ids = own.map((s) => s.id);
    return [
      `select id, min(since) as since, min(until) as until, null::integer as days from (
         select id, looked_at as since, null::date as until from collect.source where id = any(?::text[]) and (trouble is not null or drift is not null)
         union all
         select source, late_after, late_after::date from collect.mount_said where source = any(?::text[]) and late_after < ?::timestamptz
         union all
         select source, landed_at, answer_by::date from collect.batch where source = any(?::text[]) and stands = 'waiting'
         union all
         select id, (reconciled->>'at')::timestamptz, null::date from collect.source where id = any(?::text[]) and (reconciled->>'waits')::boolean) found
       group by id`,
      ids,
      ids,
      kernel.clock.now(),
      ids,
      ids,
    ];
  },
  async tell(kernel, found) {
    const snapshot = await kernel.documents.snapshot();
    const ids = found.map((f) => f.id);
    const standing = await standingsOf(kernel.db, ids);
    const waiting = await waitingEditions(kernel.db, ids);
    const removals = await waitingRemovals(kernel.db, ids);
    const late = await lateSince(kernel.db, ids, kernel.clock.now());
    return new Map(
      found.map(({ id }) => {
        const { trouble, drift } = standing(id);
        const edition = waiting.get(id);
        const removal = removals.get(id);
        const other = edition ? waitingWords(edition) : removal ? removalWords(removal) : lateWords(late.get(id));
        const why = trouble ?? drift ?? other;
        return [id, { what: snapshot.get('source', id).title, why, limit: null }];
      }),
    );
  },
};

/** Since when sources are late, by source. */
async function lateSince(db: Db, sources: readonly string[], now: Date): Promise<ReadonlyMap<string, Date>> {
  const rows = await db.rows<{ source: string; since: string }>(
    `select source, min(late_after)::text as since from collect.mount_said where source = any($1) and late_after < $2 group by source`,
    [sources, now],
  );
  return new Map(rows.map((r) => [r.source, new Date(r.since)]));
}

const waitingWords = ({ ordinal, receipt: { change } }: Batch): { zh: string; en: string } => {
  const [of, gone] = [change?.of ?? 0, change ? rowsGone(change) : 0];
  return {
    zh: `第 ${ordinal} 批将从 ${of} 行中减少 ${gone} 行，尚未启用：请核对后确认，或更正后重新交付`,
    en: `batch ${ordinal} takes ${gone} of ${of} rows away and is not in use: accept it, or have it mended and delivered again`,
  };
};

const removalWords = ({ ledger, surplus }: Reconciled): { zh: string; en: string } => ({
  zh: `对账发现源端已无 ${surplus} 行（台账 ${ledger} 行），尚未移除：请核对后同意移除，或请在源端恢复`,
  en: `by reconciliation ${surplus} of ${ledger} rows are gone at the source and not removed: agree to the removal, or have them restored at the source`,
});

const lateWords = (since: Date | undefined): { zh: string; en: string } =>
  since
    ? {
        zh: `迟到：按更新周期和宽限应在 ${instantWords(since).slice(0, 16)} 前交付`,
        en: `late: by update cycle and grace it was due before ${instantWords(since).slice(0, 16)}`,
      }
    : { zh: '已恢复', en: 'it has recovered' };

const words = {
  receiving: { zh: '没有传完，请续传或删除', en: 'it has not arrived whole: go on with it or remove it' },
  refused: { zh: '没有读成，请更正读法或删除', en: 'it could not be read: correct how it is read, or remove it' },
  read: { zh: '推荐待确认', en: 'the proposals wait to be confirmed' },
} as const;

const uploads: WaitingKind = {
  kind: 'upload',
  title: { zh: '上传', en: 'Upload' },
  async find(kernel, actor) {
    const seen = kernel.policy.filter(actor, 'upload.make');
    if (seen.kind === 'none') return null;
    const [policy, ...departments] = seenIn(seen, 'u.department');
    return [
      `select u.id, u.made_at as since, null::date as until, null::integer as days from collect.upload u left join kernel.run r on r.id = u.run
       where ${policy} and u.made_by = ? and ${uploadStateSql} in ('receiving', 'refused', 'read')`,
      ...departments,
      actor.user,
    ];
  },
  async tell(kernel, found) {
    const rows = await kernel.db.rows<{ id: string; name: string; state: keyof typeof words }>(
      `select u.id, u.name, ${uploadStateSql} as state from collect.upload u left join kernel.run r on r.id = u.run where u.id = any($1)`,
      [found.map((f) => f.id)],
    );
    return new Map(
      rows.map((u) => [u.id, { what: { zh: u.name }, why: words[u.state] ?? { zh: '处理中', en: 'under way' }, limit: null }]),
    );
  },
};

export const collectWaiting: readonly WaitingKind[] = [sources, uploads];
