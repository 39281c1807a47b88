/** What a reconciliation has come to: the round that is under way, over as many nights as it takes, and the last that ended. */
import type { CursorRange, Position } from '#declare';
import type { Db } from '#kernel/db/pool';
import type { Differences, KeyedRange } from './mend.ts';

/** `count` compares how many rows there are and the greatest cursor, `receipt` the digests of ranges as well. */
export type Depth = 'count' | 'receipt';

/** A range that differed, with its rows at the source and in the ledger, and what was found when it was read again. */
export interface RangeFound extends CursorRange, Partial<Differences> {
  readonly source: number;
  readonly ledger: number;
}

/** What the last reconciliation came to. Fields that stand as optional were not kept by older versions. */
export interface Reconciled extends Differences {
  readonly depth: Depth;
  readonly at: string;
  /** Rows at the source up to the cursor, and rows of the ledger that counted before anything was mended. */
  readonly source: number;
  readonly ledger: number;
  /** Ranges that differed. */
  readonly ranges: number;
  /** The first hundred of them. */
  readonly found?: readonly RangeFound[];
  /** Ranges of a single cursor value that the source could not count in its time. */
  readonly unfit?: number;
  /** True where rows that are gone at the source stay until the steward agrees. */
  readonly waits?: boolean;
  /** The greatest cursor value at the source. */
  readonly greatest?: string | null;
  /** Transactions that held the table for writing: rows of theirs may still come. */
  readonly writers?: { readonly count: number; readonly oldest: string | null } | null;
  /** The last by digests, where this one is a later count: its numbers stay on the page. */
  readonly compared?: Reconciled | null;
}

/** A round by digests that has begun. All its digests have one salt. */
export interface Round {
  readonly salt: string;
  readonly begunAt: string;
  readonly nights: number;
  /** The cursor value before which all ranges are done. */
  readonly next: string | null;
  /** Whether the ranges of this night are done to the end, and only mending is left. */
  readonly isDone: boolean;
  readonly source: number;
  readonly ledger: number;
  readonly unfit: number;
  readonly ranges: number;
  readonly found: readonly RangeFound[];
  /** Ranges that differ and are not mended yet, and the position from which they are to be read again. */
  readonly pending: readonly (KeyedRange & { readonly source: number; readonly ledger: number })[];
  readonly since: Position | null;
  readonly greatest: string | null;
  readonly writers: NonNullable<Reconciled['writers']> | null;
  readonly differences: Differences;
  readonly waits: boolean;
}

/** A round at its beginning. */
export const newRound = (salt: string, begunAt: string): Round => ({
  salt,
  begunAt,
  nights: 0,
  next: null,
  isDone: false,
  ...{ source: 0, ledger: 0, unfit: 0, ranges: 0, found: [], pending: [], since: null, greatest: null, writers: null, waits: false },
  differences: { missing: 0, changed: 0, surplus: 0 },
});

/** The reconciliations of a source, as they are kept. */
export interface Kept {
  readonly reconciled: Reconciled | null;
  readonly round: Round | null;
  readonly countedAt: Date | null;
  readonly digestedAt: Date | null;
}

/** Reads it. */
export async function keptOf(db: Db, source: string): Promise<Kept> {
  const row = await db.first<{ reconciled: Reconciled | null; round: Round | null; counted: string | null; digested: string | null }>(
    'select reconciled, round, counted_at::text as counted, digested_at::text as digested from collect.source where id = $1',
    [source],
  );
  const at = (text: string | null | undefined): Date | null => (text ? new Date(text) : null);
  return { reconciled: row?.reconciled ?? null, round: row?.round ?? null, countedAt: at(row?.counted), digestedAt: at(row?.digested) };
}

/** Keeps how far a round has come; null: none is under way. */
export const keepRound = async (db: Db, source: string, round: Round | null): Promise<void> =>
  void (await db.run('update collect.source set round = $2 where id = $1', [source, round && JSON.stringify(round)]));

/** The last reconciliations of those of these sources whose removal waits for its steward, by source. */
export const waitingRemovals = async (db: Db, sources: readonly string[]): Promise<ReadonlyMap<string, Reconciled>> =>
  new Map(
    (
      await db.rows<{ id: string; reconciled: Reconciled }>(
        `select id, reconciled from collect.source where id = any($1) and (reconciled->>'waits')::boolean`,
        [sources],
      )
    ).map((r) => [r.id, r.reconciled]),
  );
