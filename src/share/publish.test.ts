/** Publication by delta: counts, events, what a concurrent reader sees, and which versions stay. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createCollect } from '#collect';
import type { Db } from '#kernel/db/pool';
import { type TestKernel, testKernel } from '#test/kernel';
import { shareProcesses, shareStage } from './index.ts';
import { isPublished, publishService } from './publish.ts';
import { servingTable } from './serving.ts';
import * as sample from './test-sample.ts';

let k: TestKernel;
const context = { signal: new AbortController().signal, progress: async () => undefined };
const person = (n: number, change: Partial<sample.Person> = {}): sample.Person => ({
  idNumber: `3499${String(n).padStart(14, '0')}`,
  name: `张${n}`,
  birth: '1990-01-02',
  height: '1.7',
  street: 'a,"b"\n',
  ...change,
});
const build = (people: readonly sample.Person[]) => k.warehouse.execute(sample.warehouseStatements(people));
const publish = (service = 'person-query') => publishService(k, service, context);

beforeAll(async () => {
  k = await testKernel([createCollect({ connectors: [] }), shareStage]);
  await k.put('process', ...shareProcesses);
  for (const [kind, docs] of sample.documents) await k.put(kind, ...docs);
});
afterAll(() => k.close());
beforeEach(async () => {
  await build([person(1), person(2), person(3)]);
  await publish();
});

test('before anything is built nothing is published, and that is no error', async () => {
  await k.put('service', { ...sample.services['people-query'], id: 'people-early' });
  await k.warehouse.execute([{ sql: 'drop table current."people"' }]);
  expect(await publish('people-early')).toMatchObject({ versions: 0, rows: 0 });
});

test('a publication touches only what changed and tells what it did', async () => {
  const places = () =>
    k.db.rows<{ key: string; place: string }>('select _key as key, xmin::text as place from serving."person-query_v1" order by _key');
  const before = await places();
  expect(await publish()).toEqual({ versions: 1, rows: 3, inserted: 0, updated: 0, deleted: 0, dropped: 0 });
  expect(await places()).toEqual(before);
  await build([person(1), person(2, { street: null }), person(4, { name: '', height: '99999999999999999.5', birth: null })]);
  const run = await k.db.first<{ n: number }>(`select publication as n from share.published where service = 'person-query'`);
  expect(await publish()).toEqual({ versions: 1, rows: 3, inserted: 1, updated: 1, deleted: 1, dropped: 0 });
  expect((await places())[0]).toEqual(before[0]);
  const events = await k.db.rows('select op, key from share.outbox where publication > $1 order by op', [run?.n]);
  expect(events).toEqual([
    { op: 'delete', key: `person-${person(3).idNumber}` },
    { op: 'insert', key: `person-${person(4).idNumber}` },
    { op: 'update', key: `person-${person(2).idNumber}` },
  ]);
  const rows = await k.db.rows<Record<string, unknown>>('select * from serving."person-query_v1" order by _key');
  expect(rows).toMatchObject([
    { name: '张1', street: 'a,"b"\n' },
    { street: null },
    { name: '', birth: null, height: '99999999999999999.5000000000000000' },
  ]);
});

test('rows that share a key in a table are all served', async () => {
  await build([person(1), person(1, { name: '李' })]);
  expect(await publish('people-query')).toMatchObject({ rows: 2 });
  expect(
    await k.db.rows(`select name from serving."people-query_v1" where "idNumber" = $1 order by _key`, [person(1).idNumber]),
  ).toHaveLength(2);
});

test('a reader sees the old rows or the new, never a half', async () => {
  const people = (mark: string) => Array.from({ length: 400 }, (_, i) => person(i, { name: mark }));
  await build(people('旧'));
  await publish();
  let reading = true;
  const seen = new Set<string>();
  const reader = (async () => {
    while (reading) {
      const rows = await k.db.rows<{ name: string; n: number }>('select name, count(*) as n from serving."person-query_v1" group by name');
      seen.add(JSON.stringify(rows));
    }
  })();
  for (const mark of ['甲', '乙', '丙']) {
    await build(people(mark));
    await publish();
  }
  reading = false;
  await reader;
  const whole = ['旧', '甲', '乙', '丙'].map((name) => JSON.stringify([{ name, n: 400 }]));
  expect([...seen].filter((s) => !whole.includes(s))).toEqual([]);
  expect(seen.size).toBeGreaterThan(1);
});

test('while a lost warehouse is being built again the old rows stay served', async () => {
  const run = (id: string, job: string, about: string) =>
    k.db.run(`insert into kernel.run (id, job, about, actor, payload, state, queued_at) values ($1, $2, $3, 'x', '{}', 'running', $4)`, [
      id,
      job,
      about,
      k.clock.now(),
    ]);
  await run('replay', 'rebuild-table', 'table:people');
  await build([]);
  for (const service of ['person-query', 'people-query']) expect(await publish(service)).toMatchObject({ held: true, deleted: 0 });
  await k.db.run(`update kernel.run set state = 'done', ended_at = $1 where id = 'replay'`, [k.clock.now()]);
  await run('build', 'build-library', 'library:population');
  expect(await publish()).toMatchObject({ held: true });
  await k.db.run(`delete from kernel.run where id in ('replay', 'build')`);
  await build([person(1), person(2)]);
  expect(await publish()).toMatchObject({ rows: 2, deleted: 1 });
});

test('versions no live grant pins are dropped; one that is pinned stays', async () => {
  const grant = async (version: number, id: string, db: Db = k.db) => {
    await db.run(
      `insert into share.request (id, service, consumer, provider, made_by, made_at) values ($1, 'person-query', 'civil', 'police', 'x', now())`,
      [id],
    );
    await db.run(
      `insert into share.grant_state (id, request, service, service_version, consumer, provider, valid_from, valid_to, digest, seal, made_by, made_at) values ($1, $1, 'person-query', $2, 'civil', 'police', '2026-01-01', '2027-01-01', '', '{}', 'x', now())`,
      [id, version],
    );
  };
  await grant(1, 'pins-one');
  await k.put('service', { ...sample.services['person-query'], limit: 10 });
  expect(await publish()).toMatchObject({ versions: 2, dropped: 0 });
  await k.put('service', { ...sample.services['person-query'], limit: 11 });
  expect(await publish()).toMatchObject({ versions: 2, dropped: 1 });
  const tables = async () =>
    (
      await k.db.rows<{ name: string }>(
        `select tablename as name from pg_tables where schemaname = 'serving' and tablename like 'person-query%' order by 1`,
      )
    ).map((r) => r.name);
  expect(await tables()).toEqual(['person-query_v1', 'person-query_v3']);
  await k.db.run(`update share.grant_state set revoked_at = now(), revoked_by = 'x', revoked_because = 'x'`);
  expect(await publish()).toMatchObject({ versions: 1, dropped: 1 });
  expect(await tables()).toEqual(['person-query_v3']);

  // Granted while it is being dropped: whoever drops waits for the grant, and then leaves what it holds.
  await k.put('service', { ...sample.services['person-query'], limit: 12 });
  let publishing: Promise<unknown> = Promise.resolve();
  await k.db.transaction(async (tx) => {
    expect(await isPublished(tx, 'person-query', 3)).toBe(true);
    expect(await isPublished(tx, 'person-query', 4)).toBe(false);
    publishing = publish();
    await waits();
    await grant(3, 'at-the-last-moment', tx);
  });
  expect(await publishing).toMatchObject({ versions: 1, dropped: 0 });
  expect(await tables()).toEqual(['person-query_v3', 'person-query_v4']);
});

/** Until somebody waits for a row. */
async function waits(): Promise<void> {
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  for (let i = 0; !(await k.db.first(waiting)); i++) {
    if (i > 200) throw new Error('nobody waits');
    await new Promise((r) => setTimeout(r, 25));
  }
}

