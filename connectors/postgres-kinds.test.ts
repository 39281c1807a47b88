/** The PostgreSQL connector beyond the usual: far values, domains over domains, ranges, numbers taken first and stored late, rights on columns. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TallyOrder } from '#declare/connector';
import postgres from './postgres.ts';
import { recordsOf } from './test-delivery.ts';
import { type DepartmentDatabase, openDepartment } from './test-postgres.ts';

let d: DepartmentDatabase;
beforeAll(async () => {
  d = await openDepartment();
});
afterAll(() => d.close());
const cells = async (table: string, columns: string[], user?: string) =>
  (
    await recordsOf(postgres, d.source({ columns, key: [] }, { schema: 's', table, ...(user && { user }) }), d.effects(undefined, user))
  ).map((r) => r.cells);

describe('values', () => {
  it('at the ends of their types have a text, and the last minutes of local mean time an offset of Shanghai', async () => {
    await d.admin.query(`create table s.ends (k int, d date, z timestamptz, i interval);
      insert into s.ends values (1, '294276-12-31', '1901-01-01 00:00 Asia/Shanghai', '1 day'), (2, '294277-01-01', '1900-12-31 23:54:16 LMT', '-1 day'),
        (3, '5874897-12-31', '294276-12-31 23:59:59.999999+00', null), (4, '1000000-02-29', '1900-12-31 15:54:16+00', '0')`);
    expect(await cells('ends', ['d', 'z'])).toEqual([
      ['294276-12-31', '1901-01-01T00:00:00.000000+08:00'],
      ['294277-01-01', expect.stringMatching(/^1900-12-31T/)],
      ['5874897-12-31', '294276-12-31T23:59:59.999999+00:00'],
      ['1000000-02-29', '1900-12-31T23:59:59.000000+08:05:43'],
    ]);
    const { rows } = await d.admin.query<{ version: number }>(`select current_setting('server_version_num')::int as version`);
    if ((rows[0]?.version ?? 0) < 170_000) return;
    await d.admin.query(`update s.ends set i = 'infinity' where k = 1`);
    expect((await cells('ends', ['k', 'i'])).toSorted()).toEqual([
      ['1', 'infinity'],
      ['2', 'P-1D'],
      ['3', null],
      ['4', 'PT0S'],
    ]);
  });

  it('of domains over domains and of ranges are those of their types, whatever the user has set', async () => {
    const role = `${d.database.name}_odd`;
    await d.admin.query(`create role ${role} superuser login password '${role}'; alter role ${role} set datestyle = 'SQL, DMY'; alter role ${role} set timezone = 'America/New_York'; alter role ${role} set extra_float_digits = -6;
      create domain s.day as date; create domain s.birthday as s.day not null; create domain s.noted as timestamptz; create domain s.seen as s.noted;
      create table s.kinds (b s.birthday, z s.seen, r tsrange, t tstzrange, d daterange, p point);
      insert into s.kinds values ('2026-02-01', '2026-02-01 03:04:05+00', '[2026-02-01,2026-03-01)', '(2026-02-01 00:00+00,)', '[2026-02-01,2026-02-03]', '(116.397123456789,39.90812345678901)'),
        ('2026-02-02', null, 'empty', '(,infinity]', null, null)`);
    expect(await cells('kinds', ['b', 'z', 'r', 't', 'd', 'p'], role)).toEqual([
      [
        '2026-02-01',
        '2026-02-01T11:04:05.000000+08:00',
        '[2026-02-01T00:00:00.000000,2026-03-01T00:00:00.000000)',
        '(2026-02-01T08:00:00.000000+08:00,)',
        '[2026-02-01,2026-02-04)',
        '(116.397123456789,39.90812345678901)',
      ],
      ['2026-02-02', null, 'empty', '(,infinity]', null, null],
    ]);
    const what = d.source({ columns: ['b', 'z', 'r', 't', 'd'], key: [] }, { schema: 's', table: 'kinds' });
    const sql = postgres.receiptSql?.(what, null) ?? '';
    const digest = async (setting: string): Promise<unknown> => {
      await d.admin.query(setting);
      const told = (await d.admin.query(sql)) as unknown as { rows: unknown[] }[];
      return told.find((t) => t.rows.length > 0)?.rows;
    };
    expect(await digest(`set datestyle = 'German'; set timezone = 'Europe/Berlin'`)).toEqual(
      await digest(`reset datestyle; reset timezone`),
    );
    await d.admin.query(`drop role ${role}`);
  });
});

describe('a cursor', () => {
  it('waits for numbers that were taken first and are stored late', async () => {
    await d.admin.query('create table s.taken (rid bigserial primary key)');
    const slow = await d.session();
    await slow.query(`begin; select nextval('s.taken_rid_seq')`);
    await d.admin.query('insert into s.taken default values');
    const first = await d.batch('taken', 'rid', null);
    await slow.query('insert into s.taken values (1); commit');
    await slow.end();
    const second = await d.batch('taken', 'rid', first.position);
    expect([first.values, second.again.toSorted()]).toEqual([['2'], ['1', '2']]);
  });

  it('looks through all stamps where children or steps of a sequence fill the column, and says so', async () => {
    await d.admin.query(`create table s.parent (rid bigserial primary key); create table s.child (rid bigserial) inherits (s.parent);
      insert into s.parent select from generate_series(1, 5); create table s.steps (rid bigint primary key);
      create sequence s.by_fifty increment 50 owned by s.steps.rid; alter table s.steps alter rid set default nextval('s.by_fifty')`);
    const { position } = await d.batch('parent', 'rid', null);
    await d.admin.query('insert into s.child select from generate_series(1, 3)');
    expect((await d.batch('parent', 'rid', position)).again).toEqual(expect.arrayContaining(['1', '2', '3']));
    const judged = (table: string) =>
      postgres.judgeCursor?.(d.source({ columns: ['rid'], cursor: 'rid', mode: 'incremental' }, { schema: 's', table }), d.effects());
    expect(await judged('parent')).toHaveLength(2);
    expect(await judged('steps')).toHaveLength(1);
    expect(await judged('child')).toHaveLength(0);
  });

  it('of a domain that is never absent can be read, and one whose type has changed is said to be behind', async () => {
    await d.admin.query(`create domain s.stamp as timestamptz not null; create table s.moved (n numeric(20,2) not null, at s.stamp not null default now());
      insert into s.moved (n) values (9)`);
    expect((await d.batch('moved', 'at', null)).values).toHaveLength(1);
    const { position } = await d.batch('moved', 'n', null);
    await d.admin.query('alter table s.moved alter n type bigint');
    await expect(d.batch('moved', 'n', position)).rejects.toMatchObject({ code: 'behind', detail: expect.stringContaining('9.00') });
    const order: TallyOrder = {
      source: d.source({ columns: ['n'], cursor: 'n', mode: 'incremental' }, { schema: 's', table: 'moved' }),
      since: position,
      range: { from: null, to: null },
      edges: [],
      salt: null,
    };
    await expect(postgres.tally?.(order, d.effects())).rejects.toMatchObject({ code: 'behind' });
  });

  it('is held back by a prepared transaction, whose age is told', async () => {
    await d.admin.query('create table s.two (rid bigserial primary key); insert into s.two default values');
    const { position } = await d.batch('two', 'rid', null);
    const other = await d.session();
    await other.query(`begin; insert into s.two default values; prepare transaction '${d.database.name}_two'`);
    await other.end();
    const source = d.source({ columns: ['rid'], cursor: 'rid', mode: 'incremental' }, { schema: 's', table: 'two' });
    const tally = await postgres.tally?.({ source, since: position, range: { from: null, to: null }, edges: [], salt: null }, d.effects());
    expect(tally?.writers).toEqual({ count: 1, oldest: expect.stringMatching(/^20\d\d-.*Z$/) });
    await d.admin.query(`rollback prepared '${d.database.name}_two'`);
  });
});

describe('a refusal names its cause', () => {
  it('a view that cannot be computed, whichever question meets it; a view without rows yet; a limit of the server', async () => {
    const role = `${d.database.name}_part`;
    await d.admin.query(`create table s.base (id serial primary key, v text, w text); insert into s.base (v) values ('1'), ('abc');
      create view s.cast_view as select * from s.base where v::int > 0;
      create materialized view s.empty_view as select * from s.base with no data;
      create role ${role} login password '${role}'; grant usage on schema s to ${role}; grant select (id, v) on s.base to ${role};
      create view s.columns_view as select id, v from s.base; grant select (id) on s.columns_view to ${role}`);
    await expect(d.batch('cast_view', 'id', null)).rejects.toMatchObject({ code: 'failing' });
    await expect(cells('cast_view', ['id'])).rejects.toMatchObject({ code: 'failing' });
    await expect(cells('empty_view', ['id'])).rejects.toMatchObject({ code: 'failing' });
    await expect(cells('base', ['id', 'v'], role)).rejects.toMatchObject({ code: 'denied', detail: expect.stringContaining('view') });
    expect(await cells('columns_view', ['id'], role)).toHaveLength(2);
    const there = await postgres.tables?.({ ...d.source({}).settings, user: role }, d.effects(undefined, role));
    expect(there?.map((t) => t.name)).toEqual(['s.columns_view']);
    await d.admin.query(`drop owned by ${role} cascade; drop role ${role}`);
  });
});
