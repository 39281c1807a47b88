/** Reconciliation: what readings by a cursor cannot see is found, counted by range, and mended; only the ranges that differ are read again. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectors } from '#connectors/index';
import { type Connector, ConnectorRefusal, type ReadOrder, type TallyOrder } from '#declare';
import { landedSql } from './lacking.ts';
import { orderKeySql } from './order-key.ts';
import { dueReconciliation, reconcile } from './reconcile.ts';
import { keptOf } from './round.ts';
import { effectsFor } from './staging.ts';
import { openTown, type Signed, type Town } from './test-sources.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());

const asked = async (id: string, depth: 'count' | 'receipt') => {
  const reply = await town.kernel.call('POST', `/api/collect/sources/${id}/reconciliations`, town.steward, { depth });
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  await town.kernel.drain();
  const run = await town.runOf((reply.body as { run: string }).run);
  expect(run, JSON.stringify(run.problem)).toMatchObject({ state: 'done' });
  return run.result;
};
interface Page {
  readonly reconciliation: {
    readonly last: Record<string, unknown> & { readonly found: Record<string, unknown>[] | null };
    readonly compared: Record<string, unknown> | null;
    readonly agree: boolean;
    readonly next: Record<string, string | null>;
  };
  readonly edit: unknown;
}
const page = async (id: string, as: Signed = town.steward) =>
  ((await town.kernel.call('GET', `/api/collect/sources/${id}`, as)).body as unknown as Page).reconciliation;
const source = async (id: string) => (await town.kernel.documents.snapshot()).get('source', id);

/** The rows that count in the ledger, as texts. */
async function counted(id: string): Promise<string[]> {
  const sql = await landedSql(town.kernel, await source(id), (t) => `md5_number(${t.key}) as _k, ${t.row} as _r`);
  return (await town.kernel.warehouse.query<{ r: string }>(`select _r as r from (${sql}) order by 1`)).map((r) => r.r);
}

test('deletes, late changes and rows stored behind the cursor are found in numbers and mended', async () => {
  await town.admin.query(`create table quiet (rid bigserial primary key, v text, at timestamptz not null default now());
    insert into quiet (v) select '行' || i from generate_series(1, 1000) i`);
  await town.declareTable('quiet', 'quiet', { columns: ['rid', 'v', 'at'], key: ['rid'], mode: 'incremental', cursor: 'rid' });
  await town.collect('quiet');
  const same = { source: 1000, ledger: 1000, ranges: 0, missing: 0, changed: 0, surplus: 0 };
  expect(await asked('quiet', 'count')).toMatchObject({ depth: 'count', ...same });
  expect(await asked('quiet', 'receipt')).toMatchObject({ depth: 'receipt', ...same });
  expect(await town.batches('quiet')).toHaveLength(1);

  // Work on other tables, open all the while, makes no row of this one a late row.
  const beside = await connectBeside();
  await beside.query('begin; select txid_current()');
  // Three changed behind the cursor: a count does not see them.
  await town.admin.query(`update quiet set v = 'changed' where rid in (3, 4, 500)`);
  expect(await asked('quiet', 'count')).toMatchObject({ ranges: 0 });
  expect(await asked('quiet', 'receipt')).toMatchObject({ ranges: 2, missing: 0, changed: 3, surplus: 0 });
  expect((await town.batches('quiet')).map((b) => b.rowsData)).toEqual([1000, 3]);
  // Two deleted, one stored late with a number of before: the count differs, and the digests follow by themselves.
  await town.admin.query(`delete from quiet where rid in (7, 800); insert into quiet (rid, v) values (-1, 'late')`);
  expect(await asked('quiet', 'count')).toMatchObject({ depth: 'receipt', source: 999, ledger: 1000, missing: 1, changed: 0, surplus: 2 });
  expect(await counted('quiet')).toHaveLength(999);
  expect(await asked('quiet', 'receipt')).toMatchObject({ source: 999, ledger: 999, ranges: 0 });
  // The last batch holds all that counts.
  expect((await town.batches('quiet')).map((b) => [b.rowsData, b.since === b.seq])).toEqual([
    [1000, true],
    [3, false],
    [999, true],
  ]);
  expect(await town.facts('source-reconciled')).toHaveLength(6);
  await beside.end();
});

