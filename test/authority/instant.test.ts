/** What is taken away through one server process is refused by every other from that instant, however busy they are. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bindingDocument } from '../../bin/city/documents.ts';
import { openRiver, provider, type River, requestBody, service, stranger, table } from '../river.ts';
import { type Serving, startServe } from './serve.ts';

let river: River;
let processes: Serving[];
let somebody: string;
beforeAll(async () => {
  river = await openRiver(new Date());
  processes = await Promise.all([startServe(river.k), startServe(river.k), startServe(river.k)]);
  const row = await river.k.db.first<{ n: string }>(`select "identityNumber" as n from serving."${service.id}_v1" order by _key limit 1`);
  somebody = row?.n ?? '';
}, 120_000);
afterAll(async () => {
  for (const p of processes) await p.stop();
  await river.close();
});

type Got = {
  readonly began: number;
  readonly process: number;
  readonly status: number;
  readonly text: string;
  readonly record: string | null;
};
const json = { 'content-type': 'application/json' };
const post = (body: unknown) => ({ method: 'POST', headers: json, body: JSON.stringify(body) });
const asking = (secret: string): [string, RequestInit] => [
  `/api/gateway/${service.id}/query`,
  { ...post({ field: 'identityNumber', value: somebody }), headers: { ...json, authorization: `Bearer ${secret}` } },
];
const reading = (token: string): [string, RequestInit] => [
  `/api/govern/tables/${table.id}/rows?limit=1`,
  { headers: { authorization: `Bearer ${token}` } },
];

/** Twelve callers keep two processes busy while something is done through the third; `over` is the instant at which that had returned. */
async function whileBusy(call: [string, RequestInit], end: (through: string) => Promise<void>): Promise<{ over: number; got: Got[] }> {
  const [through, ...others] = processes as [Serving, Serving, Serving];
  const got: Got[] = [];
  let stop = false;
  const callers = Array.from({ length: 12 }, async (_, i) => {
    while (!stop) {
      const began = performance.timeOrigin + performance.now();
      const reply = await fetch(`${others[i % 2]?.address}${call[0]}`, call[1]);
      got.push({ began, process: i % 2, status: reply.status, text: await reply.text(), record: reply.headers.get('chengshu-record') });
    }
  });
  const enough = async (test: () => boolean): Promise<void> => {
    for (const since = Date.now(); !test() && Date.now() - since < 20_000; ) await wait(2);
  };
  await enough(() => got.filter((g) => g.status === 200).length >= 60);
  await end(through.address);
  const over = performance.timeOrigin + performance.now();
  await enough(() => [0, 1].every((p) => got.filter((g) => g.process === p && g.began > over).length >= 20));
  stop = true;
  await Promise.all(callers);
  expect(got.filter((g) => g.status === 200 && g.began < over).length).toBeGreaterThanOrEqual(60);
  return { over, got };
}

/** Nothing that began afterwards was answered, and no answer's record is later. */
async function expectOver(call: [string, RequestInit], code: string, end: (through: string) => Promise<void>): Promise<void> {
  const { over, got } = await whileBusy(call, end);
  const late = got.filter((g) => g.began > over);
  expect(late.length).toBeGreaterThanOrEqual(40);
  expect(new Set(late.map((g) => (JSON.parse(g.text) as { code?: string }).code ?? `answered ${g.status}`))).toEqual(new Set([code]));
  const answered = got.filter((g) => g.status === 200 && g.record !== null);
  for (const g of answered.slice(-30)) expect(Date.parse((await river.k.audit.get(String(g.record))).at)).toBeLessThanOrEqual(over);
  if (!call[0].includes('/gateway/')) return;
  // A delivered answer names its record, and a refusal too; and nothing is in the log as answered that did not leave.
  expect(got.every((g) => g.record !== null)).toBe(true);
  const actor = (await river.k.audit.get(String(got[0]?.record))).actor;
  const { count } = await river.k.audit.list({ actors: [actor], outcome: 'answered', limit: 1, offset: 0 });
  expect(count).toBe(got.filter((g) => g.status === 200).length);
}

