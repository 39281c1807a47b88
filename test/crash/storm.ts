/**
 * `npm run storm -- [--kills 200] [--seed n] [--callers 4]`: server, worker, warehouse and PostgreSQL are killed at random instants while consumers call and a department
 * delivers. The callers keep their own ledger of what was acknowledged; at the end nothing of it is lost, nothing is there twice, and every answer has
 * its record. Prints the time to recover per process: until it runs again and, for server and PostgreSQL, until a call is answered.
 */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { cityFileBytes, generateCity } from '#city/index';
import { systemClock } from '#kernel/clock';
import { readConfig } from '#kernel/config';
import { openAuditLog } from '#kernel/facts/audit';
import { openKernel } from '#kernel/open';
import { createStages } from '../../bin/stages.ts';
import { startStack } from '../../bin/up.ts';
import { buildWeb } from '../../bin/web.ts';
import { numberOf, optionsOf } from '../../scripts/usage.ts';
import { addressOf, castOf, grantedConsumer } from './consumer.ts';
import { clear, find, start, type Victim } from './installation.ts';

const values = optionsOf({
  kills: { type: 'string', default: '200' },
  seed: { type: 'string', default: String(Date.now() % 100_000) },
  callers: { type: 'string', default: '4' },
});
const wanted = numberOf(values.kills);
let random = Number(values.seed);
const next = (): number => {
  random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
  return random / 2_147_483_648;
};
const scale = 0.02;
const source = 'insured-persons';
type Target = Exclude<Victim, 'up'>;
const targets: readonly Target[] = ['serve', 'work', 'warehouse', 'postgres'];

await buildWeb(() => undefined);
const folder = join(mkdtempSync(join(tmpdir(), 'chengshu-storm-')), 'data');
const city = start(folder, scale);
if ((await city.up) === undefined) throw new Error(city.text());
const address = addressOf(city);
const as = castOf(folder, address);
const consumer = await grantedConsumer(folder, address);
const people = generateCity({ seed: 7, scale }).people.map((p) => p.identity);

/** The callers' own ledger. */
const records: string[] = [];
const deliveries: { batch: number; rows: number }[] = [];
let refused = 0;
let away = 0;
let lastAnswer = 0;
let over = false;

async function call(): Promise<void> {
  while (!over) {
    const value = people[Math.floor(Math.random() * people.length)];
    try {
      const { status, record } = await consumer.ask(value);
      if (status === 200 && record) {
        records.push(record);
        lastAnswer = performance.now();
      } else if (status === 503) away++;
      else refused++;
    } catch {
      away++;
      await wait(20);
    }
  }
}

const lines = Buffer.from((await cityFileBytes(generateCity({ seed: 7, scale: 0.05 }))).get(source) ?? [])
  .toString('utf8')
  .trimEnd()
  .split('\n');

/** Delivers one row more each time, and waits until the platform says that it landed. */
async function deliver(): Promise<void> {
  const steward = await as('insurance');
  for (let n = 100; !over; n = n + 1 >= lines.length ? 100 : n + 1) {
    const file = Buffer.from(`${lines.slice(0, n).join('\n')}\n`);
    const { run } = await steward.upload<{ run: string }>(`/api/collect/sources/${source}/deliveries?name=storm-${n}.csv`, file);
    for (;;) {
      const now = await steward.get<{
        state: string;
        result: { batch: number; landed: boolean; rowsData: number } | null;
        problem: { code: string } | null;
      }>(`/api/runs/${run}`);
      if (now.state === 'done' && now.result) {
        if (now.result.landed) deliveries.push({ batch: now.result.batch, rows: now.result.rowsData });
        break;
      }
      if (['refused', 'failed', 'cancelled'].includes(now.state)) throw new Error(`a delivery ended ${now.state}: ${now.problem?.code}`);
      await wait(100);
    }
  }
}

const callers = Array.from({ length: numberOf(values.callers) }, () => call());
const delivering = deliver().catch((error: unknown) => {
  console.error('delivering stopped:', error);
  return 'stopped' as const;
});
await wait(1500);

const recovered = new Map<Target, number[]>(targets.map((t) => [t, []]));
for (let kills = 0; kills < wanted; ) {
  await wait(200 + next() * 1500);
  const target = targets[Math.floor(next() * targets.length)] as Target;
  const pid = find(folder, city.pid, target);
  if (!pid) continue;
  process.kill(pid, 'SIGKILL');
  kills++;
  const at = performance.now();
  const needsAnswer = target === 'serve' || target === 'postgres';
  for (;;) {
    await wait(20);
    const now = find(folder, city.pid, target);
    if (now && now !== pid && (!needsAnswer || lastAnswer > at)) break;
    if (performance.now() - at > 120_000) throw new Error(`${target} did not come back:\n${city.text().slice(-3000)}`);
  }
  recovered.get(target)?.push((performance.now() - at) / 1000);
  if (kills % 20 === 0) console.log(`${kills} kills, ${records.length} answers, ${deliveries.length} deliveries landed`);
}
over = true;
await Promise.all(callers);
const stopped = (await delivering) === 'stopped';
await city.stop();

const config = readConfig({ '--data': folder, '--port': '0' }, { CHENGSHU_SCHEDULE: 'off' });
const stack = await startStack(config, () => undefined);
const kernel = openKernel(stack.site, createStages(), { name: 'storm', clock: systemClock, connections: 2 });
for (let quiet = 0; quiet < 4; await wait(250)) quiet = (await kernel.jobs.busy(kernel.db)) > 0 ? 0 : quiet + 1;
const audit = openAuditLog(stack.site.urls.audit);
const known = new Set<string>();
for (let offset = 0; ; offset += 10_000) {
  const { rows } = await audit.list({ door: 'gateway', outcome: 'answered', limit: 10_000, offset });
  for (const r of rows) known.add(r.id);
  if (rows.length < 10_000) break;
}
const unrecorded = records.filter((id) => !known.has(id)).length;
const twice = records.length - new Set(records).size;
const batches = new Map(
  (await kernel.db.rows<{ seq: number; rows: number }>('select seq, rows_data as rows from collect.batch where source = $1', [source])).map(
    (b) => [b.seq, b.rows],
  ),
);
const results = new Map(
  (
    await kernel.db.rows<{ batch: number; rows: number }>(
      'select batch, rows_governed + rows_quarantined as rows from govern.result where table_id = $1',
      [source],
    )
  ).map((r) => [r.batch, r.rows]),
);
const lost = deliveries.filter((d) => batches.get(d.batch) !== d.rows || results.get(d.batch) !== d.rows).length;
const again = deliveries.length - new Set(deliveries.map((d) => d.batch)).size;
const doubled = (await kernel.db.first<{ n: number }>('select count(*) - count(distinct run) as n from collect.batch'))?.n ?? 0;
await audit.close();
await kernel.close();
await stack.stop();
await clear(folder);

const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
console.log(
  `\nseed ${values.seed}, ${wanted} kills, ${records.length} acknowledged calls (${away} met nobody, ${refused} refused), ${deliveries.length} acknowledged deliveries`,
);
console.log('| killed | times | back after, median s | longest s |\n| --- | ---: | ---: | ---: |');
for (const [target, all] of recovered)
  console.log(`| ${target} | ${all.length} | ${median(all).toFixed(2)} | ${Math.max(0, ...all).toFixed(2)} |`);
console.log(`unrecorded ${unrecorded}, lost ${lost}, duplicated ${twice + again + doubled}`);
process.exit(
  unrecorded + lost + twice + again + doubled + refused === 0 && !stopped && records.length > 0 && deliveries.length > 0 ? 0 : 1,
);
