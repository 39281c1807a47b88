/** Usage: calls, rows, bytes and refusals of each grant per day, from the access log's own totals. */
import { numbered, type PageOrder, pageFrom, type Sql, seenIn, when } from '#kernel/db/listing';
import type { Db } from '#kernel/db/pool';
import type { Filter } from '#kernel/policy/policy';

export interface Usage {
  readonly day: string;
  readonly grant: string;
  readonly service: string;
  readonly provider: string;
  readonly consumer: string;
  /** Answered calls; refused ones are counted apart. */
  readonly calls: number;
  readonly rows: number;
  readonly bytes: number;
  readonly refused: number;
}

export interface UsageQuery extends PageOrder {
  readonly grant?: string | undefined;
  readonly service?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Either side. */
  readonly department?: string | undefined;
}

/** Orders of the list. */
export const usageSorts = {
  day: 'day',
  service: 'service',
  consumer: 'consumer',
  calls: 'calls',
  rows: 'rows',
  bytes: 'bytes',
  refused: 'refused',
};

const totals = `coalesce(sum(u.calls) filter (where u.outcome = 'answered'), 0)::bigint as calls, coalesce(sum(u.rows) filter (where u.outcome = 'answered'), 0)::bigint as rows,
  coalesce(sum(u.bytes) filter (where u.outcome = 'answered'), 0)::bigint as bytes, coalesce(sum(u.calls) filter (where u.outcome = 'refused'), 0)::bigint as refused`;

/** A page of usage, latest day first, of the grants an actor may see: the provider's own services, the consumer's own grants. */
export async function usageOf(
  db: Db,
  seen: Filter,
  where: UsageQuery,
): Promise<{ rows: Usage[]; count: number; total: Pick<Usage, 'calls' | 'rows' | 'bytes' | 'refused'> }> {
  const conditions = [
    seenIn(seen, 'g.provider', 'g.consumer'),
    ...when(where.grant, 'u.grant_id = ?'),
    ...when(where.service, 'g.service = ?'),
    ...when(where.department, '(g.provider = ? or g.consumer = ?)'),
    ...when(where.from, 'u.day >= ?::date'),
    ...when(where.to, 'u.day <= ?::date'),
  ];
  const from: Sql = [
    `from log.usage u join share.grant_state g on g.id = u.grant_id where ${conditions.map(([text]) => text).join(' and ')}`,
    ...conditions.flatMap(([, ...values]) => values),
  ];
  const summing = numbered(`select ${totals}`, from);
  const total = await db.first<Usage>(summing.sql, summing.params);
  const days: Sql = [
    `(select u.day, g.id as grant, g.service, g.provider, g.consumer, ${totals} ${from[0]} group by u.day, g.id, g.service, g.provider, g.consumer) d`,
    ...from.slice(1),
  ];
  const { rows, count } = await pageFrom<Usage>(
    db,
    { columns: '*', from: days, where: [], sorts: usageSorts, order: 'day desc, "grant"' },
    where,
  );
  return {
    rows,
    count,
    total: { calls: total?.calls ?? 0, rows: total?.rows ?? 0, bytes: total?.bytes ?? 0, refused: total?.refused ?? 0 },
  };
}
