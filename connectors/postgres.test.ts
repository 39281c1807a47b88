/** The PostgreSQL connector on a real server: texts, cursors, unfinished writers, lost connections, and the receipt both ends compute. */
import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { TLSSocket } from 'node:tls';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectorEffects } from '#declare/connector';
import type { Source } from '#declare/source';
import postgres from './postgres.ts';
import { certificate, key } from './test-certificate.ts';
import { type Record, recordsOf } from './test-delivery.ts';
import { type DepartmentDatabase, openDepartment } from './test-postgres.ts';

let department: DepartmentDatabase;
let database: DepartmentDatabase['database'];
let admin: DepartmentDatabase['admin'];
beforeAll(async () => {
  department = await openDepartment();
  ({ database, admin } = department);
});
afterAll(() => department.close());

const session = () => department.session();
const effects = (signal?: AbortSignal) => department.effects(signal);
const source: DepartmentDatabase['source'] = (part, changed) => department.source(part, changed);
const read = (what: Source) => department.read(what);
const batch: DepartmentDatabase['batch'] = (table, cursor, since, columns) => department.batch(table, cursor, since, columns);

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
      [
        3,
        '',
        'B',
        '0044-03-15T08:05:43.000000+08:05:43 BC',
        null,
        '0044-03-15 BC',
        '1234567890123456.7890',
        null,
        '',
        '',
        '1e+300',
        '\\.',
        '{}',
      ],
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

  it('means the value whatever the session is set to, and sets nothing that a view relies on', async () => {
    await admin.query(`create table s.spelled (k int, z timestamptz, f8 float8, f4 float4, n numeric(20,8), b bigint, i interval, m money, d date[], f float8[], t timestamptz[]);
      insert into s.spelled values
      (1, '1988-07-01 00:00 Asia/Shanghai', 0.00001, 1e6, 12.5, 123456789012345678, '1 year 2 days 00:00:01.5', 1234.5, '{2024-02-29,NULL}', '{1e-05,1e6,NULL}', '{1988-07-01 00:00 Asia/Shanghai}'),
      (2, '1942-07-01 00:00 Asia/Shanghai', 1e15, 1.5e7, 1, 1, '-1 mon', -1, '{}', '{{1,2},{3,4}}', null),
      (3, '1900-06-01 00:00 Asia/Shanghai', 'NaN', '-0', 12345678901.123456, 1, '0', null, null, null, null);
      create function s.unqualified() returns text language plpgsql stable as 'begin return (select v from named); end';
      create schema other; create table other.named (v text); insert into other.named values ('其他');
      create view s.relying as select s.unqualified() as named, timestamptz '2024-01-01 20:00+00'::text as zone, date '2024-02-29'::text as style, current_setting('extra_float_digits') as digits`);
    const role = `${database.name}_odd`;
    await admin.query(`create role ${role} superuser login password 'odd'; alter role ${role} set search_path = other; alter role ${role} set timezone = 'Europe/Berlin';
      alter role ${role} set datestyle = 'German'; alter role ${role} set intervalstyle = 'sql_standard'; alter role ${role} set bytea_output = 'escape'`);
    const odd: ConnectorEffects = { ...effects(), secret: async () => 'odd' };
    const columns = ['k', 'z', 'f8', 'f4', 'n', 'b', 'i', 'm', 'd', 'f', 't'];
    const what = source({ columns, key: ['k'] }, { schema: 's', table: 'spelled', user: role });
    const records = await recordsOf(postgres, what, odd);
    expect(records.map((r) => r.cells)).toEqual([
      [
        '1',
        '1988-07-01T00:00:00.000000+09:00',
        '0.00001',
        '1000000',
        '12.50000000',
        '123456789012345678',
        'P1Y2DT1.5S',
        '1234.50',
        '{2024-02-29,NULL}',
        '{0.00001,1000000,NULL}',
        '{1988-07-01T00:00:00.000000+09:00}',
      ],
      [
        '2',
        '1942-07-01T00:00:00.000000+09:00',
        '1000000000000000',
        '15000000',
        '1.00000000',
        '1',
        'P-1M',
        '-1.00',
        '{}',
        '{{1,2},{3,4}}',
        null,
      ],
      ['3', '1900-06-01T00:00:00.000000+08:05:43', 'NaN', '0', '12345678901.12345600', '1', 'PT0S', null, null, null, null],
    ]);
    expect(await receipt(what)).toEqual(digests(records, [0]));
    const view = source({ columns: ['named', 'zone', 'style', 'digits'], key: [] }, { schema: 's', table: 'relying', user: role });
    expect((await recordsOf(postgres, view, odd)).map((r) => r.cells)).toEqual([['其他', '01.01.2024 21:00:00 CET', '29.02.2024', '1']]);
    await admin.query(`alter role ${role} set extra_float_digits = -10`);
    const cut = source({ columns: ['f8'], key: [] }, { schema: 's', table: 'spelled', user: role });
    await admin.query(`update s.spelled set f8 = 0.1234567890123 where k = 1`);
    expect((await recordsOf(postgres, cut, odd)).map((r) => r.cells[0])).toContain('0.1234567890123');
    await admin.query(`drop role ${role}`);
  });

  it('sorts nothing at the source', async () => {
    await admin.query(`create table s.sorted (code text); insert into s.sorted select md5(i::text) from generate_series(1, 60000) i`);
    const role = `${database.name}_poor`;
    await admin.query(
      `create role ${role} login password 'poor'; grant usage on schema s to ${role}; grant select on s.sorted to ${role}; alter role ${role} set temp_file_limit = 0; alter role ${role} set work_mem = '64kB'`,
    );
    const what = source({ columns: ['code'], key: ['code'] }, { schema: 's', table: 'sorted', user: role });
    expect(await recordsOf(postgres, what, { ...effects(), secret: async () => 'poor' })).toHaveLength(60_000);
    await admin.query(`drop owned by ${role}; drop role ${role}`);
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
  const results = (await client.query(postgres.receiptSql(what, null) ?? '')) as unknown as pg.QueryResult<{
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
    await expect(batch('restart', 'rid', { value: 'x', mark: null })).rejects.toMatchObject({ code: 'behind' });
    await expect(batch('restart', 'rid', { value: `1'; drop table s.restart; --`, mark: null })).rejects.toMatchObject({ code: 'behind' });
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

  it('is said as what it is: rows kept from sight, a lock, a limit, a password, a server without room', async () => {
    const role = `${database.name}_east`;
    // Wide letters and a hard blank: both ends make the same password of it.
    const password = 'ｐａｓｓ\u00a0１２';
    await admin.query(`create role ${role} login password '${password}'; create table s.secured (i int, bureau text); insert into s.secured values (1, 'east'), (2, 'west');
      alter table s.secured enable row level security; create policy p on s.secured for select to ${role} using (bureau = 'east');
      create view s.over_secured with (security_invoker = true) as select * from s.secured;
      create table s.locked (i int); create view s.slow as select i, pg_sleep(0.05)::text as t from generate_series(1, 100) i;
      create view s.writing as select nextval('s.racing_rid_seq') as i;
      grant usage on schema s to ${role}; grant select on all tables in schema s to ${role}`);
    const as = (table: string, columns: string[]) =>
      recordsOf(postgres, source({ columns, key: [] }, { schema: 's', table, user: role }), { ...effects(), secret: async () => password });
    await expect(as('secured', ['i'])).rejects.toMatchObject({ code: 'row-security' });
    await expect(as('over_secured', ['i'])).rejects.toMatchObject({ code: 'row-security' });
    await expect(as('writing', ['i'])).rejects.toMatchObject({ code: 'denied' });
    expect(await as('locked', ['i'])).toEqual([]);
    await admin.query(`alter role ${role} connection limit 0`);
    await expect(as('locked', ['i'])).rejects.toMatchObject({ code: 'busy', again: 60 });
    await expect(read(source({ columns: ['i'] }, { schema: 's', table: 'writing' }))).rejects.toMatchObject({ code: 'failing' });
    const delivery = await postgres.read(
      { source: source({ columns: ['i', 't'] }, { schema: 's', table: 'slow' }), since: null },
      effects(),
    );
    await expect(
      (async () => {
        setTimeout(
          () =>
            admin.query(`select pg_cancel_backend(pid) from pg_stat_activity where query like 'copy%s%slow%' and pid <> pg_backend_pid()`),
          200,
        );
        for await (const _ of delivery.bytes) void _;
      })(),
    ).rejects.toMatchObject({ code: 'stopped' });
    await admin.query(`drop owned by ${role} cascade; drop role ${role}`);
  });

  it('encrypts as it is asked to, and says where it cannot', async () => {
    await admin.query('create table s.sent (t text)');
    const sent = (tls: string, port: number, more: Source['settings'] = {}) =>
      read(source({ columns: ['t'], key: [] }, { schema: 's', table: 'sent', host: 'localhost', port, tls, ...more }));
    const plain: boolean[] = [];
    // What stands before the server: it encrypts, or says that it cannot.
    const front = (encrypts: boolean) =>
      createServer((socket) => {
        const server = connect(admin.port, admin.host);
        socket.on('error', () => {}).on('close', () => server.destroy());
        server.on('error', () => {});
        socket.once('data', (first) => {
          const asks = first.length === 8 && first.readInt32BE(4) === 80_877_103;
          if (!asks) {
            plain.push(true);
            server.write(first);
            socket.pipe(server).pipe(socket);
          } else if (!encrypts) {
            socket.write('N');
            socket.once('data', (next) => {
              plain.push(true);
              server.write(next);
              socket.pipe(server).pipe(socket);
            });
          } else {
            socket.write('S');
            const secure = new TLSSocket(socket, { isServer: true, cert: certificate, key });
            secure.on('error', () => {});
            secure.pipe(server).pipe(secure);
          }
        });
      });
    const [able, unable] = [front(true), front(false)];
    const portOf = async (server: ReturnType<typeof front>) => {
      await new Promise<void>((ready) => server.listen(0, 'localhost', ready));
      return (server.address() as { port: number }).port;
    };
    const [a, u] = [await portOf(able), await portOf(unable)];
    for (const mode of ['prefer', 'require']) expect(await sent(mode, a)).toEqual([]);
    expect(await sent('verify-full', a, { ca: certificate })).toEqual([]);
    expect(plain).toEqual([]);
    await expect(sent('verify-full', a)).rejects.toMatchObject({ code: 'tls' });
    await expect(sent('verify-full', a, { ca: certificate, host: '127.0.0.1' })).rejects.toMatchObject({
      code: expect.stringMatching('tls|unreachable'),
    });
    await expect(sent('require', u)).rejects.toMatchObject({ code: 'tls' });
    expect(plain).toEqual([]);
    expect(await sent('prefer', u)).toEqual([]);
    expect(await sent('off', a)).toEqual([]);
    expect(plain).toEqual([true, true]);
    able.close();
    unable.close();
  });

  it('is found by a probe', async () => {
    const probe = (part: Partial<Source>, changed: Source['settings'] = {}) =>
      postgres.probe(source({ columns: ['a', 'b'], ...part }, { schema: 's', table: 'plain', ...changed }), effects());
    expect(await probe({})).toMatchObject({ reachable: true, columns: ['a', 'b'], refusal: null, protection: { en: 'not encrypted' } });
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
      code: 'failing',
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
