/** Every address of the platform × every role × {the department it concerns, another}: who is let in is what the tables of actions say, and nobody sees more. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { administrators, type Role, roles as roleTitles } from '#kernel/policy/policy';
import { bindingDocument, entryDocument, mountDocument, sourceDocument } from '../bin/city/documents.ts';
import { describePlatform } from '../scripts/described.ts';
import { consumer, openRiver, provider, type River, requestBody, type Signed, service, stranger, table } from './river.ts';

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';
/** How a route is tried: a thing that exists, and the departments it concerns; null where it is about no department's thing. */
interface Try {
  readonly path: string;
  readonly body?: unknown;
  readonly concerns: readonly string[] | null;
}

const roles = Object.keys(roleTitles) as Role[];
let river: River;
let tries: ReadonlyMap<string, Try>;
const people = new Map<string, Signed>();
const as = (role: Role, department: string): Signed => people.get(`${role} ${department}`) as Signed;

beforeAll(async () => {
  river = await openRiver();
  for (const role of roles) for (const d of [provider, consumer, stranger]) people.set(`${role} ${d}`, await river.k.actor(role, d));
  tries = await everyTry();
}, 120_000);
afterAll(() => river.close());

/** Sends a request; a stream is sent as what it is. */
async function send(
  method: Method | 'HEAD',
  path: string,
  who: Signed | null,
  body?: unknown,
): Promise<{ status: number; code: string; text: string }> {
  const stream = typeof body === 'string';
  const reply = await river.k.door.fastify.inject({
    method,
    url: path,
    headers: { ...(who && { authorization: `Bearer ${who.token}` }), ...(stream && { 'content-type': 'application/octet-stream' }) },
    ...(body !== undefined && { payload: body as object }),
  });
  const problem =
    (reply.headers['content-type'] ?? '').toString().includes('json') && reply.payload ? (reply.json() as { code?: string }) : {};
  return { status: reply.statusCode, code: problem.code ?? '', text: reply.payload };
}

describe('every address', () => {
  test('of the platform stands in this test, under a permission', async () => {
    const platform = await describePlatform();
    const named = (routes: typeof platform.routes) => routes.map((r) => `${r.method} ${r.url}`).toSorted();
    expect(named(river.k.door.routes)).toEqual(named(platform.routes));
    const actions = river.k.policy.actions();
    for (const r of platform.routes) if (typeof r.permission === 'object') expect(actions[r.permission.action], r.url).toBeDefined();
    expect(platform.routes.filter((r) => r.permission === 'public').map((r) => `${r.method} ${r.url}`)).toEqual([
      'POST /api/session',
      'GET /api/health',
      'GET /api/errors',
    ]);
    expect(platform.routes.filter((r) => r.permission === 'key').map((r) => r.url)).toEqual(['/api/gateway/:service/query']);
    expect([...tries.keys()].toSorted()).toEqual(
      platform.routes
        .filter((r) => typeof r.permission === 'object')
        .map((r) => `${r.method} ${r.url}`)
        .toSorted(),
    );
  });

  test('asks who is there before it looks at anything else', async () => {
    for (const r of river.k.door.routes.filter((x) => x.permission !== 'public')) {
      const tried = tries.get(`${r.method} ${r.url}`);
      const path = tried?.path ?? r.url.replace(':service', service.id).replace(/:\w+/, 'x');
      for (const body of r.method === 'GET' || r.method === 'DELETE' ? [undefined] : [tried?.body ?? {}, { nonsense: true }, [1]]) {
        const reply = await send(r.method, path, null, r.stream ? 'x' : body);
        expect([r.method, r.url, reply.status]).toEqual([r.method, r.url, 401]);
      }
      if (r.method === 'GET') expect([r.url, (await send('HEAD', path, null)).status]).toEqual([r.url, 401]);
      const forged = { token: 'a'.repeat(43) } as Signed;
      expect([r.url, (await send(r.method, path, forged, r.stream ? 'x' : tried?.body)).status]).toEqual([r.url, 401]);
    }
  });
});

