/** Whether a full edition takes away so much that its steward is asked before it is served. */
import { type Source, usualRemoval } from '#declare';

/** Of `current` rows `removed` would go. A source that was emptied, or lost a good part of itself, is more often a fault than the truth. */
export function removalWaits(source: Pick<Source, 'removal'>, current: number, removed: number): boolean {
  const limit = source.removal ?? usualRemoval;
  if (limit === 'replaces-itself' || removed === 0) return false;
  return removed >= current || (removed * 100 > limit.percent * current && removed > limit.rows);
}
