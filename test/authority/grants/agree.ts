/**
 * The gateway's compiled plan against the slow reading of a grant, on random (grant, call) cases over real PostgreSQL, a share of them
 * through the HTTP door. `npm run authority:grants -- [--cases 100000] [--seed n]`.
 */

import { isDeepStrictEqual } from 'node:util';
import { numberOf, optionsOf } from '../../../scripts/usage.ts';
import { takeCall } from '../../../src/gateway/line.ts';
import { type Memory, openMemory } from '../../../src/gateway/memory.ts';
import { openReader } from '../../../src/gateway/read.ts';
import { callsFor, type RandomCall } from './calls.ts';
import { faults } from './faults.ts';
import { type Ending, read } from './reference.ts';
import { type Ground, openGround } from './world.ts';

/** Calls tried in one world, calls in flight at once, worlds made on one installation. */
const perWorld = 1000;
const together = 500;
const perGround = 40;
/** One call of so many goes through the HTTP door. */
const throughDoor = 25;

export interface Report {
  readonly seed: number;
  readonly cases: number;
  /** Of them through the HTTP door. */
  readonly door: number;
  /** How many ended how. */
  readonly endings: ReadonlyMap<string, number>;
  readonly disagreements: readonly { readonly call: unknown; readonly wanted: Ending; readonly got: Ending }[];
  /** Planted faults that nothing gave away. */
  readonly unseen: readonly string[];
}

const nameOf = (e: Ending): string =>
  'refusal' in e ? e.refusal : e.count === 0 ? 'answer, no row' : e.more ? 'answer, a page of more' : 'answer, all rows';

/** The parameter of a refusal that names its clause. */
const clauseOf: Readonly<Record<string, string>> = {
  GATEWAY_SEAL_BROKEN: 'grant',
  GATEWAY_OTHER_SERVICE: 'granted',
  GATEWAY_GRANT_REVOKED: 'date',
  GATEWAY_GRANT_EXPIRED: 'date',
  GATEWAY_GRANT_FUTURE: 'date',
  GATEWAY_FIELD: 'field',
  GATEWAY_VALUE: 'field',
};
const refused = (code: string, params: Readonly<Record<string, unknown>>): Ending => {
  const clause = clauseOf[code];
  return clause === undefined ? { refusal: code } : { refusal: code, clause: String(params[clause]) };
};
const answered = (body: string): Ending => {
  const keepDigits = (_: string, v: unknown, context?: { source?: string }) => (typeof v === 'number' ? { digits: context?.source } : v);
  const { rows } = JSON.parse(body, keepDigits as never) as { rows: Record<string, unknown>[] };
  const { count, more } = JSON.parse(body) as { count: number; more: boolean };
  return { rows, count, more };
};

