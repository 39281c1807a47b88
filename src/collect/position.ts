/** Where the next incremental reading of a source goes on: kept beside its batches, because it moves also when nothing lands. */
import type { Position, Source } from '#declare';
import type { Db, Transaction } from '#kernel/db/pool';
import type { Kernel } from '#kernel/stage';
import { latestBatch } from './ledger.ts';

/** A position and the column it is a value of; without a value the next reading begins anew. */
interface Kept {
  readonly column: string;
  readonly value: string | null;
  readonly mark: string | null;
}

/**
 * The position to read on from; null reads everything. A cursor over another column means nothing. Sources that were last read before
 * positions were kept go on from their last batch.
 */
export async function positionNow(kernel: Kernel, db: Db, source: Source): Promise<Position | null> {
  if (source.cursor === null) return null;
  const row = await db.first<{ position: Kept | null }>('select position from collect.source where id = $1', [source.id]);
  if (row?.position) {
    const { column, value, mark } = row.position;
    return column === source.cursor && value !== null ? { value, mark } : null;
  }
  const last = await latestBatch(db, source.id);
  if (!last || last.cursorTo === null) return null;
  const before = await kernel.documents.version('source', source.id, last.sourceVersion, db);
  return before.cursor === source.cursor ? { value: last.cursorTo, mark: null } : null;
}

/** Keeps a position, in the transaction that holds the source; null: from the beginning. */
export async function keepPosition(tx: Transaction, source: Source, position: Position | null): Promise<void> {
  const kept: Kept | null =
    source.cursor === null ? null : { column: source.cursor, value: position?.value ?? null, mark: position?.mark ?? null };
  await tx.run('update collect.source set position = $2 where id = $1', [source.id, kept && JSON.stringify(kept)]);
}
