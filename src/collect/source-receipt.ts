/** The receipt of an incremental source as it stands in the ledger, and the SQL with which its administrator computes the same. */
import { z } from 'zod';
import type { Source } from '#declare';
import { Refusal } from '#kernel/errors';
import { literal } from '#kernel/sql/quote';
import type { Kernel } from '#kernel/stage';
import { receiptSqlOf } from './batch-routes.ts';
import type { ConnectorOf } from './jobs.ts';
import { landedSql } from './lacking.ts';
import { orderKeySql } from './order-key.ts';
import { positionNow } from './position.ts';

export const sourceReceiptSchema = z.object({
  /** The cursor value up to which both sides are compared. */
  upTo: z.string(),
  sql: z.string().nullable(),
  /** The 256 buckets of keys, by the first two hex digits of the key's hash; those without a row are left out. */
  buckets: z.array(z.object({ bucket: z.string(), rows: z.number(), digest: z.string() })),
});

/** Digests of the rows that count, up to the cursor, by the definition beside the connector's SQL. @throws Refusal COLLECT_NO_CURSOR */
export async function sourceReceipt(
  kernel: Kernel,
  connectorOf: ConnectorOf,
  source: Source,
): Promise<z.input<typeof sourceReceiptSchema>> {
  const position = await positionNow(kernel, kernel.db, source);
  const landed =
    position &&
    (await landedSql(
      kernel,
      source,
      (t) =>
        `md5_number(${t.key}) as _k, md5(${t.given}) as _h, cast('0x' || left(md5(${t.row}), 15) as UBIGINT) as _d, ${orderKeySql(t.cursor)} as _c`,
    ));
  if (!position || !landed) throw new Refusal('COLLECT_NO_CURSOR', { source: source.id });
  const upTo = orderKeySql(literal('duckdb', position.value));
  const rows = await kernel.warehouse.query<{ bucket: string; rows: string; digest: string }>(
    `select left(_h, 2) as bucket, count(*)::VARCHAR as rows, sum(_d)::VARCHAR as digest from (${landed}) where not coalesce(_c > ${upTo}, false) group by 1 order by 1`,
  );
  return {
    upTo: position.value,
    sql: receiptSqlOf(connectorOf(source.connector), source, position.value),
    buckets: rows.map((r) => ({ ...r, rows: Number(r.rows) })),
  };
}