/** Does something as somebody through one process. */
async function through(address: string, token: string, method: string, path: string, body?: unknown): Promise<void> {
  const reply = await fetch(`${address}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && json) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
}

/** A grant of its own, with a key. */
async function anotherGrant(): Promise<{ grant: string; key: { id: string; secret: string } }> {
  const { id } = (await river.ok('POST', '/api/share/requests', river.developer, {
    ...requestBody,
    until: `${new Date().getUTCFullYear() + 1}-12-31`,
  })) as unknown as { id: string };
  await river.ok('POST', `/api/share/requests/${id}/steps`, river.operator, { step: 'admit', opinion: '受理' });
  const { grant } = (await river.ok('POST', `/api/share/requests/${id}/steps`, river.steward, {
    step: 'approve',
    opinion: '同意',
  })) as unknown as { grant: string };
  return {
    grant,
    key: (await river.ok('POST', `/api/share/grants/${grant}/keys`, river.developer, { name: '测试' })) as unknown as {
      id: string;
      secret: string;
    },
  };
}

describe('at the gateway', () => {
  test('a revoked grant', async () => {
    const { grant, key } = await anotherGrant();
    await expectOver(asking(key.secret), 'GATEWAY_GRANT_REVOKED', (a) =>
      through(a, river.steward.token, 'POST', `/api/share/grants/${grant}/revoke`, { reason: '职责调整' }),
    );
  });

  test('a service whose entry was taken down, until it is published again; compiling it anew does not open it', async () => {
    const { key } = await anotherGrant();
    const steps = `/api/catalog/entries/${table.id}/steps`;
    await expectOver(asking(key.secret), 'GATEWAY_ENTRY_WITHDRAWN', (a) =>
      through(a, river.operator.token, 'POST', steps, { step: 'take-down', opinion: '责令注销' }),
    );
    const ask = async () => (await fetch(`${processes[0]?.address}${asking(key.secret)[0]}`, asking(key.secret)[1])).status;
    await river.ok('POST', steps, river.steward, { step: 'reopen' });
    expect(await ask()).toBe(403);
    expect(await river.k.call('POST', '/api/share/requests', river.developer, { ...requestBody, until: '2099-01-01' })).toMatchObject({
      status: 409,
      body: { code: 'SHARE_ENTRY_WITHDRAWN' },
    });
    await river.ok('POST', steps, river.steward, { step: 'submit' });
    expect(await ask()).toBe(403);
    await river.ok('POST', steps, river.operator, { step: 'publish', opinion: '同意' });
    // A refusal learns of the new epoch from its own record: what opens, opens for the call after it.
    await ask();
    expect(await ask()).toBe(200);
  });

  test('a deleted key, while the grant’s other key goes on', async () => {
    const { grant, key } = await anotherGrant();
    const other = (await river.ok('POST', `/api/share/grants/${grant}/keys`, river.developer, { name: '另一把' })) as unknown as {
      secret: string;
    };
    await expectOver(asking(key.secret), 'GATEWAY_KEY_UNKNOWN', (a) =>
      through(a, river.developer.token, 'DELETE', `/api/share/keys/${key.id}`),
    );
    const [path, call] = asking(other.secret);
    for (const p of processes) expect((await fetch(`${p.address}${path}`, call)).status).toBe(200);
  });

  test('a field that becomes sensitive is masked from that instant', async () => {
    const { key } = await anotherGrant();
    const binding = bindingDocument(table);
    const raised = { ...binding, fields: binding.fields.map((f) => (f.name === 'insuredOn' ? { ...f, sensitivity: 4 } : f)) };
    const { over, got } = await whileBusy(asking(key.secret), (a) =>
      through(a, river.steward.token, 'PUT', `/api/govern/bindings/${table.id}`, raised),
    );
    const shown = (g: Got) => (JSON.parse(g.text) as { rows: { insuredOn: string }[] }).rows[0]?.insuredOn ?? '';
    const before = new Set(
      got
        .filter((g) => g.status === 200)
        .slice(0, 20)
        .map(shown),
    );
    expect([...before][0]).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    const late = got.filter((g) => g.began > over && g.status === 200);
    expect(late.length).toBeGreaterThanOrEqual(40);
    expect(late.filter((g) => /^\d{4}-\d{2}-\d{2}$/.test(shown(g)))).toEqual([]);
  });
});

describe('in the console', () => {
  test('a session that was signed out', async () => {
    const steward = await river.k.actor('provider-steward', provider);
    await expectOver(reading(steward.token), 'IDENTITY_SESSION_OVER', (a) => through(a, steward.token, 'DELETE', '/api/session'));
  });

  test('the sessions of an account that was disabled', async () => {
    const steward = await river.k.actor('provider-steward', provider);
    const system = await river.k.actor('system-administrator', 'data-bureau');
    await expectOver(reading(steward.token), 'IDENTITY_SESSION_OVER', (a) =>
      through(a, system.token, 'PUT', `/api/users/${steward.user}/disabled`, { disabled: true }),
    );
  });

  test('a role that was taken away', async () => {
    const steward = await river.k.actor('provider-steward', provider);
    const security = await river.k.actor('security-administrator', 'data-bureau');
    await expectOver(reading(steward.token), 'POLICY_DENIED', (a) =>
      through(a, security.token, 'PUT', `/api/users/${steward.user}/roles`, { roles: [] }),
    );
  });
});

describe('what another has', () => {
  test('a session token, a key, a cursor of pages and every id of another opens nothing', async () => {
    const { k } = river;
    const theirs = await k.actor('provider-steward', stranger);
    const developer = await k.actor('developer', stranger);
    const at = (path: string) => `${processes[0]?.address}${path}`;
    const as = async (token: string, path: string, init: RequestInit = {}) => {
      const reply = await fetch(at(path), { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });
      return { status: reply.status, body: (await reply.json()) as { code?: string; rows?: unknown[]; count?: number } };
    };
    // A consumer's key is no session and a session is no key.
    const { grant, key } = await anotherGrant();
    expect((await as(key.secret, '/api/share/grants')).body.code).toBe('IDENTITY_SESSION_OVER');
    expect((await as(river.developer.token, asking('')[0], post({ field: 'identityNumber', value: somebody }))).body.code).toBe(
      'GATEWAY_KEY_UNKNOWN',
    );
    // The id of a key is no secret of it, and one grant's secret does not open under another key's id.
    const [, id = '', secret = ''] = key.secret.split('_');
    const mixed = `cs_${river.key.secret.split('_')[1]}_${secret}`;
    for (const wrong of [`cs_${id}_${'A'.repeat(43)}`, mixed, id])
      expect((await as(wrong, asking('')[0], post({ field: 'identityNumber', value: somebody }))).body.code).toBe('GATEWAY_KEY_UNKNOWN');
    // A cookie of another site's making counts for nothing where the state would change.
    const foreign = await fetch(at(`/api/share/grants/${grant}/revoke`), {
      ...post({ reason: '职责调整' }),
      headers: { ...json, cookie: `chengshu_session=${river.steward.token}`, 'sec-fetch-site': 'cross-site' },
    });
    expect(((await foreign.json()) as { code: string }).code).toBe('IDENTITY_CROSS_SITE');
    // Pages are places in the own list: another's place shows nothing of another's list.
    const ours = await as(river.developer.token, '/api/share/requests?limit=1&offset=1');
    expect(ours.body.rows).toHaveLength(1);
    for (const path of ['/api/share/requests', '/api/share/grants', '/api/share/usage'])
      expect((await as(developer.token, `${path}?limit=1&offset=1`)).body).toMatchObject({ rows: [], count: 0 });
    for (const path of ['/api/runs', '/api/collect/sources', '/api/collect/batches', '/api/govern/tables'])
      expect((await as(theirs.token, `${path}?limit=100&offset=0`)).body).toMatchObject({ rows: [], count: 0 });
    expect((await as(theirs.token, `/api/runs?about=${encodeURIComponent(`source:${table.id}`)}`)).body).toMatchObject({
      rows: [],
      count: 0,
    });
    expect((await as(developer.token, `/api/share/usage?grant=${grant}`)).body).toMatchObject({ rows: [], count: 0, total: { calls: 0 } });
    // The log is the auditor's: a record's id opens it to nobody else, not even to whoever's call it was.
    const called = await fetch(at(asking('')[0]), asking(key.secret)[1]);
    const record = called.headers.get('chengshu-record');
    for (const who of [theirs, developer, river.developer, river.steward, river.operator])
      expect((await as(who.token, `/api/log/${record}`)).body.code).toBe('POLICY_DENIED');
    // Other ids of the own kind: run, request, grant, key, upload of another are each refused by `test/permissions.test.ts`.
    const run = (await k.jobs.list(k.db, { about: `source:${table.id}`, limit: 1, offset: 0 })).runs[0]?.id;
    for (const [who, path, method] of [
      [theirs, `/api/runs/${run}`, 'GET'],
      [theirs, `/api/runs/${run}/cancel`, 'POST'],
      [developer, `/api/share/requests/${river.request}`, 'GET'],
      [developer, `/api/share/grants/${grant}`, 'GET'],
      [developer, `/api/share/grants/${grant}/keys`, 'GET'],
      [developer, `/api/share/keys/${key.id}`, 'DELETE'],
    ] as const)
      expect([path, (await as(who.token, path, { method })).body.code]).toEqual([path, 'POLICY_DENIED']);
  });
});
