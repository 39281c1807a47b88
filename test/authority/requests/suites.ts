/**
 * A corpus of attacks and one of malformed JSON through every door of a running server: no crash, no hang, no 500, nothing reflected as a
 * page, harmless texts served. `npm run suites:requests -- <folder with crs-attacks and json-testsuite>` or CHENGSHU_SUITES.
 */
import '../../../scripts/usage.ts';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorCatalogue } from '#kernel/errors';
import { filesIn, readCorpus } from './corpus.ts';
import { faultOf, type House, openHouse, send, sendBare } from './doors.ts';

export interface Tried {
  readonly requests: number;
  /** How often somebody was told to come back (503 with Retry-After) and did. */
  readonly waits: number;
  /** How often which status came, by door. */
  readonly statuses: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly faults: readonly string[];
}

/** JSON doors: without anything, with a key, with a session. */
const jsonDoors = (house: House): { name: string; method: string; path: string; headers: Record<string, string> }[] => {
  const some = house.doors.find((d) => d.name === 'a document')?.with('x').headers ?? {};
  const key = house.doors.find((d) => d.name === 'a value')?.with('x').headers ?? {};
  return [
    { name: 'JSON, signing in', method: 'POST', path: '/api/session', headers: { 'content-type': 'application/json' } },
    { name: 'JSON, a model', method: 'PUT', path: '/api/documents/element/none', headers: { ...some } },
    { name: 'JSON, applying', method: 'POST', path: '/api/apply', headers: { ...some } },
    { name: 'JSON, a call', method: 'POST', path: '/api/gateway/none/query', headers: { ...key } },
  ];
};

/** Pushes texts through the doors, recorded requests as they are, and bodies that claim to be JSON. */
export async function tryAll(
  house: House,
  given: {
    texts: readonly string[];
    bare: readonly { name: string; bytes: Buffer }[];
    bodies: readonly { name: string; bytes: Buffer; wrong: boolean }[];
  },
): Promise<Tried> {
  const catalogue = new Set(errorCatalogue().keys());
  const statuses = new Map<string, Map<number, number>>();
  const faults: string[] = [];
  let requests = 0;
  const port = house.serve.port;
  const index = fileURLToPath(new URL('../../../web/dist/index.html', import.meta.url));
  const page = existsSync(index) ? readFileSync(index, 'utf8') : undefined;
  const note = (door: string, what: string, answer: Awaited<ReturnType<typeof send>>, fault: string | undefined): void => {
    requests += 1;
    const by = statuses.get(door) ?? new Map<number, number>();
    statuses.set(door, by.set(answer?.status ?? -1, (by.get(answer?.status ?? -1) ?? 0) + 1));
    if (fault) faults.push(`${door}: ${fault} ← ${JSON.stringify(what.slice(0, 160))}`);
  };
  let waits = 0;
  // Who is told to come back does so, once: stores on a crowded machine may be away for a moment. An answer that stays 503 is a fault.
  const patient = async (ask: () => ReturnType<typeof send>): ReturnType<typeof send> => {
    const answer = await ask();
    const seconds = answer?.status === 503 ? Number(answer.headers['retry-after']) : 0;
    if (!(seconds > 0)) return answer;
    waits += 1;
    await new Promise((r) => setTimeout(r, seconds * 1000));
    return ask();
  };
  const work: (() => Promise<void>)[] = [];
  for (const text of given.texts)
    for (const door of house.doors)
      work.push(async () => {
        const answer = await patient(() => send(port, door.with(text)));
        note(
          door.name,
          text,
          answer,
          faultOf(answer, {
            harmless: door.harmless,
            catalogue,
            page,
            bare: /^(a session|a cookie|a key|headers|a media type)$/.test(door.name),
          }),
        );
      });
  for (const r of given.bare)
    work.push(async () => {
      const answer = await patient(() => sendBare(port, r.bytes));
      note('as it was recorded', r.name, answer, faultOf(answer, { harmless: false, catalogue, page, bare: true }));
    });
  for (const b of given.bodies)
    for (const door of jsonDoors(house))
      work.push(async () => {
        const answer = await patient(() => send(port, { ...door, body: b.bytes }));
        const fault = faultOf(answer, { harmless: false, catalogue, page });
        note(door.name, b.name, answer, fault ?? (b.wrong && (answer?.status ?? 0) < 400 ? 'malformed, and yet taken' : undefined));
      });
  let at = 0;
  await Promise.all(
    Array.from({ length: 24 }, async () => {
      for (let job = work[at++]; job; job = work[at++]) await job();
    }),
  );
  if (house.serve.ended() !== null) faults.push(`the server ended: ${house.serve.ended()}`);
  if (/incident/.test(house.serve.stderr())) faults.push(`a bug was noted:\n${house.serve.stderr().slice(0, 2000)}`);
  const health = await fetch(`${house.serve.address}/api/health`);
  if (!health.ok) faults.push(`health afterwards: ${health.status}`);
  return { requests, waits, statuses, faults };
}

/** The result as lines. */
export function describe(t: Tried): string {
  const lines = [...t.statuses].map(
    ([door, by]) =>
      `  ${door.padEnd(26)} ${[...by]
        .sort((a, b) => a[0] - b[0])
        .map(([s, n]) => `${s === 0 ? 'cut off' : s}: ${n}`)
        .join('  ')}`,
  );
  return [`${t.requests} requests, ${t.waits} told to come back, ${t.faults.length} faults`, ...lines].join('\n');
}

if (import.meta.main) {
  const folder = process.argv[2] ?? process.env['CHENGSHU_SUITES'] ?? '';
  const [attacks, parsing] = [join(folder, 'crs-attacks'), join(folder, 'json-testsuite', 'test_parsing')];
  if (folder === '' || !existsSync(attacks) || !existsSync(parsing)) {
    console.log(
      `skipped: name a folder that holds crs-attacks and json-testsuite (npm run suites:requests -- <folder>, or CHENGSHU_SUITES)`,
    );
  } else {
    const { default: setup } = await import('#test/postgres');
    const { buildWeb } = await import('../../../bin/web.ts');
    await buildWeb(() => undefined);
    const stop = await setup();
    const began = performance.now();
    const house = await openHouse();
    try {
      const corpus = readCorpus(attacks);
      const texts = [...new Set(corpus.flatMap((r) => r.texts))];
      const bodies = filesIn(parsing, '.json').map((f) => ({
        name: basename(f),
        bytes: readFileSync(f),
        wrong: basename(f).startsWith('n_'),
      }));
      console.log(`${corpus.length} recorded requests, ${texts.length} texts of them, ${bodies.length} bodies`);
      const tried = await tryAll(house, { texts, bare: corpus, bodies });
      console.log(
        `${describe(tried)}\nserver: ${house.serve.mostMemory()} MiB at most, ${((performance.now() - began) / 1000).toFixed(1)} s`,
      );
      // A few of each kind.
      const kinds = Map.groupBy(tried.faults, (f) => f.slice(0, 60));
      for (const [, some] of kinds) console.error(`${some.length} × ${some.slice(0, 2).join('\n    ')}`);
      process.exitCode = tried.faults.length === 0 ? 0 : 1;
    } finally {
      await house.close();
      await stop();
    }
  }
}