test('its steward sees the ranges, the operator sums only', async () => {
  await town.admin.query(`delete from quiet where rid in (20, 21)`);
  await asked('quiet', 'receipt');
  const seen = (await page('quiet')).last;
  expect(seen).toMatchObject({ surplus: 2, source: 997, ledger: 999, waits: false });
  expect(seen.found?.reduce((n, r) => n + Number(r['surplus']), 0)).toBe(2);
  expect(seen.found?.[0]).toMatchObject({ missing: 0, changed: 0 });
  const sums = (await page('quiet', town.operator)).last;
  expect(sums).toMatchObject({ surplus: 2, source: 997, ledger: 999, found: null, greatest: null });
  // The count of the next day is told beside it and takes none of its numbers away.
  await asked('quiet', 'count');
  await asked('quiet', 'count');
  const counted = await page('quiet');
  expect(counted.last).toMatchObject({ depth: 'count', source: 997, ledger: 997, surplus: 0 });
  expect(counted.compared).toEqual(seen);
});

test('a removal beyond the limits waits for the steward; what was missing lands all the same', async () => {
  await town.admin.query(`delete from quiet where rid between 100 and 600; insert into quiet (rid, v) values (-2, 'later')`);
  expect(await asked('quiet', 'receipt')).toMatchObject({ surplus: 501, missing: 1, waits: true });
  expect(await counted('quiet')).toHaveLength(998);
  expect((await page('quiet')).agree).toBe(true);
  const { rows } = (await town.kernel.call('GET', '/api/collect/sources?q=quiet', town.steward)).body as { rows: unknown[] };
  expect(rows).toMatchObject([{ id: 'quiet', state: 'waiting' }]);
  expect(await town.waits('quiet')).toMatchObject({ why: { zh: expect.stringContaining('501') } });
  const agree = (as: Signed) => town.kernel.call('POST', '/api/collect/sources/quiet/reconciliations/removal', as);
  expect((await agree(town.operator)).status).toBe(403);
  expect((await agree(town.steward)).status).toBe(200);
  await town.kernel.drain();
  expect(await counted('quiet')).toHaveLength(497);
  expect((await page('quiet')).last).toMatchObject({ waits: false, surplus: 501 });
  expect(await agree(town.steward)).toMatchObject({ status: 409, body: { code: 'COLLECT_NO_REMOVAL_WAITS' } });
});

test('rows of a transaction that was open are read as late, not accused as missing, and who holds them back is said', async () => {
  await town.admin.query(`create table slow (id bigserial primary key, v text)`);
  await town.declareTable('slow', 'slow', { columns: ['id', 'v'], key: ['id'], mode: 'incremental', cursor: 'id' });
  const other = await connectBeside();
  await other.query(`begin; insert into slow (v) values ('held back')`);
  await town.admin.query(`insert into slow (v) select 'x' || i from generate_series(1, 50) i`);
  await town.collect('slow');
  expect(await asked('slow', 'receipt')).toMatchObject({ source: 50, ledger: 50, ranges: 0 });
  expect((await page('slow')).last).toMatchObject({ writers: { count: 1, oldest: expect.stringMatching(/^20\d\d-.*Z$/) } });
  await other.query('commit');
  expect(await asked('slow', 'receipt')).toMatchObject({ source: 51, ledger: 50, missing: 0, changed: 0, surplus: 0 });
  expect(await counted('slow')).toHaveLength(51);
  expect((await page('slow')).last).toMatchObject({ writers: { count: 0, oldest: null } });
  await other.end();
});

