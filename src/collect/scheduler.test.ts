/** Collection by itself on real stores: begun when due, once, also after a kill, no more at a time than the server bears, and late when it does not come. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectors } from '#connectors/index';
import { queueReconciliation } from './jobs.ts';
import { startDue } from './scheduler.ts';
import { mountOn, openTown, type Town } from './test-sources.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
  await town.admin.query(`create table kept (id integer primary key, name text); insert into kept values (1, '甲'), (2, '乙')`);
});
afterAll(() => town.close());

const connectorOf = (id: string) => {
  const found = connectors.find((c) => c.id === id);
  if (!found) throw new Error(id);
  return found;
};
/** Begins the due readings, and tells which runs of these sources are among them. */
async function due(...sources: readonly string[]): Promise<readonly string[]> {
  const began: string[] = [];
  for (const run of await startDue(town.kernel, connectorOf))
    if (sources.includes((await town.runOf(run)).about.slice('source:'.length))) began.push(run);
  return began;
}
/** Written in the city's zone. */
const at = (text: string): string => `${text.replace(' ', 'T')}:00+08:00`;
const table = (id: string, part = {}) => town.declareTable(id, 'kept', { columns: ['id', 'name'], key: ['id'], ...part });
interface Timing {
  nextAt: string | null;
  why: string;
  failures: number;
  lastRun: { id: string; state: string; itself: boolean } | null;
  lateAfter: string | null;
  late: boolean;
}
const timing = async (id: string): Promise<Timing> =>
  ((await town.kernel.call('GET', `/api/collect/sources/${id}`, town.steward)).body as { timing: Timing }).timing;

/** Sets the clock; who is signed in stays so. */
async function set(instant: string): Promise<void> {
  town.kernel.clock.set(instant);
  const now = town.kernel.clock.now();
  await town.kernel.db.run('update kernel.session set seen_at = $1, expires_at = $2', [now, new Date(now.getTime() + 3_600_000)]);
}

beforeEach(() => set(at('2026-03-02 10:00')));

test('a source is collected when it is mounted on an entry with a cycle, once a cycle, and its page says when', async () => {
  await table('daily');
  expect(await due('daily')).toEqual([]);
  expect(await timing('daily')).toMatchObject({ nextAt: null, why: 'no-cycle', lastRun: null, lateAfter: null });
  await mountOn(town, 'daily', 'daily', { id: 'id', name: 'name' });
  await town.kernel.drain();
  expect(await timing('daily')).toMatchObject({ why: 'missed', late: false });
  const [run] = await due('daily');
  expect(await due('daily')).toEqual([]);
  expect(await timing('daily')).toMatchObject({ why: 'under-way', nextAt: null, lastRun: { id: run, itself: true } });
  await town.kernel.drain();
  expect(await town.runOf(run ?? '')).toMatchObject({ state: 'done', actor: 'machine', result: { rowsData: 2 } });
  expect(await due('daily')).toEqual([]);
  const { nextAt, why, lateAfter } = await timing('daily');
  expect({ why, lateAfter }).toEqual({ why: 'cycle', lateAfter: new Date(at('2026-03-04 10:00')).toISOString() });
  // Three days without power: one collection, not three.
  await set(new Date(Date.parse(nextAt ?? '') + 3 * 86_400_000 + 60_000).toISOString());
  expect((await due('daily')).length).toBe(1);
  expect(await due('daily')).toEqual([]);
  await town.kernel.drain();
  expect(await due('daily')).toEqual([]);
});

test('deciders that look at the same time, and one that is killed before its transaction ends, begin nothing twice', async () => {
  await table('twice');
  await mountOn(town, 'twice', 'twice', { id: 'id' });
  await town.kernel.drain();
  const killed = town.kernel.db.transaction(async (tx) => {
    await startDue({ ...town.kernel, db: { ...town.kernel.db, transaction: (work) => work(tx) } }, connectorOf);
    throw new Error('killed');
  });
  await expect(killed).rejects.toThrow('killed');
  const all = (await Promise.all([due('twice'), due('twice'), due('twice')])).flat();
  expect(all.length).toBe(1);
  await town.kernel.drain();
});

test('of one server no more are begun at a time than its sources say, those that waited longest first', async () => {
  for (const id of ['east', 'west', 'north']) {
    await table(id, { schedule: { window: null, together: id === 'north' ? 1 : 2 } });
    await mountOn(town, id, id, { id: 'id' });
  }
  await town.kernel.drain();
  const began: string[] = [];
  for (let round = 0; round < 3; round++) {
    const runs = await due('east', 'west', 'north');
    expect(runs.length).toBeLessThanOrEqual(2);
    for (const run of runs) began.push((await town.runOf(run)).about);
    await town.kernel.drain();
  }
  expect(began.toSorted()).toEqual(['source:east', 'source:north', 'source:west']);
});

test('a source that is held against the ledger counts for its server', async () => {
  await town.kernel.drain();
  await table('held', { mode: 'incremental', cursor: 'id', schedule: { window: null, together: 1 } });
  await mountOn(town, 'held', 'held', { number: 'id' });
  await town.collect('held');
  await table('behind', { schedule: { window: null, together: 1 } });
  await mountOn(town, 'behind', 'behind', { number: 'id' });
  await town.kernel.drain();
  const source = (await town.kernel.documents.snapshot()).get('source', 'held');
  await town.kernel.db.transaction((tx) => queueReconciliation(town.kernel, tx, source, 'machine', 'count'));
  expect(await due('behind')).toEqual([]);
  await town.kernel.drain();
  expect((await due('behind')).length).toBe(1);
  await town.kernel.drain();
});

