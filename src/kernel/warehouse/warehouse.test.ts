/** The warehouse process: values come through unchanged, a batch is written once, work can be stopped, and a kill loses nothing acknowledged. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '#test/database';
import { startWarehouse, type WarehouseProcess } from './index.ts';

const serverFile = fileURLToPath(new URL('./server.ts', import.meta.url));
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
/** Seconds of work that no index and no statistics shorten. */
const slowSql = 'select count(*)::integer as n from range(40000) a, range(20000) b where a.range + b.range = 7';

let folder: string;
let running: WarehouseProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chengshu-warehouse-'));
  running = await startWarehouse(folder);
});
afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('values come as plain data, and the zone is the city’s', async () => {
  const rows = await running.client.query(
    `select 1::bigint as big, 2::integer as int, 1.50::decimal(27,10) as dec, date '2024-02-29' as day, ['a', null] as list, $1::varchar as text, null as absent, current_setting('TimeZone') as zone`,
    ['𠮷\n"'],
  );
  expect(rows).toEqual([
    { big: '1', int: 2, dec: '1.5000000000', day: '2024-02-29', list: ['a', null], text: '𠮷\n"', absent: null, zone: 'Asia/Shanghai' },
  ]);
});

test('a text keeps the mark U+FEFF at its beginning, short or long', async () => {
  const texts = ['\ufeff', '\ufeffab', `\ufeff${'长'.repeat(50)}`];
  expect(await running.client.query('select unnest([$1, $2, $3]) as text', texts)).toEqual(texts.map((text) => ({ text })));
});

test('every kind of value has one form, and parameters arrive as what they are', async () => {
  const { client } = running;
  const values = `true as yes, 4294967295::uinteger as u32, 18446744073709551615::ubigint as u64, 170141183460469231731687303715884105727::hugeint as huge,
    1.5::double as real, 'nan'::double as nan, timestamp '2024-02-29 10:00:00.123456' as at, timestamptz '2024-02-29 10:00:00+08' as instant, {'a': 1::bigint, 'b': [date '2024-02-29']} as s, map{'k': 1} as m`;
  expect(await client.query(`select ${values}`)).toEqual([
    {
      yes: true,
      u32: 4294967295,
      u64: '18446744073709551615',
      huge: '170141183460469231731687303715884105727',
      real: 1.5,
      nan: 'NaN',
      at: '2024-02-29 10:00:00.123456',
      instant: '2024-02-29 02:00:00+00',
      s: { a: '1', b: ['2024-02-29'] },
      m: [{ key: 'k', value: 1 }],
    },
  ]);
  const types = 'select typeof($1) as a, typeof($2) as b, typeof($3) as c, typeof($4) as d, typeof($5) as e, $6 is null as f';
  expect(await client.query(types, ['{"bigint":"1"}', 9007199254740993n, 7, 2 ** 40, true, null])).toEqual([
    { a: 'VARCHAR', b: 'BIGINT', c: 'INTEGER', d: 'BIGINT', e: 'BOOLEAN', f: true },
  ]);
  expect(await client.query('select $1 as n, $2 as huge, $3 as real', [9007199254740993n, 2n ** 100n, 1e300])).toEqual([
    { n: '9007199254740993', huge: String(2n ** 100n), real: 1e300 },
  ]);
  const long = 'x'.repeat(16 << 20);
  expect(await client.query(`select length('${long}')::integer as n`)).toEqual([{ n: 16 << 20 }]);
});

test('a batch is written once, and a failed transaction leaves nothing', async () => {
  const { client } = running;
  await client.execute([{ sql: 'create table once (n integer)' }]);
  const order = { table: 'once', batch: '1', statements: [{ sql: 'insert into once select range::integer from range(5)' }] };
  expect(await client.write(order)).toEqual({ rows: 5 });
  expect(await client.write(order)).toEqual({ rows: 5 });
  expect(
    await client.write({ ...order, replace: true, statements: [{ sql: 'delete from once' }, { sql: 'insert into once values (7)' }] }),
  ).toEqual({ rows: 1 });
  await expect(client.execute([{ sql: 'insert into once values (8)' }, { sql: `select error('no')` }])).rejects.toMatchObject({
    reason: 'failed',
  });
  expect(await client.query('select n from once')).toEqual([{ n: 7 }]);
});

