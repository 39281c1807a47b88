/** Scanning a batch into a table: at once, or, where the table is wide, some fields after the others. */
import type { ExprEnv, Kernel } from '#kernel/stage';
import type { WarehouseOptions } from '#kernel/warehouse/client';
import type { LandedBatch } from './batch-facts.ts';
import type { TablePlan } from './plan.ts';
import { besideSql, judgedSql, rawSql, scanSql } from './scan.ts';

/**
 * Fields that one statement judges. The engine holds room for every step of every expression, 32 KiB each and thread, and plans all of them
 * together: 300 fields at once took 30 s and more than 1 GB, however few the rows; in parts they take six.
 */
const fieldsAtOnce = 40;

/**
 * Parts that one statement joins. The engine holds some 16 MiB for every join, however few the rows: the 41 parts of 1,600 fields at once
 * ran out of 1 GB.
 */
const joinedAtOnce = 8;

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
  const parts = isWide(plan) ? Math.ceil((plan.fields.length / fieldsAtOnce) * (1 + 1 / (joinedAtOnce - 1))) + 2 : 1;
  let written = 0;
  const write = async (table: string, sql: string, params: readonly string[]): Promise<void> => {
    const { signal, progress } = options;
    const before = written / parts;
    const shared = progress && { progress: (share: number) => progress(Math.min(1, before + share / parts)) };
    await warehouse.execute([{ sql: `create or replace table ${table} as ${sql}`, params }], { signal, ...shared });
    written += 1;
  };
  const drop = async (tables: readonly string[]): Promise<void> => {
    await warehouse.execute(tables.map((table) => ({ sql: `drop table if exists ${table}` })));
  };
  let judged: string[] = [];
  let made = 0;
  const fresh = (): string => {
    const table = part(made++);
    judged.push(table);
    return table;
  };
  try {
    if (isWide(plan)) {
      await write(fresh(), rawSql(plan, batch), [batch.path]);
      for (let from = 0; from < plan.fields.length; from += fieldsAtOnce) {
        const places = [...plan.fields.keys()].slice(from, from + fieldsAtOnce);
        await write(fresh(), judgedSql(plan, batch, env, places), [batch.path]);
      }
      while (judged.length > joinedAtOnce) {
        const some = judged.slice(0, joinedAtOnce);
        await write(fresh(), besideSql(some), []);
        judged = judged.filter((table) => !some.includes(table));
        await drop(some);
      }
    }
    await write(scan, scanSql(plan, batch, env, judged), isWide(plan) ? [] : [batch.path]);
  } finally {
    if (judged.length > 0) await drop(judged);
  }
}
