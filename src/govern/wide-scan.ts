/** Scanning a batch into a table: at once, or, where the table is wide, some fields after the others. */
import type { ExprEnv, Kernel } from '#kernel/stage';
import type { WarehouseOptions } from '#kernel/warehouse/client';
import type { LandedBatch } from './batch-facts.ts';
import type { PlannedField, TablePlan } from './plan.ts';
import { besideSql, judgedSql, rawSql, type ScanPart, scanSql, wordColumn, wordsSql } from './scan.ts';

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

/** A word for no value in a column, and the rows that have it. */
export interface AbsentWord {
  readonly field: string;
  readonly word: string;
  readonly rows: number;
}

/**
 * Writes the scan of a batch to a scratch table. The parts of a wide one are gone afterwards, also after a failure. Returns the words that were
 * taken for no value.
 */
export async function scanInto(
  { warehouse }: Pick<Kernel, 'warehouse'>,
  plan: TablePlan,
  batch: LandedBatch,
  env: ExprEnv,
  { scan, part, ...options }: WarehouseOptions & { readonly scan: string; readonly part: (n: number) => string },
): Promise<readonly AbsentWord[]> {
  const parts = isWide(plan) ? Math.ceil((plan.fields.length / fieldsAtOnce) * (1 + 1 / (joinedAtOnce - 1))) + 2 : 1;
  let written = 0;
  const write = async (table: string, sql: string, params: readonly string[]): Promise<void> => {
    const { signal, progress } = options;
    const before = written / parts;
    const shared = progress && { progress: (share: number) => progress(Math.min(1, before + share / parts)) };
    await warehouse.execute([{ sql: `create or replace table ${table} as ${sql}`, params }], { signal, ...shared });
    written += 1;
  };
  const drop = async (some: readonly ScanPart[]): Promise<void> => {
    await warehouse.execute(some.map(({ table }) => ({ sql: `drop table if exists ${table}` })));
  };
  const found: AbsentWord[] = [];
  const count = async (places: readonly number[], relation: string): Promise<void> => {
    const [row] = await warehouse.query<Record<string, string | null>>(wordsSql(places, relation));
    for (const [n, i] of places.entries())
      for (const [word, rows] of Object.entries(JSON.parse(row?.[`h${n}`] ?? '{}') as Record<string, number>))
        found.push({ field: (plan.fields[i] as PlannedField).name, word, rows });
  };
  let judged: ScanPart[] = [];
  let made = 0;
  const fresh = (places: readonly number[] = []): string => {
    const table = part(made++);
    judged.push({ table, words: places.map(wordColumn) });
    return table;
  };
  const all = [...plan.fields.keys()];
  try {
    if (!isWide(plan)) {
      await write(scan, scanSql(plan, batch, env), [batch.path]);
      await count(all, scan);
      return found;
    }
    await write(fresh(), rawSql(plan, batch), [batch.path]);
    for (let from = 0; from < all.length; from += fieldsAtOnce) {
      const places = all.slice(from, from + fieldsAtOnce);
      const table = fresh(places);
      await write(table, judgedSql(plan, batch, env, places), [batch.path]);
      await count(places, table);
    }
    // The last statement also compares rows: with eight parts of 1,600 fields to join it ran out of 1 GB once in six runs.
    const lastJoined = judged.length > joinedAtOnce ? 2 : joinedAtOnce;
    while (judged.length > lastJoined) {
      const some = judged.slice(0, Math.min(joinedAtOnce, judged.length - 1));
      await write(fresh(), besideSql(some), []);
      judged = judged.filter((p) => !some.includes(p));
      await drop(some);
    }
    await write(scan, scanSql(plan, batch, env, judged), []);
    return found;
  } finally {
    if (judged.length > 0) await drop(judged);
  }
}
