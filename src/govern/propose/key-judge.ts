/** How well some columns identify the rows of an upload, exact repeats of a row apart. */
import { rm } from 'node:fs/promises';
import { governedType } from '#declare';
import type { Snapshot } from '#kernel/documents/documents';
import { contentSql } from '#kernel/sql/content';
import type { Kernel } from '#kernel/stage';
import { planField } from '../plan.ts';
import { governedText } from '../scan.ts';
import { shownCharacters } from './profile.ts';
import { filledSql, type Trial } from './sample.ts';

/** The value that a column is told apart by, from its cell. */
export type CellOf = (column: string, cell: string) => string;

/** As it is written, without the blanks around it: cheap enough to search by. */
export const asWritten: CellOf = (_, cell) => `nullif(trim(${cell}, ' \t\u3000\u00a0'), '')`;

/** As it will be governed as an element: 0001 and 1 are one number, 340104000000 and 340104 one division. */
export const asGoverned =
  (snapshot: Snapshot, trial: Trial, elementOf: (column: string) => string | undefined): CellOf =>
  (column, cell) => {
    const means = snapshot.find('element', elementOf(column) ?? '');
    if (!means) return asWritten(column, cell);
    const seen = { name: 'value', title: { zh: column }, type: governedType(means), element: means.id, sensitivity: means.sensitivity };
    const env = { today: trial.batch.day, codeList: (id: string) => snapshot.codeList(id) };
    return governedText(planField(snapshot, seen, column, means), cell, env);
  };

export interface KeyCandidate {
  readonly columns: readonly string[];
  /** Rows that lack a value of it. */
  readonly absent: number;
  /** Rows beyond the first of each value, exact repeats of a row apart: what a key would have to turn away. */
  readonly repeated: number;
  /** A few values that several rows have. */
  readonly examples: readonly { readonly values: readonly (string | null)[]; readonly rows: number }[];
}

/** Whether every row has the key and no two rows share it. */
export const isExact = (k: KeyCandidate): boolean => k.repeated + k.absent === 0;

/** Rows that repeats are searched by, about; of a larger table one value in so many is taken, with all the rows that have it. */
export const searchedRows = 2_000_000;

/** More exact repeats than this share of the rows are no repeats: the rows are alike. */
export const repeatsAtMost = 0.2;

/** Gives the work the rows without exact repeats of others, where there are some and they are few. Removed afterwards. */
export async function withoutRepeats<T>(
  kernel: Kernel,
  trial: Trial,
  signal: AbortSignal | undefined,
  work: (distinct: Trial) => Promise<T>,
): Promise<T> {
  const { batch, source } = trial;
  const content = contentSql(batch.columns.map((_, i) => `c${i + 1}`));
  const [found] = await kernel.warehouse.query<{ n: string }>(
    `select count(distinct md5_number(${content}))::VARCHAR as n from (${filledSql(trial)})`,
    [batch.path],
    { signal },
  );
  const repeats = batch.rowsData - Number(found?.n ?? 0);
  if (repeats === 0 || repeats > repeatsAtMost * batch.rowsData) return work(trial);
  const path = kernel.objects.staging();
  try {
    const { rows } = await kernel.warehouse.copyToParquet(
      `select 'data' as _kind, * from (${filledSql(trial)}) qualify row_number() over (partition by md5_number(${content}) order by _row) = 1`,
      [batch.path],
      path,
      { signal },
    );
    const layout = source.layout && { ...source.layout, fillDown: [] };
    return await work({ ...trial, source: { ...source, layout }, batch: { ...batch, path, rowsIn: rows, rowsData: rows, rowsRefused: 0 } });
  } finally {
    await rm(path, { force: true });
  }
}

/**
 * Tells how well some columns identify the rows, by their written values. They are counted, or reckoned from a part of the values of a large table.
 */
export async function reckonKey(
  kernel: Kernel,
  trial: Trial,
  columns: readonly string[],
  mostRows: number,
  signal: AbortSignal,
): Promise<KeyCandidate> {
  const every = Math.max(1, Math.floor(trial.batch.rowsData / mostRows));
  const places = columns.map((c) => trial.batch.columns.indexOf(c));
  const cells = columns.map((c, i) => asWritten(c, `c${(places[i] as number) + 1}`));
  const [counts] = await kernel.warehouse.query<{ absent: string; repeated: string }>(
    `select count(*) filter (where absent) as absent, count(*) filter (where picked) - count(distinct h) filter (where picked) as repeated
     from (select h, absent, not absent and h % ${every} = 0 as picked
       from (select hash(${cells.join(', ')}) as h, ${cells.map((c) => `${c} is null`).join(' or ')} as absent from (${filledSql(trial, places)})))`,
    [trial.batch.path],
    { signal },
  );
  return { columns, absent: Number(counts?.absent ?? 0), repeated: every * Number(counts?.repeated ?? 0), examples: [] };
}

/** How well some columns identify the rows, counted over all of them. */
export async function judgeKey(
  kernel: Kernel,
  trial: Trial,
  columns: readonly string[],
  cellOf: CellOf,
  signal?: AbortSignal,
): Promise<KeyCandidate> {
  const places = columns.map((c) => trial.batch.columns.indexOf(c));
  const values = columns.map((c, i) => `${cellOf(c, `c${(places[i] as number) + 1}`)} as v${i}`);
  const cells = columns.map((_, i) => `v${i}`);
  const rows = `(select ${values.join(', ')} from (${filledSql(trial, places)}))`;
  const present = cells.map((c) => `${c} is not null`).join(' and ');
  const [counts] = await kernel.warehouse.query<{ rows: string; present: string; different: string }>(
    `select count(*) as rows, count(*) filter (where ${present}) as present,
       count(distinct ${cells.length === 1 ? cells[0] : `md5_number(${contentSql(cells)})`}) filter (where ${present}) as different from ${rows}`,
    [trial.batch.path],
    { signal },
  );
  const repeated = Number(counts?.present ?? 0) - Number(counts?.different ?? 0);
  const examples =
    repeated === 0
      ? []
      : await kernel.warehouse.query<{ found: (string | null)[]; n: string }>(
          `select [${cells.map((c) => `left(${c}, ${shownCharacters})`).join(', ')}] as found, n from (select ${cells.join(', ')}, count(*) as n from ${rows}
           where ${present} group by all having count(*) > 1 order by n desc, ${cells.join(', ')} limit 5)`,
          [trial.batch.path],
          { signal },
        );
  return {
    columns,
    absent: Number(counts?.rows ?? 0) - Number(counts?.present ?? 0),
    repeated,
    examples: examples.map((e) => ({ values: e.found, rows: Number(e.n) })),
  };
}
