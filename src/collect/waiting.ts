/** What of collecting waits for people: their department's sources that cannot be read or have drifted, and uploads they began and did not finish. */
import { seenIn } from '#kernel/db/listing';
import type { WaitingKind } from '#kernel/waiting';
import { standingsOf } from './standing.ts';
import { uploadStateSql } from './uploads.ts';

const sources: WaitingKind = {
  kind: 'source',
  title: { zh: '数据源', en: 'Source' },
  async find(kernel, actor) {
    if (kernel.policy.filter(actor, 'source.edit').kind === 'none') return null;
    const own = (await kernel.documents.snapshot()).list('source').filter((s) => s.department === actor.department);
    if (own.length === 0) return null;
    return [
      `select id, looked_at as since, null::date as until, null::integer as days from collect.source
       where id = any(?::text[]) and (trouble is not null or drift is not null)`,
      own.map((s) => s.id),
    ];
  },
  async tell(kernel, found) {
    const snapshot = await kernel.documents.snapshot();
    const standing = await standingsOf(
      kernel.db,
      found.map((f) => f.id),
    );
    return new Map(
      found.map(({ id }) => {
        const { trouble, drift } = standing(id);
        return [
          id,
          { what: snapshot.get('source', id).title, why: trouble ?? drift ?? { zh: '已恢复', en: 'it has recovered' }, limit: null },
        ];
      }),
    );
  },
};

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
