/** The warehouse process: values come through unchanged, a batch is written once, work can be stopped, and a kill loses nothing acknowledged. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWarehouse, type WarehouseProcess } from './index.ts';

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
  const rows = await running.client.query(`select 1::bigint as big, 2::integer as int, 1.50::decimal(27,10) as dec, date '2024-02-29' as day, ['a', null] as list, $1::varchar as text, null as absent, current_setting('TimeZone') as zone`, ['𠮷\n"']);
  expect(rows).toEqual([{ big: '1', int: 2, dec: '1.5000000000', day: '2024-02-29', list: ['a', null], text: '𠮷\n"', absent: null, zone: 'Asia/Shanghai' }]);
});

test('a batch is written once, and a failed transaction leaves nothing', async () => {
  const { client } = running;
  await client.execute([{ sql: 'create table once (n integer)' }]);
  const order = { table: 'once', batch: '1', statements: [{ sql: 'insert into once select range::integer from range(5)' }] };
  expect(await client.write(order)).toEqual({ rows: 5 });
  expect(await client.write(order)).toEqual({ rows: 5 });
  expect(await client.write({ ...order, replace: true, statements: [{ sql: 'delete from once' }, { sql: 'insert into once values (7)' }] })).toEqual({ rows: 1 });
  await expect(client.execute([{ sql: 'insert into once values (8)' }, { sql: `select error('no')` }])).rejects.toMatchObject({ reason: 'failed' });
  expect(await client.query('select n from once')).toEqual([{ n: 7 }]);
});

test('CSV keeps absent and empty apart and gives every character back', async () => {
  let text = '';
  for await (const chunk of running.client.exportCsv(`select * from (values (null, '', $1::varchar), ('a"b', 'c,d', e'e\\nf')) t(a, b, c)`, ['𠮷'])) text += Buffer.from(chunk).toString();
  expect(text).toBe(',"",𠮷\n"a""b","c,d","e\nf"\n');
});

test('work that nobody waits for any more is stopped', async () => {
  const stop = new AbortController();
  const slow = running.client.query('select count(*) from range(100000000) a, range(100000) b', [], { signal: stop.signal });
  setTimeout(() => stop.abort(new Error('cancelled')), 200);
  await expect(slow).rejects.toThrow('cancelled');
  const began = Date.now();
  expect(await running.client.query('select 1 as one')).toEqual([{ one: 1 }]);
  expect(Date.now() - began).toBeLessThan(5000);
});

test('nothing outside the folders can be read or written', async () => {
  await expect(running.client.query(`select * from read_text('/etc/passwd')`)).rejects.toThrow(/Permission|disabled/);
  await expect(running.client.query(`copy (select 1) to '/tmp/chengshu-escape.csv'`)).rejects.toThrow(/Permission|disabled/);
});

test('killed in the middle of writing: what was acknowledged is there, the rest is whole or absent, and the client finds the new process', async () => {
  await running.client.execute([{ sql: 'create table storm (batch integer, n integer)' }]);
  const acknowledged: number[] = [];
  const writing = (async () => {
    for (let batch = 0; batch < 1000; batch++) {
      await running.client.write({ table: 'storm', batch: String(batch), statements: [{ sql: 'insert into storm select $1, range::integer from range(1000)', params: [batch] }] });
      acknowledged.push(batch);
    }
  })().catch(() => undefined);
  setTimeout(() => running.kill(), 300);
  await running.exited;
  await writing;
  running = await startWarehouse(folder);
  const rows = await running.client.query<{ batch: number; n: number }>('select batch, count(*)::integer as n from storm group by batch');
  const found = new Map(rows.map((r) => [r.batch, r.n]));
  for (const batch of acknowledged) expect(found.get(batch)).toBe(1000);
  for (const n of found.values()) expect(n).toBe(1000);
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
