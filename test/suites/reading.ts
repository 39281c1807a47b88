/** Reads a file nobody declared as an upload does: survey, proposed layout, rows laid out, picture. Without PostgreSQL: none of it asks for one. */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Refusal } from '#kernel/errors';
import type { JobContext } from '#kernel/jobs/jobs';
import { openObjects } from '#kernel/objects/index';
import type { Kernel } from '#kernel/stage';
import { startWarehouse } from '#kernel/warehouse/index';
import { connectors } from '../../connectors/index.ts';
import { gridUnder, type Picture, proposeLayout } from '../../src/collect/propose-layout.ts';
import { laidOut } from '../../src/collect/read-upload.ts';
import type { FileReading, UploadTrial } from '../../src/collect/uploads.ts';
import '../../src/collect/errors.ts';

/** What came of a file. */
export interface Outcome {
  readonly file: string;
  readonly verdict: 'served' | 'refused' | 'crashed';
  /** Code of the refusal, or the first words of the error. */
  readonly code: string;
  readonly reading: FileReading | null;
  readonly trial: Omit<UploadTrial, 'object'> | null;
  readonly picture: Picture | null;
  /** Data rows by name of the column, asked for by `rows`. */
  readonly rows: readonly Readonly<Record<string, string | null>>[];
  readonly milliseconds: number;
}

export interface Reading {
  /** Proposes and reads one file; `most` data rows are given back. */
  of(path: string, most?: number): Promise<Outcome>;
  close(): Promise<void>;
}

/** Opens a store and a warehouse of their own in a folder that goes away. */
export async function openReading(): Promise<Reading> {
  const folder = await mkdtemp(join(tmpdir(), 'chengshu-suites-'));
  const warehouse = await startWarehouse(folder);
  const objects = openObjects(join(folder, 'objects'));
  const kernel = { objects, warehouse: warehouse.client } as Kernel;
  return {
    async of(path, most = 0) {
      const began = performance.now();
      const name = basename(path);
      const signal = AbortSignal.timeout(300_000);
      const done = { file: path, reading: null, trial: null, picture: null, rows: [] };
      try {
        const { digest } = await objects.put(createReadStream(path));
        const context: JobContext = { run: 'suite', attempt: 1, signal, progress: async () => undefined };
        const proposed = await proposeLayout(kernel, connectors, { original: digest, name, corrected: null, signal });
        const { trial, reading } = await laidOut(
          kernel,
          connectors,
          { id: 'suite', name, department: 'suite', original: digest },
          proposed,
          'footer',
          context,
        );
        const picture = await gridUnder(kernel, connectors, { original: digest, name, reading });
        const laid = await gridUnder(kernel, connectors, { original: digest, name, reading, laid: { ...trial, columns: reading.columns } });
        // What a person is shown before and after the rows were laid out is the same, or the picture would lie.
        const shown = picture.rows.length < laid.rows.length ? laid.rows.slice(0, picture.rows.length) : laid.rows;
        if (!isDeepStrictEqual([picture.columns, picture.rows], [laid.columns, shown]))
          throw new Error(
            `the picture is not what was laid out: ${JSON.stringify([picture.columns, picture.rows.length, laid.columns, laid.rows.length, picture.rows.filter((x, i) => !isDeepStrictEqual(x, laid.rows[i])).slice(0, 2), laid.rows.filter((x, i) => !isDeepStrictEqual(x, picture.rows[i])).slice(0, 2)]).slice(0, 900)}`,
          );
        const rows = await kernel.warehouse.query<{ cells: (string | null)[] }>(
          `select [${reading.columns.map((_, i) => `c${i + 1}`).join(', ')}] as cells from read_parquet($1) where _kind = 'data' order by _row limit $2::BIGINT`,
          [await objects.open(trial.object), most],
        );
        const { object: _, ...counts } = trial;
        return {
          ...done,
          verdict: 'served',
          code: reading.connector,
          reading,
          trial: counts,
          picture,
          rows: rows.map((r) => Object.fromEntries(reading.columns.map((c, i) => [c, r.cells[i] ?? null]))),
          milliseconds: performance.now() - began,
        };
      } catch (error) {
        const milliseconds = performance.now() - began;
        if (error instanceof Refusal) return { ...done, verdict: 'refused', code: error.code, milliseconds };
        return { ...done, verdict: 'crashed', code: String((error as Error).stack ?? error).slice(0, 600), milliseconds };
      }
    },
    async close() {
      await warehouse.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
