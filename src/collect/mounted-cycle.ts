/** The update cycles of sources, by the entries that they make good. */
import { withdrawnEntries } from '#catalog';
import type { DocumentOf, UpdateCycle } from '#declare';
import type { Db } from '#kernel/db/pool';
import type { Snapshot } from '#kernel/documents/documents';

/** What a source must keep, and who promised it. */
export interface Promised {
  readonly cycle: UpdateCycle;
  readonly entry: DocumentOf<'entry'>;
}

/** The cycle that each source must keep: the shortest of the entries mounted on it that were not withdrawn; undefined where there is none. */
export async function cyclesOf(db: Db, snapshot: Snapshot): Promise<(source: string) => Promised | undefined> {
  const withdrawn = await withdrawnEntries(db);
  const promised = new Map<string, Promised>();
  for (const { source, entry: id } of snapshot.list('mount')) {
    const entry = withdrawn.has(id) ? undefined : snapshot.find('entry', id);
    const cycle = entry && snapshot.find('update-cycle', `cycle-${entry.updateCycle}`);
    const before = promised.get(source);
    if (entry && cycle && (!before || lengthOf(cycle) < lengthOf(before.cycle))) promised.set(source, { cycle, entry });
  }
  return (source) => promised.get(source);
}

/** Minutes, to compare cycles with one another. */
function lengthOf({ every }: UpdateCycle): number {
  if (every === null) return Number.POSITIVE_INFINITY;
  return 'minutes' in every ? every.minutes : 'days' in every ? every.days * 1440 : every.months * 30 * 1440;
}
