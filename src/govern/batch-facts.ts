/** What governing needs to know of one landed batch. */

import { batch, batchesOf } from '#collect';
import { dayOf } from '#kernel/clock';
import type { Kernel } from '#kernel/stage';

/** A batch of the ledger with the local path of its object. */
export interface LandedBatch {
  readonly seq: number;
  readonly source: string;
  /** The batch's number within its source, from 1. */
  readonly ordinal: number;
  readonly path: string;
  readonly mode: 'full' | 'incremental';
  readonly rowsIn: number;
  readonly rowsData: number;
  readonly rowsRefused: number;
  /** Names of the columns c1, c2, … of the object. */
  readonly columns: readonly string[];
  readonly landedAt: string;
  /** Place of the batch from which rows count: what landed before the source was read as a whole is over. */
  readonly since: number;
  /** The day it landed: what "today" means for its rows, so that replaying it later gives the same verdicts. */
  readonly day: string;
}

type Ledger = NonNullable<Awaited<ReturnType<typeof batch>>>;

const landed = async (kernel: Kernel, b: Ledger): Promise<LandedBatch> => ({
  seq: b.seq,
  source: b.source,
  ordinal: b.ordinal,
  path: await kernel.objects.open(b.object),
  mode: b.mode,
  rowsIn: b.rowsIn,
  rowsData: b.rowsData,
  rowsRefused: b.rowsRefused,
  columns: b.columns,
  landedAt: b.landedAt,
  since: b.since,
  day: dayOf(new Date(b.landedAt)),
});

/** One batch; undefined when the ledger does not hold it. */
export async function landedBatch(kernel: Kernel, seq: number): Promise<LandedBatch | undefined> {
  const found = await batch(kernel.db, seq);
  return found && landed(kernel, found);
}

/** Every batch of a source in ledger order. */
export async function landedBatches(kernel: Kernel, source: string): Promise<readonly LandedBatch[]> {
  const found = await batchesOf(kernel.db, source);
  return Promise.all([...found].sort((a, b) => a.seq - b.seq).map((b) => landed(kernel, b)));
}
