/**
 * `npm run city:score -- [--seeds 20] [--scale 0.05] [--first n]`: what the river finds of what was planted, on fresh seeds of the city:
 * precision and recall by (row, column, kind).
 */

import {
  appendPoliceChanges,
  type City,
  cityFileBytes,
  createPoliceDatabase,
  divisionOverlay,
  type FaultKind,
  faultKinds,
  formKinds,
  generateCity,
  type SourceDescription,
  sources,
  trapKinds,
  truthAfter,
  winnersAfter,
} from '#city/index';
import { modelKinds } from '#declare';
import { type TestKernel, testKernel } from '#test/kernel';
import setup from '#test/postgres';
import { bindingDocument, sourceDocument } from '../bin/city/documents.ts';
import { codeModels, createStages } from '../bin/stages.ts';
import { numberOf, optionsOf } from '../scripts/usage.ts';

const values = optionsOf({
  seeds: { type: 'string', default: '20' },
  scale: { type: 'string', default: '0.05' },
  first: { type: 'string' },
});
const first = Number(values.first ?? Math.floor(Date.now() / 1000) % 1_000_000);
const seeds = Array.from({ length: numberOf(values.seeds) }, (_, i) => first + i);

interface Finding {
  readonly _ordinal: number;
  readonly _row: string;
  readonly rule: string;
  readonly field: string | null;
  readonly cells: readonly (string | null)[];
}
interface Tally {
  planted: number;
  found: number;
  right: number;
}
const tallies = new Map<string, Tally>();
const tally = (kind: string): Tally => {
  const known = tallies.get(kind) ?? { planted: 0, found: 0, right: 0 };
  tallies.set(kind, known);
  return known;
};
const complaints: string[] = [];

/** What a finding claims, in the words of the truth. A rule that was planted against nowhere has its own name and is a false alarm. */
function kindOf(rule: string): FaultKind | string {
  if (rule.endsWith(':checksum')) return 'check-digit';
  if (rule.startsWith('birth-matches-identity-number')) return 'day-month-swapped';
  if (rule.startsWith('required')) return 'null-required';
  if (rule.startsWith('exact-duplicate')) return 'duplicate-row';
  if (rule.startsWith('not-total-row')) return 'total-row';
  if (/:(known|in-force|listed)(-untold)?$/.test(rule)) return 'code-absent';
  return rule;
}

/** Connects every source of the city as its stewards do, delivers it and one further round of changes, and works until nothing is left to do. */
async function deliver(k: TestKernel, city: City): Promise<void> {
  for (const kind of modelKinds) await k.put(kind, ...codeModels[kind]);
  await k.put('code-list', divisionOverlay);
  const police = await createPoliceDatabase(k.urls.admin, `${new URL(k.urls.admin).pathname.slice(1)}_police`, city);
  const files = await cityFileBytes(city);
  const { host, port, database, user } = police;
  for (const d of sources) {
    const steward = await k.actor('provider-steward', d.department);
    const ask = async (method: 'PUT' | 'POST', url: string, body: unknown) => {
      const reply = await k.call(method, url, steward, body);
      if (reply.status !== 200) throw new Error(`${method} ${url}: ${reply.status} ${JSON.stringify(reply.body)}`);
    };
    if (d.table) await ask('PUT', '/api/collect/secrets/public-security-reader', { value: police.password });
    await ask('PUT', `/api/collect/sources/${d.id}`, sourceDocument(d, d.table ? { host, port, database, user } : null));
    await ask('PUT', `/api/govern/bindings/${d.id}`, bindingDocument(d));
    const collect = async () => {
      const bytes = files.get(d.id);
      if (!bytes) return ask('POST', `/api/collect/sources/${d.id}/runs`, {});
      const reply = await k.door.fastify.inject({
        method: 'POST',
        url: `/api/collect/sources/${d.id}/deliveries?name=file`,
        headers: { authorization: `Bearer ${steward.token}`, 'content-type': 'application/octet-stream' },
        payload: bytes,
      });
      if (reply.statusCode !== 200) throw new Error(`delivery of ${d.id}: ${reply.body}`);
    };
    await collect();
    await k.drain();
    if (d.mode === 'incremental') {
      await appendPoliceChanges(police.ownerUrl, city, 1);
      await collect();
      await k.drain();
    }
  }
}

/** The number by which the truth knows a row: its grid row, or for a table the value of its `rid`. */
const rowOf = (d: SourceDescription, f: Finding): number =>
  d.table ? Number(f.cells[d.columns.findIndex((c) => c.name === 'rid')]) : Number(f._row);