/** A second session of the department's administrator. */
async function connectBeside() {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: town.database.url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** The connector, with its questions counted. */
function watched(on: { tally?(order: TallyOrder): void; read?(order: ReadOrder): unknown }): (id: string) => Connector {
  return (id) => {
    const real = connectors.find((c) => c.id === id) as Connector;
    return {
      ...real,
      async tally(order, effects) {
        on.tally?.(order);
        return real.tally?.(order, effects) as never;
      },
      async read(order, effects) {
        await on.read?.(order);
        return real.read(order, effects);
      },
    };
  };
}
let runs = 0;
const contextOf = (run: string) => ({ run, signal: new AbortController().signal, progress: async () => undefined }) as never;

test('a large table takes several nights: a statement that takes too long is halved, a kill loses nothing, and the next night goes on', async () => {
  await town.admin.query(
    `create table large (id bigserial primary key, v text); insert into large (v) select 'x' || i from generate_series(1, 30000) i`,
  );
  await town.declareTable('large', 'large', {
    ...{ columns: ['id', 'v'], key: ['id'], mode: 'incremental', cursor: 'id' },
    schedule: { window: { from: '00:00', to: '05:00' }, together: 2 },
  });
  await town.collect('large');
  await town.admin.query(`update large set v = 'other' where id in (10, 15000, 29000); delete from large where id = 20000`);
  const asks: TallyOrder[] = [];
  const reads: ReadOrder[] = [];
  let killAt = 5;
  const connectorOf = watched({
    tally(order) {
      asks.push(order);
      // As a server would that gives a statement the time for ten ranges.
      if (order.edges.length >= 10) throw new ConnectorRefusal('stopped', '57014 canceling statement due to statement timeout');
      if (--killAt === 0) throw new Error('killed');
    },
    read: (order) => void reads.push(order),
  });
  const night = (run: string) =>
    reconcile(town.kernel, connectorOf, { source: 'large', depth: 'receipt', actor: 'machine' }, contextOf(run));
  await expect(night('large-1')).rejects.toThrow('killed');
  const salt = (await keptOf(town.kernel.db, 'large')).round?.salt;
  const reached = Number((await keptOf(town.kernel.db, 'large')).round?.next);
  expect(reached).toBeGreaterThan(1);
  asks.length = 0;
  killAt = 1000;
  expect(await night('large-1')).toMatchObject({
    finished: true,
    source: 29999,
    ledger: 30000,
    ranges: 4,
    changed: 3,
    surplus: 1,
    missing: 0,
  });
  expect(Math.min(...asks.map((a) => Number(a.range.from ?? 0)))).toBe(reached);
  expect(new Set(asks.map((a) => a.salt))).toEqual(new Set([salt]));
  // Each range was asked for once: those that were answered do not overlap.
  const answered = asks.filter((a) => a.edges.length < 10).map((a) => Number(a.range.from ?? 0));
  expect(answered).toEqual([...new Set(answered)].toSorted((a, b) => a - b));
  expect(reads).toHaveLength(1);
  expect(reads[0]?.ranges).toHaveLength(4);
  expect(await counted('large')).toHaveLength(29999);
  expect((await keptOf(town.kernel.db, 'large')).round).toBe(null);
});

test('it is due a day after the last by count, a week after by digest, and never before anything was read', async () => {
  const quiet = await source('quiet');
  const now = town.kernel.clock.now().getTime();
  const due = (days: number, other = quiet) => dueReconciliation(town.kernel.db, other, new Date(now + days * 24 * 3600_000));
  expect(await due(0.5)).toBe(null);
  expect(await due(1.1)).toBe('count');
  expect(await due(7.1)).toBe('receipt');
  expect(await due(7.1, { ...quiet, reconciliation: { count: 10, receipt: 20 } })).toBe(null);
  expect(await due(7.1, { ...quiet, id: 'never-read' })).toBe(null);
});

test('a full source is counted against its last reading, and mended by the next one', async () => {
  await town.declareTable('wholly', 'quiet', { columns: ['rid', 'v'], key: ['rid'] });
  await town.collect('wholly');
  await town.admin.query(`insert into quiet (v) values ('one more')`);
  const { rows } = await town.admin.query<{ n: number }>('select count(*)::int as n from quiet');
  const n = rows[0]?.n ?? 0;
  expect(await asked('wholly', 'count')).toMatchObject({ depth: 'count', source: n, ledger: n - 1 });
  expect((await page('wholly')).next).toMatchObject({ receipt: null });
  expect((await town.kernel.call('POST', '/api/collect/sources/wholly/reconciliations', town.steward, { depth: 'receipt' })).status).toBe(
    409,
  );
});

test('the SQL for the other end gives the receipt of the ledger up to the cursor', async () => {
  const { sql, buckets } = (await town.kernel.call('GET', '/api/collect/sources/slow/receipt', town.steward)).body as unknown as {
    sql: string;
    buckets: { bucket: string; rows: number; digest: string }[];
  };
  const theirs = ((await town.admin.query(sql)) as unknown as { rows: { bucket: string; rows: string; digest: string }[] }[]).flatMap(
    (r) => r.rows,
  );
  expect(buckets).toEqual(theirs.filter((r) => r.bucket !== undefined).map((r) => ({ ...r, rows: Number(r.rows) })));
});

test('the order of cursor values is that of the source, in every type and spelling', async () => {
  const types: Readonly<Record<string, string>> = {
    numeric: `(random() * 2 - 1)::numeric * (10::numeric ^ (i % 40 - 8))`,
    'double precision': `(random() * 2 - 1) * 10 ^ (i % 30 - 10)`,
    bigint: `(i - 200) * 7919`,
    timestamptz: `timestamptz '1850-01-01' + i * interval '211 days 3 hours' + random() * interval '1 day'`,
    timestamp: `timestamp '0950-01-01' + i * interval '2 years'`,
    date: `date '1900-01-01' + i`,
    uuid: `md5(i::text)::uuid`,
  };
  for (const [type, value] of Object.entries(types)) {
    const name = `ordered_${type.replaceAll(/\W/g, '_')}`;
    const zeros = /numeric|double/.test(type) ? `union all select '0.000'::${type} union all select '-0'::${type}` : '';
    await town.admin.query(`create table ${name} as select dense_rank() over (order by c) as place, c
      from (select (${value})::${type} as c from generate_series(1, 400) i ${zeros}) v`);
    const id = name.replaceAll('_', '-');
    await town.declareTable(id, name, { columns: ['place', 'c'], key: [] });
    await town.collect(id);
    const object = await town.kernel.objects.open((await town.batches(id)).at(-1)?.object ?? '');
    const [found] = await town.kernel.warehouse.query<Record<string, number>>(
      `select count(*)::INTEGER as n, count(_c)::INTEGER as placed, (count_if(dense_rank <> place::INTEGER))::INTEGER as wrong
       from (select c1 as place, ${orderKeySql('c2')} as _c, dense_rank() over (order by ${orderKeySql('c2')}) as dense_rank from read_parquet($1) where _kind = 'data')`,
      [object],
    );
    expect({ type, ...found }).toEqual({ type, n: expect.any(Number), placed: found?.['n'], wrong: 0 });
  }
});

test('a statement takes no longer than the department lets it', async () => {
  const { tally } = connectors.find((c) => c.id === 'postgres') as Connector;
  const effects = effectsFor(town.kernel, await source('large'), null, new AbortController().signal, () => undefined);
  const order = {
    source: await source('large'),
    since: { value: '30000', mark: null },
    range: { from: null, to: null },
    edges: [],
    salt: 'x',
  };
  expect((await tally?.(order, effects))?.parts).toEqual([{ count: 29999, sum: expect.stringMatching(/^\d+$/) }]);
  await town.admin.query(`alter database "${town.database.name}" set statement_timeout = '2ms'`);
  await expect(tally?.(order, effects)).rejects.toMatchObject({ code: 'stopped' });
  await town.admin.query(`alter database "${town.database.name}" reset statement_timeout`);
});

/** Keys and cursors of every kind, each with SQL of a random value of the key. */
const tables = [
  {
    name: 'serial',
    key: ['k'],
    make: 'k text collate "zh-x-icu" primary key, c bigserial not null, v text',
    k: `'键' || $1 || chr(97 + $1 % 26)`,
  },
  { name: 'ids', key: ['k'], make: 'k uuid primary key, c timestamptz not null, v text', k: `md5($1::text)::uuid` },
  { name: 'numbers', key: ['k'], make: 'k numeric primary key, c numeric not null, v text', k: `$1 / 7.0` },
  { name: 'days', key: ['k'], make: 'k int primary key, c date not null, v text', k: '$1' },
  {
    name: 'floats',
    key: ['k', 'k2'],
    make: 'k text, k2 int, c double precision not null, v text, unique (k, k2)',
    k: `case when $1 % 3 = 0 then null else 'k' || $1 / 2 end`,
  },
  { name: 'keyless', key: [], make: 'k int, c int not null, v text', k: '$1 / 3' },
  { name: 'twice', key: ['k'], make: 'k int, c bigint not null, v text', k: '$1 / 2' },
] as const;
const cursorOf: Readonly<Record<string, string>> = {
  serial: '$1',
  ids: `timestamptz '1990-04-10 00:00+08' + $1 * interval '9 hours'`,
  numbers: `($1 - 60) * 1.50`,
  days: `date '2020-01-01' + $1 / 4`,
  floats: `($1 - 40) / 3.0::float8`,
  keyless: '$1 - 30',
  twice: '$1',
};

test('after one reconciliation the rows that count are those of the source, and only ranges that differ were read', async () => {
  let nth = 0;
  const change = fc.record({ at: fc.integer({ min: 0, max: 119 }), what: fc.constantFrom('delete', 'update', 'insert', 'move') });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...tables), fc.array(change, { maxLength: 8 }), async (t, changes) => {
      const table = `p${++nth}_${t.name}`;
      const id = `p${nth}-${t.name}`;
      const k = (n: number) => t.k.replaceAll('$1', String(n));
      const c = (n: number) => `${cursorOf[t.name]}`.replaceAll('$1', String(n));
      const columns = t.name === 'floats' ? ['k', 'k2', 'c', 'v'] : ['k', 'c', 'v'];
      const row = (n: number, v: string) =>
        [k(n), ...(t.name === 'floats' ? [n % 3 === 0 ? 'null' : String(n)] : []), c(n), `'${v}'`].join(', ');
      // Every second place is free, for rows stored late; the last one stays, or the source would lie behind its cursor.
      await town.admin.query(`create table ${table} (${t.make})`);
      const values = Array.from({ length: 61 }, (_, n) => `(${row(2 * n, `v${2 * n}`)})`);
      await town.admin.query(`insert into ${table} (${columns.join(', ')}) values ${values.join(', ')}`);
      await town.declareTable(id, table, { columns, key: [...t.key], mode: 'incremental', cursor: 'c', removal: 'replaces-itself' });
      await town.collect(id);
      for (const { at, what } of changes) {
        const here = `ctid in (select ctid from ${table} where c = ${c(at - (at % 2))} limit 1)`;
        if (what === 'delete') await town.admin.query(`delete from ${table} where ${here}`);
        if (what === 'update') await town.admin.query(`update ${table} set v = v || '改' where ${here}`);
        if (what === 'move') await town.admin.query(`update ${table} set c = ${c(at | 1)} where ${here}`);
        if (what === 'insert')
          await town.admin.query(
            `insert into ${table} (${columns.join(', ')}) values (${row(at | 1, `late${at}`)}) on conflict do nothing`,
          );
      }
      const reads: ReadOrder[] = [];
      const found = await reconcile(
        town.kernel,
        watched({ read: (order) => void reads.push(order) }),
        { source: id, depth: 'receipt', actor: 'machine' },
        contextOf(`p-run-${++runs}`),
      );
      const other = `${id}-again`;
      await town.declareTable(other, table, { columns, key: [...t.key] });
      await town.collect(other);
      const there = (await town.batches(other)).at(-1);
      expect((await town.kernel.call('GET', `/api/collect/sources/${id}`, town.steward)).status).toBe(200);
      const rows = await town.kernel.warehouse.query<{ r: string }>(
        `select ${contentOf(columns.length)} as r from read_parquet($1) where _kind = 'data' order by 1`,
        [await town.kernel.objects.open(there?.object ?? '')],
      );
      expect(await counted(id)).toEqual(rows.map((r) => r.r));
      expect(reads.length).toBe(Number(found['ranges']) > 0 ? 1 : 0);
      expect(reads[0]?.ranges?.length ?? 0).toBe(found['ranges']);
      expect(Number(found['ranges'])).toBeLessThanOrEqual(2 * changes.length);
      // Again: nothing is left to mend.
      expect(
        await reconcile(town.kernel, watched({}), { source: id, depth: 'receipt', actor: 'machine' }, contextOf(`p-run-${++runs}`)),
      ).toMatchObject({ ranges: 0, finished: true });
    }),
    { numRuns: Number(process.env['RECONCILED_TABLES'] ?? 4) },
  );
});
const contentOf = (width: number): string =>
  `concat(${Array.from({ length: width }, (_, i) => `case when c${i + 1} is null then '~' else concat(length(c${i + 1}), ':', c${i + 1}) end`).join(', ')})`;

