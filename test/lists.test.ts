/** Every list of the platform, as its routes declare it: pages, orders and filters hold for all, what is not known is refused, and no filter shows anybody more. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { KnownRoute } from '#kernel/http/server';
import { everyTry } from './authority/tries.ts';
import { consumer, openRiver, provider, type River, type Signed, service, stranger, table } from './river.ts';

let river: River;
let paths: ReadonlyMap<string, string>;
let auditor: Signed, administrator: Signed, outsider: Signed;

beforeAll(async () => {
  river = await openRiver();
  auditor = await river.k.actor('audit-administrator', 'data-bureau');
  administrator = await river.k.actor('system-administrator', 'data-bureau');
  outsider = await river.k.actor(['provider-steward', 'consumer-steward'], stranger);
  paths = new Map([
    ...[...(await everyTry(river))].map(([route, t]): [string, string] => [route, t.path]),
    // Open to all who are signed in, so that there is nothing to try about it.
    ['GET /api/code-lists/:id', '/api/code-lists/nation'],
  ]);
  // A second thing of most kinds, so that there is something to sort.
  await river.ok('POST', '/api/share/requests', river.developer, { ...requestAgain, purpose: '另一个目的' });
}, 120_000);
afterAll(() => river.close());

const requestAgain = {
  service: service.id,
  purpose: '',
  legalBasis: '《中华人民共和国社会保险法》',
  scene: '窗口受理时核验',
  fields: service.returns.map((r) => r.field),
  rowFilter: null,
  until: '2027-06-30',
  contact: '0000',
};
interface Page {
  readonly rows: readonly Record<string, unknown>[];
  readonly count: number;
}

/** Routes that answer with pages. */
const lists = (): readonly (KnownRoute & { readonly query: z.ZodObject })[] =>
  river.k.door.routes.filter(
    (r): r is KnownRoute & { readonly query: z.ZodObject } =>
      r.method === 'GET' && r.query instanceof z.ZodObject && 'offset' in r.query.shape,
  );
const path = (r: KnownRoute): string => (paths.get(`GET ${r.url}`) ?? r.url).replace(/\?.*/, '');
const reader = (r: KnownRoute): Signed =>
  r.url === '/api/log' ? auditor : r.url === '/api/users' ? administrator : mayOperate(r) ? river.operator : river.steward;
const mayOperate = (r: KnownRoute): boolean =>
  typeof r.permission === 'string' || river.k.policy.filter(river.operator, r.permission.action).kind !== 'none';
const get = async (
  r: KnownRoute,
  query: Readonly<Record<string, string | number>>,
  as = reader(r),
): Promise<{ status: number; body: Page & { code?: string } }> =>
  river.k.call('GET', `${path(r)}?${new URLSearchParams(Object.entries(query).map(([k, v]): [string, string] => [k, String(v)]))}`, as);
const page = async (r: KnownRoute, query: Readonly<Record<string, string | number>>, as = reader(r)): Promise<Page> => {
  const reply = await get(r, query, as);
  expect([r.url, query, reply.status, reply.body.code]).toEqual([r.url, query, 200, undefined]);
  return reply.body;
};

test('there are lists, and each pages without losing or doubling a row, in every order it offers', async () => {
  expect(lists().length).toBeGreaterThan(14);
  for (const r of lists()) {
    const sorts = r.query.shape['sort'] ? (z.toJSONSchema(r.query.shape['sort']) as { enum: string[] }).enum : [];
    // The log grows with every look at it.
    if (r.url === '/api/log') continue;
    const all = await page(r, { limit: 200 });
    expect([r.url, all.count >= all.rows.length]).toEqual([r.url, true]);
    const texts = all.rows.map((row) => JSON.stringify(row)).toSorted();
    for (const sort of ['', ...sorts]) {
      const order = sort ? { sort } : {};
      const size = Math.max(1, Math.ceil(all.rows.length / 3));
      const rows: string[] = [];
      for (let offset = 0; offset < all.rows.length; offset += size)
        rows.push(...(await page(r, { ...order, limit: size, offset })).rows.map((row) => JSON.stringify(row)));
      expect([r.url, sort, rows.slice(0, all.rows.length).toSorted()]).toEqual([r.url, sort, texts]);
    }
  }
});

test('an order is an order, and its opposite the other way', async () => {
  const field: Readonly<Record<string, string>> = {
    '/api/runs': 'queuedAt',
    '/api/share/requests': 'madeAt',
    '/api/collect/batches': 'landedAt',
  };
  for (const r of lists().filter((x) => field[x.url])) {
    const sort = field[r.url] ?? '';
    const up = (await page(r, { sort, limit: 200 })).rows.map((row) =>
      Date.parse(String(row[sort]).replace(' ', 'T').replace(/\+08$/, '+08:00')),
    );
    expect(up).toEqual(up.toSorted((a, b) => a - b));
    const down = (await page(r, { sort: `-${sort}`, limit: 200 })).rows.map((row) =>
      Date.parse(String(row[sort]).replace(' ', 'T').replace(/\+08$/, '+08:00')),
    );
    expect(down).toEqual(up.toReversed());
  }
});

test('an order and a page that a list does not have are refused; a parameter that is none of its own changes nothing', async () => {
  for (const r of lists()) {
    const hasOrder = 'sort' in (r.query as z.ZodObject).shape;
    for (const query of [...(hasOrder ? [{ sort: 'drop table' }] : []), { limit: 0 }, { limit: 100_000 }, { offset: -1 }])
      expect([r.url, query, (await get(r, query)).status]).toEqual([r.url, query, 400]);
    expect([r.url, (await get(r, { nonsense: 'x' })).status]).toEqual([r.url, 200]);
  }
});

