/** The rows of the ledger that count for an incremental source, and which rows of a reading it lacks. */
import type { Source } from '#declare';
import { contentSql } from '#kernel/sql/content';
import { literal } from '#kernel/sql/quote';
import type { Kernel } from '#kernel/stage';
import { batchesOf } from './ledger.ts';

/** SQL texts of a row, of its key and of the value of its cursor, and its cells. */
export interface Texts {
  readonly row: string;
  /** A row whose every key part is absent has no key: it is known by its content. */
  readonly key: string;
  /** The key's cells alone, present or not, as receipts hash them; of a source without a key the row. */
  readonly given: string;
  readonly cursor: string;
  readonly cells: readonly string[];
}

/** The texts over the columns of the source as they are now; one that a batch did not have is absent there. */
export function textsOf(columns: readonly string[], source: Source): Texts {
  const cell = (name: string): string => (columns.includes(name) ? `c${columns.indexOf(name) + 1}` : 'cast(null as VARCHAR)');
  const cells = source.columns.map(cell);
  const [row, parts] = [contentSql(cells), source.key.map(cell)];
  const given = parts.length === 0 ? row : contentSql(parts);
  const hasKey = parts.map((p) => `${p} is not null`).join(' or ');
  const key = parts.length === 0 ? row : `case when ${hasKey} then ${given} else concat('row ', ${row}) end`;
  return { row, key, given, cursor: cell(source.cursor ?? ''), cells };
}

/**
 * Returns SQL of the rows that count: those since the source was last read as a whole. Of every key the rows of its latest batch count, without a
 * key all. `hashed` says what each row gives as `_k` and more. Null where nothing has landed.
 */
export async function landedSql(kernel: Kernel, source: Source, hashed: (texts: Texts) => string, only = 'true'): Promise<string | null> {
  const all = await batchesOf(kernel.db, source.id);
  const since = all.at(-1)?.since ?? 0;
  const batches = all.filter((b) => b.seq >= since && source.key.every((k) => b.columns.includes(k)));
  if (batches.length === 0) return null;
  const parts = await Promise.all(
    batches.map(async (b) => {
      const from = `read_parquet(${literal('duckdb', await kernel.objects.open(b.object))})`;
      return `select ${b.ordinal} as _o, ${hashed(textsOf(b.columns, source))} from ${from} where _kind = 'data'`;
    }),
  );
  const latest = source.key.length === 0 ? '' : 'qualify _o = max(_o) over (partition by _k)';
  return `select * from (${parts.join(' union all ')}) where ${only} ${latest}`;
}

/**
 * SQL over a laid-out delivery `grid` that leaves out the rows with a negative number which the ledger holds, and numbers the others as they are.
 * The ledger holds a row where the latest batch with its key has one of the same content; of equal ones it holds as many as that batch has. Without a key
 * a row is known by its content, over all batches.
 */
export async function lackingSql(kernel: Kernel, source: Source, grid: string): Promise<string> {
  const hashes = ({ row, key }: Texts): string => `md5_number(${key}) as _k, md5_number(${row}) as _d`;
  const landed = await landedSql(kernel, source, hashes, '_k in (select _k from _again)');
  const kept = `select * replace (abs(_row) as _row)`;
  if (landed === null) return `${kept} from (${grid})`;
  return `with _grid as materialized (${grid}),
    _again as materialized (select _row as _n, ${hashes(textsOf(source.columns, source))} from _grid where _row < 0),
    _held as (select _k, _d, count(*) as _c from (${landed}) group by 1, 2),
    _have as (select _n from (select _n, _k, _d, row_number() over (partition by _k, _d order by _n desc) as _i from _again) join _held using (_k, _d) where _i <= _c)
    ${kept} from _grid where _row > 0 or _row not in (select _n from _have)`;
}
