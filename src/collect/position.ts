/** Where the next incremental reading of a source goes on: kept beside its batches, because it moves also when nothing lands. */
import { type Connector, ConnectorRefusal, type Position, type Source } from '#declare';
import type { Db, Transaction } from '#kernel/db/pool';
import { documentNamed } from '#kernel/documents/kind-title';
import { Refusal } from '#kernel/errors';
import type { Kernel } from '#kernel/stage';
import { batch, latestBatch } from './ledger.ts';
import { effectsFor, ReadingFailed } from './staging.ts';

/** A position and the column it is a value of. Without a value the next reading starts from the beginning. */
interface Kept {
  readonly column: string;
  readonly value: string | null;
  readonly mark: string | null;
  /** Where to go on from once the edition that waits is accepted: until then the source is read from the beginning. */
  readonly ifAccepted?: Position | null;
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

/** Keeps a position, in the transaction that holds the source; null: from the beginning. `waits`: what was read up to it waits for an answer. */
export async function keepPosition(tx: Transaction, source: Source, position: Position | null, waits = false): Promise<void> {
  const [value, mark] = waits ? [null, null] : [position?.value ?? null, position?.mark ?? null];
  const kept: Kept | null = source.cursor === null ? null : { column: source.cursor, value, mark, ...(waits && { ifAccepted: position }) };
  await tx.run('update collect.source set position = $2 where id = $1', [source.id, kept && JSON.stringify(kept)]);
}

/** Goes on from where an edition that waited got to, now that it is accepted. */
export async function takePosition(tx: Transaction, source: string): Promise<void> {
  await tx.run(
    `update collect.source set position = (position - 'ifAccepted') || (position -> 'ifAccepted') where id = $1 and jsonb_typeof(position -> 'ifAccepted') = 'object'`,
    [source],
  );
}

/**
 * Sets the cursor of a source back to where a batch of it ended, or to the beginning. The next reading looks at every row from there on and lands what the
 * ledger lacks; from the beginning it replaces what was there.
 * @throws Refusal COLLECT_NO_CURSOR, COLLECT_BATCH_UNKNOWN
 */
export async function setBack(kernel: Kernel, source: Source, to: number | null, actor: string): Promise<string | null> {
  if (source.cursor === null) throw new Refusal('COLLECT_NO_CURSOR', { source: source.id });
  const found = to === null ? null : await batch(kernel.db, to);
  if (to !== null && (found?.source !== source.id || found.cursorTo === null)) throw new Refusal('COLLECT_BATCH_UNKNOWN', { batch: to });
  const value = found?.cursorTo ?? null;
  await kernel.db.transaction(async (tx) => {
    await tx.run('insert into collect.source (id) values ($1) on conflict do nothing', [source.id]);
    await tx.run('select 1 from collect.source where id = $1 for update', [source.id]);
    const from = (await positionNow(kernel, tx, source))?.value ?? null;
    await keepPosition(tx, source, value === null ? null : { value, mark: null });
    await kernel.facts.publish(tx, {
      name: 'cursor-set-back',
      about: `source:${source.id}`,
      actor,
      body: { source: source.id, from: from ?? '—', to: value ?? '从头', toEn: value ?? 'the beginning' },
    });
  });
  return value;
}

/** What a cursor may let slip. */
type Warned = readonly { readonly zh: string; readonly en: string }[];

/**
 * Asks the source itself whether its cursor can be one. Null where there is none to judge, or where the source cannot be asked now: then the first
 * reading says.
 * @throws Refusal DOCUMENT_REFUSED with the reason
 */
export async function judgedCursor(kernel: Kernel, connector: Connector, source: Source): Promise<Warned | null> {
  if (source.cursor === null || !connector.judgeCursor) return null;
  try {
    const effects = effectsFor(kernel, source, null, AbortSignal.timeout(judgeMs), () => undefined);
    return await connector.judgeCursor(source, effects);
  } catch (error) {
    if (error instanceof ConnectorRefusal && error.code === 'settings')
      throw new Refusal('DOCUMENT_REFUSED', documentNamed('source', source.id), {
        faults: [{ at: 'cursor', zh: error.detailZh, en: error.detail }],
      });
    if (error instanceof ConnectorRefusal || (error instanceof Error && error.name === 'TimeoutError')) return null;
    throw error;
  }
}

/**
 * Judges a cursor at a reading from the beginning, where the source was away when it was declared: by the same questions, before a row is read.
 * @throws ReadingFailed with the reason, as the reading itself would
 */
export async function judgeUnjudged(kernel: Kernel, connector: Connector, source: Source, signal: AbortSignal): Promise<void> {
  if (source.cursor === null || !connector.judgeCursor) return;
  const row = await kernel.db.first<{ judged: boolean }>('select cursor_warned is not null as judged from collect.source where id = $1', [
    source.id,
  ]);
  if (row?.judged) return;
  const warned = await connector
    .judgeCursor(
      source,
      effectsFor(kernel, source, null, signal, () => undefined),
    )
    .catch((error: unknown) => {
      throw error instanceof ConnectorRefusal ? new ReadingFailed(error) : error;
    });
  await kernel.db.run(
    'insert into collect.source (id, cursor_warned) values ($1, $2) on conflict (id) do update set cursor_warned = excluded.cursor_warned',
    [source.id, JSON.stringify(warned)],
  );
}

/** A source that has not said after this long what its cursor is judges it at its first reading. */
const judgeMs = 30_000;
