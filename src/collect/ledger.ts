/** The ledger: a batch exists when its row does. */
import type { Db } from '#kernel/db/pool';
import type { Receipt } from './receipt.ts';

/** A landed batch. `rowsIn = rowsData + rowsRefused + rowsOther`, always. */
export interface Batch {
  /** Place in the ledger of the whole installation. */
  readonly seq: number;
  readonly source: string;
  /** Number within the source, from 1. */
  readonly ordinal: number;
  readonly run: string;
  readonly department: string;
  /** Digest of the Parquet object. */
  readonly object: string;
  /** Digest of the file as it was uploaded; null when the rows were fetched. */
  readonly original: string | null;
  /** Name the file was uploaded under. */
  readonly name: string | null;
  readonly mode: 'full' | 'incremental';
  readonly rowsIn: number;
  readonly rowsData: number;
  readonly rowsRefused: number;
  /** Titles, headers, blank rows and footers. */
  readonly rowsOther: number;
  /** Names of the columns c1, c2, … of the object. */
  readonly columns: readonly string[];
  readonly cursorFrom: string | null;
  readonly cursorTo: string | null;
  readonly receipt: Receipt;
  /** Version of the source document it was read under. */
  readonly sourceVersion: number;
  /** `waiting` for its steward's yes, while the edition before it stays served; `set-aside` when he said no, or another came before an answer. */
  readonly stands: 'accepted' | 'waiting' | 'set-aside';
  /** Why its steward said no; null where he did not. */
  readonly declined: string | null;
  readonly landedAt: string;
  /** Place of the batch from which rows count as this one stands: the last that held the source as a whole. */
  readonly since: number;
}

/** Columns of the ledger as a batch. */
export const batchColumns = `seq, source, ordinal, run, department, object, original, name, mode, rows_in as "rowsIn", rows_data as "rowsData", rows_refused as "rowsRefused",
  rows_other as "rowsOther", columns, cursor_from as "cursorFrom", cursor_to as "cursorTo", receipt, source_version as "sourceVersion", stands, declined,
  case when mode = 'full' or cursor_from is null then seq else coalesce((select max(w.seq) from collect.batch w
    where w.source = batch.source and w.seq < batch.seq and (w.mode = 'full' or w.cursor_from is null) and w.stands = 'accepted'), 0) end as since,
  to_char(landed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "landedAt"`;

/** Every batch of a source that was accepted, the first one first: what governing replays. */
export const batchesOf = (db: Db, source: string): Promise<readonly Batch[]> =>
  db.rows<Batch>(`select ${batchColumns} from collect.batch where source = $1 and stands = 'accepted' order by ordinal`, [source]);

/** The last batch of a source, where its steward said no to it: the same rows are not asked about again. */
export const declinedEdition = async (db: Db, source: string): Promise<Batch | undefined> => {
  const last = await db.first<Batch>(`select ${batchColumns} from collect.batch where source = $1 order by ordinal desc limit 1`, [source]);
  return last?.declined == null ? undefined : last;
};

/** Editions of these sources that wait for an answer, by source. */
export const waitingEditions = async (db: Db, sources: readonly string[]): Promise<ReadonlyMap<string, Batch>> =>
  new Map(
    (await db.rows<Batch>(`select ${batchColumns} from collect.batch where source = any($1) and stands = 'waiting'`, [sources])).map(
      (b) => [b.source, b],
    ),
  );

/** Returns the number of the last batch of a source, in any state; 0 before the first. */
export const lastOrdinal = async (db: Db, source: string): Promise<number> =>
  (await db.first<{ n: number }>('select coalesce(max(ordinal), 0) as n from collect.batch where source = $1', [source]))?.n ?? 0;

/** One batch by its place in the ledger; undefined when there is none, or it is no place at all. */
export const batch = async (db: Db, seq: number): Promise<Batch | undefined> =>
  Number.isSafeInteger(seq) ? db.first<Batch>(`select ${batchColumns} from collect.batch where seq = $1`, [seq]) : undefined;

/** The latest batch of a source that was accepted. */
export const latestBatch = (db: Db, source: string): Promise<Batch | undefined> =>
  db.first<Batch>(`select ${batchColumns} from collect.batch where source = $1 and stands = 'accepted' order by ordinal desc limit 1`, [
    source,
  ]);

/** The latest accepted batch of each of these sources. */
export const latestBatches = async (db: Db, sources: readonly string[]): Promise<ReadonlyMap<string, Batch>> =>
  new Map(
    (
      await db.rows<Batch>(
        `select distinct on (source) ${batchColumns} from collect.batch where source = any($1) and stands = 'accepted' order by source, ordinal desc`,
        [sources],
      )
    ).map((b) => [b.source, b]),
  );

/** What a run landed before it was interrupted. */
export const batchOfRun = (db: Db, run: string): Promise<Batch | undefined> =>
  db.first<Batch>(`select ${batchColumns} from collect.batch where run = $1`, [run]);

/** Adds a batch to the ledger, in the transaction that holds its source. Returns it with its place. */
export async function addBatch(
  db: Db,
  b: Omit<Batch, 'seq' | 'landedAt' | 'since' | 'declined'> & { readonly answerBy?: Date | null },
  landedAt: Date,
): Promise<Batch> {
  const row = await db.first<Batch>(
    `insert into collect.batch (source, ordinal, run, department, object, original, name, mode, rows_in, rows_data, rows_refused, rows_other, columns, cursor_from, cursor_to, receipt, source_version, landed_at, stands, answer_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) returning ${batchColumns}`,
    [
      b.source,
      b.ordinal,
      b.run,
      b.department,
      b.object,
      b.original,
      b.name,
      b.mode,
      b.rowsIn,
      b.rowsData,
      b.rowsRefused,
      b.rowsOther,
      b.columns,
      b.cursorFrom,
      b.cursorTo,
      JSON.stringify(b.receipt),
      b.sourceVersion,
      landedAt,
      b.stands,
      b.answerBy ?? null,
    ],
  );
  if (!row) throw new Error(`batch ${b.ordinal} of ${b.source} was not kept`);
  return row;
}
