/** What of governing waits for people: rows of their own department that were held back. */
import { type Binding, governedType, type Title } from '#declare';
import type { Snapshot } from '#kernel/documents/documents';
import type { WaitingKind } from '#kernel/waiting';

/** The field by which a binding of before tells the newest row although it is a text; its steward is to choose another. */
function textualAge(binding: Binding, snapshot: Snapshot): Title | null {
  const field = binding.fields.find((f) => f.name === binding.newest);
  const element = field && snapshot.find('element', field.element);
  return field && element && governedType(element) === 'text' ? field.title : null;
}

function whyOf(rows: number, age: Title | null): Title {
  const held = { zh: `${rows} 行被隔离，请核对并更正后重新交付`, en: `${rows} rows are held back: correct them and deliver again` };
  if (age === null) return held;
  const asked = {
    zh: `新旧按文本“${age.zh}”比较，并不可靠，请在“主键”页改选时刻、日期或数值字段`,
    en: `which row is newer is told by a text, '${age.en ?? age.zh}': choose an instant, a day or a number under 'Key'`,
  };
  return rows === 0 ? asked : { zh: `${asked.zh}；${held.zh}`, en: `${asked.en}; ${held.en}` };
}

export const governWaiting: readonly WaitingKind[] = [
  {
    kind: 'table',
    title: { zh: '隔离的行', en: 'Quarantined rows' },
    async find(kernel, actor) {
      if (!actor.roles.includes('provider-steward') || kernel.policy.filter(actor, 'source.collect').kind === 'none') return null;
      const snapshot = await kernel.documents.snapshot();
      const own = snapshot.list('binding').flatMap((b) => {
        const source = snapshot.find('source', b.source);
        return source?.department === actor.department ? [{ id: b.id, asks: textualAge(b, snapshot) !== null }] : [];
      });
      if (own.length === 0) return null;
      return [
        `select t.id, max(r.governed_at) as since, null::date as until, null::integer as days
         from unnest(?::text[], ?::boolean[]) t(id, asks) join govern.result r on r.table_id = t.id
         where r.batch >= (select l.since from govern.result l where l.table_id = t.id order by l.batch desc limit 1)
         group by t.id having sum(r.rows_quarantined) > 0 or bool_or(t.asks)`,
        own.map((t) => t.id),
        own.map((t) => t.asks),
      ];
    },
    async tell(kernel, found) {
      const snapshot = await kernel.documents.snapshot();
      const held = await kernel.db.rows<{ id: string; rows: number }>(
        `select table_id as id, sum(rows_quarantined) filter (where batch >= (select l.since from govern.result l where l.table_id = r.table_id order by l.batch desc limit 1)) as rows
         from govern.result r where table_id = any($1) group by table_id`,
        [found.map((f) => f.id)],
      );
      return new Map(
        held.map(({ id, rows }) => {
          const binding = snapshot.get('binding', id);
          return [
            id,
            {
              what: binding.title,
              why: whyOf(Number(rows), textualAge(binding, snapshot)),
              limit: null,
            },
          ];
        }),
      );
    },
  },
];