test('facts upstream queue one publication for each service that stands on what changed', async () => {
  await k.drain();
  await k.db.transaction(async (tx) => {
    for (let i = 0; i < 3; i++)
      await k.facts.publish(tx, { name: 'library-built', about: 'library:population', actor: 'machine', body: { library: 'population' } });
    await k.facts.publish(tx, { name: 'model-changed', about: 'service:people-query', actor: 'x', body: {} });
    await k.facts.publish(tx, { name: 'model-changed', about: 'element:height', actor: 'x', body: {} });
  });
  await k.drain();
  const runs = await k.db.rows<{ about: string; state: string }>('select distinct about, state from kernel.run order by about');
  expect(runs).toEqual([
    { about: 'service:people-query', state: 'done' },
    { about: 'service:person-query', state: 'done' },
  ]);
  expect((await k.facts.timeline('service:person-query', 1))[0]).toMatchObject({ name: 'service-published', body: { rows: 3 } });
});

test('a name is never longer than PostgreSQL keeps, and two long ids do not meet', () => {
  const long = 'a'.repeat(63);
  expect(servingTable('person-query', 12)).toBe('person-query_v12');
  expect(servingTable(long, 12)).toHaveLength(63);
  expect(servingTable(long, 12)).not.toBe(servingTable(`${'a'.repeat(62)}b`, 12));
});