/** Runs the cases of one world; `memory` may be a faulty one. */
async function inWorld(ground: Ground, calls: readonly RandomCall[], memory: Memory, address: string | null) {
  const reader = openReader(ground.k.db.url);
  const parts = { kernel: ground.k, memory, reader };
  const bearer = (call: RandomCall) => (call.secret === null ? undefined : `Bearer ${call.secret}`);
  const straight = async (call: RandomCall): Promise<Ending> => {
    const outcome = await takeCall(parts, { service: call.service, authorization: bearer(call), body: call.body });
    return 'refusal' in outcome ? refused(outcome.refusal.code, outcome.refusal.params) : answered(outcome.body);
  };
  const overHttp = async (call: RandomCall): Promise<Ending> => {
    const reply = await fetch(`${address}/api/gateway/${encodeURIComponent(call.service)}/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(call.secret !== null && { authorization: `Bearer ${call.secret}` }) },
      body: JSON.stringify(call.body),
    });
    const text = await reply.text();
    if (reply.ok) return answered(text);
    const problem = JSON.parse(text) as { code: string; params: Record<string, unknown> };
    return refused(problem.code, problem.params);
  };
  const endings: Ending[] = [];
  let door = 0;
  for (let from = 0; from < calls.length; from += together)
    endings.push(
      ...(await Promise.all(
        calls.slice(from, from + together).map((call, i) => {
          // The door's process read the grants while they were being made: of those whose words were altered since it knows the right ones.
          if (address === null || i % throughDoor !== 0 || call.grant?.altered) return straight(call);
          door += 1;
          return overHttp(call);
        }),
      )),
    );
  await reader.close();
  return { endings, door };
}

/** Compares `cases` random cases; with `plant`, also tries every planted fault on as many worlds as it takes, at most `plant`. */
export async function agree(options: {
  cases: number;
  seed: number;
  perWorld?: number;
  plant: number;
  tell?: (line: string) => void;
}): Promise<Report> {
  const each = options.perWorld ?? perWorld;
  const endings = new Map<string, number>();
  const disagreements: { call: unknown; wanted: Ending; got: Ending }[] = [];
  const unseen = new Set(Object.keys(faults));
  let [cases, door, worlds] = [0, 0, 0];
  while (cases < options.cases && disagreements.length < 10) {
    const ground = await openGround(options.seed + worlds);
    const address = await ground.k.door.fastify.listen({ host: '127.0.0.1', port: 0 });
    try {
      for (let i = 0; i < perGround && cases < options.cases; i++, worlds++) {
        const seed = options.seed + worlds * 7 + 1;
        const world = await ground.world(seed);
        const calls = callsFor(world, Math.min(each, options.cases - cases), seed);
        const wanted = calls.map((call) => read(world, call));
        const got = await inWorld(ground, calls, openMemory({ ...ground.k, documents: ground.documents }), address);
        for (const [n, w] of wanted.entries()) {
          const g = got.endings[n] as Ending;
          endings.set(nameOf(w), (endings.get(nameOf(w)) ?? 0) + 1);
          if (!isDeepStrictEqual(g, w)) disagreements.push({ call: calls[n], wanted: w, got: g });
        }
        cases += calls.length;
        door += got.door;
        if (worlds < options.plant) {
          const snapshot = await ground.documents.snapshot();
          for (const name of unseen) {
            const memory = faults[name]?.(openMemory({ ...ground.k, documents: ground.documents }), world, snapshot);
            const faulty = memory && (await inWorld(ground, calls, memory, null));
            if (faulty?.endings.some((e, n) => !isDeepStrictEqual(e, wanted[n]))) unseen.delete(name);
          }
        }
        if (worlds % 20 === 19) options.tell?.(`${cases} cases, ${disagreements.length} disagreements`);
      }
    } finally {
      await ground.close();
    }
  }
  return {
    seed: options.seed,
    cases,
    door,
    endings,
    disagreements: disagreements.slice(0, 10),
    unseen: options.plant > 0 ? [...unseen] : [],
  };
}

/** The report as lines. */
export function describe(report: Report): string {
  const shares = [...report.endings]
    .sort((a, b) => b[1] - a[1])
    .map(([name, n]) => `  ${name.padEnd(26)} ${String(n).padStart(8)}  ${((100 * n) / report.cases).toFixed(2).padStart(6)} %`);
  return [
    `seed ${report.seed}: ${report.cases} cases, ${report.door} of them through the HTTP door, ${report.disagreements.length} disagreements`,
    ...shares,
    `planted faults: ${Object.keys(faults).length - report.unseen.length} of ${Object.keys(faults).length} caught`,
  ].join('\n');
}

if (import.meta.main) {
  const values = optionsOf({
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  });
  const { default: setup } = await import('#test/postgres');
  const stop = await setup();
  const began = performance.now();
  try {
    const report = await agree({
      cases: numberOf(values.cases),
      seed: Number(values.seed),
      plant: 20,
      tell: (line) => console.error(line),
    });
    console.log(`${describe(report)}\n${((performance.now() - began) / 1000).toFixed(1)} s`);
    for (const d of report.disagreements) console.error(JSON.stringify(d));
    for (const name of report.unseen) console.error(`not caught: ${name}`);
    process.exitCode = report.disagreements.length + report.unseen.length === 0 ? 0 : 1;
  } finally {
    await stop();
  }
}