describe('the matrix', () => {
  /** Whether the tables of actions let this role do it to a thing of these departments. */
  const allowed = (action: string, role: Role, department: string, concerns: Try['concerns']): boolean => {
    const scope = river.k.policy.actions()[action]?.by[role];
    return scope === 'any' || (scope === 'own' && (concerns === null || concerns.includes(department)));
  };
  const cells = () =>
    river.k.door.routes.flatMap((r) => {
      const tried = tries.get(`${r.method} ${r.url}`);
      if (!tried || typeof r.permission !== 'object') return [];
      const { action } = r.permission;
      return roles.flatMap((role) =>
        [provider, consumer, stranger].map((department) => ({
          r,
          tried,
          role,
          department,
          allowed: allowed(action, role, department, tried.concerns),
        })),
      );
    });
  const what = (c: ReturnType<typeof cells>[number]) => `${c.r.method} ${c.r.url} as ${c.role} of ${c.department}`;

  test('whoever the tables do not name is refused, and nothing changes', async () => {
    const before = await everything();
    const let_in: string[] = [];
    for (const c of cells().filter((x) => !x.allowed)) {
      const reply = await send(c.r.method, c.tried.path, as(c.role, c.department), c.tried.body);
      if (reply.status !== 403 && reply.status !== 404) let_in.push(`${what(c)}: ${reply.status} ${reply.code}`);
      else if (reply.status === 403 && reply.code !== 'POLICY_DENIED') let_in.push(`${what(c)}: ${reply.code}`);
    }
    expect(let_in).toEqual([]);
    expect(await everything()).toEqual(before);
  });

  test('a role that is not named learns nothing from a malformed question either', async () => {
    for (const c of cells().filter(
      (x) => !x.allowed && x.tried.concerns === null && x.r.body && !x.r.stream && x.department === stranger,
    )) {
      const reply = await send(c.r.method, c.tried.path, as(c.role, c.department), { nonsense: [] });
      expect([what(c), reply.code]).toEqual([what(c), 'POLICY_DENIED']);
    }
  });

  test('lists show another department nothing', async () => {
    const shown: string[] = [];
    for (const c of cells().filter((x) => x.r.method === 'GET' && x.department === stranger && x.tried.concerns === null && x.allowed)) {
      const scope = typeof c.r.permission === 'object' ? river.k.policy.actions()[c.r.permission.action]?.by[c.role] : undefined;
      if (scope !== 'own') continue;
      const reply = await send('GET', c.tried.path, as(c.role, c.department));
      if ([table.id, river.request, river.grant].some((id) => reply.text.includes(id))) shown.push(what(c));
    }
    expect(shown).toEqual([]);
  });

  test('identity numbers as they are go to nobody but the own steward', async () => {
    const numbers = new Set(river.file.match(/3499\d{13}[\dX]/g));
    expect(numbers.size).toBeGreaterThan(10);
    const seen = new Map<string, string[]>();
    for (const r of river.k.door.routes.filter((x) => x.method === 'GET'))
      for (const [who, actor] of [...people, ['operator data-bureau', river.operator] as const]) {
        const path = tries.get(`GET ${r.url}`)?.path ?? r.url.replace(':about', `source:${table.id}`).replace(':id', table.id);
        const { text } = await send('GET', path, actor);
        if ((text.match(/3499\d{13}[\dX]/g) ?? []).some((n) => numbers.has(n))) seen.set(r.url, [...(seen.get(r.url) ?? []), who]);
      }
    const own = [`provider-steward ${provider}`];
    expect(Object.fromEntries(seen)).toEqual({
      '/api/collect/batches/:seq/rows': own,
      '/api/govern/tables/:id/rows': own,
      '/api/govern/tables/:id/findings': own,
    });
  });

  test('administrators have no door to data, and the auditor’s is the log', () => {
    const may = (role: Role) =>
      Object.entries(river.k.policy.actions())
        .flatMap(([id, a]) => (a.by[role] ? [id] : []))
        .toSorted();
    expect(Object.fromEntries(administrators.map((r) => [r, may(r)]))).toEqual({
      'system-administrator': ['account.create', 'account.disable', 'account.list', 'department.create', 'run.list'],
      'security-administrator': ['account.list', 'account.roles', 'model.read'],
      'audit-administrator': ['account.list', 'log.read'],
    });
    for (const [id, a] of Object.entries(river.k.policy.actions()))
      if (id === 'log.read') expect(Object.keys(a.by)).toEqual(['audit-administrator']);
  });

  test('a timeline is told to those its object concerns', async () => {
    const abouts: readonly (readonly [string, readonly string[]])[] = [
      [`source:${table.id}`, [provider]],
      [`table:${table.id}`, [provider]],
      [`request:${river.request}`, [provider, consumer]],
      [`grant:${river.grant}`, [provider, consumer]],
    ];
    for (const [about, concerns] of abouts)
      for (const [department, role] of [
        [provider, 'provider-steward'],
        [consumer, 'consumer-steward'],
        [stranger, 'provider-steward'],
        [stranger, 'developer'],
      ] as const) {
        const reply = await send('GET', `/api/timeline/${encodeURIComponent(about)}`, as(role, department));
        const told = reply.status === 200 && (JSON.parse(reply.text) as unknown[]).length > 0;
        expect([about, role, department, told]).toEqual([about, role, department, concerns.includes(department)]);
      }
  });

  // Last, because it changes things.
  test('whoever they name is not refused for the role', async () => {
    const shut: string[] = [];
    const order = (method: string, url: string) => (/revoke/.test(url) ? 2 : method === 'DELETE' ? 1 : 0);
    for (const c of cells()
      .filter((x) => x.allowed)
      .toSorted((a, b) => order(a.r.method, a.r.url) - order(b.r.method, b.r.url))) {
      const reply = await send(c.r.method, c.tried.path, as(c.role, c.department), c.tried.body);
      if (reply.code === 'POLICY_DENIED' || reply.status === 401 || reply.status >= 500)
        shut.push(`${what(c)}: ${reply.status} ${reply.code}`);
    }
    expect(shut).toEqual([]);
  });
});

