/** Every address of the platform × every role × {the department it concerns, another}: who is let in is what the tables of actions say, and nobody sees more. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { administrators, type Role, roles as roleTitles } from '#kernel/policy/policy';
import { describePlatform } from '../scripts/described.ts';
import { everyTry, type Try } from './authority/tries.ts';
import { consumer, openRiver, provider, type River, type Signed, service, stranger, table } from './river.ts';

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';
const roles = Object.keys(roleTitles) as Role[];
let river: River;
let tries: ReadonlyMap<string, Try>;
const people = new Map<string, Signed>();
let address: string;
/** `METHOD url` with the `role department` it let in, as it came out. */
const admitted = new Map<string, Set<string>>();
const as = (role: Role, department: string): Signed => people.get(`${role} ${department}`) as Signed;

beforeAll(async () => {
  river = await openRiver();
  for (const role of roles) for (const d of [provider, consumer, stranger]) people.set(`${role} ${d}`, await river.k.actor(role, d));
  tries = await everyTry(river);
  address = await river.k.door.fastify.listen({ host: '127.0.0.1', port: 0 });
}, 120_000);
afterAll(async () => {
  // `npm run authority` prints what came out; in `npm test` it would only be noise.
  if (process.env['npm_lifecycle_event'] === 'authority') console.log(matrix());
  await river.close();
});

