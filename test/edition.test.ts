/**
 * An edition that takes much away, seen from the far end of the river. Every caller gets the edition before it and is told, until the steward says
 * yes.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRiver, type River, service, table } from './river.ts';

let river: River;
beforeAll(async () => {
  river = await openRiver();
});
afterAll(() => river.close());

interface Answer {
  readonly rows: readonly Record<string, string>[];
  readonly notices?: readonly { readonly zh: string }[];
}
interface Shown {
  readonly notices: readonly { readonly zh: string }[];
  readonly rows: number;
  readonly state: string;
}

test('the edition in use is answered from and said so, also after a rebuild; accepted, the new one is', async () => {
  const { k, ok, steward, developer } = river;
  const one = await k.db.first<{ n: string }>(
    `select "identityNumber" as n from serving."${service.id}_v1" order by "identityNumber" limit 1`,
  );
  const ask = async (): Promise<Answer> =>
    (await river.ask(river.key.secret, { field: 'identityNumber', value: one?.n })).body as unknown as Answer;
  const shown = async (): Promise<Shown> => (await ok('GET', `/api/govern/tables/${table.id}`, steward)) as unknown as Shown;
  const rows = (await shown()).rows;
  const before = await ask();
  expect(before.rows.length).toBe(1);
  expect(before).not.toHaveProperty('notices');

  const header = river.file.split('\n', 1)[0] ?? '';
  const run = await river.deliver(`${header}\n`);
  expect(run).toMatchObject({ state: 'done', result: { landed: true, waits: true, rowsData: 0 } });
  const told = [{ zh: expect.stringMatching(/新一期.*待提供部门确认；现用的是 2026-11-24 的一期/), en: expect.any(String) }];
  expect(await ask()).toMatchObject({ rows: before.rows, notices: told });
  expect(await shown()).toMatchObject({ rows, notices: told, state: 'good' });
  expect(await ok('GET', `/api/share/services/${service.id}`, developer)).toMatchObject({ notices: told });
  await ok('POST', `/api/govern/tables/${table.id}/rebuild`, steward);
  await k.drain();
  expect(await shown()).toMatchObject({ rows, notices: told, state: 'good' });
  expect((await ask()).rows).toEqual(before.rows);

  const { waiting } = (await ok('GET', `/api/collect/sources/${table.id}`, steward)) as unknown as { waiting: { seq: number } };
  expect(
    (
      await k.call(
        'POST',
        `/api/collect/sources/${table.id}/editions/${waiting.seq}/accept`,
        await k.actor('provider-steward', 'transport'),
      )
    ).status,
  ).not.toBe(200);
  await ok('POST', `/api/collect/sources/${table.id}/editions/${waiting.seq}/accept`, steward);
  await k.drain();
  expect(await shown()).toMatchObject({ rows: 0, notices: [] });
  const after = await ask();
  expect(after.rows).toEqual([]);
  expect(after).not.toHaveProperty('notices');
});
