/** A warehouse file that was lost is built again from the ledger, by itself. */
import { setInterval as every } from 'node:timers';
import { rebuildAll } from '#govern';
import type { OpenKernel } from '#kernel/open';
import { machine } from '#kernel/review/review';

const lookMs = 3000;

/**
 * Looks now and then whether the warehouse is fresh. With an empty ledger there is nothing to build; otherwise every governed table is replayed,
 * the libraries and services follow by their own facts, and the file is said to be complete when the replaying is done. Returns the way to stop looking.
 */
export function watchWarehouse(kernel: OpenKernel, onError: (error: unknown) => void): () => void {
  let queued: readonly string[] = [];
  let looking = false;
  const look = async (): Promise<void> => {
    if (!(await kernel.warehouse.health()).fresh) {
      queued = [];
      return;
    }
    if (queued.length === 0) {
      const landed = await kernel.db.first('select 1 from collect.batch limit 1');
      queued = landed ? await rebuildAll(kernel, machine) : [];
      if (queued.length === 0) await kernel.warehouse.complete();
      return;
    }
    const open = await kernel.db.first(`select 1 from kernel.run where id = any($1) and state in ('waiting', 'running') limit 1`, [queued]);
    if (open) return;
    const done = await kernel.db.first<{ n: number }>(`select count(*) as n from kernel.run where id = any($1) and state = 'done'`, [
      queued,
    ]);
    // One that did not end well is tried again with all the others: replaying what is there already changes nothing.
    if (done?.n === queued.length) await kernel.warehouse.complete();
    queued = [];
  };
  const timer = every(() => {
    if (looking) return;
    looking = true;
    look()
      .catch(onError)
      .finally(() => {
        looking = false;
      });
  }, lookMs);
  return () => clearInterval(timer);
}