test('what is written between counting and reading is neither accused nor removed, and a run killed at its end lands nothing twice', async () => {
  await town.admin.query(
    `create table busy (k int primary key, c bigserial not null, v text); insert into busy select i, i * 2, 'x' from generate_series(1, 300) i`,
  );
  await town.declareTable('busy', 'busy', { columns: ['k', 'c', 'v'], key: ['k'], mode: 'incremental', cursor: 'c' });
  await town.collect('busy');
  await town.admin.query(`update busy set v = 'changed' where k = 5; delete from busy where k = 6`);
  const { db } = town.kernel;
  const meanwhile = () =>
    town.admin.query(
      `update busy set c = c - 1, v = 'moved' where k = 100; update busy set c = 1001 where k = 200; insert into busy values (900, 3, 'late')`,
    );
  const night = () =>
    reconcile(town.kernel, watched({ read: meanwhile }), { source: 'busy', depth: 'receipt', actor: 'machine' }, contextOf('busy-1'));
  await db.run(`alter table collect.source add constraint killed check (id <> 'busy' or reconciled is null)`);
  await expect(night()).rejects.toThrow('killed');
  await db.run('alter table collect.source drop constraint killed');
  const landed = await town.batches('busy');
  expect(await night()).toMatchObject({ finished: true, missing: 0, changed: 1, surplus: 1 });
  expect(await town.batches('busy')).toEqual(landed);
  const { rows } = await town.admin.query<{ r: string }>(
    `select length(k::text) || ':' || k || length(c::text) || ':' || c || length(v) || ':' || v as r from busy`,
  );
  expect(await counted('busy')).toEqual(rows.map((r) => r.r).toSorted());
});