test('outside its window a source waits, and a person may begin all the same', async () => {
  await table('nightly', { schedule: { window: { from: '22:00', to: '02:00' }, together: 2 } });
  await mountOn(town, 'nightly', 'nightly', { id: 'id' });
  await town.kernel.drain();
  expect(await due('nightly')).toEqual([]);
  await set(at('2026-03-03 01:59'));
  expect((await due('nightly')).length).toBe(1);
  await town.kernel.drain();
  await set(at('2026-03-03 12:00'));
  expect(await town.collect('nightly')).toMatchObject({ state: 'done' });
  const reply = await town.kernel.call('PUT', '/api/collect/sources/nightly', town.steward, {
    ...((await town.kernel.call('GET', '/api/collect/sources/nightly', town.steward)).body as { body: object }).body,
    schedule: { window: { from: '22:00', to: '22:00' }, together: 2 },
  });
  expect(reply).toMatchObject({ status: 422, body: { code: 'DOCUMENT_REFUSED' } });
});

test('a source that is away is tried again, later each time; what only a person mends waits for its cycle; late it stands on the desk and in the mount', async () => {
  await table('away');
  await mountOn(town, 'away', 'away', { id: 'id' });
  await town.collect('away');
  const body = ((await town.kernel.call('GET', '/api/collect/sources/away', town.steward)).body as { body: { settings: object } }).body;
  const turn = async (settings: object) =>
    expect(
      (await town.kernel.call('PUT', '/api/collect/sources/away', town.steward, { ...body, settings: { ...body.settings, ...settings } }))
        .status,
    ).toBe(200);
  await turn({ port: 1 });
  const { nextAt } = await timing('away');
  const start = Date.parse(nextAt ?? '');
  const minutes = async (n: number) => {
    await set(new Date(start + n * 60_000).toISOString());
    const runs = (await due('away')).length;
    await town.kernel.drain();
    return runs;
  };
  expect(await minutes(0)).toBe(1);
  expect(await timing('away')).toMatchObject({ why: 'again', failures: 1, lastRun: { state: 'refused', itself: true } });
  expect(await minutes(4)).toBe(0);
  expect(await minutes(5)).toBe(1);
  expect(await minutes(14)).toBe(0);
  expect(await minutes(15)).toBe(1);
  await turn({ table: 'gone' });
  expect(await minutes(40)).toBe(1);
  expect(await timing('away')).toMatchObject({ why: 'cycle', failures: 4 });
  await turn({});
  // The source was not asked for three days: it is late.
  await set(new Date(start + 3 * 86_400_000).toISOString());
  expect(await timing('away')).toMatchObject({ late: true });
  await town.kernel.call('POST', '/api/collect/sources/away/probe', town.steward, {});
  await town.kernel.drain();
  const entry = (await town.kernel.call('GET', '/api/catalog/entries/away', town.steward)).body as { mounts: object[] };
  expect(entry.mounts).toMatchObject([{ state: 'stale', cause: { zh: '超过更新周期和宽限没有新的交付' } }]);
  expect(await town.waits('away')).toMatchObject({ overdue: true, why: { zh: expect.stringContaining('迟到') } });
  await town.collect('away');
  expect(await town.waits('away')).toBeUndefined();
});

test('a server that says when it can be asked again is asked then', async () => {
  await table('crowded');
  await mountOn(town, 'crowded', 'crowded', { number: 'id' });
  const { body } = (await town.kernel.call('GET', '/api/collect/sources/crowded', town.steward)).body as { body: { settings: object } };
  await town.admin.query(`create role crowded_reader login password 'invented' connection limit 0`);
  expect((await town.kernel.call('PUT', '/api/collect/secrets/civil-crowded', town.steward, { value: 'invented' })).status).toBe(200);
  const settings = { ...body.settings, user: 'crowded_reader', password: 'secret:civil-crowded' };
  expect((await town.kernel.call('PUT', '/api/collect/sources/crowded', town.steward, { ...body, settings })).status).toBe(200);
  const [run] = await due('crowded');
  await town.kernel.drain();
  expect(await town.runOf(run ?? '')).toMatchObject({ state: 'refused', problem: { code: 'COLLECT_SOURCE_BUSY', again: 60 } });
  expect(await timing('crowded')).toMatchObject({
    why: 'again',
    nextAt: new Date(town.kernel.clock.now().getTime() + 60_000).toISOString(),
  });
  await town.admin.query('drop role crowded_reader');
});

test('an irregular entry is neither collected by itself nor late, a file is late but not fetched', async () => {
  await table('irregular');
  await mountOn(town, 'irregular', 'irregular', { id: 'id' }, '8');
  await town.collect('irregular');
  await town.declare('paper', {});
  await mountOn(town, 'paper', 'paper', { number: '证号' });
  await town.deliver('paper', '名册,,\n姓名,证号,备注\n甲,1,\n');
  await set(at('2026-11-01 10:00'));
  expect(await due('irregular', 'paper')).toEqual([]);
  await town.kernel.drain();
  expect(await timing('irregular')).toMatchObject({ why: 'no-time', nextAt: null, lateAfter: null, late: false });
  expect(await timing('paper')).toMatchObject({ why: 'file', nextAt: null, late: true });
  expect(await town.waits('irregular')).toBeUndefined();
  expect(await town.waits('paper')).toMatchObject({ overdue: true });
  // What was promised by an entry is promised no more when it is withdrawn.
  const step = await town.kernel.call('POST', '/api/catalog/entries/paper/steps', town.steward, { step: 'withdraw', opinion: '停办' });
  expect(step.status, JSON.stringify(step.body)).toBe(200);
  await town.kernel.call('POST', '/api/collect/sources/paper/probe', town.steward, {});
  await town.kernel.drain();
  expect(await timing('paper')).toMatchObject({ lateAfter: null, late: false });
  expect(await town.waits('paper')).toBeUndefined();
});
