/** The register of public security as a database: what the collector may see and do, and rounds that are written once. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '#test/database';
import {
  appendPoliceChanges,
  createPoliceDatabase,
  deliveryOf,
  generateCity,
  type PoliceDatabase,
  roundOf,
  winnersAfter,
} from './index.ts';

const city = generateCity({ seed: 5, scale: 0.02 });
let beside: TestDatabase;
let police: PoliceDatabase;
let name: string;

beforeAll(async () => {
  beside = await createDatabase();
  name = `${beside.name}_police`;
  police = await createPoliceDatabase(beside.url, name, city);
});

afterAll(async () => {
  await on(beside.url, async (c) => {
    await c.query(`drop database if exists ${name} with (force)`);
    await c.query(`drop role if exists ${name}_reader`);
  });
  await beside.drop();
});

async function on<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const rowsOf = (table: string, columns: readonly string[]): Promise<unknown[][]> =>
  on(
    police.readerUrl,
    async (c) =>
      (
        await c.query({
          text: `select ${columns.map((n) => `${n}::text`).join(', ')} from ${table} order by ${table}.rid`,
          rowMode: 'array',
        })
      ).rows,
  );

test('the reader finds the rows of the city under their rid', async () => {
  const register = deliveryOf(city, 'police-register');
  const columns = register.columns.filter((c) => c !== 'gxsj');
  expect(await rowsOf('hjrk', ['rid', ...columns])).toEqual(
    register.rows.map((cells, i) => [String(register.first + i), ...cells.slice(0, columns.length)]),
  );
});

test('the reader can write nothing, neither in its own session nor after lifting its read-only setting', async () => {
  await on(police.readerUrl, async (c) => {
    await expect(c.query('insert into hjrk (rid) values (999999)')).rejects.toThrow(/read-only/);
    await c.query('set default_transaction_read_only = off');
    await expect(c.query('insert into hjrk (rid) values (999999)')).rejects.toThrow(/permission denied/);
    await expect(c.query('create table t ()')).rejects.toThrow(/permission denied/);
  });
});

test('a round is written once, and the greatest update time is the row that must win', async () => {
  expect(await appendPoliceChanges(police.ownerUrl, city, 1)).toBe(roundOf(city, 1).rows.length);
  expect(await appendPoliceChanges(police.ownerUrl, city, 1)).toBe(0);
  expect(await appendPoliceChanges(police.ownerUrl, city, 2)).toBe(roundOf(city, 2).rows.length);
  const faulty = [city.residence.opening, roundOf(city, 1), roundOf(city, 2)].flatMap((d) => d.faults.map((f) => f.row));
  const found = await on(police.readerUrl, (c) =>
    c.query<{ rid: string; who: string }>(
      `select distinct on (who) rid::text, who from (select *, translate(upper(translate(gmsfhm, '０１２３４５６７８９Ｘ', '0123456789X')), ' 　', '') as who from ldrk_bgxx where rid <> all($1::bigint[])) r order by who, gxsj desc`,
      [faulty],
    ),
  );
  expect(new Map(found.rows.map((r) => [r.who, Number(r.rid)]))).toEqual(new Map(winnersAfter(city, 2)));
});

test('a finished one is kept under a new password, another city or an unfinished one is replaced, a foreign one is left alone', async () => {
  const opening = deliveryOf(city, 'police-residence').rows.length;
  const written = opening + roundOf(city, 1).rows.length + roundOf(city, 2).rows.length;
  police = await createPoliceDatabase(beside.url, name, city);
  expect(await rowsOf('ldrk_bgxx', ['rid'])).toHaveLength(written);

  const other = generateCity({ seed: 6, scale: 0.02 });
  police = await createPoliceDatabase(beside.url, name, other);
  expect(await rowsOf('ldrk_bgxx', ['rid'])).toHaveLength(deliveryOf(other, 'police-residence').rows.length);

  // A call that was killed before its last statement left no mark on the database.
  await on(beside.url, (c) => c.query(`comment on database ${name} is null`));
  police = await createPoliceDatabase(beside.url, name, city, 'given-password');
  expect(await rowsOf('ldrk_bgxx', ['rid'])).toHaveLength(opening);
  expect(police.password).toBe('given-password');
  await expect(createPoliceDatabase(beside.url, beside.name, city)).rejects.toThrow('left alone');
});
