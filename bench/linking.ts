/**
 * `npm run bench:linking -- [rows] [rounds]`: linking the rows of two governed tables by their strong key into a library of claims and golden
 * records, beside one statement written by hand for DuckDB that gives the same golden values and keeps neither claims nor origins; turn by turn.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { numberAt } from '../scripts/usage.ts';
import { median, openInstallation, told } from './installation.ts';
import { declarePeople, deliver, demand } from './people.ts';
import { writePeople } from './people-file.ts';

const rows = numberAt(0, 1_000_000);
const rounds = numberAt(1, 5);
const place = mkdtempSync(join(tmpdir(), 'chengshu-linking-'));
const { k, close } = await openInstallation();
const steward = await k.actor('provider-steward', 'police');
const operator = await k.actor('operator', 'bureau');

// Six tenths of the rows in one table, four in the other; three of these are people whom both know, with another telephone.
const share = (tenths: number): number => Math.round((rows * tenths) / 10);
const tables = [
  { id: 'register', from: 0, rows: share(6), phone: '138' },
  { id: 'clinic', from: share(3), rows: rows - share(6), phone: '139' },
] as const;
for (const t of tables) {
  const path = join(place, `${t.id}.csv`);
  await writePeople(path, t.rows, t);
  await declarePeople(k, steward, t.id);
  await deliver(k, steward, t.id, path);
}

const named = (name: string, element: string) => ({ name, title: { zh: name }, element });
const map = { identityNumber: 'identityNumber', name: 'name', phone: 'phone', address: 'address', birthDate: 'birthDate' };
await k.put('library', {
  form: 1,
  id: 'people',
  title: { zh: '人' },
  basis: '国发〔2016〕51号第九条',
  entity: { zh: '人' },
  strongKey: 'identityNumber',
  fields: [
    named('identityNumber', 'identity-number'),
    named('name', 'name'),
    named('phone', 'phone'),
    named('address', 'address'),
    named('birthDate', 'birth-date'),
  ],
  feeds: tables.map((t) => ({ table: t.id, map })),
  trust: { phone: ['clinic', 'register'] },
});

const columns = ['"identityNumber"', 'name', 'phone', 'address', '"birthDate"'];
const digest = `select count(*)::INTEGER as n, sum(cast('0x' || left(md5(concat_ws('|', ${columns.join(', ')})), 15) as UBIGINT))::VARCHAR as s`;
const exported: string[] = [];
for (const { id } of tables) {
  const path = k.objects.staging();
  await k.warehouse.copyToParquet(`select ${columns.join(', ')} from current."${id}"`, [], path);
  exported.push(path);
}

async function ours(): Promise<{ ms: number; told: unknown }> {
  const began = performance.now();
  await demand(k, operator, 'POST', '/api/library/libraries/people/build', {});
  await k.drain();
  const ms = performance.now() - began;
  return { ms, told: (await k.warehouse.query(`${digest} from library.people`))[0] };
}

async function byHand(): Promise<{ ms: number; told: unknown }> {
  const file = join(place, 'hand.duckdb');
  for (const ending of ['', '.wal']) rmSync(`${file}${ending}`, { force: true });
  const instance = await DuckDBInstance.create(file, { threads: '2' });
  const c = await instance.connect();
  for (const [i, path] of exported.entries()) await c.run(`create table t${i} as from read_parquet('${path}')`);
  const began = performance.now();
  await c.run(`create table people as select "identityNumber", arg_min(name, a) filter (name is not null) as name, arg_max(phone, a) filter (phone is not null) as phone,
      arg_min(address, a) filter (address is not null) as address, arg_min("birthDate", a) filter ("birthDate" is not null) as "birthDate"
    from (select *, 0 as a from t0 union all select *, 1 as a from t1) where "identityNumber" is not null group by all`);
  await c.run('checkpoint');
  const ms = performance.now() - began;
  const [row] = (await c.runAndReadAll(`${digest} from people`)).getRowObjectsJson();
  c.closeSync();
  instance.closeSync();
  return { ms, told: row };
}

const sides = { ours: [] as number[], hand: [] as number[] };
let entities: unknown;
for (let round = 0; round <= rounds; round++) {
  const a = await ours();
  const b = await byHand();
  if (JSON.stringify(a.told) !== JSON.stringify(b.told))
    throw new Error(`ours ${JSON.stringify(a.told)}, by hand ${JSON.stringify(b.told)}`);
  entities = a.told;
  if (round === 0) continue;
  sides.ours.push(a.ms);
  sides.hand.push(b.ms);
}
const [built] = await k.db.rows<{ claims: string }>('select claims from library.build order by built_at desc limit 1');
console.log(`${rows} rows in two tables are ${(entities as { n: number }).n} people with ${built?.claims} claims; golden values equal`);
console.log(
  `  ours ${(median(sides.ours) / 1000).toFixed(2)} s, by hand ${(median(sides.hand) / 1000).toFixed(2)} s: by hand ÷ ours ${told(sides.hand.map((ms, i) => ms / (sides.ours[i] as number)))}`,
);
console.log('  (ours also keeps every claim with its origin, ranks them, and counts per field how far the sources agree)');
console.log(`load ${loadavg()[0]?.toFixed(2)}`);
await close();
rmSync(place, { recursive: true, force: true });
process.exit(0);