test('CSV goes into PostgreSQL and back without a difference', async () => {
  const texts = [
    ...[null, '', 'a', '"', '""', ',', '\n', '\r', '\r\n', 'a\n\\.\nb', '\\.', '\\N', 'NULL', ' ', ' a ', '\t', '\\', "'", '007'],
    ...['𠮷', '｡"，', '\u3000', '\u00a0', '\u2028', '\ufeff', '\u0001'],
  ];
  await running.client.execute([
    { sql: 'create table texts (i integer, a varchar)' },
    ...texts.map((text, i) => ({ sql: 'insert into texts values ($1, $2)', params: [i, text] })),
  ]);
  const database = await createDatabase();
  const db = new pg.Client({ connectionString: database.url });
  await db.connect();
  await db.query('create table alone (a text); create table beside (i integer, a text, b text, d date, n numeric, t boolean)');
  const copy = (sql: string, into: string) =>
    pipeline(Readable.from(running.client.exportCsv(sql)), db.query(copyFrom(`copy ${into} from stdin (format csv)`)));
  await copy('select a from texts order by i', 'alone');
  await copy(`select i, a, a as b, date '2024-02-29', 1.50::decimal(38,6), i > 1 from texts`, 'beside');
  expect((await db.query<{ a: string | null }>('select a from alone')).rows.map((r) => r.a)).toEqual(texts);
  const rows = (await db.query('select i, a, b, d::text, n::text, t from beside order by i')).rows;
  expect(rows).toEqual(texts.map((text, i) => ({ i, a: text, b: text, d: '2024-02-29', n: '1.500000', t: i > 1 })));
  await db.end();
  await database.drop();
  const broken = running.client.exportCsv(`select case when range = 99999 then error('in the last row') end from range(100000)`);
  await expect(broken[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    reason: 'failed',
    message: expect.stringContaining('in the last row'),
  });
  expect(readdirSync(join(folder, 'warehouse-tmp'))).toEqual([]);
});

test('rows go to a Parquet file in the objects folder', async () => {
  const path = join(folder, 'objects', 'staging', 'made.parquet');
  expect(await running.client.copyToParquet('select a from texts where i > $1 order by i', [2], path)).toEqual({ rows: 23 });
  expect(await running.client.query('select count(*)::integer as n from read_parquet($1)', [path])).toEqual([{ n: 23 }]);
});

test('how far a statement is can be followed, and how much of an export has been read', async () => {
  const path = join(folder, 'objects', 'staging', 'long.parquet');
  await running.client.copyToParquet('select range as a from range(8000000)', [], path);
  const stop = new AbortController();
  const shares: number[] = [];
  const progress = async (share: number): Promise<void> => {
    shares.push(share);
    if (shares.length === 2) stop.abort(new Error('enough'));
  };
  const hashed = Array.from({ length: 12 }, () => 'md5(').join('');
  const slow = `select count(*) from read_parquet($1) where ${hashed}a::varchar${')'.repeat(12)} = ''`;
  await expect(running.client.query(slow, [path], { signal: stop.signal, progress })).rejects.toThrow('enough');
  const [first = 0, second = 0] = shares;
  expect(first).toBeGreaterThan(0);
  expect(second).toBeGreaterThan(first);
  expect(second).toBeLessThan(1);
  // Who cannot be told while the statement still runs hears so at its end, and the process lives.
  const failing = async (): Promise<void> => {
    throw new Error('nobody there');
  };
  const shorter = `select count(*) from read_parquet($1) where md5(md5(md5(md5(a::varchar)))) = ''`;
  await expect(running.client.query(shorter, [path], { progress: failing })).rejects.toThrow('nobody there');
  const read: number[] = [];
  const rows = running.client.exportCsv('select range from range(200000)', [], { progress: async (share) => void read.push(share) });
  for await (const chunk of rows) expect(chunk.length).toBeGreaterThan(0);
  expect(read.at(-1)).toBe(1);
  expect(read).toEqual([...read].sort((a, b) => a - b));
  expect(read.length).toBeGreaterThan(2);
});

