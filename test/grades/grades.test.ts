/** Grades that are proposed for the project's own files, scored against those written by hand. */
import { expect, test } from 'vitest';
import { gradedOf, ownFiles, ownGold, scoresOf, told } from './score.ts';

test('what is personal is masked, and digits of decimals, codes, references and places are not', async () => {
  const graded = await gradedOf(ownFiles, ownGold());
  console.log(told(graded));
  const { mask } = scoresOf(graded);
  expect(graded.filter((g) => g.gold >= 3 && g.proposed < 3)).toEqual([]);
  expect(mask.precision).toBeGreaterThanOrEqual(0.95);
  expect(graded.filter((g) => g.gold !== g.proposed).length).toBeLessThanOrEqual(0.05 * graded.length);
});
