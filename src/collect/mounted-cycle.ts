/** The update cycle of a source, by the entries that it makes good. */
import type { DocumentOf, UpdateCycle } from '#declare';
import type { Snapshot } from '#kernel/documents/documents';

/** The cycle that a source must keep: the shortest of those of the entries mounted on it. Undefined where none is mounted. */
export function cycleOf(
  snapshot: Snapshot,
  source: string,
): { readonly cycle: UpdateCycle; readonly entry: DocumentOf<'entry'> } | undefined {
  const found = snapshot
    .list('mount')
    .filter((m) => m.source === source)
    .flatMap((m) => {
      const entry = snapshot.find('entry', m.entry);
      const cycle = entry && snapshot.find('update-cycle', `cycle-${entry.updateCycle}`);
      return entry && cycle ? [{ cycle, entry }] : [];
    });
  return found.toSorted((a, b) => lengthOf(a.cycle) - lengthOf(b.cycle))[0];
}

/** Minutes, to compare cycles with one another. */
function lengthOf({ every }: UpdateCycle): number {
  if (every === null) return Number.POSITIVE_INFINITY;
  return 'minutes' in every ? every.minutes : 'days' in every ? every.days * 1440 : every.months * 30 * 1440;
}