/** Sends a request to the running server; a stream is sent as what it is. */
async function send(
  method: Method | 'HEAD',
  path: string,
  who: Pick<Signed, 'token'> | null,
  body?: unknown,
): Promise<{ status: number; code: string; text: string }> {
  const stream = typeof body === 'string';
  const reply = await fetch(`${address}${path}`, {
    method,
    headers: {
      ...(who && { authorization: `Bearer ${who.token}` }),
      ...(body !== undefined && { 'content-type': stream ? 'application/octet-stream' : 'application/json' }),
    },
    ...(body !== undefined && { body: stream ? body : JSON.stringify(body) }),
  });
  const text = await reply.text();
  const problem = (reply.headers.get('content-type') ?? '').includes('json') && text ? (JSON.parse(text) as { code?: string }) : {};
  return { status: reply.status, code: problem.code ?? '', text };
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

  test('leaves nobody the way to shut out himself', async () => {
    const system = await river.k.actor('system-administrator', 'data-bureau');
    const security = await river.k.actor('security-administrator', 'data-bureau');
    const own = { status: 409, code: 'IDENTITY_OWN_ACCOUNT' };
    expect(await send('PUT', `/api/users/${system.user}/disabled`, system, { disabled: true })).toMatchObject(own);
    expect(await send('PUT', `/api/users/${security.user}/roles`, security, { roles: [] })).toMatchObject(own);
  });

  test('takes a session that is over for none: signed out, run out, idle, of a disabled account', async () => {
    const { k } = river;
    const dead = await Promise.all(Array.from({ length: 4 }, () => k.actor('operator', 'data-bureau')));
    const [left, ranOut, idle, disabled] = dead as [Signed, Signed, Signed, Signed];
    await k.identity.signOut(left.token);
    await k.db.run('update kernel.session set expires_at = $2 where account = $1', [ranOut.user, k.clock.now()]);
    await k.db.run(`update kernel.session set seen_at = $2::timestamptz - interval '31 minutes' where account = $1`, [
      idle.user,
      k.clock.now(),
    ]);
    await k.db.transaction((tx) => k.identity.setDisabled(tx, disabled.user, true));
    for (const r of k.door.routes.filter((x) => typeof x.permission === 'object' || x.permission === 'signed-in')) {
      const tried = tries.get(`${r.method} ${r.url}`);
      const path = tried?.path ?? r.url.replace(/:\w+/, 'x');
      for (const who of dead) {
        const reply = await send(r.method, path, who, r.stream ? 'x' : tried?.body);
        expect([r.method, r.url, reply.status, reply.code]).toEqual([r.method, r.url, 401, 'IDENTITY_SESSION_OVER']);
      }
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
    const denials = await denied();
    let told = 0;
    await atOnce(
      cells().filter((x) => !x.allowed),
      async (c) => {
        const reply = await send(c.r.method, c.tried.path, as(c.role, c.department), c.tried.body);
        if (reply.code === 'POLICY_DENIED') told += 1;
        if (reply.status !== 403 && reply.status !== 404) let_in.push(`${what(c)}: ${reply.status} ${reply.code}`);
        else if (reply.status === 403 && reply.code !== 'POLICY_DENIED') let_in.push(`${what(c)}: ${reply.code}`);
      },
    );
    expect(let_in).toEqual([]);
    expect(await everything()).toEqual(before);
    // Each of them stands in the log.
    expect(told).toBeGreaterThan(1000);
    expect((await denied()) - denials).toBe(told);
  });

  test('of another department’s thing is told what is told of one that does not exist', async () => {
    const differ: string[] = [];
    const ids = [...tries].flatMap(([route, t]) => named(route, t.path).map((n) => n.value));
    let compared = 0;
    await atOnce(
      cells().filter((x) => !x.allowed && x.tried.concerns !== null),
      async (c) => {
        const nowhere = absent(`${c.r.method} ${c.r.url}`, c.tried.path);
        const [theirs, none] = [
          await send(c.r.method, c.tried.path, as(c.role, c.department), c.tried.body),
          await send(c.r.method, nowhere, as(c.role, c.department), c.tried.body),
        ];
        compared += 1;
        if (theirs.status !== none.status || theirs.text !== none.text)
          differ.push(`${what(c)}: ${theirs.text.slice(0, 200)} ≠ ${none.text.slice(0, 200)}`);
        const leaked = ids.find((id) => id.length > 3 && theirs.text.includes(id));
        if (leaked) differ.push(`${what(c)}: names ${leaked}`);
      },
    );
    expect(differ).toEqual([]);
    expect(compared).toBeGreaterThan(500);
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
      'system-administrator': ['account.create', 'account.disable', 'account.list', 'department.create', 'engine.read', 'run.list'],
      'security-administrator': ['account.list', 'account.roles', 'model.read'],
      'audit-administrator': ['account.list', 'log.read'],
    });
    for (const [id, a] of Object.entries(river.k.policy.actions()))
      if (id === 'log.read') expect(Object.keys(a.by)).toEqual(['audit-administrator']);
  });

  test('a timeline is told to those its object concerns, and calls things by their titles', async () => {
    const run = await river.k.db.first<{ id: string; batch: number }>('select run as id, seq as batch from collect.batch limit 1');
    const abouts: readonly (readonly [string, readonly string[]])[] = [
      [`source:${table.id}`, [provider]],
      [`table:${table.id}`, [provider]],
      [`batch:${run?.batch}`, [provider]],
      [`run:${run?.id}`, [provider]],
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
    const versions = async (about: string, department: string) => {
      const { status, code } = await send('GET', `/api/versions/${about}`, as('provider-steward', department));
      return status === 200 ? 'told' : code;
    };
    for (const [kind, denied] of [
      ['mount', 'POLICY_DENIED'],
      ['binding', 'POLICY_DENIED'],
      ['entry', 'VERSIONS_NOT_YOURS'],
    ]) {
      const about = `${kind}:${table.id}`;
      expect([kind, await versions(about, provider), await versions(about, stranger)]).toEqual([kind, 'told', denied]);
    }
    const said = async (about: string) =>
      JSON.parse((await send('GET', `/api/timeline/${about}`, as('provider-steward', provider))).text) as {
        name: string;
        sentence: { zh: string };
        things: { about: string }[];
      }[];
    const submitted = (await said(`request:${river.request}`)).find((f) => f.name === 'request-submitted');
    expect(submitted?.sentence.zh).toContain(`申请使用服务“${service.title.zh}”`);
    expect(submitted?.things.map((t) => t.about)).toEqual([`department:${consumer}`, `service:${service.id}`]);
    expect((await said(`batch:${run?.batch}`)).map((f) => f.name)).toEqual(expect.arrayContaining(['batch-landed', 'table-governed']));
    expect((await said(`run:${run?.id}`)).map((f) => f.name)).toEqual(['run-ended', 'run-started', 'run-queued']);
  });

  // Last, because it changes things.
  test('whoever they name is not refused for the role', async () => {
    const shut: string[] = [];
    const order = (method: string, url: string) => (/revoke/.test(url) ? 2 : method === 'DELETE' ? 1 : 0);
    for (const c of cells()
      .filter((x) => x.allowed)
      .toSorted((a, b) => order(a.r.method, a.r.url) - order(b.r.method, b.r.url))) {
      // A key is deleted once; the next one may delete another.
      const path = c.r.url === '/api/share/keys/:id' ? `/api/share/keys/${await anotherKey()}` : c.tried.path;
      const reply = await send(c.r.method, path, as(c.role, c.department), c.tried.body);
      if (reply.code === 'POLICY_DENIED' || reply.status === 401 || reply.status >= 500)
        shut.push(`${what(c)}: ${reply.status} ${reply.code}`);
      else
        admitted.set(`${c.r.method} ${c.r.url}`, (admitted.get(`${c.r.method} ${c.r.url}`) ?? new Set()).add(`${c.role} ${c.department}`));
    }
    expect(shut).toEqual([]);
  });
});

