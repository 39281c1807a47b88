/** Reading what the batches of governed tables came to. */
import type { Db } from '#kernel/db/pool';
import type { CheckResult } from './split.ts';
import type { AbsentWord } from './wide-scan.ts';

/** The kept result of one batch. */
export interface StoredResult {
  readonly table: string;
  readonly batch: number;
  readonly ordinal: number;
  readonly rowsRead: number;
  readonly rowsData: number;
  readonly rowsRefused: number;
  readonly rowsGoverned: number;
  readonly rowsQuarantined: number;
  readonly rowsWarned: number;
  readonly rowsCurrent: number;
  /** Current rows without a key. */
  readonly rowsKeyless: number;
  /** Keys that several rows have: of a full delivery its own, of incremental ones all. */
  readonly keysRepeated: number;
  /** How the batch was read, as the ledger has it: the source may be declared otherwise by now. */
  readonly mode: 'full' | 'incremental';
  /** Place of the batch from which rows count, 0 for the first: what landed before the source was read as a whole is over. */
  readonly since: number;
  readonly checks: readonly CheckResult[];
  /** Words that stood in the place of a value, by field. */
  readonly absent: readonly AbsentWord[];
  readonly bindingVersion: number;
  readonly documents: string;
  readonly landedAt: string;
  readonly governedAt: string;
  /** Grows with every time the batch was governed. */
  readonly revision: number;
}

const columns = `table_id as "table", batch, ordinal, rows_read as "rowsRead", rows_data as "rowsData", rows_refused as "rowsRefused",
  rows_governed as "rowsGoverned", rows_quarantined as "rowsQuarantined", rows_warned as "rowsWarned", rows_current as "rowsCurrent",
  rows_keyless as "rowsKeyless", keys_repeated as "keysRepeated", mode, since,
  rules as checks, absent, binding_version as "bindingVersion", documents, landed_at::text as "landedAt", governed_at::text as "governedAt", revision`;

/** Every kept result of a table, newest batch first. */
export const resultsOfTable = (db: Db, table: string): Promise<StoredResult[]> =>
  db.rows<StoredResult>(`select ${columns} from govern.result where table_id = $1 order by batch desc`, [table]);

/** The newest result of every table. */
export const latestResults = (db: Db): Promise<StoredResult[]> =>
  db.rows<StoredResult>(`select distinct on (table_id) ${columns} from govern.result order by table_id, batch desc`);

/** The result of one batch, if it was governed. */
export const resultOf = (db: Db, table: string, batch: number): Promise<StoredResult | undefined> =>
  db.first<StoredResult>(`select ${columns} from govern.result where table_id = $1 and batch = $2`, [table, batch]);

/** What counts for a table as it stands: all since the source was read as a whole, which is the latest batch where that is a full delivery. */
export const standing = (results: readonly StoredResult[]): readonly StoredResult[] =>
  results.filter((r) => r.batch >= (results[0]?.since ?? 0));
