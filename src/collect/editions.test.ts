/**
 * Editions that take much away: they land and wait, and the edition in use stays so. The steward's yes, another delivery or a cycle without an
 * answer go on from there.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { remindOfEditions } from './editions.ts';
import { removalWaits } from './removal.ts';
import { mountOn, openTown, type Town } from './test-sources.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());

/** A table of numbered rows and a source over it. */
async function numbered(id: string, rows: number, part: Parameters<Town['declareTable']>[2] = {}): Promise<void> {
  await town.admin.query(
    `create table ${id} (id integer primary key, v text); insert into ${id} select i, 'v' || i from generate_series(1, ${rows}) i`,
  );
  await town.declareTable(id, id, { columns: ['id', 'v'], key: ['id'], ...part });
  expect((await town.collect(id)).result).toMatchObject({ landed: true, ordinal: 1 });
}
interface Page {
  state: string;
  lastBatch: { ordinal: number } | null;
  waiting: { seq: number; ordinal: number; of: number; removed: number; added: number; accept: { allowed: boolean } } | null;
}
const page = async (id: string, as = town.steward) => (await town.kernel.call('GET', `/api/collect/sources/${id}`, as)).body as Page;
const accept = (id: string, seq: number | undefined, as = town.steward) =>
  town.kernel.call('POST', `/api/collect/sources/${id}/editions/${seq}/accept`, as);
const said = async (id: string): Promise<string[]> =>
  (
    await town.kernel.db.rows<{ name: string; ordinal: string }>(
      `select name, body ->> 'ordinal' as ordinal from kernel.fact where about = $1 and name in ('batch-landed', 'edition-waits', 'edition-accepted', 'edition-set-aside', 'edition-declined', 'edition-reminded') order by seq`,
      [`source:${id}`],
    )
  ).map((f) => `${f.name} ${f.ordinal}`);

test('more than a fifth and more than a hundred rows, or all; settable, and not where every edition is another', () => {
  const waits = (current: number, removed: number, removal?: Parameters<typeof removalWaits>[0]['removal']) =>
    removalWaits(removal === undefined ? {} : { removal }, current, removed);
  expect([waits(1000, 200), waits(1000, 201), waits(400, 100), waits(400, 101), waits(3, 3), waits(3, 2), waits(0, 0)]).toEqual([
    false,
    true,
    false,
    true,
    true,
    false,
    false,
  ]);
  expect([
    waits(1000, 60, { percent: 5, rows: 50 }),
    waits(1000, 1000, 'replaces-itself'),
    waits(1000, 50, { percent: 100, rows: 0 }),
  ]).toEqual([true, false, false]);
});

test('a table that was emptied: the edition waits, is told, and is used from the yes of its own steward on', async () => {
  await numbered('emptied', 100);
  await town.admin.query('delete from emptied');
  expect((await town.collect('emptied')).result).toMatchObject({ landed: true, waits: true, ordinal: 2, deleted: 100 });
  expect((await town.batches('emptied')).map((b) => b.ordinal)).toEqual([1]);
  expect(await page('emptied')).toMatchObject({
    state: 'waiting',
    lastBatch: { ordinal: 1 },
    waiting: { ordinal: 2, of: 100, removed: 100, added: 0, accept: { allowed: true } },
  });
  expect((await page('emptied', town.operator)).waiting?.accept.allowed).toBe(false);
  expect(await town.waits('emptied')).toMatchObject({
    why: { zh: '第 2 批将从 100 行中减少 100 行，尚未启用：请核对后确认，或更正后重新交付' },
  });
  // Read again it is the same edition, which still waits.
  expect((await town.collect('emptied')).result).toMatchObject({ landed: false, unchanged: true, waits: true, ordinal: 2 });
  const seq = (await page('emptied')).waiting?.seq;
  expect(await accept('emptied', seq, town.operator)).toMatchObject({ status: 403 });
  expect(await accept('emptied', (seq ?? 0) + 1)).toMatchObject({ status: 409, body: { code: 'COLLECT_EDITION_NOT_WAITING' } });
  expect(await accept('emptied', seq)).toMatchObject({ status: 200, body: { ordinal: 2, stands: 'accepted' } });
  expect(await accept('emptied', seq)).toMatchObject({ status: 409 });
  expect(await page('emptied')).toMatchObject({ state: 'good', lastBatch: { ordinal: 2 }, waiting: null });
  expect(await said('emptied')).toEqual(['batch-landed 1', 'edition-waits 2', 'edition-accepted 2', 'batch-landed 2']);
  expect((await town.collect('emptied')).result).toMatchObject({ landed: false, ordinal: 2 });
});

