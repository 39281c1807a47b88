/** Governing one batch: scan once, split, and account for every row. */
import type { Db } from '#kernel/db/pool';
import type { Snapshot } from '#kernel/documents/documents';
import type { Kernel } from '#kernel/stage';
import type { Statement } from '#kernel/warehouse/protocol';
import type { LandedBatch } from './batch-facts.ts';
import type { TablePlan, Words } from './plan.ts';
import { type CheckResult, countSql, findingSql, governedSql, resultsOf } from './split.ts';
import { countedSql, currentSql, ensureTables, findingTable, governedTable, type Latest, scratchTable } from './tables.ts';
import { type AbsentWord, scanInto } from './wide-scan.ts';

/** What a batch came to. `rowsData + rowsRefused = governed + quarantined`, always. */
export interface BatchResult {
  readonly rowsData: number;
  readonly rowsRefused: number;
  readonly governed: number;
  /** Distinct rows with a blocking finding. */
  readonly quarantined: number;
  /** Governed rows with a warning. */
  readonly warned: number;
  /** The table as it stood once this batch was its latest. */
  readonly standing: Standing;
  readonly checks: readonly CheckResult[];
  /** Words that stood in the place of a value, by field. */
  readonly absent: readonly AbsentWord[];
}

/** What the rows of a table that count come to: of full deliveries those of the latest batch, of incremental ones all. */
export interface Standing {
  /** Rows of the current view. */
  readonly current: number;
  /** Rows of it without a key. */
  readonly keyless: number;
  /** Keys that several rows have. */
  readonly repeated: number;
}

/** How a batch is governed. */
export interface BatchOrder {
  readonly plan: TablePlan;
  readonly snapshot: Snapshot;
  readonly batch: LandedBatch;
  /** The batch that the view of current rows stands at afterwards. */
  readonly latest: Latest;
  readonly signal: AbortSignal;
  /** Told how much of the batch is done, 0 to 1, and what is being done. */
  progress(share: number, note: Words): Promise<void>;
}

/** The steps, each with where it ends of the whole time, as a million rows take it. */
const steps = {
  scan: { from: 0, to: 0.55, zh: '检查各行', en: 'checking the rows' },
  governed: { from: 0.55, to: 0.85, zh: '写入治理表', en: 'writing the governed rows' },
  findings: { from: 0.85, to: 1, zh: '写入问题', en: 'writing the findings' },
} as const;

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
    const absent = await scanInto(kernel, plan, batch, env, { scan, part, signal, progress: telling(order, 'scan') });
    return { ...(await splitBatch(kernel, order, scan)), absent };
  } finally {
    await warehouse.execute([{ sql: `drop table if exists ${scan}` }]);
  }
}

const telling = (order: BatchOrder, step: keyof typeof steps): ((share: number) => Promise<void>) => {
  const { from, to, zh, en } = steps[step];
  return (share) => order.progress(from + (to - from) * share, { zh, en });
};

/** From the scanned rows to the two tables, the counts and the view. */
async function splitBatch(kernel: Kernel, order: BatchOrder, scan: string): Promise<Omit<BatchResult, 'absent'>> {
  const { plan, batch } = order;
  const { warehouse } = kernel;
  const table = plan.binding.id;
  const counts = (await warehouse.query<Record<string, string>>(countSql(plan, scan)))[0] ?? {};
  const seq = String(batch.seq);
  const written = async (step: 'governed' | 'findings', target: string, insert: Statement): Promise<void> => {
    const progress = telling(order, step);
    await progress(0);
    const statements = [{ sql: `delete from ${target} where _batch = $1`, params: [seq] }, insert];
    await warehouse.write({ table: target, batch: seq, replace: true, statements }, { progress });
  };
  await written('governed', governedTable(table), { sql: governedSql(plan, batch, scan) });
  await written('findings', findingTable(table), {
    sql: findingSql(plan, batch, scan),
    ...(batch.rowsRefused > 0 && { params: [batch.path] }),
  });
  const held = await accountOf(kernel, table, seq);
  const result: Omit<BatchResult, 'absent'> = {
    rowsData: batch.rowsData,
    rowsRefused: batch.rowsRefused,
    ...held,
    standing: await standingAt(kernel, plan, batch),
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

async function standingAt(kernel: Kernel, plan: TablePlan, at: Latest): Promise<Standing> {
  const isFull = at.mode === 'full';
  const [row] = await kernel.warehouse.query<Standing>(
    `select coalesce(sum(case when ${isFull} or _key is null then n else 1 end), 0)::INTEGER as current,
       coalesce(sum(n) filter (where _key is null), 0)::INTEGER as keyless, (count(*) filter (where _key is not null and n > 1))::INTEGER as repeated
     from (select _key, count(*) as n from ${countedSql(plan, at, at.seq)} group by _key)`,
  );
  if (!row) throw new Error(`the warehouse counts nothing for ${plan.binding.id}`);
  return row;
}

/** A batch of an incremental source that was governed after later ones changes what their views held: their counts, told again. */
export async function recountLater(kernel: Kernel, plan: TablePlan, seq: number): Promise<ReadonlyMap<number, Standing>> {
  const counts = new Map<number, Standing>();
  const later = await kernel.db.rows<Latest>(
    `select batch as seq, mode, since from govern.result where table_id = $1 and batch > $2 and mode = 'incremental'`,
    [plan.binding.id, seq],
  );
  for (const batch of later) counts.set(batch.seq, await standingAt(kernel, plan, batch));
  return counts;
}

/** No row is lost and none is counted twice; anything else is a bug of ours and stops the run. */
function account(table: string, batch: LandedBatch, scanned: number, r: Omit<BatchResult, 'absent'>): void {
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
       rows_keyless, keys_repeated, mode, since, rules, absent, binding_version, documents, landed_at, governed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
     on conflict (table_id, batch) do update set ordinal = excluded.ordinal, rows_read = excluded.rows_read, rows_data = excluded.rows_data,
       rows_refused = excluded.rows_refused, rows_governed = excluded.rows_governed, rows_quarantined = excluded.rows_quarantined,
       rows_warned = excluded.rows_warned, rows_current = excluded.rows_current,
       rows_keyless = excluded.rows_keyless, keys_repeated = excluded.keys_repeated, mode = excluded.mode, since = excluded.since, rules = excluded.rules, absent = excluded.absent, binding_version = excluded.binding_version,
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
      r.standing.current,
      r.standing.keyless,
      r.standing.repeated,
      batch.mode,
      batch.since,
      JSON.stringify(r.checks),
      JSON.stringify(r.absent),
      plan.version,
      plan.documents,
      batch.landedAt,
      now,
    ],
  );
}
