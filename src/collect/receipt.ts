/** Receipts: what both ends can compute for themselves and compare, down to the row that is missing. Definition beside `rowText`. */
import { contentSql } from '#kernel/sql/content';
import type { Kernel } from '#kernel/stage';
import type { EditionChange } from './edition-change.ts';
import type { Mended } from './mend.ts';

/** Digest of a set of rows that does not depend on their order; digests of disjoint sets can be added. */
export interface SetDigest {
  readonly count: number;
  /** Exact sum as decimal digits. */
  readonly sum: string;
}

export interface Receipt {
  readonly rowsIn: number;
  readonly rowsData: number;
  readonly rowsRefused: number;
  /** `aside` is left out where there is none, as in receipts from before there was the word. */
  readonly rowsOther: {
    readonly title: number;
    readonly header: number;
    readonly blank: number;
    readonly footer: number;
    readonly aside?: number;
  };
  readonly digest: SetDigest;
  /** The 16 buckets of keys, by the first hex digit of the key's hash. */
  readonly buckets: readonly (SetDigest & { readonly prefix: string })[];
  /** Of a full delivery that followed another: what it changed. */
  readonly change?: EditionChange;
  /** Of rows that were read again because they differed from the ledger: what differed. */
  readonly mended?: Mended;
}

/** Places of the columns c1, c2, … that make the text of a row and of its key. */
export interface ReceiptPlan {
  readonly columns: number;
  /** 1-based; every column where the source has no key. */
  readonly key: readonly number[];
}

/** The plan for a source's columns and key. */
export const receiptPlan = (columns: readonly string[], key: readonly string[]): ReceiptPlan => ({
  columns: columns.length,
  key: key.length > 0 ? key.map((k) => columns.indexOf(k) + 1) : columns.map((_, i) => i + 1),
});

/** No more than this many rows are named one by one. */
const fewRows = 16;
/** Prefixes go no deeper: a whole hash of a key could be tried against known numbers. */
export const deepestPrefix = 8;

/**
 * Text of a row (or key): for each column in order `~` where absent, else its length in code points, `:` and its text. h(x) = MD5 of its UTF-8 as
 * hex. Bucket: leading hex digits of h(key text). Digest: count, and sum of the first 15 hex digits of h(row text) as integers.
 */
const rowText = (columns: readonly number[]): string => contentSql(columns.map((c) => `c${c}`));

/** One row per data row of an object ($1): `_row`, `k` hash of its key, `d` its digest. */
const hashedSql = (plan: ReceiptPlan): string => {
  const all = Array.from({ length: plan.columns }, (_, i) => i + 1);
  return `select _row, md5(${rowText(plan.key)}) as k, cast('0x' || left(md5(${rowText(all)}), 15) as UBIGINT) as d from read_parquet($1) where _kind = 'data'`;
};

const hexDigits = [...'0123456789abcdef'];
const add = (sets: readonly SetDigest[]): SetDigest => ({
  count: sets.reduce((n, s) => n + s.count, 0),
  sum: String(sets.reduce((n, s) => n + BigInt(s.sum), 0n)),
});

/** Digests of the 16 buckets under a prefix, the empty ones too. */
async function bucketsUnder(
  kernel: Kernel,
  path: string,
  plan: ReceiptPlan,
  prefix: string,
  signal?: AbortSignal,
): Promise<Receipt['buckets']> {
  const rows = await kernel.warehouse.query<{ prefix: string; count: string; sum: string }>(
    `select left(k, $3::INTEGER) as prefix, count(*)::VARCHAR as count, sum(d)::VARCHAR as sum from (${hashedSql(plan)}) where starts_with(k, $2) group by 1`,
    [path, prefix, prefix.length + 1],
    { signal },
  );
  const found = new Map(rows.map((r) => [r.prefix, { count: Number(r.count), sum: r.sum }]));
  return hexDigits.map((d) => ({ prefix: prefix + d, ...(found.get(prefix + d) ?? { count: 0, sum: '0' }) }));
}

/** The receipt of an object, computed from the object itself. */
export async function receiptOf(kernel: Kernel, path: string, plan: ReceiptPlan, signal: AbortSignal): Promise<Receipt> {
  const kinds = await kernel.warehouse.query<{ kind: string; n: string }>(
    'select _kind as kind, count(*)::VARCHAR as n from read_parquet($1) group by 1',
    [path],
    { signal },
  );
  const of = (kind: string): number => Number(kinds.find((k) => k.kind === kind)?.n ?? 0);
  const buckets = await bucketsUnder(kernel, path, plan, '', signal);
  const digest = add(buckets);
  if (digest.count !== of('data')) throw new Error(`the receipt counts ${digest.count} rows, the object holds ${of('data')}`);
  return {
    rowsIn: kinds.reduce((n, k) => n + Number(k.n), 0),
    rowsData: of('data'),
    rowsRefused: of('refused'),
    rowsOther: {
      title: of('title'),
      header: of('header'),
      blank: of('blank'),
      footer: of('footer'),
      ...(of('aside') > 0 && { aside: of('aside') }),
    },
    digest,
    buckets,
  };
}

/** One step of the search for a difference: digest and 16 parts of a bucket, and its row numbers once they are few. */
export interface Bisection {
  readonly prefix: string;
  readonly digest: SetDigest;
  readonly parts: Receipt['buckets'];
  /** Numbers of the rows at the source; null while there are many. */
  readonly rows: readonly number[] | null;
}

/** Looks into a bucket of an object. `prefix` is at most `deepestPrefix` hex digits. */
export async function bisect(kernel: Kernel, path: string, plan: ReceiptPlan, prefix: string): Promise<Bisection> {
  const parts = await bucketsUnder(kernel, path, plan, prefix);
  const digest = add(parts);
  const few = digest.count <= fewRows || prefix.length === deepestPrefix;
  const rows = few
    ? await kernel.warehouse.query<{ row: string }>(
        `select _row::VARCHAR as row from (${hashedSql(plan)}) where starts_with(k, $2) order by _row limit 1000`,
        [path, prefix],
      )
    : null;
  return { prefix, digest, parts: prefix.length === deepestPrefix ? [] : parts, rows: rows?.map((r) => Number(r.row)) ?? null };
}
