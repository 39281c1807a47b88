/** Samples of the rows of an upload: large enough to judge by, small enough that a person does not wait for it. */
import { rm } from 'node:fs/promises';
import { sourceOfUpload, type Upload } from '#collect';
import type { Source } from '#declare';
import { Refusal } from '#kernel/errors';
import type { Kernel } from '#kernel/stage';
import type { LandedBatch } from '../batch-facts.ts';

/** Rows that columns are judged by, at most; of a wide table fewer, as every value is judged by every element. */
const sampleRows = 20_000;
const fewestRows = 300;
const sampleCells = 100_000;

/** The rows of an upload as governing sees a batch. */
export interface Trial {
  readonly source: Source;
  readonly batch: LandedBatch;
  /** Columns that the file hides. */
  readonly hidden: ReadonlySet<string>;
}

/** What an upload's rows would be as a batch. @throws Refusal COLLECT_UPLOAD_NOT_READ */
export async function trialOf(kernel: Kernel, upload: Upload): Promise<Trial> {
  if (!upload.reading || !upload.trial) throw new Refusal('COLLECT_UPLOAD_NOT_READ', { name: upload.name });
  const { reading, trial } = upload;
  return {
    source: sourceOfUpload(upload, reading),
    // Where all are, hiding says nothing about any of them.
    hidden: new Set(reading.hidden?.length === reading.columns.length ? [] : reading.hidden),
    batch: {
      seq: 0,
      source: upload.id,
      ordinal: 1,
      path: await kernel.objects.open(trial.object),
      mode: 'full',
      rowsIn: trial.rowsIn,
      rowsData: trial.rowsData,
      rowsRefused: trial.rowsRefused,
      columns: reading.columns,
      since: 0,
      landedAt: kernel.clock.now().toISOString(),
      day: kernel.clock.today(),
    },
  };
}

/**
 * The data rows with what is filled down already filled: `_row` and the cells of these columns (by place; all where none are named: a statement
 * that names 300 columns to look at one takes a quarter of a second to plan). Its parameter is the path of the object.
 */
export function filledSql(trial: Trial, places: readonly number[] = [...trial.batch.columns.keys()]): string {
  const filled = new Set(trial.source.layout?.fillDown ?? []);
  const cells = places.map((i) =>
    filled.has(trial.batch.columns[i] as string)
      ? `coalesce(nullif(c${i + 1}, ''), last_value(nullif(c${i + 1}, '') ignore nulls) over (order by _row rows unbounded preceding)) as c${i + 1}`
      : `c${i + 1}`,
  );
  return `select ${['_row', ...cells].join(', ')} from read_parquet($1) where _kind = 'data'`;
}

/**
 * Cells that are looked at, at most: about 15 s of two processors. A proposal for 20 million rows of seven columns took 12 minutes over all of
 * them, and every change that a person tried took four.
 */
const lookedCells = 10_000_000;

/**
 * Gives the work the rows to look at: all of them, or of a larger table rows picked over all of it, the same ones every time and with what is filled
 * down filled. Removed afterwards.
 */
export async function withLooked<T>(
  kernel: Kernel,
  trial: Trial,
  signal: AbortSignal | undefined,
  work: (looked: Trial) => Promise<T>,
  mostCells = lookedCells,
): Promise<T> {
  const { batch, source } = trial;
  const every = Math.ceil((batch.rowsData * batch.columns.length) / mostCells);
  if (every <= 1) return work(trial);
  const path = kernel.objects.staging();
  try {
    const { rows } = await kernel.warehouse.copyToParquet(
      `select 'data' as _kind, * from (${filledSql(trial)}) where hash(_row, 'looked') % ${every} = 0`,
      [batch.path],
      path,
      { signal },
    );
    const layout = source.layout && { ...source.layout, fillDown: [] };
    return await work({ ...trial, source: { ...source, layout }, batch: { ...batch, path, rowsData: rows } });
  } finally {
    await rm(path, { force: true });
  }
}

/** Characters that a value is judged by. Every element but plain text ends far below; a column of drawings would be copied whole. */
const judgedCharacters = 5000;

/** Places of a column's values in a sample: the place of the column above so many bits, the row below. */
export const columnShift = 32;

/**
 * Gives the work a sample of the values of all columns, one under the other, as a batch with one column (one statement then judges them all:
 * planning a statement that knows every element costs 350 ms, however few rows it has). The same rows every time; removed afterwards.
 */
export async function withSample<T>(
  kernel: Kernel,
  trial: Trial,
  signal: AbortSignal,
  work: (sample: Trial, rows: number) => Promise<T>,
): Promise<T> {
  const path = kernel.objects.staging();
  const { columns, rowsData } = trial.batch;
  const most = Math.max(fewestRows, Math.min(sampleRows, Math.floor(sampleCells / columns.length)));
  const every = Math.max(1, Math.ceil(rowsData / most));
  const picked = every === 1 ? 'true' : `hash(_row) % ${every} = 0`;
  // One list of values a row, and not a statement for each column: 300 of those take five times as long.
  const values = columns.map((_, i) => `{'_row': (${i}::BIGINT << ${columnShift}) + _row, 'c1': left(c${i + 1}, ${judgedCharacters})}`);
  try {
    const { rows } = await kernel.warehouse.copyToParquet(
      `select 'data' as _kind, _row, c1 from (select unnest([${values.join(', ')}], recursive := true) from (${filledSql(trial)}) where ${picked}) where nullif(c1, '') is not null`,
      [trial.batch.path],
      path,
      { signal },
    );
    const layout = trial.source.layout && { ...trial.source.layout, fillDown: [] };
    const batch = { ...trial.batch, path, rowsIn: rows, rowsData: rows, rowsRefused: 0, columns: [sampledColumn] };
    return await work(
      { source: { ...trial.source, layout, columns: [sampledColumn], mode: 'full', cursor: null, key: [] }, batch, hidden: new Set() },
      Math.ceil(rowsData / every),
    );
  } finally {
    await rm(path, { force: true });
  }
}

/** The one column of a sample. */
export const sampledColumn = 'value';