test('a quick question does not wait behind slow ones', async () => {
  const stop = new AbortController();
  const slow = Array.from({ length: 8 }, () => running.client.query(slowSql, [], { signal: stop.signal }).catch((e: Error) => e.message));
  await pause(100);
  const began = performance.now();
  expect(await running.client.query('select 1 as one')).toEqual([{ one: 1 }]);
  expect(performance.now() - began).toBeLessThan(1000);
  stop.abort(new Error('enough'));
  expect(new Set(await Promise.all(slow))).toEqual(new Set(['enough']));
});

test('what is called off before its turn is never done', async () => {
  const before = running.client.execute([{ sql: slowSql }]);
  await pause(50);
  const stop = new AbortController();
  const called = [
    running.client.execute([{ sql: 'create table ghost (n integer)' }], { signal: stop.signal }),
    running.client.write({ table: 'once', batch: 'ghost', statements: [{ sql: 'insert into once values (9)' }] }, { signal: stop.signal }),
  ].map((p) => p.catch((e: Error) => e.message));
  await pause(50);
  stop.abort(new Error('cancelled'));
  expect(await Promise.all(called)).toEqual(['cancelled', 'cancelled']);
  await before;
  await running.client.execute([{ sql: 'select 1' }]);
  expect(
    await running.client.query(
      `select 1 from duckdb_tables() where table_name = 'ghost' union all select 1 from once where n = 9 union all select 1 from meta.write where batch = 'ghost'`,
    ),
  ).toEqual([]);
});

test('work that nobody waits for any more is stopped', async () => {
  const stop = new AbortController();
  const slow = running.client.query('select count(*) from range(100000000) a, range(100000) b', [], { signal: stop.signal });
  setTimeout(() => stop.abort(new Error('cancelled')), 200);
  await expect(slow).rejects.toThrow('cancelled');
  const began = performance.now();
  expect(await running.client.query('select 1 as one')).toEqual([{ one: 1 }]);
  expect(performance.now() - began).toBeLessThan(5000);
});

test('nothing outside the folders can be read or written', async () => {
  await expect(running.client.query(`select * from read_text('/etc/passwd')`)).rejects.toThrow(/Permission|disabled/);
  await expect(running.client.query(`copy (select 1) to '/tmp/chengshu-escape.csv'`)).rejects.toThrow(/Permission|disabled/);
});

test('a second process on the same file says so, ends, and harms nothing', () => {
  const spill = join(folder, 'warehouse-tmp', 'of-the-first');
  writeFileSync(spill, '');
  const second = spawnSync(process.execPath, [serverFile, folder], { encoding: 'utf8' });
  expect([second.status, second.stderr]).toEqual([1, expect.stringMatching(/^warehouse: .*Conflicting lock is held/)]);
  expect(existsSync(spill)).toBe(true);
  rmSync(spill);
});

test('the address is ours alone, and a stranger without the token hears nothing', async () => {
  const file = join(folder, 'run', 'warehouse.json');
  expect(statSync(file).mode & 0o077).toBe(0);
  const { port } = JSON.parse(readFileSync(file, 'utf8')) as { port: number };
  const reply = await fetch(`http://127.0.0.1:${port}/query`, {
    method: 'POST',
    body: '{"sql":"select 1"}',
    headers: { authorization: 'Bearer no' },
  });
  expect([reply.status, await reply.text()]).toEqual([401, '{}']);
});

