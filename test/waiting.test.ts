/** My work: complete however much there is, only what is one's own turn, overdue first by the city's days, and never more than one may see. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { calendar } from '#declare';
import { calendars } from '#elements/index';
import { waitingRoutes } from '#kernel/routes/waiting-routes';
import { shareProcesses, shareStage } from '#share';
import * as sample from '../src/share/test-sample.ts';
import { type TestKernel, testKernel } from './kernel.ts';

type Signed = Awaited<ReturnType<TestKernel['actor']>>;
interface Row {
  readonly kind: string;
  readonly id: string;
  readonly why: { readonly zh: string };
  readonly since: string;
  readonly until: string | null;
  readonly days: number | null;
  readonly left: number | null;
  readonly overdue: boolean;
  readonly limit: { readonly basis: { readonly zh: string }; readonly confirmed: boolean } | null;
}
interface Work {
  readonly rows: readonly Row[];
  readonly count: number;
  readonly overdue: number;
  readonly today: string;
  readonly lastYear: number;
}

let k: TestKernel;
let operator: Signed, provider: Signed, applicant: Signed, developer: Signed, other: Signed, administrator: Signed;

beforeAll(async () => {
  k = await testKernel([shareStage], { warehouse: false });
  waitingRoutes(k.door, k, shareStage.waiting ?? []);
  await k.put('calendar', ...calendars);
  await k.put('process', ...shareProcesses);
  for (const [kind, docs] of sample.documents) await k.put(kind, ...docs);
  operator = await k.actor('operator', 'bureau');
  provider = await k.actor('provider-steward', 'police');
  applicant = await k.actor('consumer-steward', 'civil');
  developer = await k.actor('developer', 'civil');
  other = await k.actor(['consumer-steward', 'provider-steward'], 'tax');
  administrator = await k.actor('system-administrator', 'bureau');
});
afterAll(() => k.close());

/** Sets the clock and lets everybody sign in again: a session does not last for days. */
async function at(instant: string): Promise<void> {
  k.clock.set(instant);
  await k.db.run(`update kernel.session set seen_at = $1, expires_at = $1::timestamptz + interval '12 hours'`, [instant]);
}
const work = async (as: Signed, query = ''): Promise<Work> => {
  const reply = await k.call('GET', `/api/waiting${query}`, as);
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  return reply.body;
};
const submit = async (as = developer, until = '2027-06-30'): Promise<string> => {
  const reply = await k.call('POST', '/api/share/requests', as, {
    service: 'person-query',
    // As long as a purpose may be: what waits is called by it.
    purpose: '核验办事人身份'.padEnd(500, '。'),
    legalBasis: '居民身份证法第十三条',
    scene: '窗口办理',
    fields: ['idNumber', 'name'],
    rowFilter: null,
    until,
    contact: '0000',
  });
  expect(reply.status).toBe(200);
  return (reply.body as { id: string }).id;
};
const step = async (id: string, name: string, as: Signed): Promise<void> => {
  const reply = await k.call('POST', `/api/share/requests/${id}/steps`, as, { step: name, opinion: '依规办理' });
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
};

test('a request waits for whose turn it is, with the working days the limit of its state leaves', async () => {
  await at('2026-11-24T02:00:00Z');
  const id = await submit();
  const mine = await work(operator);
  expect(mine).toMatchObject({ count: 1, overdue: 0, today: '2026-11-24', lastYear: 2026 });
  expect(mine.rows[0]).toMatchObject({
    kind: 'request',
    id,
    until: '2026-11-26',
    days: 2,
    left: 2,
    overdue: false,
    limit: { confirmed: false },
  });
  expect(mine.rows[0]?.why.zh).toBe('已提交，请办理：受理、退回');
  // To withdraw is a right, not a duty.
  for (const who of [provider, developer, applicant, other, administrator]) expect((await work(who)).count).toBe(0);

  await step(id, 'admit', operator);
  expect((await work(operator)).count).toBe(0);
  expect((await work(provider)).rows).toMatchObject([{ id, until: '2026-12-08', days: 10, left: 10, limit: { confirmed: true } }]);

  await step(id, 'send-back', provider);
  for (const who of [developer, applicant]) {
    const back = await work(who);
    expect(back.rows).toMatchObject([{ id, until: null, days: null, left: null, overdue: false, limit: null }]);
    expect(back.rows[0]?.why.zh).toBe('待修改，请办理：重新提交');
  }
  for (const who of [provider, operator, other]) expect((await work(who)).count).toBe(0);
  await step(id, 'withdraw', developer);
});