async function score(k: TestKernel, city: City, seed: number): Promise<void> {
  const truth = truthAfter(city, 1);
  const totals = new Set(truth.faults.filter((t) => t.kind === 'total-row').map((t) => `${t.source} ${t.row}`));
  const planted = new Map(
    truth.faults.map((t) => [`${t.source} ${t.row} ${t.kind === 'duplicate-row' ? '' : t.column} ${t.kind}`, t.kind]),
  );
  for (const kind of planted.values()) tally(kind).planted += 1;
  const seen = new Set<string>();
  for (const d of sources) {
    for (const f of await k.warehouse.query<Finding>(`select _ordinal, _row, "rule", field, cells from finding."${d.id}"`)) {
      const row = rowOf(d, f);
      const kind = kindOf(f.rule);
      // A total row has no person in it: what else is missing there follows from what it is.
      if (totals.has(`${d.id} ${row}`) && kind !== 'total-row') continue;
      const column = kind === 'duplicate-row' ? '' : (bindingDocument(d).fields.find((c) => c.name === f.field)?.column ?? '');
      const key = `${d.id} ${row} ${column} ${kind}`;
      if (seen.has(key)) continue;
      seen.add(key);
      tally(kind).found += 1;
      if (planted.has(key)) tally(kind).right += 1;
      else complaints.push(`seed ${seed}: false alarm ${key} (${f.rule})`);
    }
  }
  for (const key of planted.keys()) if (!seen.has(key)) complaints.push(`seed ${seed}: missed ${key}`);

  for (const form of truth.forms) {
    const d = sources.find((s) => s.id === form.source);
    const column = d?.columns.find((c) => c.name === form.column);
    if (!d || !column || form.expected === null) continue;
    tally(form.kind).planted += 1;
    const where = d.table ? (['"recordNumber" = $1', String(form.row)] as const) : (['_row = $1::bigint', form.row] as const);
    const [got] = await k.warehouse.query<{ v: string | null }>(
      `select cast("${column.field}" as varchar) as v from governed."${d.id}" where ${where[0]}`,
      [where[1]],
    );
    tally(form.kind).found += 1;
    if (got?.v === form.expected) tally(form.kind).right += 1;
    else
      complaints.push(
        `seed ${seed}: ${form.kind} ${d.id} ${form.row} ${form.column}: ${form.value} became ${got?.v}, not ${form.expected}`,
      );
  }
  await scoreTraps(k, city, seed);
}

/** No two people in one record, nobody lost, and of several rows about one person the newest wins. */
async function scoreTraps(k: TestKernel, city: City, seed: number): Promise<void> {
  const truth = truthAfter(city, 1);
  const traps = (kind: string) => truth.traps.filter((t) => t.kind === kind).length;
  for (const [library, keyField, people] of [
    ['population', 'identityNumber', truth.people],
    ['legal-entity', 'creditCode', truth.enterprises],
  ] as const) {
    const golden = await k.warehouse.query<{ key: string; n: number }>(
      `select "${keyField}" as key, count(*)::integer as n from library."${library}" group by 1`,
    );
    const known = new Set(golden.map((g) => g.key));
    for (const g of golden)
      if (g.n !== 1 || !people.has(g.key))
        complaints.push(`seed ${seed}: ${library} has ${g.n} records of ${g.key}, ${people.has(g.key) ? 'one was due' : 'none was due'}`);
    for (const [key, person] of people)
      if (person.rows.length > 0 && !known.has(key)) complaints.push(`seed ${seed}: ${library} has no record of ${key}`);
  }
  const wrong = complaints.filter((c) => c.startsWith(`seed ${seed}:`) && /has \d+ records|has no record/.test(c)).length;
  for (const kind of ['homonym', 'moved-address'])
    Object.assign(tally(kind), {
      planted: tally(kind).planted + traps(kind),
      found: tally(kind).found + traps(kind),
      right: tally(kind).right + traps(kind) - Math.min(wrong, traps(kind)),
    });
  const current = new Map(
    (
      await k.warehouse.query<{ key: string; rid: string }>(
        `select "identityNumber" as key, "recordNumber" as rid from current."police-residence"`,
      )
    ).map((r) => [r.key, Number(r.rid)]),
  );
  let late = 0;
  for (const [key, rid] of winnersAfter(city, 1))
    if (current.get(key) !== rid) {
      late += 1;
      complaints.push(`seed ${seed}: of ${key} row ${current.get(key)} is current, ${rid} is the newest`);
    }
  Object.assign(tally('late-row'), {
    planted: tally('late-row').planted + traps('late-row'),
    found: tally('late-row').found + traps('late-row'),
    right: tally('late-row').right + traps('late-row') - Math.min(late, traps('late-row')),
  });
}

const stop = await setup();
const began = Date.now();
for (const seed of seeds) {
  const city = generateCity({ seed, scale: numberOf(values.scale) });
  const k = await testKernel(createStages());
  try {
    await deliver(k, city);
    await score(k, city, seed);
  } finally {
    await k.close();
  }
  process.stderr.write(`seed ${seed} done after ${((Date.now() - began) / 1000).toFixed(0)} s\n`);
}
await stop();

console.log(
  `seeds ${seeds[0]}–${seeds.at(-1)}, scale ${values.scale}; repeat with --first ${first} --seeds ${seeds.length} --scale ${values.scale}\n`,
);
console.log('| kind | planted | reported | right | precision | recall |\n| --- | ---: | ---: | ---: | ---: | ---: |');
const expected: readonly string[] = [...faultKinds, ...formKinds, ...trapKinds];
for (const kind of [...expected, ...[...tallies.keys()].filter((t) => !expected.includes(t))]) {
  const t = tally(kind);
  console.log(
    `| ${kind} | ${t.planted} | ${t.found} | ${t.right} | ${t.found ? ((100 * t.right) / t.found).toFixed(2) : '—'}% | ${t.planted ? ((100 * t.right) / t.planted).toFixed(2) : '—'}% |`,
  );
}
for (const line of complaints.slice(0, 40)) console.log(line);
if (complaints.length > 40) console.log(`… and ${complaints.length - 40} more`);
process.exitCode = complaints.length === 0 ? 0 : 1;
