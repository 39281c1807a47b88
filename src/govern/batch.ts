/** Governing one batch: scan once, split, and account for every row. */
import type { Db } from '#kernel/db/pool';
import type { Snapshot } from '#kernel/documents/documents';
import type { Kernel } from '#kernel/stage';
import type { LandedBatch } from './batch-facts.ts';
import type { TablePlan } from './plan.ts';
import { type CheckResult, countSql, findingSql, governedSql, resultsOf } from './split.ts';
import { currentSql, ensureTables, findingTable, governedTable, scratchTable } from './tables.ts';
import { scanInto } from './wide-scan.ts';

/** What a batch came to. `rowsData + rowsRefused = governed + quarantined`, always. */
export interface BatchResult {
  readonly rowsData: number;
  readonly rowsRefused: number;
  readonly governed: number;
  /** Distinct rows with a blocking finding. */
  readonly quarantined: number;
  /** Governed rows with a warning. */
  readonly warned: number;
  /** Rows of the table's current view once this batch was its latest. */
  readonly current: number;
  readonly checks: readonly CheckResult[];
}

/** How a batch is governed. */
export interface BatchOrder {
  readonly plan: TablePlan;
  readonly snapshot: Snapshot;
  readonly batch: LandedBatch;
  /** The batch that the view of current rows shows afterwards, for full deliveries. */
  readonly latest: number;
  readonly signal: AbortSignal;
}

/**
 * Governs a batch: writes its governed rows and findings, each table in one idempotent write; the caller keeps the result.
 * Doing it again gives the same. Only the scan can be interrupted, so that a cancelled run leaves no table without its other half.
 */
export async function governBatch(kernel: Kernel, order: BatchOrder): Promise<BatchResult> {
  const { plan, batch, snapshot, signal } = order;
  const { warehouse } = kernel;
  const scan = scratchTable(`${plan.binding.id}__${batch.seq}`);
  await ensureTables(kernel, plan);
  const env = { today: batch.day, codeList: (id: string) => snapshot.codeList(id) };
  try {
    const part = (n: number): string => scratchTable(`${plan.binding.id}__${batch.seq}__${n}`);
    await scanInto(kernel, plan, batch, env, { scan, part, signal });
    return await splitBatch(kernel, order, scan);
  } finally {
    await warehouse.execute([{ sql: `drop table if exists ${scan}` }]);
  }
}

/** From the scanned rows to the two tables, the counts and the view. */
async function splitBatch(kernel: Kernel, order: BatchOrder, scan: string): Promise<BatchResult> {
  const { plan, batch } = order;
  const { warehouse } = kernel;
  const table = plan.binding.id;
  const counts = (await warehouse.query<Record<string, string>>(countSql(plan, scan)))[0] ?? {};
  const seq = String(batch.seq);
  await warehouse.write({
    table: governedTable(table),
    batch: seq,
    replace: true,
    statements: [{ sql: `delete from ${governedTable(table)} where _batch = $1`, params: [seq] }, { sql: governedSql(plan, batch, scan) }],
  });
  await warehouse.write({
    table: findingTable(table),
    batch: seq,
    replace: true,
    statements: [
      { sql: `delete from ${findingTable(table)} where _batch = $1`, params: [seq] },
      { sql: findingSql(plan, batch, scan), ...(batch.rowsRefused > 0 && { params: [batch.path] }) },
    ],
  });
  const written = await accountOf(kernel, table, seq);
  const result: BatchResult = {
    rowsData: batch.rowsData,
    rowsRefused: batch.rowsRefused,
    ...written,
    current: plan.source.mode === 'full' ? written.governed : await keysUpTo(kernel, table, seq),
    checks: resultsOf(plan, batch, counts),
  };
  account(table, batch, Number(counts['n']), result);
  await warehouse.execute([{ sql: currentSql(plan, order.latest) }]);
  return result;
}

/** Counts what is in the tables now, not what the scan promised. */
async function accountOf(kernel: Kernel, table: string, seq: string): Promise<{ governed: number; quarantined: number; warned: number }> {
  const [row] = await kernel.warehouse.query<{ governed: number; quarantined: number; warned: number }>(
    `with blocked as (select distinct _row from ${findingTable(table)} where _batch = $1 and severity = 'block')
     select (select count(*) from ${governedTable(table)} where _batch = $1)::INTEGER as governed,
       (select count(*) from blocked)::INTEGER as quarantined,
       (select count(distinct _row) from ${findingTable(table)} where _batch = $1 and severity = 'warn' and _row not in (select _row from blocked))::INTEGER as warned`,
    [seq],
  );
  if (!row) throw new Error(`the warehouse counts nothing for ${table}`);
  return row;
}

async function keysUpTo(kernel: Kernel, table: string, seq: string): Promise<number> {
  const [row] = await kernel.warehouse.query<{ n: number }>(
    `select count(distinct _key)::INTEGER as n from ${governedTable(table)} where _batch <= $1`,
    [seq],
  );
  return row?.n ?? 0;
}

/** A batch of an incremental source that was governed after later ones changes what their views held: their counts, told again. */
export async function recountLater(kernel: Kernel, plan: TablePlan, seq: number): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>();
  if (plan.source.mode === 'full') return counts;
  const later = await kernel.db.rows<{ batch: number }>('select batch from govern.result where table_id = $1 and batch > $2', [
    plan.binding.id,
    seq,
  ]);
  for (const { batch } of later) counts.set(batch, await keysUpTo(kernel, plan.binding.id, String(batch)));
  return counts;
}

/** No row is lost and none is counted twice; anything else is a bug of ours and stops the run. */
function account(table: string, batch: LandedBatch, scanned: number, r: BatchResult): void {
  if (scanned !== batch.rowsData)
    throw new Error(`${table}, batch ${batch.seq}: the ledger says ${batch.rowsData} data rows, the object holds ${scanned}`);
  if (r.rowsData + r.rowsRefused !== r.governed + r.quarantined)
    throw new Error(
      `${table}, batch ${batch.seq}: ${r.rowsData} data + ${r.rowsRefused} refused rows are not ${r.governed} governed + ${r.quarantined} quarantined`,
    );
}

/** Keeps the result of a batch in PostgreSQL; a batch governed again has the later one. */
export async function keepResult(db: Db, plan: TablePlan, batch: LandedBatch, r: BatchResult, now: Date): Promise<void> {
  await db.run(
    `insert into govern.result (table_id, batch, ordinal, rows_read, rows_data, rows_refused, rows_governed, rows_quarantined, rows_warned, rows_current,
       rules, binding_version, documents, landed_at, governed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     on conflict (table_id, batch) do update set ordinal = excluded.ordinal, rows_read = excluded.rows_read, rows_data = excluded.rows_data,
       rows_refused = excluded.rows_refused, rows_governed = excluded.rows_governed, rows_quarantined = excluded.rows_quarantined,
       rows_warned = excluded.rows_warned, rows_current = excluded.rows_current, rules = excluded.rules, binding_version = excluded.binding_version,
       documents = excluded.documents, landed_at = excluded.landed_at, governed_at = excluded.governed_at, revision = excluded.revision`,
    [
      plan.binding.id,
      batch.seq,
      batch.ordinal,
      r.rowsData + r.rowsRefused,
      r.rowsData,
      r.rowsRefused,
      r.governed,
      r.quarantined,
      r.warned,
      r.current,
      JSON.stringify(r.checks),
      plan.version,
      plan.documents,
      batch.landedAt,
      now,
    ],
  );
}
