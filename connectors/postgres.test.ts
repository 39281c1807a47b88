/** The PostgreSQL connector on a real server: texts, cursors, unfinished writers, lost connections, and the receipt both ends compute. */
import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectorEffects, Position } from '#declare/connector';
import type { Source } from '#declare/source';
import { createDatabase, type TestDatabase } from '#test/database';
import postgres from './postgres.ts';
import { effectsOf, type Record, readFrom, recordsOf, sourceOf } from './test-delivery.ts';

let database: TestDatabase;
let admin: pg.Client;
let settings: Source['settings'];
beforeAll(async () => {
  database = await createDatabase();
  admin = await session();
  settings = {
    host: admin.host,
    port: admin.port,
    database: database.name,
    user: admin.user ?? '',
    password: 'secret:source',
    schema: '部门"库',
    table: 'T',
  };
  await admin.query('create schema "部门""库"; create schema s');
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

async function session(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => {});
  await client.connect();
  return client;
}
const effects = (signal?: AbortSignal): ConnectorEffects => ({
  ...effectsOf(Buffer.alloc(0), 1, signal),
  secret: async () => String(admin.password ?? ''),
});
const source = (part: Partial<Source>, changed: Source['settings'] = {}): Source =>
  sourceOf({ connector: 'postgres', layout: null, ...part, settings: { ...settings, ...changed } });
const read = (what: Source): Promise<Record[]> => recordsOf(postgres, what, effects());

/** Reads on from a position in a table `s.<table>`; what comes back are the values of its first column, those that may come again apart. */
async function batch(
  table: string,
  cursor: string,
  since: Position | null,
  columns = [cursor],
): Promise<{ values: (string | null | undefined)[]; again: (string | null | undefined)[]; position: Position | null }> {
  const what = source({ columns, mode: 'incremental', cursor, key: columns.slice(0, 1) }, { schema: 's', table });
  const { records, position } = await readFrom(postgres, what, effects(), since);
  const values = (wanted: boolean) => records.filter((r) => r.ordinal < 0 === wanted).map((r) => r.cells[0]);
  return { values: values(false), again: values(true), position };
}

describe('a full reading', () => {
  it('spells every value in the decided form', async () => {
    await admin.query(`create table "部门""库"."T" ("主 键" text, z timestamptz, t timestamp, d date, n numeric(20,4), b boolean, x bytea, c char(5), f float8, e text, "a""b" int[]);
      insert into "部门""库"."T" values
      ('乙', '2024-02-28T23:08:09.123456Z', '2024-02-29 07:08:09', '2024-02-29', 1.5, true, '\\x00ff', 'ab', 0.1, '', '{1,2}'),
      ('甲', '1988-07-01T00:00:00Z', 'infinity', 'infinity', null, false, null, null, 'NaN', E'a"b,\\n\\r\\n', null),
      ('B', '0044-03-15T00:00:00Z BC', null, '0044-03-15 BC', 12345678901234567890/10000.0, null, '', '', 1e300, '\\.', '{}')`);
    const columns = ['主 键', 'z', 't', 'd', 'n', 'b', 'x', 'c', 'f', 'e', 'a"b'];
    const records = await read(source({ columns, key: ['主 键'] }));
    expect(records.map((r) => [r.ordinal, r.fault, ...r.cells]).sort((a, b) => (String(a[2]) < String(b[2]) ? -1 : 1))).toEqual([
      [3, '', 'B', '0044-03-15 08:05:43+08:05:43 BC', null, '0044-03-15 BC', '1234567890123456.7890', null, '', '', '1e+300', '\\.', '{}'],
      [
        1,
        '',
        '乙',
        '2024-02-29T07:08:09.123456+08:00',
        '2024-02-29T07:08:09.000000',
        '2024-02-29',
        '1.5000',
        'true',
        '00ff',
        'ab',
        '0.1',
        '',
        '{1,2}',
      ],
      [2, '', '甲', '1988-07-01T09:00:00.000000+09:00', 'infinity', 'infinity', null, 'false', null, null, 'NaN', 'a"b,\n\r\n', null],
    ]);
  });

  it('brings back any texts, and its receipt is the digest of what was delivered', async () => {
    await admin.query('create domain s.day as timestamptz; create table s.texts (k text, v text, w s.day)');
    const what = source({ columns: ['k', 'v', 'w'], key: ['k'] }, { schema: 's', table: 'texts' });
    const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 6 }).filter((t) => !t.includes('\0')));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { maxLength: 12 }), async (rows) => {
        await admin.query('truncate s.texts');
        for (const row of rows) await admin.query(`insert into s.texts values ($1, $2, '2024-02-29T00:00:00.5Z')`, row);
        const records = await read(what);
        const sorted = (list: readonly (readonly unknown[])[]) => list.map((row) => JSON.stringify(row)).sort();
        expect(sorted(records.map((r) => r.cells.slice(0, 2)))).toEqual(sorted(rows));
        expect(await receipt(what)).toEqual(digests(records, [0]));
      }),
      { numRuns: 25 },
    );
    expect(await receipt(source({ columns: ['主 键', 'z', 't', 'd', 'n', 'b', 'x', 'c', 'f', 'e', 'a"b'] }))).toEqual(
      digests(await read(source({ columns: ['主 键', 'z', 't', 'd', 'n', 'b', 'x', 'c', 'f', 'e', 'a"b'] })), null),
    );
  });
});

