/** Columns that a table has gained: those found beside the declared ones. Columns left there on purpose or there from the first are none of them. */
import type { Source } from '#declare';
import type { Db } from '#kernel/db/pool';

const known = async (db: Db, source: string): Promise<readonly string[] | null> =>
  (await db.first<{ left: string[] | null }>('select columns_left as "left" from collect.source where id = $1', [source]))?.left ?? null;

/** Columns at the source that are known and not collected. */
export const leftColumns = async (db: Db, source: Source): Promise<readonly string[]> => [
  ...new Set([...(source.leaves ?? []), ...((await known(db, source.id)) ?? [])]),
];

/**
 * Returns the columns of a table that are new. Where the source does not say what it leaves, the columns of the first look count as left. The
 * declaration of the table chose among those.
 */
export async function newColumns(db: Db, source: Source, found: readonly string[]): Promise<readonly string[]> {
  const beside = found.filter((c) => !source.columns.includes(c));
  if ((await known(db, source.id)) === null)
    await db.run(
      `insert into collect.source (id, columns_left) values ($1, $2) on conflict (id) do update set columns_left = coalesce(collect.source.columns_left, excluded.columns_left)`,
      [source.id, source.leaves ? [] : beside],
    );
  const left = await leftColumns(db, source);
  return beside.filter((c) => !left.includes(c));
}

/** A changed declaration: a column that is taken out of it is left at the source, and another table is looked at for the first time again. */
export async function noteDeclared(db: Db, before: Source, next: Source): Promise<void> {
  const isOther = before.connector !== next.connector || JSON.stringify(before.settings) !== JSON.stringify(next.settings);
  const dropped = before.columns.filter((c) => !next.columns.includes(c));
  if (isOther) await db.run('update collect.source set columns_left = null where id = $1', [next.id]);
  else if (dropped.length > 0)
    await db.run('update collect.source set columns_left = columns_left || $2::text[] where id = $1', [next.id, dropped]);
}