/** All that the routes could have changed. */
async function everything(): Promise<unknown> {
  const tables = [
    'kernel.document_version',
    'kernel.fact',
    'kernel.run',
    'collect.batch',
    'collect.upload',
    'share.request',
    'share.grant_state',
    'share.key',
  ];
  return Promise.all(tables.map(async (t) => [t, await river.k.db.first(`select count(*) as n from ${t}`)]));
}

async function everyTry(): Promise<ReadonlyMap<string, Try>> {
  const { k, request, grant, key } = river;
  const run = (await k.jobs.list(k.db, { about: `source:${table.id}`, limit: 1, offset: 0 })).runs[0]?.id ?? '';
  const seq = (await k.db.first<{ n: number }>('select max(seq) as n from collect.batch'))?.n ?? 0;
  const t = table.id;
  const file = '姓名,电话\n张三,13812345678\n';
  const bytes = Buffer.byteLength(file);
  const { id: upload } = (await river.ok('POST', '/api/collect/uploads', river.steward, { name: 'roster.csv', bytes })) as unknown as {
    id: string;
  };
  await send('PUT', `/api/collect/uploads/${upload}/parts/0`, river.steward, file);
  await k.drain();
  const layout = { encoding: 'utf-8', sheet: null, titleRows: 0, headerRows: 1, fillDown: [], footer: [] };
  const reading = { connector: 'csv', settings: {}, layout };
  const models = Object.fromEntries(['code-list', 'element', 'rule-kind', 'process', 'library', 'service'].map((x) => [x, []]));
  const [theirs, asked, both] = [[provider], [consumer], [provider, consumer]];
  const list: Record<string, readonly [path: string, concerns: readonly string[] | null, body?: unknown]> = {
    'POST /api/departments': [
      '',
      null,
      { id: 'department-new', title: '新', titleEn: 'New', code: '113499000000000000', level: 3, area: '349900' },
    ],
    'GET /api/users': ['', null],
    'POST /api/users': ['', null, { id: 'account-new', name: '新', department: stranger, password: 'invented-new-pass' }],
    'PUT /api/users/:id/roles': ['/api/users/account-new/roles', null, { roles: ['developer'] }],
    'PUT /api/users/:id/disabled': ['/api/users/account-new/disabled', null, { disabled: true }],
    'GET /api/documents/:kind': ['/api/documents/element', null],
    'GET /api/documents/:kind/:id': ['/api/documents/element/name', null],
    'GET /api/documents/:kind/:id/history': ['/api/documents/element/name/history', null],
    'PUT /api/documents/:kind/:id': ['/api/documents/element/nowhere', null, {}],
    'POST /api/plan': ['', null, models],
    'POST /api/apply': ['', null, models],
    'GET /api/runs': ['', null],
    'GET /api/runs/:id': [`/api/runs/${run}`, theirs],
    'POST /api/runs/:id/cancel': [`/api/runs/${run}/cancel`, theirs],
    'GET /api/log': ['', null],
    'GET /api/log/:id': ['/api/log/nowhere', null],
    'PUT /api/catalog/entries/:id': [`/api/catalog/entries/${t}`, theirs, entryDocument(table)],
    'POST /api/catalog/entries/:id/steps': [`/api/catalog/entries/${t}/steps`, theirs, { step: 'submit' }],
    'PUT /api/catalog/mounts/:id': [`/api/catalog/mounts/${t}`, theirs, mountDocument(table)],
    'GET /api/collect/connectors': ['', null],
    'GET /api/collect/sources': ['', null],
    'GET /api/collect/sources/:id': [`/api/collect/sources/${t}`, theirs],
    'PUT /api/collect/sources/:id': [`/api/collect/sources/${t}`, theirs, sourceDocument(table, null)],
    'PUT /api/collect/secrets/:name': ['/api/collect/secrets/their-reader', theirs, { value: 'x', department: provider }],
    'POST /api/collect/sources/:id/runs': [`/api/collect/sources/${t}/runs`, theirs, {}],
    'POST /api/collect/sources/:id/deliveries': [`/api/collect/sources/${t}/deliveries?name=a.csv`, theirs, 'x'],
    'POST /api/collect/sources/:id/probe': [`/api/collect/sources/${t}/probe`, theirs, {}],
    'POST /api/collect/uploads': ['', null, { name: 'a.csv', bytes: 1 }],
    'GET /api/collect/uploads': ['', null],
    'GET /api/collect/uploads/:id': [`/api/collect/uploads/${upload}`, theirs],
    'PUT /api/collect/uploads/:id/parts/:at': [`/api/collect/uploads/${upload}/parts/0`, theirs, 'x'],
    'GET /api/collect/uploads/:id/picture': [`/api/collect/uploads/${upload}/picture`, theirs],
    'POST /api/collect/uploads/:id/picture': [`/api/collect/uploads/${upload}/picture`, theirs, reading],
    'PUT /api/collect/uploads/:id/reading': [`/api/collect/uploads/${upload}/reading`, theirs, reading],
    'GET /api/collect/uploads/:id/draft': [`/api/collect/uploads/${upload}/draft`, theirs],
    'PUT /api/collect/uploads/:id/draft': [`/api/collect/uploads/${upload}/draft`, theirs, { draft: {} }],
    'POST /api/collect/uploads/:id/delivery': [`/api/collect/uploads/${upload}/delivery`, theirs, { source: t }],
    'DELETE /api/collect/uploads/:id': [`/api/collect/uploads/${upload}`, theirs],
    'GET /api/govern/uploads/:id': [`/api/govern/uploads/${upload}`, theirs],
    'POST /api/govern/uploads/:id/key': [`/api/govern/uploads/${upload}/key`, theirs, { columns: ['姓名'] }],
    'POST /api/govern/uploads/:id/trial': [
      `/api/govern/uploads/${upload}/trial`,
      theirs,
      { fields: [{ name: 'xm', column: '姓名', title: { zh: '姓名' }, element: 'name', sensitivity: null }], key: ['xm'], rules: [] },
    ],
    'GET /api/collect/batches': ['', null],
    'GET /api/collect/batches/:seq': [`/api/collect/batches/${seq}`, theirs],
    'GET /api/collect/batches/:seq/receipt': [`/api/collect/batches/${seq}/receipt`, theirs],
    'GET /api/collect/batches/:seq/rows': [`/api/collect/batches/${seq}/rows`, theirs],
    'GET /api/govern/tables': ['', null],
    'GET /api/govern/tables/:id': [`/api/govern/tables/${t}`, theirs],
    'PUT /api/govern/bindings/:id': [`/api/govern/bindings/${t}`, theirs, bindingDocument(table)],
    'GET /api/govern/tables/:id/rows': [`/api/govern/tables/${t}/rows`, theirs],
    'GET /api/govern/tables/:id/findings': [`/api/govern/tables/${t}/findings`, theirs],
    'GET /api/govern/tables/:id/rules': [`/api/govern/tables/${t}/rules`, theirs],
    'POST /api/govern/tables/:id/rebuild': [`/api/govern/tables/${t}/rebuild`, theirs, {}],
    'GET /api/library/libraries': ['', null],
    'GET /api/library/libraries/:id': ['/api/library/libraries/population', null],
    'GET /api/library/libraries/:id/records': ['/api/library/libraries/population/records', theirs],
    'GET /api/library/libraries/:id/records/:entity': ['/api/library/libraries/population/records/nobody', theirs],
    'POST /api/library/libraries/:id/build': ['/api/library/libraries/population/build', null, {}],
    'GET /api/share/services': ['', null],
    'GET /api/share/services/:id': [`/api/share/services/${service.id}`, null],
    'PUT /api/share/services/:id': [`/api/share/services/${service.id}`, theirs, service],
    'GET /api/share/requests': ['', null],
    'POST /api/share/requests': ['', null, requestBody],
    'GET /api/share/requests/:id': [`/api/share/requests/${request}`, both],
    'PUT /api/share/requests/:id': [`/api/share/requests/${request}`, asked, requestBody],
    'POST /api/share/requests/:id/steps': [`/api/share/requests/${request}/steps`, both, { step: 'withdraw' }],
    'GET /api/share/grants': ['', null],
    'GET /api/share/grants/:id': [`/api/share/grants/${grant}`, both],
    'POST /api/share/grants/:id/revoke': [`/api/share/grants/${grant}/revoke`, theirs, { reason: '职责调整' }],
    'GET /api/share/grants/:id/keys': [`/api/share/grants/${grant}/keys`, both],
    'POST /api/share/grants/:id/keys': [`/api/share/grants/${grant}/keys`, asked, { name: '又一把' }],
    'DELETE /api/share/keys/:id': [`/api/share/keys/${key.id}`, asked],
    'GET /api/share/usage': ['', null],
  };
  return new Map(
    Object.entries(list).map(([route, [path, concerns, body]]) => [
      route,
      { path: path || (route.split(' ')[1] ?? ''), concerns, ...(body !== undefined && { body }) },
    ]),
  );
}
