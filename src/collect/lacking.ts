/** Rows that an incremental reading may have delivered before: which of them the ledger lacks. */
import type { Source } from '#declare';
import { contentSql } from '#kernel/sql/content';
import { literal } from '#kernel/sql/quote';
import type { Kernel } from '#kernel/stage';
import { batchesOf } from './ledger.ts';

/**
 * SQL over a laid-out delivery `grid` that leaves out the rows with a negative number which the ledger holds, and numbers the others as they are.
 * The ledger holds a row where the latest batch with its key has one of the same content; of equal ones it holds as many as that batch has. Without a key
 * a row is known by its content, over all batches.
 */
export async function lackingSql(kernel: Kernel, source: Source, grid: string): Promise<string> {
  const all = await batchesOf(kernel.db, source.id);
  const since = all.at(-1)?.since ?? 0;
  const batches = all.filter((b) => b.seq >= since && source.key.every((k) => b.columns.includes(k)));
  const kept = `select * replace (abs(_row) as _row)`;
  if (batches.length === 0) return `${kept} from (${grid})`;
  const own = hashes(source.columns, source);
  const landed = await Promise.all(
    batches.map(async (b) => {
      const from = `read_parquet(${literal('duckdb', await kernel.objects.open(b.object))})`;
      return `select ${b.ordinal} as _o, ${hashes(b.columns, source)} from ${from} where _kind = 'data'`;
    }),
  );
  const latest = source.key.length === 0 ? '' : 'qualify _o = max(_o) over (partition by _k)';
  return `with _grid as materialized (${grid}),
    _again as materialized (select _row as _n, ${own} from _grid where _row < 0),
    _landed as (${landed.join(' union all ')}),
    _held as (select _k, _d, count(*) as _c from (select * from _landed where _k in (select _k from _again) ${latest}) group by 1, 2),
    _have as (select _n from (select _n, _k, _d, row_number() over (partition by _k, _d order by _n desc) as _i from _again) join _held using (_k, _d) where _i <= _c)
    ${kept} from _grid where _row > 0 or _row not in (select _n from _have)`;
}

/** `_k` of a row's key and `_d` of its content, over the columns of the source as they are now; one that a batch did not have is absent there. */
function hashes(columns: readonly string[], source: Source): string {
  const cell = (name: string): string => (columns.includes(name) ? `c${columns.indexOf(name) + 1}` : 'cast(null as VARCHAR)');
  const key = source.key.length > 0 ? source.key : source.columns;
  const hash = (names: readonly string[]): string => `md5_number(${contentSql(names.map(cell))})`;
  return `${hash(key)} as _k, ${hash(source.columns)} as _d`;
}
