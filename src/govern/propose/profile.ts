/** What is in a column, for a person to look at: how much is absent, how much is distinct, the ends, the commonest values. */
import type { Kernel } from '#kernel/stage';
import { filledSql, type Trial } from './sample.ts';

export interface Profile {
  readonly rows: number;
  /** Rows without a value: absent or nothing but blanks. */
  readonly absent: number;
  readonly distinct: number;
  /** False where counting exactly would cost too much: then `distinct` is within some 5%. */
  readonly exact: boolean;
  /** The least and the greatest value: by amount where every value is a number, else by text. */
  readonly least: string | null;
  readonly greatest: string | null;
  readonly longest: number;
  /** Values whose last digits a spreadsheet has lost: written with an exponent, or of more than 15 digits and nothing but zeros after the 15th. */
  readonly rounded: number;
  readonly commonest: readonly { readonly value: string; readonly count: number }[];
}

/** A number as it is stored once it was typed into a cell that holds 15 digits. */
const lostDigits = '[1-9](\\.[0-9]+)?[eE]\\+?(1[1-9]|[2-9][0-9])|[1-9][0-9]{14}0{2,8}';
/** As some programs write it: 17 digits and zeros. One number in ten ends so by itself, therefore only most of a column say anything. */
const asDouble = '[1-9][0-9]{16}0{1,4}';

/** Up to this many rows distinct values are counted exactly. */
const exactRows = 1_000_000;

/** The profile of every column, in order. `progress` is told after each. */
export async function profileColumns(
  kernel: Kernel,
  trial: Trial,
  signal: AbortSignal,
  progress: (done: number) => Promise<void>,
): Promise<Profile[]> {
  const profiles: Profile[] = [];
  const exact = trial.batch.rowsData <= exactRows;
  for (const [i] of trial.batch.columns.entries()) {
    const cell = `nullif(trim(c${i + 1}, ' \t\u3000\u00a0'), '')`;
    const values = `select ${cell} as v from (${filledSql(trial)})`;
    const [row] = await kernel.warehouse.query<{
      n: string;
      present: string;
      different: string;
      numbers: string;
      low: string | null;
      high: string | null;
      least: string | null;
      greatest: string | null;
      longest: number | null;
      rounded: string;
      doubles: string;
    }>(
      `with s as (${values}) select count(*) as n, count(v) as present, ${exact ? 'count(distinct v)' : 'approx_count_distinct(v)'} as different,
         count(try_cast(v as DOUBLE)) as numbers, arg_min(v, try_cast(v as DOUBLE)) as low, arg_max(v, try_cast(v as DOUBLE)) as high,
         min(v) as least, max(v) as greatest, max(length(v))::INTEGER as longest,
         count(*) filter (where regexp_full_match(v, '${lostDigits}')) as rounded,
         count(*) filter (where regexp_full_match(v, '${asDouble}')) as doubles from s`,
      [trial.batch.path],
      { signal },
    );
    const commonest = await kernel.warehouse.query<{ value: string; count: string }>(
      `with s as (${values}) select v as value, count(*) as count from s where v is not null group by 1 order by 2 desc, 1 limit 5`,
      [trial.batch.path],
      { signal },
    );
    const present = Number(row?.present ?? 0);
    const numeric = present > 0 && Number(row?.numbers) === present;
    profiles.push({
      rows: Number(row?.n ?? 0),
      absent: Number(row?.n ?? 0) - present,
      distinct: Number(row?.different ?? 0),
      exact,
      least: (numeric ? row?.low : row?.least) ?? null,
      greatest: (numeric ? row?.high : row?.greatest) ?? null,
      longest: row?.longest ?? 0,
      rounded: Math.max(Number(row?.rounded ?? 0), Number(row?.doubles) > 0.5 * present ? Number(row?.doubles) : 0),
      commonest: commonest.map((c) => ({ value: c.value, count: Number(c.count) })),
    });
    await progress(i + 1);
  }
  return profiles;
}
