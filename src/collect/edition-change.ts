/** What a newer edition adds, changes and takes away: its rows beside those of the batch before, by the source's key. */
import { contentSql } from '#kernel/sql/content';
import type { Kernel } from '#kernel/stage';

export interface EditionChange {
  /** The batch that it is told against. */
  readonly against: number;
  readonly added: number;
  /** Rows of a key that is in both, with other content in the columns that both have. */
  readonly changed: number;
  readonly removed: number;
  /** Rows of the batch that it is told against; absent in receipts of older versions, as the next. */
  readonly of?: number;
  /** Whether rows were known by the key; else by their whole content, and a changed row counts as removed and added. */
  readonly byKey?: boolean;
}

/** Rows that go and for which no other comes: without a key what was changed cannot be told from what was removed. */
export const rowsGone = ({ added, removed, byKey }: EditionChange): number => (byKey ? removed : Math.max(0, removed - added));

/** The rows of a batch as far as comparing goes. */
export interface Compared {
  readonly path: string;
  readonly columns: readonly string[];
}

/**
 * Counts the difference of a full delivery and what was current before it, over all rows as received. `before` is the delivery before it, or the
 * increments that the current rows come from, oldest first: of them the last row of a key counts. Without a key, or where one of them lacks a column
 * of it, a row is known by its whole content: then none is changed.
 */
export async function changeBetween(
  kernel: Kernel,
  before: readonly Compared[],
  after: Compared,
  key: readonly string[],
  signal: AbortSignal,
): Promise<Omit<EditionChange, 'against'>> {
  const shared = after.columns.filter((c) => before.every((b) => b.columns.includes(c)));
  const byKey = key.length > 0 && key.every((c) => shared.includes(c));
  const known = byKey ? key : shared;
  const rows = ({ columns }: Compared, path: string, place: number): string => {
    const text = (names: readonly string[]): string => contentSql(names.map((c) => `c${columns.indexOf(c) + 1}`));
    return `select md5_number(${text(known)}) as k, hash(${text(shared)}) as d, ${place} as p, _row from read_parquet(${path}) where _kind = 'data'`;
  };
  const grouped = (from: string): string => `select k, count(*) as n, sum(d) as d from (${from}) group by 1`;
  const all = before.map((b, i) => rows(b, `$${i + 2}`, i)).join(' union all ');
  const isLast = byKey && before.length > 1 ? 'qualify row_number() over (partition by k order by p desc, _row desc) = 1' : '';
  const [found] = await kernel.warehouse.query<{ added: string; changed: string; removed: string; of: string }>(
    `select coalesce(sum(greatest(coalesce(a.n, 0) - coalesce(b.n, 0), 0)), 0)::VARCHAR as added,
       coalesce(sum(least(a.n, b.n)) filter (where a.n = b.n and a.d <> b.d), 0)::VARCHAR as changed,
       coalesce(sum(greatest(coalesce(b.n, 0) - coalesce(a.n, 0), 0)), 0)::VARCHAR as removed,
       coalesce(sum(b.n), 0)::VARCHAR as "of"
     from (${grouped(`select * from (${all}) ${isLast}`)}) b full join (${grouped(rows(after, '$1', 0))}) a using (k)`,
    [after.path, ...before.map((b) => b.path)],
    { signal },
  );
  const number = (text: string | undefined): number => Number(text ?? 0);
  return {
    added: number(found?.added),
    changed: number(found?.changed),
    removed: number(found?.removed),
    of: number(found?.of),
    byKey,
  };
}
