/** What of governing waits for people: rows of their own department that were held back. */
import type { WaitingKind } from '#kernel/waiting';

export const governWaiting: readonly WaitingKind[] = [
  {
    kind: 'table',
    title: { zh: '隔离的行', en: 'Quarantined rows' },
    async find(kernel, actor) {
      if (!actor.roles.includes('provider-steward') || kernel.policy.filter(actor, 'source.collect').kind === 'none') return null;
      const snapshot = await kernel.documents.snapshot();
      const own = snapshot.list('binding').flatMap((b) => {
        const source = snapshot.find('source', b.source);
        return source?.department === actor.department ? [{ id: b.id, full: source.mode === 'full' }] : [];
      });
      if (own.length === 0) return null;
      return [
        `select t.id, max(r.governed_at) as since, null::date as until, null::integer as days
         from unnest(?::text[], ?::boolean[]) t(id, is_full) join govern.result r on r.table_id = t.id
         where r.batch >= (select case when t.is_full then l.batch else l.since end from govern.result l where l.table_id = t.id order by l.batch desc limit 1)
         group by t.id having sum(r.rows_quarantined) > 0`,
        own.map((t) => t.id),
        own.map((t) => t.full),
      ];
    },
    async tell(kernel, found) {
      const snapshot = await kernel.documents.snapshot();
      const held = await kernel.db.rows<{ id: string; latest: number; all: number }>(
        `select table_id as id, sum(rows_quarantined) filter (where batch >= (select l.since from govern.result l where l.table_id = r.table_id order by l.batch desc limit 1)) as all, (array_agg(rows_quarantined order by batch desc))[1] as latest
         from govern.result r where table_id = any($1) group by table_id`,
        [found.map((f) => f.id)],
      );
      return new Map(
        held.map(({ id, latest, all }) => {
          const binding = snapshot.get('binding', id);
          const rows = snapshot.find('source', binding.source)?.mode === 'full' ? latest : Number(all);
          return [
            id,
            {
              what: binding.title,
              why: { zh: `${rows} 行被隔离，请核对并更正后重新交付`, en: `${rows} rows are held back: correct them and deliver again` },
              limit: null,
            },
          ];
        }),
      );
    },
  },
];
