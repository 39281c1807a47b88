/**
 * How far an incremental reading of a table gets, and what the next one must look at again.
 *
 * The stamps of rows (`xmin`) and the values of a cursor are in no common order. A sequence hands out 5 to one transaction and 6 to another, and the
 * second may commit first. So a reading takes in order (1) the greatest visible value, (2) the writers that hold the table or its sequence, (3) its
 * snapshot. It reads no further than the value of (1). A transaction that was given a value up to it held the sequence before (1). By (2) that transaction is
 * open, or its rows are in the snapshot. The oldest open writer is kept with the cursor. The next reading also takes rows at or below the cursor
 * that are stamped at or after it. The stamp is compared by its age. Rows under a savepoint carry ids that no snapshot lists, all of them younger
 * than their transaction.
 *
 * Where values are not handed out by an uncached sequence of the table (times, numbers from elsewhere) or locks cannot be seen (a standby),
 * every transaction that was running counts as a writer, and the next reading always looks. Views carry no stamps.
 */
import type { Client } from 'pg';
import type { Position } from '#declare/connector';

const span = 2n ** 32n;

/** Where a position was taken; in another place its stamps mean nothing. */
interface Mark {
  /** System identifier and timeline of the cluster. */
  readonly cluster: string;
  /** Ids of database and relation. */
  readonly relation: string;
  /** The next reading takes rows stamped at or after this 64-bit transaction id; null: no row can come late. */
  readonly from: string | null;
  /** The snapshot in which the rows were counted; the next reading also takes the rows written since, and tells them from those it saw. */
  readonly counted?: string;
}

type Place = Pick<Mark, 'cluster' | 'relation'>;

/** What a snapshot says of the transactions at its time: the oldest that ran and the first not yet begun, as 64-bit ids. */
export interface Transactions {
  readonly oldest: bigint;
  readonly next: bigint;
}

/** Rows at or below a cursor that must be looked at again: none, all, or those that an SQL condition picks. */
type Picked = 'nothing' | 'all' | string;

/**
 * Reads the identity of the cluster that answers, and whether it is a standby. A server that does not tell its identity counts as unknown. Two
 * unknown servers count as one.
 */
export async function clusterOf(client: Client): Promise<{ readonly id: string; readonly isStandby: boolean }> {
  const one = async (sql: string): Promise<string> => {
    try {
      return (await client.query<{ value: string }>(sql)).rows[0]?.value ?? '?';
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && (cause.code === '42501' || cause.code === '42883')) return '?';
      throw cause;
    }
  };
  const isStandby = (await one('select pg_is_in_recovery()::text as value')) === 'true';
  const system = await one('select system_identifier::text as value from pg_control_system()');
  // The control file learns of a new timeline only at the next checkpoint.
  const timeline = await one(
    isStandby
      ? 'select timeline_id::text as value from pg_control_checkpoint()'
      : `select ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int::text as value`,
  );
  return { id: `${system}/${timeline}`, isStandby };
}

/** The relations $1 with those above and below them. */
const kin = `with recursive kin(id) as (
       select unnest($1::oid[]) union
       select case when i.inhparent = kin.id then i.inhrelid else i.inhparent end from pg_inherits i join kin on kin.id in (i.inhparent, i.inhrelid)
     )`;
const holdsForWriting = `locktype = 'relation' and relation in (select id from kin) and database = (select oid from pg_database where datname = current_database())
         and mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`;

/** Transactions that hold the table for writing. When one began is told to those that the server lets see it, of prepared ones to all. */
export async function openWriters(client: Client, relation: string): Promise<{ readonly count: number; readonly oldest: string | null }> {
  const { rows } = await client.query<{ count: string; oldest: string | null }>(
    `${kin}
     select count(distinct l.virtualtransaction || '/' || coalesce(l.pid, 0))::text as count,
       to_char(min(coalesce(a.xact_start, p.prepared)) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as oldest
     from (select virtualtransaction, pid from pg_locks where granted and ${holdsForWriting}) l
       left join pg_stat_activity a on a.pid = l.pid
       left join pg_locks own on l.pid is null and own.virtualtransaction = l.virtualtransaction and own.locktype = 'transactionid'
       left join pg_prepared_xacts p on p.transaction = own.transactionid`,
    [[relation]],
  );
  return { count: Number(rows[0]?.count ?? 0), oldest: rows[0]?.oldest ?? null };
}

