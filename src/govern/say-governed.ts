/** Saying that a table was governed. */

import type { Transaction } from '#kernel/db/pool';
import { machine } from '#kernel/review/review';
import type { Kernel } from '#kernel/stage';

/** Says it in the transaction; the numbers fill the sentence of the timeline. */
export const sayGoverned = (
  kernel: Kernel,
  tx: Transaction,
  table: string,
  body: {
    readonly batch: number;
    readonly ordinal: number;
    readonly read: number;
    readonly governed: number;
    readonly quarantined: number;
  },
): Promise<void> => kernel.facts.publish(tx, { name: 'table-governed', about: `table:${table}`, actor: machine, body: { table, ...body } });
