/** A sample of `npm run crash:seams`: one seam of objects, database and jobs each, hit in the middle, end in the content of an undisturbed run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runWithSeam, type SeamRun } from './seam-run.ts';

const place = mkdtempSync(join(tmpdir(), 'chengshu-seams-'));
let calm: SeamRun;

beforeAll(async () => {
  calm = await runWithSeam(place, 'objects.renamed', 0);
}, 240_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

test('an undisturbed run comes to every seam and kills nobody', () => {
  expect([...calm.hits].filter(([, hits]) => hits === 0)).toEqual([]);
  expect(calm.killed).toBeUndefined();
});

test.each([
  ['objects.renamed', 'work.ts'],
  ['database.worked', undefined],
  ['jobs.ended', 'work.ts'],
] as const)('killed at %s', { timeout: 240_000 }, async (seam, program) => {
  const run = await runWithSeam(place, seam, Math.ceil((calm.hits.get(seam) ?? 0) / 2));
  expect(run.killed).toEqual(program ?? expect.any(String));
  expect(run.content).toBe(calm.content);
});
