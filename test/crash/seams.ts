/**
 * `npm run crash:seams -- [--only <part of a name>]`: at every named seam of objects, database and jobs the process that comes to it is killed, at the first, the middle
 * and the last hit of an undisturbed run; started again, the run ends in the same objects, table rows, counts and answers.
 * `--only <part of a name>` takes some of the seams.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Seam, seams } from '#kernel/seam';
import { buildWeb } from '../../bin/web.ts';
import { optionsOf } from '../../scripts/usage.ts';
import { firstDifference } from './installation.ts';
import { runWithSeams, type SeamRun } from './seam-run.ts';

const values = optionsOf({ only: { type: 'string', default: '' } });
const place = mkdtempSync(join(tmpdir(), 'chengshu-seams-'));
const began = performance.now();
let kills = 0;
let wrong = 0;

/** A run that is disturbed has a little more or less to do than a calm one: the last hit is the last that this run comes to. */
async function killedAt(seam: Seam, wanted: number): Promise<{ hit: number; run: SeamRun }> {
  let hit = wanted;
  for (let tries = 0; ; tries++) {
    const run = await runWithSeams(place, [[seam, hit]]);
    if (run.killed[0] !== undefined || tries === 3) return { hit, run };
    hit = run.hits.get(seam) ?? 1;
  }
}

// Only the first start builds the console; that would be part of the calm run alone.
await buildWeb(() => undefined);
const calm = await runWithSeams(place, [[seams[0], 0]]);
console.log(`undisturbed: ${calm.seconds.toFixed(1)} s\n`);
console.log('| seam | hits | killed at | process | started again | s | content |\n| --- | ---: | ---: | --- | --- | ---: | --- |');

for (const seam of seams.filter((s) => s.includes(values.only))) {
  const last = calm.hits.get(seam) ?? 0;
  if (last === 0) {
    wrong += 1;
    console.log(`| ${seam} | 0 | | nobody comes here | | | NOT TRIED |`);
  }
  for (const wanted of last === 0 ? [] : new Set([1, Math.ceil(last / 2), last])) {
    try {
      const { hit, run } = await killedAt(seam, wanted);
      const same = run.content === calm.content;
      const [who] = run.killed;
      if (who !== undefined) kills += 1;
      if (!same || who === undefined) wrong += 1;
      const verdict = who === undefined ? 'NOT REACHED' : same ? 'the same' : 'DIFFERENT';
      console.log(
        `| ${seam} | ${last} | ${hit} | ${(who ?? '').replace(/\.ts$/, '')} | ${run.again ? 'by hand' : 'by its parent'} | ${run.seconds.toFixed(1)} | ${verdict} |`,
      );
      if (!same) console.error(firstDifference(calm.content, run.content));
    } catch (error) {
      wrong += 1;
      console.log(`| ${seam} | ${last} | ${wanted} | | | | FAILED |`);
      console.error(error instanceof Error ? error.message : error);
    }
  }
}

rmSync(place, { recursive: true, force: true });
const minutes = ((performance.now() - began) / 60_000).toFixed(1);
console.log(
  `\n${kills} kills in ${minutes} min; ${wrong === 0 ? 'every one ended in the content of the undisturbed run' : `${wrong} went wrong`}`,
);
process.exit(wrong === 0 ? 0 : 1);