test('a filter narrows: what it shows is some of what is shown without it, and the count is its own', async () => {
  const tried: readonly (readonly [url: string, query: Record<string, string>, holds: (row: Record<string, unknown>) => boolean])[] = [
    ['/api/share/requests', { state: 'approved' }, (r) => r['state'] === 'approved'],
    ['/api/share/requests', { q: '另一个' }, (r) => String(r['purpose']).includes('另一个')],
    ['/api/share/requests', { q: service.title.zh.slice(0, 3) }, (r) => r['service'] === service.id],
    ['/api/share/requests', { department: consumer }, (r) => r['consumer'] === consumer],
    ['/api/share/requests', { to: '2020-01-01' }, () => false],
    ['/api/share/grants', { standing: 'live' }, (r) => r['standing'] === 'live'],
    ['/api/share/grants', { standing: 'revoked' }, () => false],
    ['/api/share/grants', { from: '2027-06-30', to: '2027-06-30' }, (r) => r['validTo'] === '2027-06-30'],
    ['/api/runs', { state: 'done' }, (r) => r['state'] === 'done'],
    ['/api/runs', { state: 'trouble' }, (r) => ['failed', 'refused'].includes(String(r['state']))],
    ['/api/runs', { q: table.id }, (r) => String(r['about']).includes(table.id)],
    ['/api/collect/sources', { state: 'good' }, (r) => r['state'] === 'good'],
    ['/api/collect/sources', { state: 'trouble' }, () => false],
    ['/api/collect/batches', { source: table.id }, (r) => r['source'] === table.id],
    ['/api/govern/tables', { state: 'empty' }, (r) => r['state'] === 'empty'],
    ['/api/govern/tables', { department: provider }, (r) => r['department'] === provider],
    ['/api/library/libraries', { state: 'empty' }, (r) => r['state'] === 'empty'],
    ['/api/users', { role: 'operator' }, (r) => (r['roles'] as string[]).includes('operator')],
    ['/api/users', { disabled: 'yes' }, () => false],
    ['/api/catalog/entries', { shareType: '2' }, (r) => r['shareType'] === '2'],
    ['/api/collect/uploads', { state: 'refused' }, (r) => r['state'] === 'refused'],
  ];
  for (const [url, query, holds] of tried) {
    const r = lists().find((x) => x.url === url);
    if (!r) throw new Error(`${url} is no list`);
    const [all, some] = [await page(r, { limit: 200 }), await page(r, { ...query, limit: 200 })];
    const expected = all.rows.filter(holds).map((row) => JSON.stringify(row));
    expect([url, query, some.rows.map((row) => JSON.stringify(row)).toSorted()]).toEqual([url, query, expected.toSorted()]);
    expect([url, query, some.count]).toEqual([url, query, expected.length]);
  }
});

test('whoever did something is found by a part of the name or of the account, and called by the name', async () => {
  for (const url of ['/api/runs', '/api/log']) {
    const r = lists().find((x) => x.url === url);
    if (!r) throw new Error(`${url} is no list`);
    const by = (actor: string): Promise<Page> => page(r, { actor, limit: 200 });
    const user = String((await page(r, { limit: 200 })).rows.find((row) => row['actor'] !== 'machine')?.['actor']);
    await river.k.db.run('update kernel.account set name = $2 where id = $1', [user, `专员 高岳${url}`]);
    const named = await by(`高岳${url}`);
    expect([url, new Set(named.rows.map((row) => row['actor']))]).toEqual([url, new Set([user])]);
    // The log has grown by the first look, by the auditor.
    expect((await by(user.toUpperCase())).rows.map((row) => row['id'])).toEqual(expect.arrayContaining(named.rows.map((row) => row['id'])));
    // What is no account is found by its id.
    expect((await by('machine')).rows.filter((row) => row['actor'] !== 'machine')).toEqual([]);
    expect(await by('没有这个人')).toEqual({ rows: [], count: 0 });
    const told = await river.k.call('GET', `/api/people?ids=${user},machine,nobody`, river.steward);
    expect(told.body).toEqual([expect.objectContaining({ id: user, name: `专员 高岳${url}` })]);
  }
});

test('no filter and no order shows another department more than nothing', async () => {
  const values: Readonly<Record<string, string>> = {
    department: provider,
    service: service.id,
    source: table.id,
    q: table.id.slice(0, 4),
    state: 'done',
    about: `source:${table.id}`,
    standing: 'live',
    from: '2020-01-01',
    to: '2099-12-31',
  };
  const shown: string[] = [];
  for (const r of lists()) {
    const { permission } = r;
    if (typeof permission === 'string' || river.k.policy.filter(outsider, permission.action).kind !== 'department' || path(r) !== r.url)
      continue;
    for (const name of Object.keys(r.query.shape)) {
      const value =
        values[name] ?? (name === 'sort' ? (z.toJSONSchema(r.query.shape['sort'] as z.ZodType) as { enum: string[] }).enum[0] : undefined);
      if (value === undefined) continue;
      const reply = await get(r, { [name]: value }, outsider);
      if (reply.status === 200 && reply.body.count !== 0) shown.push(`${r.url}?${name}=${value}: ${reply.body.count}`);
    }
  }
  expect(shown).toEqual([]);
});
