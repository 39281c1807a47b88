/** Columns of which a blank may mean the value above. The file does not declare it, so it is a proposal and no more. */
import type { Grid } from './cell-shape.ts';

/**
 * Columns at the left whose blanks take the value above: mostly blank, never the same twice running, and the columns beside them full. A column
 * of remarks is blank too, but stands at the right.
 */
export function filledDown(data: Grid, width: number): number[] {
  if (data.length < 4) return [];
  const found: number[] = [];
  for (let i = 0; i < width - 1; i++) {
    const cells = data.map((row) => row[i] ?? null);
    const count = cells.filter((c) => c !== null).length;
    if (count === data.length) {
      // A running number before the group is no reason to stop; a full column of anything else is.
      if (cells.every((c) => /^\d+$/.test(c ?? ''))) continue;
      break;
    }
    const right = data.filter((row) => row.slice(i + 1).some((c) => c !== null)).length;
    const nextFull = data.filter((row) => (row[i + 1] ?? null) !== null).length;
    const values = cells.filter((c) => c !== null);
    const repeats = values.some((c, n) => n > 0 && c === values[n - 1]);
    if (cells[0] === null || count === 0 || count > 0.67 * data.length || right < data.length || repeats) break;
    if (
      nextFull < 0.9 * data.length &&
      filledDown(
        data.map((r) => r.slice(i + 1)),
        width - i - 1,
      ).length === 0
    )
      break;
    found.push(i);
  }
  return found;
}