test('when the window shuts the round stops, is due again in the next night and goes on where it was', async () => {
  const { clock, db } = town.kernel;
  await town.admin.query(`update large set v = 'yet another' where id in (20, 29500)`);
  clock.set('2026-03-03T01:00:00+08:00');
  let asks: TallyOrder[] = [];
  const connectorOf = watched({
    tally(order) {
      asks.push(order);
      if (asks.length === 2) clock.set('2026-03-03T05:00:00+08:00');
    },
  });
  const night = (run: string) =>
    reconcile(town.kernel, connectorOf, { source: 'large', depth: 'receipt', actor: 'machine' }, contextOf(run));
  await db.run(`update collect.source set counted_at = $1, digested_at = $1 where id = 'large'`, [clock.now()]);
  // What the first night found is mended in it.
  expect(await night('large-2')).toMatchObject({ finished: false, ranges: 1, changed: 1 });
  expect(asks).toHaveLength(2);
  expect((await keptOf(db, 'large')).reconciled).toMatchObject({ changed: 3, surplus: 1 });
  const reached = (await keptOf(db, 'large')).round?.next;
  expect(await dueReconciliation(db, await source('large'), new Date('2026-03-03T06:00:00+08:00'))).toBe(null);
  clock.set('2026-03-04T00:10:00+08:00');
  expect(await dueReconciliation(db, await source('large'), clock.now())).toBe('receipt');
  asks = [];
  expect(await night('large-3')).toMatchObject({ finished: true, ranges: 2, changed: 2, source: 29999, ledger: 29999 });
  expect(asks[0]?.range.from).toBe(reached);
});