/** Where the table $1 stands, and what runs there now. */
export async function placeOf(
  client: Client,
  relation: string,
): Promise<Place & { readonly now: Transactions; readonly snapshot: string; readonly isStandby: boolean }> {
  const { rows } = await client.query<{ oid: string; snapshot: string; oldest: string; next: string }>(
    `select oid::text, s::text as snapshot, txid_snapshot_xmin(s)::text as oldest, txid_snapshot_xmax(s)::text as next
     from pg_database, txid_current_snapshot() s where datname = current_database()`,
  );
  const [found] = rows;
  if (found === undefined) throw new Error('the server answers a question without a row');
  const { id, isStandby } = await clusterOf(client);
  const { oid, snapshot, oldest, next } = found;
  return { cluster: id, relation: `${oid}/${relation}`, now: { oldest: BigInt(oldest), next: BigInt(next) }, snapshot, isStandby };
}

/**
 * The oldest transaction that has not ended and may write to one of `relations` (oids), or to a table above or below it; null when there is none.
 * A sequence among them is held by transactions that took numbers first and store them later. Needs no right beyond reading the table: locks are
 * visible to everybody. A holder that has no id yet will get one not below `next`. Prepared transactions hold their locks.
 */
export async function oldestWriter(client: Client, relations: readonly string[], { next }: Transactions): Promise<bigint | null> {
  const { rows } = await client.query<{ holder: string; xid: string | null; writes: boolean }>(
    `${kin}
     select virtualtransaction || '/' || coalesce(pid, 0) as holder, transactionid::text as xid,
       ${holdsForWriting} as writes
     from pg_locks where granted and (locktype = 'relation' or (locktype = 'transactionid' and mode = 'ExclusiveLock'))`,
    [relations],
  );
  const ids = new Map<string, bigint[]>(rows.filter((row) => row.writes).map((row) => [row.holder, []]));
  for (const { holder, xid } of rows) if (xid !== null) ids.get(holder)?.push(whole(BigInt(xid), next));
  const writers = [...ids.values()].flatMap((own) => (own.length === 0 ? [next] : own));
  return writers.length === 0 ? null : writers.reduce((a, b) => (b < a ? b : a));
}

/** The 64-bit id behind the 32 bits that locks show: the one nearest to `next`. */
function whole(xid: bigint, next: bigint): bigint {
  const ahead = (xid - (next % span) + span) % span;
  return next + (ahead >= span / 2n ? ahead - span : ahead);
}

/** Keeps where a reading got to. */
export const positionAt = (value: string, mark: Mark): Position => ({ value, mark: JSON.stringify(mark) });

/**
 * What must be looked at again at or below the cursor of `since`: `rows` of it, and of these the `late`, which no count could have seen. All of them
 * where the position was taken in another place or too long ago to compare stamps. A count sees rows under a savepoint of an open transaction as
 * its own (snapshots do not list them): then they are told as missing, and read all the same.
 */
export function againSince(since: Position, place: Place, { next }: Transactions): { readonly rows: Picked; readonly late: Picked } {
  const mark = since.mark === null ? null : (JSON.parse(since.mark) as Mark);
  const everything = { rows: 'all', late: 'all' };
  if (mark === null || mark.cluster !== place.cluster || mark.relation !== place.relation) return everything;
  const from = mark.from === null ? null : BigInt(mark.from);
  const counted = mark.counted === undefined ? null : BigInt(mark.counted.split(':')[0] as string);
  const isTold = (id: bigint | null): boolean => id === null || (id <= next && next - id < span / 2n);
  if (!isTold(from) || !isTold(counted)) return everything;
  const any = (conditions: readonly string[]): Picked => (conditions.length === 0 ? 'nothing' : `(${conditions.join(' or ')})`);
  const late = from === null ? [] : [stampedSince(from)];
  if (counted === null) return { rows: any(late), late: any(late) };
  const id = `${counted} + ${ageSince(counted)}`;
  const unseen = `${stampedSince(counted)} and not txid_visible_in_snapshot(${id}, '${mark.counted}')`;
  return { rows: any([...late, stampedSince(counted)]), late: any([...late, unseen]) };
}

/** SQL of how many ids after `from` the stamp of a row is; stamps are 32-bit and go round. */
const ageSince = (from: bigint): string => `(xmin::text::bigint - ${from % span} + ${span}) % ${span}`;

/** SQL condition of the rows stamped at or after `from`; ids below 3 are frozen rows of old servers. */
const stampedSince = (from: bigint): string => `(xmin::text::bigint >= 3 and ${ageSince(from)} < ${span / 2n})`;