/** Runs the receipt SQL as an administrator with other session settings would. */
async function receipt(what: Source): Promise<string[]> {
  const client = await session();
  await client.query(`set timezone = 'UTC'; set datestyle = 'German'; set bytea_output = 'escape'`);
  const results = (await client.query(postgres.receiptSql(what) ?? '')) as unknown as pg.QueryResult<{
    bucket: string;
    rows: string;
    digest: string;
  }>[];
  await client.end();
  return results.flatMap((r) => r.rows).map((r) => `${r.bucket} ${r.rows} ${r.digest}`);
}

/** The same from delivered records, by the definition. */
function digests(records: readonly Record[], key: readonly number[] | null): string[] {
  const h = (x: string) => createHash('md5').update(x).digest('hex');
  const text = (cells: readonly (string | null)[]) => cells.map((c) => (c === null ? '~' : `${[...c].length}:${c}`)).join('');
  const sums = new Map<string, [bigint, bigint]>();
  for (const { cells } of records) {
    const bucket = h(text(key === null ? cells : key.map((k) => cells[k] ?? null))).slice(0, 2);
    const [rows, sum] = sums.get(bucket) ?? [0n, 0n];
    sums.set(bucket, [rows + 1n, sum + BigInt(`0x${h(text(cells)).slice(0, 15)}`)]);
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([bucket, [rows, sum]]) => `${bucket} ${rows} ${sum}`);
}

