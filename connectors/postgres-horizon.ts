/**
 * The point up to which an incremental reading may go without passing over rows that others have written but not yet committed.
 *
 * A sequence hands out 5 to one transaction and 6 to another; when the second commits first, a reading between the two sees 6 and not 5, and
 * "everything after 6" would never see 5. So a reading stops before the first row that was written at or after the oldest transaction
 * that was writing to the table when the snapshot was taken. The rows held back are read next time. A transaction open for hours holds
 * back what was written since it began to write.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';

const span = 2n ** 32n;
/** Snapshots taken before one with a transaction of unknown purpose is used as it is. */
const attempts = 5;

interface Writers {
  /** 32-bit transaction ids and whether the transaction holds a lock for writing on the table. */
  readonly transactions: ReadonlyMap<bigint, boolean>;
  /** A transaction may be about to write: it holds the lock and has no id yet. */
  readonly starting: boolean;
}

/**
 * Begins the transaction of the reading (by `begin`) and returns the SQL condition that is true for rows written at or after the oldest
 * unfinished writer of the table `relation` (an oid), or null when there is none. Needs no right beyond reading the table: locks
 * are visible to everybody. Transactions that write elsewhere do not hold anything back. A transaction that ended between snapshot and
 * look is unknown; then the snapshot is taken anew, and after five times it counts as a writer. On a standby no transaction can be
 * looked at, so all of them count.
 */
export async function beginBehindWriters(client: Client, relation: string, begin: string): Promise<string | null> {
  for (let attempt = 1; ; attempt++) {
    const before = await writersOf(client, relation);
    await client.query(begin);
    const { rows } = await client.query<{ xip: string[] }>(`select array(select txid_snapshot_xip(txid_current_snapshot())::text) as xip`);
    const after = await writersOf(client, relation);
    const running = (rows[0]?.xip ?? []).map(BigInt);
    const unknown = running.filter((xid) => !after.transactions.has(xid % span));
    if ((unknown.length > 0 || before.starting) && attempt < attempts) {
      await client.query('rollback');
      await sleep(20 * attempt);
      continue;
    }
    const writers = running.filter((xid) => after.transactions.get(xid % span) ?? true);
    if (writers.length === 0) return null;
    const oldest = writers.reduce((a, b) => (b < a ? b : a)) % span;
    // Row stamps are 32-bit and go round; ids below 3 are frozen rows of old servers.
    return `(xmin::text::bigint >= 3 and (xmin::text::bigint - ${oldest} + ${span}) % ${span} < ${span / 2n})`;
  }
}

async function writersOf(client: Client, relation: string): Promise<Writers> {
  const { rows } = await client.query<{ holder: string; xid: string | null; writes: boolean }>(
    `with recursive part(id) as (select $1::oid union all select i.inhrelid from pg_inherits i join part p on i.inhparent = p.id)
     select virtualtransaction || '/' || coalesce(pid, 0) as holder, transactionid::text as xid,
       locktype = 'relation' and relation in (select id from part) and database = (select oid from pg_database where datname = current_database())
         and mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') as writes
     from pg_locks where granted and (locktype = 'relation' or (locktype = 'transactionid' and mode = 'ExclusiveLock'))`,
    [relation],
  );
  const writing = new Set(rows.filter((row) => row.writes).map((row) => row.holder));
  const transactions = new Map<bigint, boolean>();
  const identified = new Set<string>();
  for (const { holder, xid } of rows) {
    if (xid === null) continue;
    identified.add(holder);
    transactions.set(BigInt(xid), writing.has(holder));
  }
  return { transactions, starting: [...writing].some((holder) => !identified.has(holder)) };
}
