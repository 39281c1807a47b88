/** From a request to a grant: who may take each step, what is refused and in which words, and what the grant says. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCollect } from '#collect';
import { col, eq, param, startsWith, text } from '#declare/expr/index';
import type { Actor } from '#kernel/policy/policy';
import { type TestKernel, testKernel } from '#test/kernel';
import { shareProcesses, shareStage } from './index.ts';
import * as sample from './test-sample.ts';

type Signed = Actor & { readonly token: string };
type Body = {
  id: string;
  state: string;
  grant: string | null;
  code: string;
  params: Record<string, string>;
  sentence: { zh: string; en: string };
  standing: string;
  fields: { field: string; mask: string | null; narrowed: boolean }[];
} & Record<string, unknown>;
let k: TestKernel;
let operator: Signed, provider: Signed, applicant: Signed, developer: Signed, other: Signed;

const asked = {
  service: 'person-query',
  purpose: '核验办事人身份',
  legalBasis: '居民身份证法第十三条',
  scene: '窗口办理',
  fields: ['idNumber', 'name'],
  rowFilter: null,
  until: '2027-06-30',
  contact: '0000-0000',
};
const call = async (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  as: Signed | null,
  body?: unknown,
): Promise<{ status: number; body: Body }> => k.call(method, `/api/share${url}`, as, body);
const step = (id: string, name: string, as: Signed, opinion = '') => call('POST', `/requests/${id}/steps`, as, { step: name, opinion });

beforeAll(async () => {
  k = await testKernel([createCollect({ connectors: [] }), shareStage], { warehouse: false });
  await k.put('process', ...shareProcesses);
  for (const [kind, docs] of sample.documents) await k.put(kind, ...docs);
  operator = await k.actor('operator', 'bureau');
  provider = await k.actor('provider-steward', 'police');
  applicant = await k.actor('consumer-steward', 'civil');
  developer = await k.actor('developer', 'civil');
  other = await k.actor(['consumer-steward', 'provider-steward'], 'tax');
});
afterAll(() => k.close());

describe('a conditional request', () => {
  test('goes through operator and provider and ends in a sealed grant', async () => {
    const made = await call('POST', '/requests', developer, { ...asked, rowFilter: startsWith(col('street'), text('城关')) });
    expect(made).toMatchObject({
      status: 200,
      body: { state: 'submitted', consumer: 'civil', provider: 'police', shareType: '2', serviceVersion: 1 },
    });
    const id = made.body.id;
    expect((await step(id, 'approve', provider)).body).toMatchObject({ code: 'REVIEW_STEP_REFUSED' });
    // Nobody but the bureau admits, and who tried is in the log.
    expect((await step(id, 'admit', provider)).body).toMatchObject({
      code: 'REVIEW_STEP_NOT_YOURS',
      titleEn: expect.stringContaining("'Admit'"),
    });
    expect((await k.audit.list({ actors: [provider.user], limit: 1, offset: 0 })).rows[0]).toMatchObject({
      outcome: 'refused',
      action: 'share.request.step',
    });
    expect((await step(id, 'return', operator)).body).toMatchObject({ code: 'REVIEW_OPINION_MISSING' });
    expect((await step(id, 'admit', operator)).body.state).toBe('admitted');
    expect((await step(id, 'reject', provider)).body).toMatchObject({ code: 'REVIEW_OPINION_MISSING' });
    expect((await step(id, 'approve', other)).body).toMatchObject({ code: 'POLICY_DENIED' });
    expect((await step(id, 'approve', operator)).body).toMatchObject({ code: 'REVIEW_STEP_NOT_YOURS' });
    const approved = await step(id, 'approve', provider);
    expect(approved.body).toMatchObject({ state: 'approved' });

    const grant = await call('GET', `/grants/${approved.body.grant}`, applicant);
    expect(grant.body).toMatchObject({
      standing: 'live',
      validFrom: '2026-11-24',
      validTo: '2027-06-30',
      serviceVersion: 1,
      consumer: 'civil',
      provider: 'police',
      usage: { calls: 0, refused: 0 },
      offered: [
        { action: 'share.grant.revoke', allowed: false },
        { action: 'share.key.manage', allowed: true },
      ],
    });
    expect(grant.body.sentence.zh).toContain('街道以“城关”开头');
    expect(grant.body.sentence.zh).toContain('自2026-11-24至2027-06-30');
    expect(grant.body.sentence.en).toContain('from 2026-11-24 to 2027-06-30');
    expect(grant.body.sentence.en).toContain('begins with “城关”');
    expect(grant.body.fields).toMatchObject([
      {
        field: 'idNumber',
        maskExact: { zh: expect.stringContaining('前3位') as string, en: expect.stringContaining('first 3 characters') as string },
      },
      { field: 'name', mask: null },
    ]);
    const timeline = await k.facts.timeline(`request:${id}`, 10);
    expect(timeline.map((f) => f.name)).toEqual(['grant-made', 'request-moved', 'request-moved', 'request-submitted']);
  });

  test('can be returned or taken back, changed and submitted again, and withdrawn; nobody decides about what they have not seen', async () => {
    const {
      body: { id },
    } = await call('POST', '/requests', applicant, asked);
    expect((await call('PUT', `/requests/${id}`, applicant, asked)).body).toMatchObject({ code: 'SHARE_REQUEST_CLOSED' });
    await step(id, 'admit', operator);
    const looked = (await call('GET', `/requests/${id}`, provider)).body;
    expect((await step(id, 'recall', provider)).body).toMatchObject({ code: 'REVIEW_STEP_NOT_YOURS' });
    expect((await step(id, 'recall', applicant)).body).toMatchObject({ state: 'returned', due: null });
    expect((await call('PUT', `/requests/${id}`, applicant, { ...asked, fields: ['idNumber'] })).body).toMatchObject({ version: 2 });
    await step(id, 'resubmit', applicant);
    await step(id, 'admit', operator);
    const approve = { step: 'approve', version: looked.version };
    expect((await call('POST', `/requests/${id}/steps`, provider, approve)).body).toMatchObject({ code: 'SHARE_REQUEST_MOVED_ON' });
    expect((await call('GET', `/requests/${id}`, provider)).body).toMatchObject({ state: 'admitted', grant: null });
    await step(id, 'send-back', provider, '请写明使用场景');
    expect((await step(id, 'resubmit', other)).body).toMatchObject({ code: 'POLICY_DENIED' });
    expect((await call('PUT', `/requests/${id}`, applicant, { ...asked, scene: '婚姻登记窗口核验' })).body).toMatchObject({
      scene: '婚姻登记窗口核验',
      state: 'returned',
    });
    expect((await step(id, 'resubmit', developer)).body.state).toBe('submitted');
    expect((await step(id, 'withdraw', applicant)).body.state).toBe('withdrawn');
    expect((await step(id, 'admit', operator)).body).toMatchObject({ code: 'REVIEW_STEP_REFUSED' });
  });

  test('is refused in words when it asks for what it may not', async () => {
    const refusal = async (change: Record<string, unknown>) =>
      (await call('POST', '/requests', applicant, { ...asked, ...change })).body.code;
    expect(await refusal({ fields: ['idNumber', 'secret'] })).toBe('DOCUMENT_REFUSED');
    expect(await refusal({ until: '2026-11-23' })).toBe('SHARE_UNTIL_PAST');
    expect(await refusal({ rowFilter: eq(col('elsewhere'), text('x')) })).toBe('SHARE_FIELD_UNKNOWN');
    expect(await refusal({ rowFilter: eq(col('street'), param('p', 'text')) })).toBe('SHARE_FILTER_OPEN');
    expect(await refusal({ rowFilter: eq(col('height'), text('x')) })).toBe('DOCUMENT_REFUSED');
    expect(await refusal({ service: 'nowhere' })).toBe('DOCUMENT_NOT_FOUND');
  });

  test('is not approved for a service that has changed since, nor after its last day', async () => {
    const admitted = async (change = {}) => {
      const {
        body: { id },
      } = await call('POST', '/requests', applicant, { ...asked, service: 'people-query', ...change });
      await step(id, 'admit', operator);
      return id;
    };
    const moved = await admitted();
    await k.put('service', { ...sample.services['people-query'], limit: 6 });
    expect((await step(moved, 'approve', provider)).body).toMatchObject({ code: 'SHARE_SERVICE_MOVED', params: { now: 2, asked: 1 } });
    const late = await admitted({ until: '2026-11-25' });
    k.clock.set('2026-11-25T16:30:00Z');
    expect((await step(late, 'approve', await k.actor('provider-steward', 'police'))).body).toMatchObject({ code: 'SHARE_UNTIL_PAST' });
    k.clock.set('2026-11-24T02:00:00Z');
  });
});

describe('what the entry behind the service says', () => {
  test('nothing mounted counts as conditional; a draft promise of free sharing does not count; a published one approves by itself; type 3 refuses', async () => {
    await k.put('entry', { ...sample.entry, shareType: '1' });
    expect((await call('POST', '/requests', applicant, asked)).body.state).toBe('submitted');
    await k.db.run(
      `insert into kernel.review (about, process, version, state, since) values ('entry:people-entry', 'share-request', 1, 'published', now())`,
    );
    const free = (await call('POST', '/requests', applicant, asked)).body;
    expect(free).toMatchObject({
      state: 'approved',
      shareType: '1',
      history: [{ step: 'begin' }, { step: 'approve-unconditional', actor: 'machine' }],
    });
    expect((await call('GET', `/grants/${free.grant}`, provider)).body).toMatchObject({ standing: 'live', madeBy: 'machine' });
    await k.put('entry', { ...sample.entry, shareType: '3', shareCondition: '某法第一条' });
    const refused = await call('POST', '/requests', applicant, asked);
    expect(refused).toMatchObject({ status: 409, body: { code: 'SHARE_NOT_SHARED', params: { basis: '某法第一条' } } });
    await k.put('entry', sample.entry);
  });
});

describe('grants and keys', () => {
  const granted = async (): Promise<string> => {
    const {
      body: { id },
    } = await call('POST', '/requests', applicant, asked);
    await step(id, 'admit', operator);
    return (await step(id, 'approve', provider)).body.grant ?? '';
  };

  test('a secret is shown once, stored as a hash, and gone when deleted', async () => {
    const id = await granted();
    const made = (await call('POST', `/grants/${id}/keys`, developer, { name: '窗口系统' })).body as unknown as {
      id: string;
      secret: string;
    };
    expect(made.secret).toMatch(/^cs_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    const listed = (await call('GET', `/grants/${id}/keys`, provider)).body as unknown as Record<string, unknown>[];
    expect(listed).toMatchObject([{ id: made.id, name: '窗口系统' }]);
    expect(JSON.stringify(listed)).not.toContain(made.secret);
    expect((await k.db.first<{ hash: Buffer }>('select hash from share.key where id = $1', [made.id]))?.hash).toHaveLength(32);
    expect((await call('DELETE', `/keys/${made.id}`, provider)).body.code).toBe('POLICY_DENIED');
    expect((await call('DELETE', `/keys/${made.id}`, applicant)).status).toBe(200);
    // Of what is not there a department is told no more than of another's.
    expect((await call('DELETE', `/keys/${made.id}`, applicant)).body.code).toBe('POLICY_DENIED');
  });

  test('revocation needs a reason and the right department, raises the epoch, and ends the keys', async () => {
    const id = await granted();
    const epoch = async () => (await k.db.first<{ value: number }>('select value from kernel.epoch'))?.value ?? 0;
    const before = await epoch();
    expect((await call('POST', `/grants/${id}/revoke`, applicant, { reason: '不想用了' })).body.code).toBe('POLICY_DENIED');
    expect((await call('POST', `/grants/${id}/revoke`, other, { reason: '不想用了' })).body.code).toBe('POLICY_DENIED');
    expect((await call('POST', `/grants/${id}/revoke`, provider, { reason: ' ' })).status).toBe(400);
    expect((await call('POST', `/grants/${id}/revoke`, provider, { reason: '职责调整' })).body).toMatchObject({
      standing: 'revoked',
      revokedBecause: '职责调整',
    });
    expect(await epoch()).toBe(before + 1);
    expect((await call('POST', `/grants/${id}/revoke`, provider, { reason: '职责调整' })).body.code).toBe('SHARE_GRANT_OVER');
    expect((await call('POST', `/grants/${id}/keys`, developer, { name: 'x' })).body.code).toBe('SHARE_GRANT_OVER');
  });

  test('a grant runs out by the calendar of the city', async () => {
    const id = await granted();
    k.clock.set('2027-06-30T15:59:00Z');
    const late = await k.actor('developer', 'civil');
    expect((await call('GET', `/grants/${id}`, late)).body.standing).toBe('live');
    k.clock.set('2027-06-30T16:01:00Z');
    expect((await call('GET', `/grants/${id}`, late)).body.standing).toBe('expired');
    k.clock.set('2026-11-24T02:00:00Z');
  });

  test('a raised sensitivity masks at once, and a lowered one does not unmask', async () => {
    const id = await granted();
    const name = async () => (await call('GET', `/grants/${id}`, applicant)).body.fields.find((f) => f.field === 'name');
    expect(await name()).toMatchObject({ mask: null, narrowed: false });
    await k.put('element', { ...sample.elements['person-name'], sensitivity: 3 });
    expect(await name()).toMatchObject({
      maskExact: { zh: expect.stringContaining('*') as string, en: expect.stringContaining('*') as string },
      narrowed: true,
    });
    await k.put('element', { ...sample.elements['id-number'], sensitivity: 1, mask: null });
    expect((await call('GET', `/grants/${id}`, applicant)).body.fields[0]).toMatchObject({
      field: 'idNumber',
      maskExact: { zh: expect.stringContaining('*') as string, en: expect.stringContaining('*') as string },
    });
    await k.put('element', sample.elements['person-name'], sample.elements['id-number']);
  });

  test('what a live grant serves cannot be dropped or retyped from underneath', async () => {
    const without = { ...sample.binding, fields: sample.binding.fields.filter((f) => f.name !== 'height') };
    await expect(
      k.put('library', {
        ...sample.library,
        fields: sample.library.fields.filter((f) => f.name !== 'height'),
        feeds: [{ table: 'people', map: { idNumber: 'idNumber' } }],
      }),
    ).rejects.toMatchObject({ code: 'DOCUMENT_IN_USE', params: { field: 'height' } });
    await expect(k.put('element', { ...sample.elements.height, type: 'text' })).rejects.toMatchObject({ code: 'DOCUMENT_IN_USE' });
    await expect(k.put('binding', without)).rejects.toMatchObject({ code: 'DOCUMENT_IN_USE', params: { field: 'height' } });
    await k.put('binding', {
      ...sample.binding,
      title: { zh: '人员表' },
      fields: [...sample.binding.fields, { ...sample.binding.fields[1], name: 'alias' }],
    });
    await k.put('binding', sample.binding);
  });
});

describe('services', () => {
  test('a steward provides only what is the department’s own, the bureau also libraries', async () => {
    const body = { ...sample.services['people-query'], id: undefined, title: { zh: '人员核验' } };
    expect((await call('PUT', '/services/people-check', other, body)).body.code).toBe('POLICY_DENIED');
    expect((await call('PUT', '/services/people-check', other, { ...body, department: 'tax' })).body.code).toBe('SHARE_NOT_PROVIDER');
    expect((await call('PUT', '/services/people-check', operator, { ...body, department: 'tax' })).body.code).toBe('SHARE_NOT_PROVIDER');
    expect((await call('PUT', '/services/people-check', applicant, body)).body.code).toBe('POLICY_DENIED');
    expect((await call('PUT', '/services/people-check', provider, body)).body).toMatchObject({ version: 1, changed: true });
    expect((await call('PUT', '/services/people-check', provider, body)).body).toMatchObject({ version: 1, changed: false });
    expect((await call('GET', '/services/people-check', developer)).body).toMatchObject({
      shareType: '2',
      origin: 'console',
      published: null,
    });
    const bare = { ...body, returns: [{ field: 'idNumber', show: { shown: null } }] };
    expect((await call('PUT', '/services/people-check', provider, bare)).body.code).toBe('DOCUMENT_REFUSED');
  });
});

test('each role sees only what concerns its department', async () => {
  const roles = [
    operator,
    provider,
    applicant,
    developer,
    other,
    await k.actor('system-administrator', 'bureau'),
    await k.actor('security-administrator', 'bureau'),
    await k.actor('audit-administrator', 'bureau'),
  ];
  const sees = async (url: string) =>
    Promise.all(
      roles.map(async (r) => {
        const { status, body } = await call('GET', url, r);
        return status === 200 ? (body['count'] as number) > 0 : status;
      }),
    );
  for (const url of ['/requests', '/grants']) expect(await sees(url)).toEqual([true, true, true, true, false, 403, 403, 403]);
  expect(await sees('/services')).toEqual([true, true, true, true, true, 403, 403, 403]);
  expect((await call('POST', '/requests', provider, asked)).body.code).toBe('POLICY_DENIED');
  expect((await call('POST', '/requests', operator, asked)).body.code).toBe('POLICY_DENIED');
});

test('every route lets in just the roles its action names', async () => {
  const roles = [
    'operator',
    'provider-steward',
    'consumer-steward',
    'developer',
    'system-administrator',
    'security-administrator',
    'audit-administrator',
  ] as const;
  const people = [];
  for (const role of roles) people.push(await k.actor(role, 'matrix'));
  const bodies: Record<string, unknown> = {
    revoke: { reason: '测试原因' },
    keys: { name: 'x' },
    steps: { step: 'admit' },
    requests: asked,
    services: {},
  };
  for (const route of k.door.routes) {
    const action = typeof route.permission === 'object' ? route.permission.action : '';
    const url = route.url.replace(':id', route.url.includes('/keys/:id') ? '0'.repeat(16) : 'none');
    const word = url.split('/').findLast((w) => bodies[w] !== undefined);
    for (const [i, role] of roles.entries()) {
      const body = route.method === 'POST' || route.method === 'PUT' ? bodies[word ?? ''] : undefined;
      const reply = (await k.call(route.method, url, people[i], body)) as { status: number; body: Body };
      const denied = reply.body.code === 'POLICY_DENIED' && String(reply.body.title).includes('您的角色没有这项权限');
      expect({ url, role, denied }).toEqual({ url, role, denied: k.policy.actions()[action]?.by[role] === undefined });
    }
    expect((await k.call(route.method, url, null, bodies[word ?? ''])).status).toBe(401);
  }
});
