/** What stands in a table up to a cursor value, counted and digested on the server by ranges of keys: the other half of a reconciliation. */
import type { Client } from 'pg';
import type { Tally } from '#declare/connector';
import type { Source } from '#declare/source';
import { type Table, takenUpTo } from './postgres-cursor.ts';
import { cellText, literal, type TableColumn } from './postgres-text.ts';

/**
 * Counts the rows up to the cursor value `upTo`; with `salt` it also digests them by the 256 ranges of key hashes, by the definition beside
 * `receiptSqlOf` with the salt before every text. No digest of a value leaves the server without it. Nothing is sorted.
 */
export async function tallyOf(client: Client, table: Table, source: Source, upTo: string, salt: string | null): Promise<Tally> {
  const column = (wanted: string): TableColumn => table.columns.find((c) => c.name === wanted) as TableColumn;
  const where = takenUpTo(column(source.cursor ?? ''), upTo);
  if (salt === null) {
    const { rows } = await client.query<{ n: string }>(`select count(*)::text as n from ${table.name} where ${where}`);
    return { rows: Number(rows[0]?.n), ranges: null };
  }
  const text = (names: readonly string[]): string =>
    names.map((n) => `coalesce(char_length(c${source.columns.indexOf(n)}) || ':' || c${source.columns.indexOf(n)}, '~')`).join(' || ');
  const hash = (x: string): string => `md5(convert_to(${literal(salt)} || ${x}, 'UTF8'))`;
  const cells = source.columns.map((c, i) => `${cellText(column(c))} as c${i}`).join(', ');
  const { rows } = await client.query<{ prefix: string; count: string; sum: string }>(
    `select left(${hash(text(source.key.length > 0 ? source.key : source.columns))}, 2) as prefix, count(*)::text as count,
       sum(('x' || left(${hash(text(source.columns))}, 15))::bit(60)::bigint)::text as sum
     from (select ${cells} from ${table.name} where ${where}) cells group by 1`,
  );
  const ranges = new Map(rows.map((r) => [r.prefix, { count: Number(r.count), sum: r.sum }]));
  return { rows: rows.reduce((n, r) => n + Number(r.count), 0), ranges };
}
