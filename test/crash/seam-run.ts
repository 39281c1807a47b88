/** One run of an installation with seams armed: a first run and a few calls, and what came of them. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { generateCity } from '#city/index';
import { type Seam, seams } from '#kernel/seam';
import { addressOf, type Consumer, castOf, grantedConsumer } from './consumer.ts';
import { clear, contentOf, type Started, start } from './installation.ts';

/** Small, and every stage still has something to do. */
const scale = 0.02;
const calls = 6;
const patienceMs = 60_000;

export interface SeamRun {
  /** Content, objects and answers, as text. */
  readonly content: string;
  /** How often each seam was hit, over all processes. */
  readonly hits: ReadonlyMap<Seam, number>;
  /** The programs that were killed, hit by hit; undefined where nobody came to one. */
  readonly killed: readonly (string | undefined)[];
  /** True when the parent itself died and the installation was started again by hand. */
  readonly again: boolean;
  readonly seconds: number;
}

/** What else happens to an installation. */
export interface Beside {
  /** While it makes the city. */
  during?(folder: string, run: Started): Promise<void>;
  /** When the workload is through and its content is read. */
  after?(folder: string, run: Started, content: () => Promise<string>): Promise<void>;
}

/** Lets an installation run through the workload, with a process killed at the n-th hit of each of these seams; n = 0 kills nobody. */
export async function runWithSeams(
  place: string,
  hits: readonly (readonly [seam: Seam, hit: number])[],
  beside: Beside = {},
): Promise<SeamRun> {
  const began = performance.now();
  const armed = hits.map(([seam, hit]) => `${seam}:${hit}`).join(',');
  const folder = join(place, armed.replaceAll(/[:,]/g, '-'));
  const tickets = `${folder}.hits`;
  mkdirSync(tickets, { recursive: true });
  const environment = { CHENGSHU_CRASH: `${armed}:${tickets}` };
  let run = start(folder, scale, environment);
  let again = false;
  try {
    await beside.during?.(folder, run);
    if ((await run.up) === undefined) {
      again = true;
      const first = run.text();
      run = start(folder, scale, environment);
      if ((await run.up) === undefined) throw new Error(`the second start ended:\n${first}\n---\n${run.text()}`);
    }
    const answers = await consumed(folder, run);
    const read = async () => `${await contentOf(folder, run)}\n${JSON.stringify({ answers, objects: objectsOf(folder) }, undefined, 1)}`;
    const content = await read();
    await beside.after?.(folder, run, read);
    const killed = hits.map(([seam, hit]) => {
      const ticket = join(tickets, `${seam}.${hit}`);
      return existsSync(ticket) ? readFileSync(ticket, 'utf8') : undefined;
    });
    return { content, hits: hitsIn(tickets), killed, again, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    throw new Error(`${armed}: ${error instanceof Error ? error.message : String(error)}\n${run.text()}`, { cause: error });
  } finally {
    await run.stop();
    await clear(folder);
  }
}

/** The rows that a few calls were answered with; each of them must have its record in the log, and what was lost on the way is asked again. */
async function consumed(folder: string, run: Started): Promise<readonly unknown[]> {
  const address = addressOf(run);
  const consumer = await grantedConsumer(folder, address);
  const answers: unknown[] = [];
  const records: string[] = [];
  for (const person of generateCity({ seed: 7, scale }).people.slice(0, calls)) {
    const { rows, record } = await patiently(consumer, person.identity);
    answers.push(rows);
    records.push(record);
  }
  const auditor = await castOf(folder, address)('auditor');
  for (const record of records) await auditor.get(`/api/log/${record}`);
  return answers;
}

async function patiently(consumer: Consumer, value: unknown): Promise<{ rows: readonly unknown[]; record: string }> {
  for (const began = Date.now(); ; await wait(100)) {
    try {
      const { status, rows, record } = await consumer.ask(value);
      if (status === 200 && record !== undefined) return { rows, record };
      if (status !== 503) throw new Error(`a call was answered ${status}`);
    } catch (error) {
      // Nobody answers while the server is started again; anything else is an answer that should not be.
      if (!(error instanceof TypeError)) throw error;
    }
    if (Date.now() - began > patienceMs) throw new Error(`no answer for ${patienceMs / 1000} s`);
  }
}

/** The names of all objects, each held to its content; what is being made is no object. */
function objectsOf(folder: string): readonly string[] {
  const store = join(folder, 'objects');
  const names = readdirSync(store)
    .filter((shard) => shard !== 'staging')
    .flatMap((shard) => readdirSync(join(store, shard)).map((name) => join(shard, name)));
  for (const name of names) {
    const digest = createHash('sha256')
      .update(readFileSync(join(store, name)))
      .digest('hex');
    if (!name.endsWith(digest)) throw new Error(`the object ${name} holds something else`);
  }
  return names.sort();
}

function hitsIn(tickets: string): ReadonlyMap<Seam, number> {
  const names = readdirSync(tickets);
  return new Map(seams.map((seam) => [seam, names.filter((name) => name.startsWith(`${seam}.`)).length]));
}