test('it does not outlive its parent', async () => {
  const alone = mkdtempSync(join(tmpdir(), 'chengshu-orphan-'));
  const script = `import { startWarehouse } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}; const w = await startWarehouse(${JSON.stringify(alone)}); void w.client.query(${JSON.stringify(slowSql)}); console.log(w.pid);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = Number(await new Promise<string>((done) => parent.stdout.once('data', (d: Buffer) => done(d.toString()))));
  parent.kill('SIGKILL');
  for (const began = performance.now(); existsSync(`/proc/${pid}`) && performance.now() - began < 5000; ) await pause(50);
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  expect(existsSync(join(alone, 'run', 'warehouse.json'))).toBe(false);
  rmSync(alone, { recursive: true });
});

test('stopped in the middle of work it ends at once, and the file stays where it is when it cannot be opened for another reason', async () => {
  const slow = running.client.execute([{ sql: slowSql }]).catch((e: { code: string }) => e.code);
  await pause(100);
  const began = performance.now();
  await running.stop();
  expect(performance.now() - began).toBeLessThan(2000);
  expect(await slow).toBe('WAREHOUSE_AWAY');
  await expect(startWarehouse(folder, { memory: 'rubbish' })).rejects.toMatchObject({ code: 'WAREHOUSE_NOT_OPEN' });
  const waiting = running.client.query('select n from once');
  running = await startWarehouse(folder);
  expect(await waiting).toEqual([{ n: 7 }]);
  expect(readdirSync(folder).filter((n) => n.includes('unreadable'))).toEqual([]);
});

test('killed in the middle of writing, every batch is there once and whole, and the client finds the new process', async () => {
  await running.client.execute([{ sql: 'create table storm (batch integer, n integer)' }]);
  const acknowledged: number[] = [];
  const killed = running;
  const writing = (async () => {
    for (let batch = 0; batch < 200; batch++) {
      await running.client.write({
        table: 'storm',
        batch: String(batch),
        statements: [{ sql: 'insert into storm select $1, range::integer from range(1000)', params: [batch] }],
      });
      acknowledged.push(batch);
      if (batch === 20) setTimeout(() => killed.kill(), 2);
    }
  })();
  await killed.exited;
  running = await startWarehouse(folder);
  await writing;
  const rows = await running.client.query<{ batch: number; n: number }>('select batch, count(*)::integer as n from storm group by batch');
  const found = new Map(rows.map((r) => [r.batch, r.n]));
  // The write that the kill met was sent again, and was done once.
  expect(acknowledged.length).toBe(200);
  for (const batch of acknowledged) expect(found.get(batch)).toBe(1000);
  expect(found.size).toBe(200);
});

test('a file that cannot be read is set aside and said to be fresh', async () => {
  await running.client.complete();
  expect((await running.client.health()).fresh).toBe(false);
  await running.stop();
  writeFileSync(join(folder, 'warehouse.duckdb'), 'this is no database');
  rmSync(join(folder, 'warehouse.duckdb.wal'), { force: true });
  running = await startWarehouse(folder);
  expect((await running.client.health()).fresh).toBe(true);
  expect(readFileSync(join(folder, 'run', 'warehouse.json'), 'utf8')).toContain('token');
});

test('killed in the middle of a transaction that nobody repeats: nothing of it remains', async () => {
  await running.client.execute([{ sql: 'create table half (n bigint)' }]);
  const doomed = running.client
    .execute([{ sql: 'insert into half select range from range(100000)' }, { sql: slowSql }])
    .catch((e: { code: string }) => e.code);
  await pause(200);
  running.kill();
  expect(await doomed).toBe('WAREHOUSE_AWAY');
  await running.exited;
  running = await startWarehouse(folder);
  expect(await running.client.query('select count(*)::integer as n from half')).toEqual([{ n: 0 }]);
});

test('work that needs more memory than there is is refused as that, and the next is served', async () => {
  const small = mkdtempSync(join(tmpdir(), 'chengshu-warehouse-'));
  const narrow = await startWarehouse(small, { memory: '50MB' });
  try {
    await expect(
      narrow.client.query(`select length(string_agg(md5(cast(range as varchar)), ',')) as n from range(4000000)`),
    ).rejects.toMatchObject({ code: 'WAREHOUSE_MEMORY' });
    expect(await narrow.client.query('select 1 as n')).toEqual([{ n: 1 }]);
  } finally {
    await narrow.stop();
    rmSync(small, { recursive: true, force: true });
  }
});