/** What every table of the platform holds, but for the log, which grows with every denial, and the instants at which somebody was seen. */
async function everything(): Promise<unknown> {
  const tables = await river.k.db.rows<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema', 'log') and not (schemaname = 'kernel' and tablename in ('session', 'process'))
       and has_table_privilege(format('%I.%I', schemaname, tablename), 'select') order by 1`,
  );
  expect(tables.length).toBeGreaterThan(20);
  return Promise.all(
    tables.map(async ({ name }) => [
      name,
      await river.k.db.first(`select count(*) as n, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from ${name} t`),
    ]),
  );
}

/** Id of a fresh key of the grant. */
const anotherKey = async (): Promise<string> => {
  const made = await river.ok('POST', `/api/share/grants/${river.grant}/keys`, river.developer, { name: '再一把' });
  return (made as unknown as { id: string }).id;
};

/** Does something with each, eight at a time: each refusal waits for its record, and records share a commit. */
async function atOnce<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const one of rest) await work(one);
    }),
  );
}

/** Refusals of signed-in people in the log. */
const denied = async (): Promise<number> => (await river.k.audit.list({ outcome: 'refused', door: 'console', limit: 1, offset: 0 })).count;

/** The places of a path that its address leaves open, with their values. */
const named = (route: string, path: string): { at: number; name: string; value: string }[] => {
  const values = (path.split('?')[0] ?? '').split('/');
  return (route.split(' ')[1] ?? '')
    .split('/')
    .flatMap((part, at) => (part.startsWith(':') ? [{ at, name: part, value: values[at] ?? '' }] : []));
};

/** The same address of a thing that does not exist, its first name alike in form. */
function absent(route: string, path: string): string {
  const first = named(route, path)[0];
  if (!first) throw new Error(`${route} names nothing`);
  const parts = path.split('/');
  const query = parts[first.at]?.split('?')[1];
  const other = /^\d+$/.test(first.value)
    ? '999999999'
    : /^[0-9a-f]{16}$/.test(first.value)
      ? '0'.repeat(16)
      : `${first.value.slice(0, 40)}-none`;
  parts[first.at] = query === undefined ? other : `${other}?${query}`;
  return parts.join('/');
}

/** The matrix as it came out: for each role whether it was let in for its own department's things, for others', or for both. */
function matrix(): string {
  const width = Math.max(...river.k.door.routes.map((r) => `${r.method} ${r.url}`.length));
  const lines = river.k.door.routes.map((r) => {
    const route = `${r.method} ${r.url}`;
    const { permission } = r;
    const tried = tries.get(route);
    if (typeof permission !== 'object' || !tried) return `${route.padEnd(width)}  ${typeof permission === 'string' ? permission : ''}`;
    const cells = roles.map((role) => {
      const into = (d: string) => admitted.get(route)?.has(`${role} ${d}`) === true;
      const concerned = [provider, consumer, stranger].filter((d) => tried.concerns === null || tried.concerns.includes(d));
      const others = [provider, consumer, stranger].filter((d) => !concerned.includes(d));
      const [own, other] = [concerned.some(into), others.length === 0 ? concerned.every(into) : others.some(into)];
      // A list is cut to the own department: the test of lists sees to it.
      const scope = river.k.policy.actions()[permission.action]?.by[role];
      return (own && other && scope === 'any' ? 'any' : own ? 'own' : other ? 'OTHER' : '·').padEnd(role.length);
    });
    return `${route.padEnd(width)}  ${cells.join('  ')}  ${permission.action}`;
  });
  return [`${''.padEnd(width)}  ${roles.join('  ')}  action`, ...lines].join('\n');
}
