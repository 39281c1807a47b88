/**
 * Mending: the rows of ranges that differ are read again beside what a reading brings anyway, under one snapshot. What the ledger lacks of
 * them is landed. Where rows are gone at the source, the rows that stay are landed as a whole, which is what counts from there on.
 */
import type { CursorRange, Position, Source } from '#declare';
import { literal } from '#kernel/sql/quote';
import type { Kernel } from '#kernel/stage';
import { lackingSql, landedSql, textsOf } from './lacking.ts';
import { justAbove, orderKeySql } from './order-key.ts';
import { removalWaits } from './removal.ts';

/** A range with the order keys of its ends; `toKey` null: up to the position. */
export interface KeyedRange extends CursorRange {
  readonly fromKey: string;
  readonly toKey: string | null;
}

/** An order to mend. */
export interface Mend {
  /** From where the reading looks at what was written meanwhile. */
  readonly since: Position;
  /** Disjoint and growing. Null: the order of the cursor's values is not known to us, all rows are one range. */
  readonly ranges: readonly KeyedRange[] | null;
  /** Order key of the position. */
  readonly upTo: string | null;
  /** Rows that this round has removed already, which count for the limit; null: its steward has agreed, there is no limit. */
  readonly removedBefore: number | null;
}

/** Rows of a range that the ledger lacked, had otherwise, or has and the source no more. */
export interface Differences {
  readonly missing: number;
  readonly changed: number;
  readonly surplus: number;
}

/** What came of mending, kept with the batch that it landed. */
export interface Mended extends Differences {
  /** By the place of the range in the order. */
  readonly ranges: readonly Differences[];
  /** True where surplus rows stay until the steward agrees. */
  readonly waits: boolean;
}

/** SQL of the rows of `from`, which has `_c`, with `_i`: the place of the range they lie in, absent outside of all. */
function placed(from: string, { ranges, upTo }: Mend): string {
  if (ranges === null) return `select *, 0 as _i from (${from})`;
  const edges: [key: string, place: number][] = ranges.flatMap((r, i) => {
    const end = r.toKey ?? justAbove(upTo ?? '');
    return [[r.fromKey, i] as [string, number], ...(ranges[i + 1]?.fromKey === end ? [] : [[end, -1] as [string, number]])];
  });
  const list = (texts: readonly (string | number)[]): string => `string_split(${literal('duckdb', texts.join('|'))}, '|')`;
  return `select r.*, nullif(e.i, -1) as _i from (${from}) r asof left join
    (select unnest(${list(edges.map(([k]) => k))}) as _key, unnest(${list(edges.map(([, i]) => i))})::INTEGER as i) e on r._c >= e._key`;
}

/**
 * SQL of what a reading with ranges lands, from its laid-out rows: the Parquet file `grid`, whose last cell tells what came for its range alone.
 * `isWhole`: it holds every row that counts.
 */
export async function mendSql(
  kernel: Kernel,
  source: Source,
  grid: string,
  mend: Mend,
  signal: AbortSignal,
): Promise<{ readonly sql: string; readonly isWhole: boolean; readonly mended: Mended }> {
  const width = source.columns.length;
  const cells = Array.from({ length: width }, (_, i) => `c${i + 1}`).join(', ');
  const file = `read_parquet(${literal('duckdb', grid)})`;
  const given = textsOf(source.columns, source);
  const came = placed(
    `select abs(_row) as _n, ${cells}, c${width + 1} is not null as _alone, md5_number(${given.key}) as _k, ${orderKeySql(given.cursor)} as _c from ${file}`,
    mend,
  );
  const lacking = await lackingSql(kernel, source, `select * exclude (c${width + 1}) from ${file}`);
  const landed = await landedSql(
    kernel,
    source,
    (t) => `md5_number(${t.key}) as _k, ${orderKeySql(t.cursor)} as _c, ${t.cells.map((c, i) => `${c} as c${i + 1}`).join(', ')}`,
  );
  const held = placed(landed ?? `select 0 as _o, 0::UHUGEINT as _k, '' as _c, ${cells.replaceAll(/c\d+/g, `'' as $&`)} where false`, mend);
  const withs = `with came as materialized (${came}), held as materialized (${held}), lacks as materialized (select _row as _n from (${lacking})),
    fresh as (select * from came where _n in (select _n from lacks))`;
  const counted = await kernel.warehouse.query<{
    i: string;
    missing: string;
    changed: string;
    surplus: string;
    repeated: string;
    total: string;
  }>(
    `${withs}, own as (select _k, count(*) as n from came group by 1),
     gone as (select _i from (select h._i, row_number() over (partition by h._k order by h._i) as nth, coalesce(o.n, 0) as n from held h left join own o using (_k) where h._i is not null) where nth > n)
     select i::VARCHAR as i, sum(missing)::VARCHAR as missing, sum(changed)::VARCHAR as changed, sum(surplus)::VARCHAR as surplus, sum(repeated)::VARCHAR as repeated,
       (select count(*) from held)::VARCHAR as total
     from (select _i as i, (_alone and not ${isHeld(source)})::INTEGER as missing, (_alone and ${isHeld(source)})::INTEGER as changed, 0 as surplus,
             (_alone and _k in (select _k from held where _i is null) or _k in (select _k from came where _n not in (select _n from lacks)))::INTEGER as repeated
           from fresh where _i is not null
       union all select _i, 0, 0, 1, 0 from gone
       union all select -1, 0, 0, 0, 0) group by 1`,
    [],
    { signal },
  );
  const at = (i: number): Differences => {
    const row = counted.find((r) => Number(r.i) === i);
    return { missing: Number(row?.missing ?? 0), changed: Number(row?.changed ?? 0), surplus: Number(row?.surplus ?? 0) };
  };
  const ranges = (mend.ranges ?? [null]).map((_, i) => at(i));
  const sum = sumOf(ranges);
  const total = Number(counted[0]?.total ?? 0);
  const waits =
    mend.removedBefore !== null &&
    removalWaits(source, total + mend.removedBefore, sum.surplus === 0 ? 0 : sum.surplus + mend.removedBefore);
  // A key of several rows: of them those of one batch count, so they must come in one.
  const isRepeated = source.key.length > 0 && counted.some((r) => Number(r.repeated) > 0);
  const mended: Mended = { ...sum, ranges, waits };
  if (waits || (sum.surplus === 0 && !isRepeated)) return { sql: lacking, isWhole: false, mended };
  // Outside of the ranges both sides are the same, but for what was written meanwhile.
  const replaced = source.key.length > 0 ? 'and _k not in (select _k from fresh where not _alone)' : '';
  return {
    isWhole: true,
    mended,
    sql: `${withs} select row_number() over () as _row, 'data' as _kind, null::VARCHAR as _fault, ${cells} from (
      select ${cells} from held where _i is null ${replaced}
      union all select ${cells} from came where _i is not null
      union all select ${cells} from fresh where _i is null)`,
  };
}

const isHeld = (source: Source): string => (source.key.length > 0 ? '(_k in (select _k from held))' : 'false');

/** Differences together. */
export const sumOf = (all: readonly Differences[]): Differences => ({
  missing: all.reduce((n, d) => n + d.missing, 0),
  changed: all.reduce((n, d) => n + d.changed, 0),
  surplus: all.reduce((n, d) => n + d.surplus, 0),
});
