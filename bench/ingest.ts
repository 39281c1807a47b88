/**
 * `npm run bench:ingest -- [rows] [rounds]`: a CSV file to governed rows (landed whole as text, standardised, every element verdict and rule asked, split),
 * beside DuckDB's bare load of the same file and PostgreSQL's COPY of it, turn by turn; and from governed to served. A ratio above 1: ours is faster.
 */

import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Worker } from 'node:worker_threads';
import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { numberAt } from '../scripts/usage.ts';
import { median, openInstallation, told } from './installation.ts';
import { declarePeople, deliver, demand } from './people.ts';
import { peopleColumns, writePeople } from './people-file.ts';

const rows = numberAt(0, 1_000_000);
const rounds = numberAt(1, 5);
const place = mkdtempSync(join(tmpdir(), 'chengshu-ingest-'));
const path = join(place, 'people.csv');
await writePeople(path, rows);
const { k, close } = await openInstallation();
const steward = await k.actor('provider-steward', 'police');
const watch = new Worker(new URL('./memory-watch.ts', import.meta.url), { workerData: process.pid });

/** The most memory held since this was asked last, in MB. */
const peakSince = () =>
  new Promise<number>((told) => {
    watch.once('message', told);
    watch.postMessage('told');
  });

/** One delivery under an id of its own, from its bytes to governed rows; then to served ones. */
async function ours(round: number): Promise<{ governed: number; served: number; rows: number }> {
  const id = `people-${round}`;
  await declarePeople(k, steward, id);
  const began = performance.now();
  await deliver(k, steward, id, path);
  const governed = performance.now() - began;
  const result = await k.db.first<{ read: number; good: number; bad: number }>(
    'select rows_read as read, rows_governed as good, rows_quarantined as bad from govern.result where table_id = $1',
    [id],
  );
  if (!result || result.read !== rows || result.good + result.bad !== rows) throw new Error(`${JSON.stringify(result)} of ${rows} rows`);
  const again = performance.now();
  await demand(k, steward, 'PUT', `/api/share/services/${id}`, {
    id,
    title: { zh: `居民 ${round}` },
    on: { table: id },
    department: 'police',
    keys: ['identityNumber'],
    returns: [
      { field: 'identityNumber', show: 'element' },
      { field: 'name', show: 'element' },
      { field: 'phone', show: 'element' },
    ],
    limit: 10,
  });
  await k.drain();
  const served = performance.now() - again;
  const published = await k.db.first<{ rows: number }>('select rows from share.published where service = $1', [id]);
  if (published?.rows !== result.good) throw new Error(`${published?.rows} rows are served of ${result.good}`);
  return { governed, served, rows: result.good };
}

async function bareDuckdb(): Promise<number> {
  const file = join(place, 'bare.duckdb');
  for (const ending of ['', '.wal']) rmSync(`${file}${ending}`, { force: true });
  const instance = await DuckDBInstance.create(file, { threads: '2' });
  const c = await instance.connect();
  const began = performance.now();
  await c.run(`create table people as select * from read_csv('${path}', all_varchar = true)`);
  await c.run('checkpoint');
  const took = performance.now() - began;
  const [n] = (await c.runAndReadAll('select count(*)::int from people')).getRows()[0] ?? [];
  if (n !== rows) throw new Error(`DuckDB loaded ${n} rows`);
  c.closeSync();
  instance.closeSync();
  return took;
}

async function bareCopy(): Promise<number> {
  const client = new pg.Client({ connectionString: k.urls.admin });
  await client.connect();
  await client.query('drop table if exists people');
  await client.query(`create table people (${peopleColumns.map((_, i) => `c${i} text`).join(', ')})`);
  const began = performance.now();
  await pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), client.query(copyFrom('copy people from stdin (format csv, header)')));
  const took = performance.now() - began;
  const n = (await client.query<{ n: number }>('select count(*)::int as n from people')).rows[0]?.n;
  if (n !== rows) throw new Error(`COPY loaded ${n} rows`);
  await client.query('drop table people');
  await client.end();
  return took;
}

const sides = { governed: [] as number[], served: [] as number[], duckdb: [] as number[], copy: [] as number[] };
let good = 0;
let peak = 0;
for (let round = 1; round <= rounds; round++) {
  await peakSince();
  const mine = await ours(round);
  peak = Math.max(peak, await peakSince());
  good = mine.rows;
  sides.governed.push(mine.governed);
  sides.served.push(mine.served);
  sides.duckdb.push(await bareDuckdb());
  sides.copy.push(await bareCopy());
}
const megabytes = statSync(path).size / 1_048_576;
console.log(`${rows} rows, ${megabytes.toFixed(0)} MB; ${good} governed, ${rows - good} to quarantine`);
for (const [name, all] of Object.entries(sides))
  console.log(`  ${name.padEnd(9)} ${(median(all) / 1000).toFixed(1)} s, ${(rows / median(all)).toFixed(0)} k rows/s`);
const ratio = (other: number[]) => told(other.map((ms, i) => ms / (sides.governed[i] as number)));
console.log(`  governed against COPY: ${ratio(sides.copy)}`);
console.log(`  governed against DuckDB's bare load: ${ratio(sides.duckdb)}`);
console.log(`  our peak memory, all processes together with PostgreSQL, ${Math.round(peak)} MB; load ${loadavg()[0]?.toFixed(2)}`);
await close();
rmSync(place, { recursive: true, force: true });
process.exit(0);