describe('an incremental reading', () => {
  it('compares by the type of the column and delivers late rows of an older date', async () => {
    await admin.query(
      `create table s.growing (rid bigserial, gxsj date); insert into s.growing (gxsj) select '2024-01-01' from generate_series(1, 9)`,
    );
    const first = await batch('growing', 'rid', null);
    expect(first.position).toMatchObject({ value: '9' });
    const second = await batch('growing', 'rid', first.position);
    expect(second).toEqual({ values: [], again: [], position: first.position });
    await admin.query(`insert into s.growing (gxsj) values ('2020-01-01'), ('2024-02-01')`);
    expect(await batch('growing', 'rid', second.position)).toMatchObject({ values: ['10', '11'], again: [], position: { value: '11' } });
  });

  it('goes on from a row that another transaction had not committed, under a savepoint or prepared', async () => {
    await admin.query('create table s.racing (rid bigserial primary key, v text)');
    const [slow, prepared, elsewhere] = [await session(), await session(), await session()];
    await elsewhere.query('begin; create temporary table own (a int); insert into own values (1)');
    await admin.query(`insert into s.racing (v) values ('1')`);
    await slow.query(
      `begin; savepoint a; insert into s.racing (v) values ('2'); release a; savepoint b; insert into s.racing (v) values ('3')`,
    );
    await prepared.query(`begin; insert into s.racing (v) values ('4'); prepare transaction '${database.name}'`);
    await admin.query(`insert into s.racing (v) values ('5')`);
    const first = await batch('racing', 'rid', null);
    expect(first).toMatchObject({ values: ['1', '5'], position: { value: '5' } });
    await slow.query('commit');
    await admin.query(`commit prepared '${database.name}'`);
    const second = await batch('racing', 'rid', first.position);
    expect(second.values).toEqual([]);
    expect(second.again.toSorted()).toEqual(['2', '3', '4', '5']);
    // Who writes elsewhere holds nothing back: with no writer open nothing comes again.
    expect(await batch('racing', 'rid', second.position)).toMatchObject({ values: [], again: [] });
    await elsewhere.query('rollback');
    await Promise.all([slow.end(), prepared.end(), elsewhere.end()]);
  });

  it('takes everything again where the position was taken in another place', async () => {
    const { position } = await batch('racing', 'rid', null);
    const elsewhere = { value: '3', mark: position?.mark?.replace(/"cluster":"\d/, '"cluster":"x') ?? '' };
    expect((await batch('racing', 'rid', elsewhere)).again.toSorted()).toEqual(['1', '2', '3', '4', '5']);
    expect((await batch('racing', 'rid', { value: '3', mark: null })).again).toHaveLength(5);
  });

  it('never passes the present by a time, and finds what a transaction stores under its own older time', async () => {
    await admin.query(`create table s.timed (gxsj timestamptz not null default now(), v text);
      insert into s.timed values ('2024-01-01T00:00:00.001Z', 'a'), ('9999-12-31', 'far'), ('2024-01-01T00:00:00.002Z', 'b')`);
    const first = await batch('timed', 'gxsj', null, ['v']);
    expect(first.values.toSorted()).toEqual(['a', 'b', 'far']);
    const slow = await session();
    await slow.query('begin; select 1');
    await admin.query(`insert into s.timed (v) values ('quick')`);
    const second = await batch('timed', 'gxsj', first.position, ['v']);
    // Any transaction of the server counts as a writer here, so more may come again.
    expect(second.again).toEqual(expect.arrayContaining(['far', 'quick']));
    await slow.query(`insert into s.timed (v) values ('slow'); commit`);
    await slow.end();
    const third = await batch('timed', 'gxsj', second.position, ['v']);
    expect(third.again).toEqual(expect.arrayContaining(['far', 'slow']));
  });

  it('refuses what cannot be a cursor, saying why, and a source that is behind its cursor', async () => {
    await admin.query(`create table s.unfit (u uuid not null default gen_random_uuid(), t text not null, x bytea, e timestamptz, n numeric not null, f timestamptz not null);
      insert into s.unfit (t, n, f) values ('a', 1, 'infinity'), ('b', 'NaN', now())`);
    for (const [column, why] of [
      ['u', 'random'],
      ['t', 'no order'],
      ['x', 'no order'],
      ['e', 'empty'],
      ['n', 'not finite'],
      ['f', 'not finite'],
    ] as const)
      await expect(batch('unfit', column, null)).rejects.toMatchObject({ code: 'settings', detail: expect.stringContaining(why) });
    await admin.query('create table s.restart (rid bigserial primary key); insert into s.restart select from generate_series(1, 5)');
    const { position } = await batch('restart', 'rid', null);
    await expect(batch('restart', 'rid', { value: 'x', mark: null })).rejects.toMatchObject({ code: 'settings' });
    await expect(batch('restart', 'rid', { value: `1'; drop table s.restart; --`, mark: null })).rejects.toMatchObject({
      code: 'settings',
    });
    await admin.query('truncate s.restart restart identity; insert into s.restart select from generate_series(1, 3)');
    await expect(batch('restart', 'rid', position)).rejects.toMatchObject({ code: 'behind', detail: expect.stringContaining('3') });
    await admin.query('truncate s.restart');
    await expect(batch('restart', 'rid', position)).rejects.toMatchObject({ code: 'behind' });
  });
});

describe('what goes wrong', () => {
  it('has a name', async () => {
    await admin.query(`create table s.plain (a text, b text); create role ${database.name}_app nologin`);
    const plain = (part: Partial<Source>, changed: Source['settings'] = {}) =>
      read(source({ columns: ['a', 'b'], ...part }, { schema: 's', table: 'plain', ...changed }));
    await expect(plain({}, { port: 1 })).rejects.toMatchObject({ code: 'unreachable' });
    await expect(plain({}, { database: 'absent-database' })).rejects.toMatchObject({
      code: 'unreachable',
      detail: expect.stringContaining('absent-database'),
    });
    await expect(plain({}, { user: `${database.name}_app` })).rejects.toMatchObject({ code: 'denied' });
    await expect(plain({}, { table: 'absent' })).rejects.toMatchObject({ code: 'no-table' });
    await expect(plain({}, { schema: 'absent' })).rejects.toMatchObject({ code: 'no-table' });
    await expect(plain({ columns: ['a', 'c', 'd'] })).rejects.toMatchObject({ code: 'no-column', detail: 'c, d' });
    await expect(plain({}, { port: 'x' })).rejects.toMatchObject({ code: 'settings' });
    expect(await plain({})).toEqual([]);
  });

  it('is found by a probe', async () => {
    const probe = (part: Partial<Source>, changed: Source['settings'] = {}) =>
      postgres.probe(source({ columns: ['a', 'b'], ...part }, { schema: 's', table: 'plain', ...changed }), effects());
    expect(await probe({})).toEqual({ reachable: true, columns: ['a', 'b'], refusal: null });
    expect(await probe({ columns: ['a', 'z'] })).toMatchObject({
      reachable: true,
      columns: ['a', 'b'],
      refusal: { code: 'no-column', detail: 'z' },
    });
    expect(await probe({}, { table: 'absent' })).toMatchObject({ reachable: true, columns: [], refusal: { code: 'no-table' } });
    expect(await probe({}, { port: 1 })).toMatchObject({ reachable: false, columns: [], refusal: { code: 'unreachable' } });
  });

  it('is an interruption when the source dies or the line is cut in the middle, and never a short delivery', async () => {
    await admin.query(`create table s.big as select i, repeat('云', 40) as t from generate_series(1, 300000) i`);
    const big = source({ columns: ['i', 't'] }, { schema: 's', table: 'big' });
    const delivery = await postgres.read({ source: big, since: null }, effects());
    await expect(
      (async () => {
        let killed = false;
        for await (const _ of delivery.bytes) {
          if (killed) continue;
          killed = true;
          await admin.query(
            `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'chengshu' and datname = current_database()`,
          );
        }
      })(),
    ).rejects.toMatchObject({ code: 'interrupted' });

    // An error the server meets on the way: the view cannot compute its 200,000th row.
    await admin.query('create view s.failing as select i, 1 / (i - 200000) as t from generate_series(1, 300000) i');
    await expect(read(source({ columns: ['i', 't'] }, { schema: 's', table: 'failing' }))).rejects.toMatchObject({
      code: 'interrupted',
      detail: expect.stringContaining('division'),
    });

    for (const bytes of [100_000, 5_000_000]) {
      const proxy = createServer((socket) => {
        let left = bytes;
        const server = connect(admin.port, admin.host);
        socket.on('error', () => {}).on('close', () => server.destroy());
        socket.pipe(server).on('error', () => {});
        server.on('data', (chunk) => {
          socket.write(chunk.subarray(0, left));
          left -= chunk.length;
          if (left <= 0) socket.end();
        });
      });
      await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready));
      const port = (proxy.address() as { port: number }).port;
      await expect(read({ ...big, settings: { ...big.settings, host: '127.0.0.1', port } })).rejects.toMatchObject({ code: 'interrupted' });
      await new Promise((closed) => proxy.close(closed));
    }
  });

  it('is a cancellation when aborted', async () => {
    const controller = new AbortController();
    const delivery = await postgres.read(
      { source: source({ columns: ['i', 't'] }, { schema: 's', table: 'big' }), since: null },
      effects(controller.signal),
    );
    await expect(
      (async () => {
        for await (const _ of delivery.bytes) controller.abort(new Error('cancelled'));
      })(),
    ).rejects.toThrow('cancelled');
    const early = AbortSignal.abort(new Error('cancelled before'));
    await expect(postgres.read({ source: source({}), since: null }, effects(early))).rejects.toThrow('cancelled before');
  });
});