test('a delivery that came meanwhile passes the waiting one over, be it a new edition or the one in use', async () => {
  await numbered('mended', 1000);
  await town.admin.query('delete from mended where id > 700');
  expect((await town.collect('mended')).result).toMatchObject({ waits: true, ordinal: 2 });
  const { waiting } = await page('mended');
  // Restored: the source is as the edition in use.
  await town.admin.query(`insert into mended select i, 'v' || i from generate_series(701, 1000) i`);
  expect((await town.collect('mended')).result).toMatchObject({ landed: false, ordinal: 1 });
  expect(await page('mended')).toMatchObject({ state: 'good', waiting: null });
  expect(await accept('mended', waiting?.seq)).toMatchObject({ status: 409 });
  await town.admin.query('delete from mended where id > 700');
  expect((await town.collect('mended')).result).toMatchObject({ waits: true, ordinal: 3 });
  await town.admin.query('delete from mended where id > 600');
  expect((await town.collect('mended')).result).toMatchObject({ waits: true, ordinal: 4, deleted: 400 });
  await town.admin.query(`insert into mended select i, 'v' || i from generate_series(601, 990) i`);
  expect((await town.collect('mended')).result).toMatchObject({ landed: true, ordinal: 5, deleted: 10 });
  expect((await town.batches('mended')).map((b) => b.ordinal)).toEqual([1, 5]);
  expect(await said('mended')).toEqual([
    'batch-landed 1',
    'edition-waits 2',
    'edition-set-aside 2',
    'edition-waits 3',
    'edition-set-aside 3',
    'edition-waits 4',
    'edition-set-aside 4',
    'batch-landed 5',
  ]);
});

test('the steward’s no sets it aside with its reason, what is in use stays, and the same rows are not asked about again', async () => {
  await numbered('declined', 300);
  await town.admin.query('delete from declined where id > 100');
  await town.collect('declined');
  const seq = (await page('declined')).waiting?.seq;
  const decline = (why: string, as = town.steward) =>
    town.kernel.call('POST', `/api/collect/sources/declined/editions/${seq}/decline`, as, { why });
  expect(await decline('删错了', town.operator)).toMatchObject({ status: 403 });
  expect((await decline(' ')).status).toBe(400);
  expect(await decline('删错了')).toMatchObject({ status: 200, body: { stands: 'set-aside', declined: '删错了' } });
  expect(await decline('删错了')).toMatchObject({ status: 409 });
  expect((await town.collect('declined')).result).toMatchObject({ landed: false, unchanged: true, ordinal: 2 });
  expect(await page('declined')).toMatchObject({
    state: 'good',
    waiting: null,
    declined: { ordinal: 2, removed: 200, why: '删错了' },
    lastBatch: { ordinal: 1 },
  });
  expect(await town.facts('edition-declined')).toMatchObject([{ source: 'declined', removed: 200, why: '删错了' }]);
  await town.admin.query('delete from declined where id > 90');
  expect((await town.collect('declined')).result).toMatchObject({ waits: true, ordinal: 3 });
  expect(await page('declined')).toMatchObject({ declined: null });
  expect(await accept('declined', seq)).toMatchObject({ status: 409 });
  expect(await said('declined')).toEqual(['batch-landed 1', 'edition-waits 2', 'edition-declined 2', 'edition-waits 3']);
});

test('a no that was a mistake is taken back by a yes, while no other edition has come', async () => {
  await numbered('regretted', 300);
  await town.admin.query('delete from regretted where id > 100');
  await town.collect('regretted');
  const seq = (await page('regretted')).waiting?.seq;
  await town.kernel.call('POST', `/api/collect/sources/regretted/editions/${seq}/decline`, town.steward, { why: '看错了' });
  expect(await accept('regretted', seq, town.operator)).toMatchObject({ status: 403 });
  expect(await accept('regretted', seq)).toMatchObject({ status: 200, body: { stands: 'accepted', declined: null } });
  expect(await page('regretted')).toMatchObject({ state: 'good', waiting: null, declined: null, lastBatch: { ordinal: 2 } });
  expect((await town.collect('regretted')).result).toMatchObject({ landed: false, unchanged: true, ordinal: 2 });
  expect(await said('regretted')).toEqual([
    'batch-landed 1',
    'edition-waits 2',
    'edition-declined 2',
    'edition-accepted 2',
    'batch-landed 2',
  ]);
});

