/** The catalog on a real server: the walk of an entry, its code, who sees what, the search, and the mount rate. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCollect } from '#collect';
import type { Entry } from '#declare';
import { type TestKernel, testKernel } from '#test/kernel';
import { catalogProcesses, catalogStage } from './index.ts';

type Signed = Awaited<ReturnType<TestKernel['actor']>>;
let kernel: TestKernel;
let steward: Signed;
let other: Signed;
let operator: Signed;
let consumer: Signed;
let auditor: Signed;

const entry = (zh: string, part: Partial<Entry> = {}): Omit<Entry, 'form' | 'id'> => ({
  title: { zh },
  abstract: `${zh}的说明（演示数据）`,
  department: 'civil',
  resourceClass: '1',
  category: '人口',
  format: '2',
  items: [{ name: 'name', title: { zh: '姓名' }, element: null, isKey: true, isNullable: false, sensitivity: 3 }],
  shareType: '1',
  shareCondition: '',
  openType: '0',
  openCondition: '',
  updateCycle: '2',
  secrecyChecked: true,
  ...part,
});
const put = (id: string, body: unknown, as: Signed = steward) => kernel.call('PUT', `/api/catalog/entries/${id}`, as, body);
const step = (id: string, name: string, as: Signed, opinion = '', version?: number) =>
  kernel.call('POST', `/api/catalog/entries/${id}/steps`, as, { step: name, opinion, version });
const page = (id: string, as: Signed) =>
  kernel.call('GET', `/api/catalog/entries/${id}`, as) as Promise<{
    status: number;
    body: { [k: string]: never } & {
      state: { id: string };
      code: string | null;
      version: number;
      body: Entry;
      steps: { id: string; allowed: boolean }[];
      history: { opinion: string }[];
      mounts: { state: string; cause: { zh: string } | null }[];
      mount: { state: string; cause: unknown };
    };
  }>;
const list = async (query: string, as: Signed) =>
  (await kernel.call('GET', `/api/catalog/entries?${query}`, as)).body as { rows: { id: string; state: { id: string } }[]; count: number };
const published = async (id: string, body: unknown) => {
  expect((await put(id, body)).status).toBe(200);
  expect((await step(id, 'submit', steward)).status).toBe(200);
  const done = await step(id, 'publish', operator);
  expect(done.status).toBe(200);
  return (done.body as { code: string }).code;
};

beforeAll(async () => {
  kernel = await testKernel([catalogStage, createCollect({ connectors: [] })], { warehouse: false });
  await kernel.put('process', ...catalogProcesses);
  steward = await kernel.actor('provider-steward', 'civil');
  other = await kernel.actor('provider-steward', 'transport');
  operator = await kernel.actor('operator', 'data-bureau');
  consumer = await kernel.actor('consumer-steward', 'housing');
  auditor = await kernel.actor('audit-administrator', 'data-bureau');
});
afterAll(() => kernel.close());

describe('the walk of an entry', () => {
  test('draft, submitted, returned with an opinion, submitted, published; the code stays through a change and a withdrawal', async () => {
    expect((await put('marriage', entry('婚姻登记信息'))).body).toEqual({ version: 1, changed: true });
    expect((await page('marriage', steward)).body.state.id).toBe('draft');
    expect((await page('marriage', consumer)).status).toBe(404);
    expect((await step('marriage', 'publish', operator)).status).toBe(409);
    await step('marriage', 'submit', steward);
    expect((await put('marriage', entry('婚姻登记'))).body).toMatchObject({ code: 'CATALOG_ENTRY_CLOSED' });
    expect((await put('marriage', entry('婚姻登记信息'))).body).toEqual({ version: 1, changed: false });
    expect((await step('marriage', 'return', operator)).body).toMatchObject({ code: 'REVIEW_OPINION_MISSING' });
    expect((await step('marriage', 'return', operator, '摘要请写明范围')).body).toMatchObject({ state: 'returned', code: null });
    expect((await page('marriage', steward)).body.history.map((h) => h.opinion)).toContain('摘要请写明范围');
    expect((await put('marriage', entry('婚姻登记信息', { abstract: '本市婚姻登记' }))).body).toMatchObject({ version: 2 });
    await step('marriage', 'submit', steward);
    expect((await step('marriage', 'publish', operator, '', 1)).body).toMatchObject({ code: 'CATALOG_ENTRY_MOVED_ON' });
    const { code } = (await step('marriage', 'publish', operator, '', 2)).body as { code: string };
    expect(code).toMatch(/^101test\/\d{6}$/);
    expect((await page('marriage', consumer)).body).toMatchObject({ version: 2, code, state: { id: 'published' }, steps: [], history: [] });

    await put('marriage', entry('婚姻登记信息', { abstract: '改过的摘要' }));
    expect((await page('marriage', steward)).body).toMatchObject({ version: 3, state: { id: 'changed' } });
    expect((await page('marriage', consumer)).body).toMatchObject({
      version: 2,
      state: { id: 'published' },
      body: { abstract: '本市婚姻登记' },
    });
    await step('marriage', 'submit', steward);
    expect((await step('marriage', 'publish', operator)).body).toEqual({ state: 'published', code });
    expect((await page('marriage', consumer)).body).toMatchObject({ version: 3 });

    expect((await step('marriage', 'withdraw', steward, '机构职责调整')).body).toEqual({ state: 'withdrawn', code });
    expect((await page('marriage', consumer)).status).toBe(404);
    expect(await published('adoption', entry('收养登记信息'))).not.toBe(code);
    await step('marriage', 'reopen', steward);
    await step('marriage', 'submit', steward);
    expect((await step('marriage', 'publish', operator)).body).toEqual({ state: 'published', code });
  });

  test('codes go up within a class and category, one each, also when many are published at once', async () => {
    const ids = Array.from({ length: 6 }, (_, i) => `many-${i}`);
    const codes = await Promise.all(ids.map((id) => published(id, entry(`批量目录${id}`, { category: '法人' }))));
    expect(codes.toSorted()).toEqual(ids.map((_, i) => `102test/${String(i + 1).padStart(6, '0')}`));
  });

  test('a fault of the entry is refused with its place, a foreign department is refused', async () => {
    const refused = await put('faulty', entry('条件', { shareType: '2', shareCondition: '' }));
    expect(refused.body).toMatchObject({ code: 'DOCUMENT_REFUSED', faults: [{ at: 'shareCondition' }] });
    expect((await put('foreign', entry('别人的', { department: 'transport' }))).body).toMatchObject({ code: 'POLICY_DENIED' });
    expect((await put('marriage', entry('夺取', { department: 'transport' }), other)).body).toMatchObject({ code: 'POLICY_DENIED' });
  });
});

describe('the search', () => {
  beforeAll(async () => {
    await published('bus', entry('公交线路', { abstract: '含站点与婚姻登记处班车' }));
    await published('wedding', entry('婚姻'));
    await published('history', entry('历史婚姻档案'));
    await published('full-width', entry('ＧＩＳ底图'));
    await put('secret-plan', entry('婚姻统计草稿'));
  });

  test('finds parts of words, best first: the title itself, its beginning, inside it, elsewhere', async () => {
    const found = await list('q=%E5%A9%9A%E5%A7%BB&limit=50', consumer);
    expect(found.rows.map((r) => r.id)).toEqual(['wedding', 'marriage', 'history', 'bus']);
    expect(found.count).toBe(4);
    expect((await list(`q=${encodeURIComponent('婚')}`, consumer)).count).toBe(4);
    expect((await list(`q=${encodeURIComponent('姻登')}`, consumer)).rows.map((r) => r.id)).toEqual(['marriage', 'bus']);
    expect((await list(`q=${encodeURIComponent('婚姻 班车')}`, consumer)).rows.map((r) => r.id)).toEqual(['bus']);
    expect((await list('q=gis', consumer)).rows.map((r) => r.id)).toEqual(['full-width']);
    expect((await list(`q=${encodeURIComponent('%')}`, consumer)).count).toBe(0);
    expect((await list(`q=${encodeURIComponent('姓名')}&shareType=1`, consumer)).count).toBeGreaterThan(4);
  });

  test('a draft is found by its own department and the operator only, and every change is in the index at once', async () => {
    const draft = `q=${encodeURIComponent('统计草稿')}`;
    const counts = await Promise.all([steward, operator, other, consumer, auditor].map(async (a) => (await list(draft, a)).count));
    expect(counts).toEqual([1, 1, 0, 0, 0]);
    expect((await list('q=wedding&state=published', steward)).count).toBe(1);
    await put('wedding', entry('喜事'));
    expect((await list(`q=${encodeURIComponent('喜事')}`, steward)).rows).toMatchObject([{ id: 'wedding', state: { id: 'changed' } }]);
    expect((await list(`q=${encodeURIComponent('喜事')}`, consumer)).count).toBe(0);
    expect((await list('q=wedding', consumer)).rows).toMatchObject([{ id: 'wedding', state: { id: 'published' } }]);
  });

  test('two characters go through the index', async () => {
    await kernel.db.run(
      `insert into catalog.entry (id, department, state, changed_at) select 'x' || n, 'civil', 'published', now() from generate_series(1, 20000) n`,
    );
    await kernel.db.run(
      `insert into catalog.face (entry, kind, version, department, state, share_type, title, items, words) select 'x' || n, 'published', 1, 'civil', 'published', '1', '', '', '填充' || n from generate_series(1, 20000) n`,
    );
    await kernel.db.run('analyze catalog.face');
    const plan = await kernel.db.rows<{ 'QUERY PLAN': string }>(
      `explain select entry from catalog.face where grams @> catalog.bigrams('婚姻') and words like '%婚姻%'`,
    );
    expect(plan.map((r) => r['QUERY PLAN']).join('\n')).toContain('face_grams');
    await kernel.db.run(`delete from catalog.face where entry like 'x%'`);
    await kernel.db.run(`delete from catalog.entry where id like 'x%'`);
  });
});

describe('mounts', () => {
  const source = {
    form: 1,
    id: 'civil-file',
    title: { zh: '民政表' },
    department: 'civil',
    connector: 'none',
    settings: {},
    columns: ['xm'],
    key: [],
    mode: 'full',
    cursor: null,
    layout: null,
  };
  const said = async (state: string, freshUntil: string | null, version = 1) =>
    kernel.db.transaction((tx) =>
      kernel.facts.publish(tx, {
        name: 'mount-probed',
        about: 'entry:wedding',
        actor: 'machine',
        body: {
          mount: 'wedding',
          entry: 'wedding',
          source: 'civil-file',
          version,
          state,
          cause: state === 'bound' ? '' : '原因',
          causeEn: 'cause',
          freshUntil,
        },
      }),
    );

  test('a mount is nominal until a probe says it is live, goes stale by time alone, and shows its cause to its own side', async () => {
    await kernel.put('source', source);
    const before = (await kernel.call('GET', '/api/catalog/mount-rate', consumer)).body as { denominator: number };
    expect((await page('wedding', consumer)).body.mount).toEqual({ state: 'none', cause: null });
    expect(
      (await kernel.call('PUT', '/api/catalog/mounts/wedding', other, { entry: 'wedding', source: 'civil-file', items: { name: 'xm' } }))
        .status,
    ).toBe(403);
    expect(
      (await kernel.call('PUT', '/api/catalog/mounts/wedding', steward, { entry: 'wedding', source: 'civil-file', items: {} })).body,
    ).toMatchObject({ code: 'DOCUMENT_REFUSED' });
    expect(
      (await kernel.call('PUT', '/api/catalog/mounts/wedding', steward, { entry: 'wedding', source: 'civil-file', items: { name: 'xm' } }))
        .body,
    ).toEqual({ version: 1, changed: true });
    expect((await page('wedding', consumer)).body.mount.state).toBe('unknown');
    const rate = async () =>
      (await kernel.call('GET', '/api/catalog/mount-rate', consumer)).body as {
        live: { numerator: number };
        nominal: { numerator: number };
        byState: Record<string, number>;
        denominator: number;
      };
    expect(await rate()).toMatchObject({
      denominator: before.denominator,
      live: { numerator: 0, rate: 0 },
      nominal: { numerator: 1 },
      byState: { unknown: 1 },
    });

    const hear = async (): Promise<void> => {
      for (const h of catalogStage.subscriptions(kernel))
        for (const f of await kernel.db.rows<never>(
          `select seq, name, about, actor, at::text as at, body from kernel.fact where name = $1 order by random()`,
          [h.fact],
        ))
          await h.hear(f);
    };
    await said('broken', null);
    await said('bound', '2026-11-24T02:05:00Z');
    await said('broken', null, 0);
    await hear();
    expect(await rate()).toMatchObject({ live: { numerator: 1 }, byState: { bound: 1 } });
    expect((await list('mount=bound', consumer)).rows.map((r) => r.id)).toEqual(['wedding']);
    kernel.clock.set('2026-11-24T02:06:00Z');
    expect(await rate()).toMatchObject({ live: { numerator: 0 }, nominal: { numerator: 1 }, byState: { stale: 1 } });
    expect((await list('mount=stale', consumer)).rows.map((r) => r.id)).toEqual(['wedding']);
    await said('broken', null);
    await hear();
    expect((await page('wedding', operator)).body.mounts[0]).toMatchObject({ state: 'broken', cause: { zh: '原因' } });
    expect((await page('wedding', consumer)).body.mounts[0]).toMatchObject({ state: 'broken', cause: null });
  });
});

test('each action is for its roles', async () => {
  const developer = await kernel.actor('developer', 'civil');
  const system = await kernel.actor('system-administrator', 'data-bureau');
  const security = await kernel.actor('security-administrator', 'data-bureau');
  const tried = async (as: Signed) => [
    (await list(`q=${encodeURIComponent('统计草稿')}`, as)).count,
    (await put('secret-plan', entry('婚姻统计草稿'), as)).status,
    (await step('secret-plan', 'publish', as)).status,
    (await kernel.call('PUT', '/api/catalog/mounts/wedding', as, { entry: 'wedding', source: 'civil-file', items: { name: 'xm' } })).status,
  ];
  expect(await tried(steward)).toEqual([1, 200, 409, 200]);
  expect(await tried(other)).toEqual([0, 403, 403, 403]);
  expect(await tried(operator)).toEqual([1, 403, 409, 200]);
  expect(await tried(consumer)).toEqual([0, 403, 403, 403]);
  expect(await tried(developer)).toEqual([1, 403, 403, 403]);
  for (const admin of [system, security, auditor]) expect(await tried(admin)).toEqual([0, 403, 403, 403]);
  expect((await kernel.call('GET', '/api/catalog/entries', null)).status).toBe(401);
});
