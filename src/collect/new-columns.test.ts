/** A table that gains columns: drift by name as with a file, until its steward has decided about each. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mountOn, openTown, type Town } from './test-sources.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());

interface Page {
  body: { columns: string[]; leaves?: string[] };
  state: string;
  cause: { zh: string } | null;
  columnsSeen: string[] | null;
  columnsLeft: string[];
}
const page = async (id: string) => (await town.kernel.call('GET', `/api/collect/sources/${id}`, town.steward)).body as Page;
const put = async (id: string, part: object) => {
  expect((await town.kernel.call('PUT', `/api/collect/sources/${id}`, town.steward, { ...(await page(id)).body, ...part })).status).toBe(
    200,
  );
  await town.kernel.drain();
};
/** A table with a column that its source does not collect. */
async function table(id: string, part: Parameters<Town['declareTable']>[2] = {}): Promise<void> {
  await town.admin.query(
    `create table ${id} (id bigint generated always as identity primary key, v text, note text); insert into ${id} (v) values ('甲'), ('乙')`,
  );
  await town.declareTable(id, id, { columns: ['id', 'v'], key: ['id'], ...part });
}
const drifted = (zh: string) => ({ state: 'refused', problem: { code: 'COLLECT_DRIFT', title: expect.stringContaining(zh) } });
/** Connections of ours that a department's server still holds. */
const held = async () =>
  (
    await town.admin.query<{ n: number }>(
      `select count(*)::integer as n from pg_stat_activity where datname = current_database() and application_name = 'chengshu'`,
    )
  ).rows[0]?.n;

test('what the first look finds beside the declared columns is left; a new one is drift in the reading, the probe, the page and the mount', async () => {
  await table('gains');
  await mountOn(town, 'gains', 'gains', { number: 'id' });
  await town.kernel.drain();
  expect(await town.collect('gains')).toMatchObject({ state: 'done' });
  await town.admin.query(`alter table gains add column extra text; insert into gains (v) values ('丙')`);
  expect(await town.collect('gains')).toMatchObject(drifted('多出 extra'));
  await expect.poll(held).toBe(0);
  expect((await town.batches('gains')).length).toBe(1);
  expect(await page('gains')).toMatchObject({
    state: 'drifted',
    cause: { zh: '多出 extra' },
    columnsLeft: ['note'],
    columnsSeen: ['id', 'v', 'note', 'extra'],
  });
  expect((await town.kernel.call('POST', '/api/collect/sources/gains/probe', town.steward, {})).body).toMatchObject({
    reachable: true,
    drift: { zh: '多出 extra' },
    columnsSeen: ['id', 'v', 'note', 'extra'],
    mounts: [{ state: 'drifted' }],
  });
  expect((await town.facts('drift-found')).at(-1)).toMatchObject({ source: 'gains', what: '多出 extra' });
  expect(await town.waits('gains')).toMatchObject({ why: { zh: '多出 extra' } });
  await put('gains', { leaves: ['note', 'extra'] });
  expect(await page('gains')).toMatchObject({ state: 'good', cause: null });
  expect((await town.collect('gains')).result).toMatchObject({ landed: true, rowsData: 3 });
});

test('one that is collected from now on lands, one taken out of the declaration is left, another table is looked at from the first', async () => {
  await table('takes', { mode: 'incremental', cursor: 'id' });
  expect(await town.collect('takes')).toMatchObject({ state: 'done' });
  await town.admin.query(`alter table takes add column extra text; insert into takes (v, extra) values ('丙', '多')`);
  expect(await town.collect('takes')).toMatchObject(drifted('多出 extra'));
  await put('takes', { columns: ['id', 'v', 'extra'] });
  expect((await town.collect('takes')).result).toMatchObject({ landed: true, rowsData: 1 });
  await put('takes', { columns: ['id', 'extra'] });
  expect(await town.collect('takes')).toMatchObject({ state: 'done' });
  await table('other');
  await town.admin.query(`insert into other (v) select 'v' || i from generate_series(1, 5) i`);
  const { body } = (await page('takes')) as unknown as { body: { settings: object } };
  await put('takes', { settings: { ...body.settings, table: 'other' }, columns: ['id', 'note'] });
  expect(await town.collect('takes')).toMatchObject({ state: 'done' });
});

test('where the declaration says what it leaves, everything else is new, and what is missing is said with it', async () => {
  await table('picked', { leaves: ['note'] });
  expect(await town.collect('picked')).toMatchObject({ state: 'done' });
  await table('unpicked', { leaves: [] });
  expect(await town.collect('unpicked')).toMatchObject(drifted('多出 note'));
  await town.admin.query('alter table picked rename column v to w');
  await town.kernel.call('POST', '/api/collect/sources/picked/probe', town.steward, {});
  expect(await page('picked')).toMatchObject({ state: 'drifted', cause: { zh: '缺少 v；多出 w' } });
});