test('an incremental source read again from the beginning waits like an edition, and goes on from there once it is accepted', async () => {
  await numbered('again', 300, { mode: 'incremental', cursor: 'id' });
  await town.admin.query(`insert into again select i, 'v' || i from generate_series(301, 400) i`);
  await town.collect('again');
  const back = () => town.kernel.call('POST', '/api/collect/sources/again/cursor', town.steward, { batch: null });
  await town.admin.query('delete from again where id <= 250');
  await back();
  expect((await town.collect('again')).result).toMatchObject({ waits: true, ordinal: 3, deleted: 250 });
  expect(await page('again')).toMatchObject({ cursor: null, waiting: { of: 400, removed: 250 }, lastBatch: { ordinal: 2 } });
  // What comes meanwhile is not lost: the whole is read again until the answer.
  expect((await town.collect('again')).result).toMatchObject({ landed: false, waits: true, ordinal: 3 });
  await town.admin.query(`insert into again values (401, 'v401')`);
  expect((await town.collect('again')).result).toMatchObject({ waits: true, ordinal: 4, rowsData: 151 });
  expect(await accept('again', (await page('again')).waiting?.seq)).toMatchObject({ status: 200 });
  expect(await page('again')).toMatchObject({ cursor: '401', lastBatch: { ordinal: 4 } });
  await town.admin.query(`insert into again values (402, 'v402')`);
  expect((await town.collect('again')).result).toMatchObject({ landed: true, ordinal: 5, rowsData: 1 });
  // Emptied and read again: that takes everything away.
  await town.admin.query('delete from again');
  await back();
  expect((await town.collect('again')).result).toMatchObject({ waits: true, ordinal: 6, rowsData: 0, deleted: 152 });
});

test('without a key only fewer rows count as gone; of a source that replaces itself none waits', async () => {
  await numbered('keyless', 300, { key: [] });
  await town.admin.query(`update keyless set v = v || '改'`);
  expect((await town.collect('keyless')).result).toMatchObject({ landed: true, ordinal: 2 });
  await town.admin.query('delete from keyless where id > 150');
  expect((await town.collect('keyless')).result).toMatchObject({ waits: true });
  await numbered('monthly', 200, { removal: 'replaces-itself' });
  await town.admin.query('update monthly set id = id + 1000');
  const { result } = await town.collect('monthly');
  expect(result).toMatchObject({ landed: true, deleted: 200 });
  expect(result).not.toHaveProperty('waits');
});

test('a full edition after increments is held against all of them, the last row of a key once', async () => {
  await numbered('grown', 200, { mode: 'incremental', cursor: 'id' });
  await town.admin.query(`insert into grown select i, 'v' || i from generate_series(201, 400) i`);
  expect((await town.collect('grown')).result).toMatchObject({ landed: true, ordinal: 2 });
  await town.admin.query('delete from grown where id <= 250');
  await town.declareTable('grown', 'grown', { columns: ['id', 'v'], key: ['id'] });
  expect((await town.collect('grown')).result).toMatchObject({ waits: true, deleted: 250, inserted: 0, updated: 0 });
  expect(await page('grown')).toMatchObject({ waiting: { of: 400, removed: 250 }, lastBatch: { ordinal: 2 } });
});

test('without an answer after a cycle the steward is reminded, once a cycle, and it is overdue on the desk', async () => {
  await numbered('unanswered', 120);
  await mountOn(town, 'unanswered', 'unanswered', { number: 'id' });
  await town.kernel.drain();
  await town.admin.query('delete from unanswered');
  await town.collect('unanswered');
  expect(await town.waits('unanswered')).toMatchObject({ overdue: false });
  const reminded = async (hours: number): Promise<number> => {
    town.kernel.clock.set(new Date(town.kernel.clock.now().getTime() + hours * 3_600_000).toISOString());
    await Promise.all([remindOfEditions(town.kernel), remindOfEditions(town.kernel)]);
    return (await said('unanswered')).filter((f) => f === 'edition-reminded 2').length;
  };
  expect([await reminded(23), await reminded(1), await reminded(5), await reminded(20)]).toEqual([0, 1, 1, 2]);
  expect(await town.waits('unanswered')).toMatchObject({ overdue: true });
});
