/** Brings the bytes of a reading to disk, in bounded memory, so that a source that goes away leaves nothing behind. */
import { open, rm } from 'node:fs/promises';
import {
  type Connector,
  type ConnectorEffects,
  ConnectorRefusal,
  type CursorRange,
  type Delivery,
  type Position,
  type Source,
} from '#declare';
import type { JobContext } from '#kernel/jobs/jobs';
import type { Kernel } from '#kernel/stage';
import { orFull } from '#kernel/stores';
import { driftOf, refusalOf } from './connector-refusal.ts';
import { type Drift, driftRefusal } from './drift.ts';
import { asDelivered } from './group-column.ts';
import { newColumns } from './new-columns.ts';

/** A reading that ended well. */
export interface Staged {
  readonly delivery: Delivery;
  /** Path of the delivered records; the caller removes it. */
  readonly path: string;
  readonly bytes: number;
  /** Whether any cell of the records is quoted. */
  readonly quoted: boolean;
}

/** What a reading begins from. */
export interface ReadingOrder {
  readonly source: Source;
  readonly since: Position | null;
  readonly ranges?: readonly CursorRange[];
  /** Digest of the uploaded file; null where the connector fetches. */
  readonly original: string | null;
}

/** The effects a connector is given. Only this source's own secrets can be asked for: its document names them. */
export function effectsFor(
  kernel: Kernel,
  source: Source,
  original: string | null,
  signal: AbortSignal,
  progress: ConnectorEffects['progress'],
): ConnectorEffects {
  const named = new Set(Object.values(source.settings));
  const file = (): string => {
    if (original === null) throw new Error(`source ${source.id} has no delivered file`);
    return original;
  };
  return {
    open: () => kernel.objects.read(file()),
    file: () => kernel.objects.open(file()),
    secret: async (value) => {
      if (!named.has(value)) throw new Error(`source ${source.id} does not name this secret`);
      return kernel.secrets.reveal(kernel.db, value);
    },
    progress,
    signal,
  };
}

/** Thrown out of a reading so that the caller can note it before it is told: `refusal` is what the connector said. */
export class ReadingFailed extends Error {
  override readonly name = 'ReadingFailed';
  readonly refusal: ConnectorRefusal;
  constructor(refusal: ConnectorRefusal) {
    super(refusal.message, { cause: refusal });
    this.refusal = refusal;
  }
}

/** Thrown out of a reading whose table has other columns than are known, before its rows are read. */
export class Drifted extends Error {
  override readonly name = 'Drifted';
  readonly drift: Drift;
  /** Columns that were found. */
  readonly columns: readonly string[];
  constructor(drift: Drift, columns: readonly string[]) {
    super('the columns are not as declared');
    this.drift = drift;
    this.columns = columns;
  }
}

/** What a failed reading is told as. */
export function toldAs(source: string, failed: ReadingFailed): Error {
  const drift = driftOf(failed.refusal);
  return drift ? driftRefusal(source, drift) : refusalOf(source, failed.refusal);
}

/** Reads a source to a file of the store's staging. @throws ReadingFailed, Drifted, or the signal's reason when it was aborted */
export async function stageReading(kernel: Kernel, connector: Connector, order: ReadingOrder, context: JobContext): Promise<Staged> {
  const { source } = order;
  const { signal } = context;
  const failures: unknown[] = [];
  const progress = (done: number, total: number | null): void => {
    context
      .progress(done, total, { zh: `正在读取“${source.title.zh}”`, en: `Reading ${source.title.en ?? source.title.zh}` })
      .catch((error: unknown) => failures.push(error));
  };
  const path = kernel.objects.staging();
  // Bytes that are not read hold the connection until the connector is told that they are unwanted.
  const unwanted = new AbortController();
  try {
    const effects = effectsFor(kernel, source, order.original, AbortSignal.any([signal, unwanted.signal]), progress);
    const delivery = await connector.read(
      { source: asDelivered(source), since: order.since, ...(order.ranges && { ranges: order.ranges }) },
      effects,
    );
    const { beside } = delivery;
    const extra = beside ? await newColumns(kernel.db, source, beside) : [];
    if (extra.length > 0) throw new Drifted({ missing: [], extra, renamed: [], reordered: [] }, [...source.columns, ...(beside ?? [])]);
    const file = await open(path, 'wx', 0o600);
    let bytes = 0;
    let quoted = false;
    try {
      for await (const chunk of delivery.bytes) {
        signal.throwIfAborted();
        if (failures.length > 0) throw failures[0];
        bytes += chunk.length;
        quoted ||= Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).includes('"');
        for (let written = 0; written < chunk.length; ) written += (await file.write(chunk, written)).bytesWritten;
      }
    } finally {
      await file.close();
    }
    signal.throwIfAborted();
    return { delivery, path, bytes, quoted };
  } catch (error) {
    unwanted.abort(error);
    await rm(path, { force: true });
    if (signal.aborted) throw signal.reason;
    if (error instanceof Drifted) throw error;
    throw error instanceof ConnectorRefusal ? new ReadingFailed(error) : orFull(error, 'objects');
  }
}
