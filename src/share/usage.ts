/** Usage: calls, rows, bytes and refusals of each grant per day, from the access log's own totals. */
import type { Db } from '#kernel/db/pool';
import { type Filter, filterSql } from '#kernel/policy/policy';

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

export interface UsageQuery {
  readonly grant?: string | undefined;
  readonly service?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

const totals = `coalesce(sum(u.calls) filter (where u.outcome = 'answered'), 0)::bigint as calls, coalesce(sum(u.rows) filter (where u.outcome = 'answered'), 0)::bigint as rows,
  coalesce(sum(u.bytes) filter (where u.outcome = 'answered'), 0)::bigint as bytes, coalesce(sum(u.calls) filter (where u.outcome = 'refused'), 0)::bigint as refused`;

/** A page of usage, latest day first, of the grants an actor may see: the provider's own services, the consumer's own grants. */
export async function usageOf(
  db: Db,
  seen: Filter,
  where: UsageQuery,
): Promise<{ rows: Usage[]; count: number; total: Pick<Usage, 'calls' | 'rows' | 'bytes' | 'refused'> }> {
  const filter = filterSql(seen, ['g.provider', 'g.consumer'], 5);
  const params = [where.grant ?? null, where.service ?? null, where.from ?? null, where.to ?? null, ...filter.params];
  const from = `from log.usage u join share.grant_state g on g.id = u.grant_id
    where ($1::text is null or u.grant_id = $1) and ($2::text is null or g.service = $2) and ($3::date is null or u.day >= $3::date) and ($4::date is null or u.day <= $4::date) and ${filter.sql}`;
  const total = await db.first<Usage & { count: number }>(`select ${totals}, count(distinct (u.grant_id, u.day)) as count ${from}`, params);
  const rows = await db.rows<Usage>(
    `select u.day, g.id as grant, g.service, g.provider, g.consumer, ${totals} ${from} group by u.day, g.id, g.service, g.provider, g.consumer
     order by u.day desc, g.id limit $${params.length + 1} offset $${params.length + 2}`,
    [...params, where.limit, where.offset],
  );
  return {
    rows,
    count: total?.count ?? 0,
    total: { calls: total?.calls ?? 0, rows: total?.rows ?? 0, bytes: total?.bytes ?? 0, refused: total?.refused ?? 0 },
  };
}
