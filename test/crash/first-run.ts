/**
 * `npm run crash -- [--times 2] [--scale 0.05] [--seed n] [--only part,part] [--rebuild]`: kills a process in the middle of a first run, starts again
 * where the parent died, and compares what came of it with an undisturbed run; then loses the warehouse's file, while stopped and while running.
 * `--times N` kills each process N times, at instants spread over the run; `--rebuild` only loses the file.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { buildWeb } from '../../bin/web.ts';
import { numberOf, optionsOf } from '../../scripts/usage.ts';
import { clear, contentOf, firstDifference, kill, loseWarehouse, type Started, start, type Victim, victims } from './installation.ts';

const values = optionsOf({
  times: { type: 'string', default: '2' },
  scale: { type: 'string', default: '0.05' },
  seed: { type: 'string', default: String(Date.now() % 100_000) },
  only: { type: 'string', default: victims.join(',') },
  rebuild: { type: 'boolean', default: false },
});
const scale = numberOf(values.scale);
const times = numberOf(values.times);
let random = Number(values.seed);
const next = (): number => {
  random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
  return random / 2_147_483_648;
};
const place = mkdtempSync(join(tmpdir(), 'chengshu-crash-'));
let wrong = 0;
let kills = 0;

const told = (seconds: number | undefined): string => (seconds === undefined ? '' : seconds.toFixed(1));

/** One line of the table; what went wrong goes to the other stream. */
function row(
  what: string,
  after: number | undefined,
  again: string,
  recovered: number | undefined,
  got: string,
  wanted: string,
  text: string,
): void {
  const same = got === wanted;
  if (!same) wrong += 1;
  console.log(`| ${what} | ${told(after)} | ${again} | ${told(recovered)} | ${same ? 'the same' : 'DIFFERENT'} |`);
  if (!same) console.error(`${firstDifference(wanted, got)}\n${text}`);
}

async function disturbed(victim: Victim, after: number, folder: string): Promise<{ again: string; recovered: number; text: string }> {
  const first = start(folder, scale);
  await wait(after * 1000);
  const killed = await kill(folder, first, victim);
  if (killed) kills += 1;
  const at = performance.now();
  let text = first.text();
  let again = killed ? 'by its parent' : 'was up already';
  let last: Started = first;
  if ((await first.up) === undefined) {
    // Only `up` itself may take the whole installation with it.
    again = victim === 'up' ? 'by hand' : 'by hand, ENDED BY ITSELF';
    if (victim !== 'up') wrong += 1;
    last = start(folder, scale);
    if ((await last.up) === undefined) throw new Error(`the second start of ${folder} ended:\n${first.text()}\n---\n${last.text()}`);
  }
  const recovered = (performance.now() - at) / 1000;
  text = `${first.text()}\n---\n${last === first ? '' : last.text()}`;
  await last.stop();
  return { again, recovered, text };
}

// Only the first start builds the console; the instants are spread over a run without that.
await buildWeb(() => undefined);
const calm = join(place, 'calm');
const undisturbed = start(calm, scale);
const seconds = (await undisturbed.up) ?? 0;
await undisturbed.stop();
const wanted = await contentOf(calm);
console.log(
  `seed ${values.seed}, scale ${scale}; undisturbed: up in ${seconds.toFixed(1)} s\n\n| killed | after s | started again | up again in s | content |\n| --- | ---: | --- | ---: | --- |`,
);

const rounds = values.rebuild ? 0 : times;
for (let round = 0; round < rounds; round++)
  for (const victim of victims.filter((v) => values.only.split(',').includes(v))) {
    const folder = join(place, `${victim}-${round}`);
    const after = 0.1 + ((round + next()) / rounds) * (seconds - 0.2);
    try {
      const { again, recovered, text } = await disturbed(victim, after, folder);
      row(victim, after, again, recovered, await contentOf(folder), wanted, text);
    } catch (error) {
      row(victim, after, 'FAILED', undefined, '', wanted, String(error));
    }
    await clear(folder);
  }

loseWarehouse(calm);
let began = performance.now();
const stopped = await contentOf(calm);
row('file lost while stopped', undefined, 'by hand', (performance.now() - began) / 1000, stopped, wanted, '');

const running = start(calm, scale);
await running.up;
await kill(calm, running, 'warehouse', { anyTime: true });
loseWarehouse(calm);
kills += 1;
began = performance.now();
const rebuilt = await contentOf(calm, running);
row('warehouse, and its file lost', undefined, 'by its parent', (performance.now() - began) / 1000, rebuilt, wanted, running.text());
await running.stop();
await clear(calm);

rmSync(place, { recursive: true, force: true });
console.log(`\n${kills} kills; ${wrong === 0 ? 'every one ended in the content of the undisturbed run' : `${wrong} went wrong`}`);
process.exit(wrong === 0 ? 0 : 1);
