/** The rows of the ledger that count, as a reconciliation holds them against their source: by the order of the cursor, in ranges. */
import { rm } from 'node:fs/promises';
import type { Source } from '#declare';
import { literal } from '#kernel/sql/quote';
import type { Kernel } from '#kernel/stage';
import { landedSql } from './lacking.ts';
import type { KeyedRange } from './mend.ts';
import { orderKeySql } from './order-key.ts';

/** A range with what the ledger holds in it. */
export interface HeldRange extends KeyedRange {
  readonly count: number;
  /** Sum of the salted digests of its rows, in decimal digits. */
  readonly sum: string;
}

/** The index of the rows that count. */
export interface Held {
  /** Rows up to the position. */
  readonly count: number;
  /** False where the order of the values is not ours to know: then all rows are one range. */
  readonly isPlaced: boolean;
  /** Order key of the position. */
  readonly upTo: string | null;
  /** Ranges of about so many rows from the value `from` on, the last one up to the position. There is always one. */
  ranges(from: string | null, rows: number): Promise<readonly HeldRange[]>;
  /** The two halves of a range; null where all its rows have one value. */
  halves(range: HeldRange): Promise<readonly [HeldRange, HeldRange] | null>;
  close(): Promise<void>;
}

/** Makes the index, as a file that `close` removes. */
export async function heldRows(kernel: Kernel, source: Source, upTo: string, salt: string, signal: AbortSignal): Promise<Held> {
  const { warehouse } = kernel;
  const path = kernel.objects.staging();
  const landed = await landedSql(kernel, source, ({ row, key, cursor }) => {
    const digest = `cast('0x' || left(md5(concat(${literal('duckdb', salt)}, ${row})), 15) as UBIGINT)`;
    return `md5_number(${key}) as _k, ${digest} as _d, ${orderKeySql(cursor)} as _c, ${cursor} as _t`;
  });
  await warehouse.copyToParquet(landed ?? `select 0::UHUGEINT as _k, 0::UBIGINT as _d, '' as _c, '' as _t where false`, [], path, {
    signal,
  });
  const [told] = await warehouse.query<{ key: string | null; lost: string; all: string }>(
    `select ${orderKeySql('$2::VARCHAR')} as key, count_if(_c is null)::VARCHAR as lost, count(*)::VARCHAR as "all" from read_parquet($1)`,
    [path, upTo],
    { signal },
  );
  // Where every time lies ahead, nothing has been passed yet.
  const isPlaced = (told?.key != null && Number(told.lost) === 0) || upTo === '-infinity';
  const key = told?.key ?? null;
  const from = `read_parquet(${literal('duckdb', path)})`;
  const up = key === null ? 'false' : `_c <= ${literal('duckdb', key)}`;
  const rows = isPlaced ? `(select * from ${from} where ${up})` : from;

  /** The ranges between these edges, the first of which begins at `first`. */
  const filled = async (edges: readonly { key: string; text: string | null }[], last: KeyedRange): Promise<HeldRange[]> => {
    const keys = `string_split(${literal('duckdb', edges.map((e) => e.key).join('|'))}, '|')`;
    const within = last.toKey === null ? 'true' : `_c < ${literal('duckdb', last.toKey)}`;
    const found = await warehouse.query<{ i: string; count: string; sum: string }>(
      `select e.i::VARCHAR as i, count(*)::VARCHAR as count, sum(_d)::VARCHAR as sum
       from (select * from ${rows} where ${within}) r asof join (select unnest(${keys}) as _key, unnest(range(${edges.length})) as i) e on coalesce(r._c, '') >= e._key group by 1`,
      [],
      { signal },
    );
    const at = new Map(found.map((f) => [Number(f.i), f]));
    return edges.map((e, i) => ({
      from: e.text,
      fromKey: e.key,
      to: edges[i + 1]?.text ?? last.to,
      toKey: edges[i + 1]?.key ?? last.toKey,
      count: Number(at.get(i)?.count ?? 0),
      sum: at.get(i)?.sum ?? '0',
    }));
  };
  const count = Number((await warehouse.query<{ n: string }>(`select count(*)::VARCHAR as n from ${rows}`, [], { signal }))[0]?.n ?? 0);
  const edgesIn = (range: KeyedRange, tiles: string): Promise<{ key: string; text: string }[]> =>
    warehouse.query<{ key: string; text: string }>(
      `select distinct min(_c) as key, arg_min(_t, _c) as text from (select _c, _t, ntile(greatest(1, ${tiles})::INTEGER) over (order by _c) as i from ${rows}
         where _c >= ${literal('duckdb', range.fromKey)} and ${range.toKey === null ? 'true' : `_c < ${literal('duckdb', range.toKey)}`})
       group by i having min(_c) > ${literal('duckdb', range.fromKey)} order by 1`,
      [],
      { signal },
    );
  return {
    count,
    isPlaced,
    upTo: key,
    async ranges(value, size) {
      if (!isPlaced) return filled([{ key: '', text: null }], { from: null, fromKey: '', to: null, toKey: null });
      const begin =
        value === null
          ? ''
          : ((await warehouse.query<{ key: string }>(`select ${orderKeySql('$1::VARCHAR')} as key`, [value]))[0]?.key ?? '');
      const whole: KeyedRange = { from: value, fromKey: begin, to: null, toKey: null };
      const within = `(select count(*) from ${rows} where _c >= ${literal('duckdb', begin)})`;
      const inner = await edgesIn(whole, `${within} // ${size}`);
      return filled([{ key: begin, text: value }, ...(value === null ? inner.slice(1) : inner)], whole);
    },
    async halves(range) {
      const [edge] = isPlaced ? await edgesIn(range, '2').then((all) => all.slice(-1)) : [];
      if (edge === undefined) return null;
      const [a, b] = await filled([{ key: range.fromKey, text: range.from }, edge], range);
      return a && b ? [a, b] : null;
    },
    close: () => rm(path, { force: true }),
  };
}
