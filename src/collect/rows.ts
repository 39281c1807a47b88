/** Looking at the rows of a batch as they were received; every look is written down before it is answered. */
import { Refusal } from '#kernel/errors';
import type { Actor } from '#kernel/policy/policy';
import type { Kernel } from '#kernel/stage';
import type { RowKind } from './grid.ts';
import { type Batch, batch } from './ledger.ts';

/** A row of an object. `cells` is null where the asker may not see them. */
export interface RawRow {
  readonly row: number;
  readonly kind: RowKind;
  readonly fault: string | null;
  readonly cells: readonly (string | null)[] | null;
}

export interface RowsQuery {
  readonly kind: RowKind | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** A batch the actor may ask about. @throws Refusal COLLECT_BATCH_UNKNOWN, POLICY_DENIED */
export async function openBatch(kernel: Kernel, actor: Actor, seq: number, action: string): Promise<Batch> {
  const found = await batch(kernel.db, seq);
  if (!found) throw new Refusal('COLLECT_BATCH_UNKNOWN', { batch: seq });
  kernel.policy.demand(actor, action, [found.department]);
  return found;
}

/**
 * A page of rows. The department's own steward sees them raw. Anybody else who may look sees what is not data: titles, headers, footers,
 * and of refused rows the number and the fault; raw cells have no element yet, so there is no mask that could show them.
 * @throws Refusal COLLECT_BATCH_UNKNOWN, POLICY_DENIED, COLLECT_RAW_ROWS, RECORD_UNAVAILABLE
 */
export async function readBatchRows(
  kernel: Kernel,
  actor: Actor,
  seq: number,
  query: RowsQuery,
): Promise<{ columns: readonly string[]; rows: RawRow[]; count: number; raw: boolean }> {
  const found = await openBatch(kernel, actor, seq, 'batch.rows');
  const raw = actor.roles.includes('provider-steward') && actor.department === found.department;
  if (!raw && query.kind === 'data') throw new Refusal('COLLECT_RAW_ROWS');
  const path = await kernel.objects.open(found.object);
  const where = `($2::VARCHAR is null or _kind = $2) and ($3::BOOLEAN or _kind <> 'data')`;
  const params = [path, query.kind ?? null, raw];
  const count = Number(
    (await kernel.warehouse.query<{ n: string }>(`select count(*)::VARCHAR as n from read_parquet($1) where ${where}`, params))[0]?.n ?? 0,
  );
  const cells = found.columns.map((_, i) => `c${i + 1}`).join(', ');
  const rows = await kernel.warehouse.query<{ _row: string; _kind: RowKind; _fault: string | null; cells: (string | null)[] | null }>(
    `select _row, _kind, _fault, case when $3::BOOLEAN or _kind <> 'refused' then [${cells}] end as cells from read_parquet($1) where ${where}
     order by _row limit $4::BIGINT offset $5::BIGINT`,
    [...params, query.limit, query.offset],
  );
  const answer = {
    columns: found.columns,
    rows: rows.map((r): RawRow => ({ row: Number(r._row), kind: r._kind, fault: r._fault, cells: r.cells })),
    count,
    raw,
  };
  await kernel.recorder.record({
    door: actor.door,
    outcome: 'answered',
    actor: actor.user,
    department: actor.department,
    action: 'batch.rows',
    target: `batch:${seq}`,
    grant: null,
    purpose: null,
    fields: found.columns,
    subjects: [],
    rows: rows.length,
    bytes: Buffer.byteLength(JSON.stringify(answer)),
    refusal: null,
  });
  return answer;
}