test('is overdue from the midnight of the city after its last day, and stands first', async () => {
  await at('2026-11-24T02:00:00Z');
  const old = await submit();
  await step(old, 'admit', operator);
  await at('2026-12-01T02:00:00Z');
  const fresh = await submit();
  await step(fresh, 'admit', operator);
  // 23:30 of the last day in Shanghai, then half past midnight: in London both are the 8th.
  await at('2026-12-08T15:30:00Z');
  expect((await work(provider)).rows).toMatchObject([{ id: old, left: 0, overdue: false }, { id: fresh }]);
  await at('2026-12-08T16:30:00Z');
  const late = await work(provider);
  expect(late).toMatchObject({ count: 2, overdue: 1, today: '2026-12-09' });
  expect(late.rows).toMatchObject([
    { id: old, left: -1, overdue: true },
    { id: fresh, left: 4, overdue: false },
  ]);
  expect((await work(provider, '?due=overdue')).rows.map((r) => r.id)).toEqual([old]);
  expect(await work(provider, '?due=overdue&kind=grant')).toMatchObject({ count: 0, overdue: 1 });
  expect((await work(provider, '?sort=-until')).rows.map((r) => r.id)).toEqual([fresh, old]);
  for (const id of [old, fresh]) await step(id, 'reject', provider);
  expect((await work(provider)).count).toBe(0);
});

test('the oldest of many is not lost: the server counts and pages', async () => {
  await at('2026-11-02T02:00:00Z');
  const oldest = await submit();
  await at('2026-11-24T02:00:00Z');
  const ids = [oldest];
  for (let i = 0; i < 110; i++) ids.push(await submit());
  const first = await work(operator);
  expect(first).toMatchObject({ count: 111, overdue: 1 });
  expect(first.rows[0]).toMatchObject({ id: oldest, overdue: true });
  const paged: string[] = [];
  for (let offset = 0; offset < 111; offset += 50)
    paged.push(...(await work(operator, `?limit=50&offset=${offset}`)).rows.map((r) => r.id));
  expect(paged.toSorted()).toEqual(ids.toSorted());
  for (const id of ids) await step(id, 'withdraw', developer);
});

test('a limit that runs into a year without a calendar is not guessed, and counted once there is one', async () => {
  await at('2026-12-24T02:00:00Z');
  const id = await submit();
  await step(id, 'admit', operator);
  expect((await work(provider)).rows).toMatchObject([
    { id, days: 10, until: null, left: null, overdue: false, limit: { confirmed: true } },
  ]);
  const next = {
    id: 'next',
    title: { zh: '下一年（虚构）' },
    years: [{ year: 2027, basis: '虚构的通知', days: [{ day: '2027-01-01', title: { zh: '元旦' }, works: false }] }],
  };
  await k.put('calendar', calendar(next));
  // 25, 28 to 31 December, 4 to 8 January.
  expect((await work(provider)).rows).toMatchObject([{ id, until: '2027-01-08', left: 10 }]);
  await step(id, 'reject', provider);
});

test('a grant that is about to end is told to the department that uses it, until a later one carries on', async () => {
  await at('2026-11-24T02:00:00Z');
  const grant = async (until: string) => {
    const id = await submit(developer, until);
    await step(id, 'admit', operator);
    await step(id, 'approve', provider);
  };
  await grant('2026-12-15');
  for (const who of [developer, applicant])
    expect((await work(who)).rows).toMatchObject([{ kind: 'grant', until: '2026-12-15', left: 15 }]);
  for (const who of [provider, operator, other, administrator]) expect((await work(who)).count).toBe(0);
  await grant('2027-12-15');
  expect((await work(developer)).count).toBe(0);
});

test('shows nobody what they may not open, and refuses what it does not know', async () => {
  await at('2026-11-24T02:00:00Z');
  for (const made of [await submit(), await submit(applicant), await submit(other)]) if (made) await step(made, 'admit', operator);
  const back = await submit(other);
  await step(back, 'return', operator);
  for (const who of [operator, provider, applicant, developer, other, administrator])
    for (const row of (await work(who, '?limit=200')).rows)
      expect([who.user, (await k.call('GET', `/api/share/${row.kind}s/${row.id}`, who)).status]).toEqual([who.user, 200]);
  expect((await work(other)).rows.map((r) => r.id)).toEqual([back]);
  for (const query of ['?sort=purpose', '?kind=nonsense', '?due=late'])
    expect(await k.call('GET', `/api/waiting${query}`, operator)).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID' } });
  expect((await k.call('GET', '/api/waiting')).status).toBe(401);
});
