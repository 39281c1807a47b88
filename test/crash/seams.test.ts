/**
 * A sample of `npm run crash:seams`: in one run a process is killed at one seam of objects, of database and of jobs each, in the middle of their
 * hits, and the run ends in the content of an undisturbed one.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runWithSeams, type SeamRun } from './seam-run.ts';

const place = mkdtempSync(join(tmpdir(), 'chengshu-seams-'));
const sample = ['objects.renamed', 'database.worked', 'jobs.ended'] as const;
let calm: SeamRun;

beforeAll(async () => {
  calm = await runWithSeams(place, [['objects.renamed', 0]]);
}, 240_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

test('an undisturbed run comes to every seam and kills nobody', () => {
  expect([...calm.hits].filter(([, hits]) => hits === 0)).toEqual([]);
  expect(calm.killed).toEqual([undefined]);
});

test('killed at a seam of objects, of database and of jobs', { timeout: 240_000 }, async () => {
  const run = await runWithSeams(
    place,
    sample.map((seam) => [seam, Math.ceil((calm.hits.get(seam) ?? 0) / 2)] as const),
  );
  expect(run.killed).toEqual(['work.ts', expect.any(String), 'work.ts']);
  expect(run.content).toBe(calm.content);
});
