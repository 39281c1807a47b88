/** Scanning a batch into a table: at once, or, where the table is wide, some fields after the others. */
import type { ExprEnv, Kernel } from '#kernel/stage';
import type { WarehouseOptions } from '#kernel/warehouse/client';
import type { LandedBatch } from './batch-facts.ts';
import type { TablePlan } from './plan.ts';
import { judgedSql, scanSql } from './scan.ts';

/**
 * Fields that one statement judges. The engine holds room for every step of every expression, 32 KiB each and thread, and plans all of them
 * together: 300 fields at once took 30 s and more than 1 GB, however few the rows; in parts they take six.
 */
const fieldsAtOnce = 40;

/** Whether a plan is judged in parts. */
export const isWide = (plan: TablePlan): boolean => plan.fields.length > 1.5 * fieldsAtOnce;

/** Writes the scan of a batch to a scratch table; the parts of a wide one are gone afterwards, whatever came of it. */
export async function scanInto(
  { warehouse }: Pick<Kernel, 'warehouse'>,
  plan: TablePlan,
  batch: LandedBatch,
  env: ExprEnv,
  { scan, part, ...options }: WarehouseOptions & { readonly scan: string; readonly part: (n: number) => string },
): Promise<void> {
  const parts = isWide(plan) ? Math.ceil(plan.fields.length / fieldsAtOnce) + 1 : 1;
  let written = 0;
  const write = async (table: string, sql: string): Promise<void> => {
    const { signal, progress } = options;
    const before = written / parts;
    const shared = progress && { progress: (share: number) => progress(before + share / parts) };
    await warehouse.execute([{ sql: `create or replace table ${table} as ${sql}`, params: [batch.path] }], { signal, ...shared });
    written += 1;
  };
  const judged: string[] = [];
  try {
    if (isWide(plan))
      for (let from = 0; from < plan.fields.length; from += fieldsAtOnce) {
        const places = [...plan.fields.keys()].slice(from, from + fieldsAtOnce);
        const table = part(judged.length);
        judged.push(table);
        await write(table, judgedSql(plan, batch, env, places));
      }
    await write(scan, scanSql(plan, batch, env, judged));
  } finally {
    if (judged.length > 0) await warehouse.execute(judged.map((table) => ({ sql: `drop table if exists ${table}` })));
  }
}
