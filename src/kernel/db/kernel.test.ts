/** The frame on a real server: roles, migrations, documents, the log's walls, review and identity. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { process as declareProcess } from '#declare';
import { type TestKernel, testKernel, testPassword } from '#test/kernel';

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await testKernel([], { warehouse: false });
});
afterAll(() => kernel.close());

const entry = {
  door: 'console',
  outcome: 'answered',
  actor: 'somebody',
  department: null,
  action: 'x',
  target: 't:1',
  grant: null,
  purpose: null,
  fields: [],
  subjects: ['349901199001010015'],
  rows: 1,
  bytes: 2,
  refusal: null,
} as const;

describe('the access log', () => {
  test('a record is durable, proves itself and holds no subject in clear', async () => {
    const { id, digest } = await kernel.recorder.record(entry);
    const line = await kernel.audit.get(id);
    expect(line).toMatchObject({ id, digest, intact: true, rows: 1 });
    expect(line.canonical).not.toContain('349901199001010015');
  });

  test('the log role may only insert, the working role may do nothing, and nobody may change a line', async () => {
    for (const [url, statement] of [
      [kernel.urls.log, 'select * from log.record'],
      [kernel.urls.log, 'delete from log.record'],
      [kernel.urls.log, `update log.record set actor = 'x'`],
      [kernel.urls.app, 'select * from log.record'],
      [kernel.urls.app, 'insert into log.record (id) values (1)'],
      [kernel.urls.audit, 'delete from log.record'],
      [kernel.urls.admin, 'delete from log.record'],
      [kernel.urls.admin, 'truncate log.record'],
      [kernel.urls.app, 'drop schema log cascade'],
    ] as const) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await expect(client.query(statement), `${statement} as ${new URL(url).username}`).rejects.toThrow(
        /permission denied|append-only|must be owner/,
      );
      await client.end();
    }
  });

  test('no record, no answer: while the log cannot be written a record is refused, and it recovers by itself', async () => {
    const admin = new pg.Client({ connectionString: kernel.urls.admin });
    await admin.connect();
    const role = pg.escapeIdentifier(new URL(kernel.urls.log).username);
    await admin.query(`revoke insert on log.record from ${role}`);
    await expect(kernel.recorder.record(entry)).rejects.toMatchObject({ code: 'RECORD_UNAVAILABLE' });
    await admin.query(`grant insert on log.record to ${role}`);
    await expect(kernel.recorder.record(entry)).resolves.toHaveProperty('id');
    await admin.end();
  });
});

describe('identity', () => {
  test('five wrong passwords lock a name, made together or one after the other, whether it is somebody or not; time unlocks it', async () => {
    const actor = await kernel.actor('operator', 'bureau');
    for (const name of [actor.user, 'nobody-of-that-name']) {
      const guesses = Array.from({ length: 8 }, (_, i) => kernel.identity.signIn(name, `guess ${i}`, 'console'));
      const codes = (await Promise.allSettled(guesses)).map((g) => (g.status === 'rejected' ? g.reason.code : 'in'));
      expect(codes).toEqual([...Array(5).fill('IDENTITY_WRONG'), ...Array(3).fill('IDENTITY_LOCKED')]);
    }
    await expect(kernel.identity.demandPassword(actor.user, testPassword)).rejects.toMatchObject({ code: 'IDENTITY_LOCKED' });
    kernel.clock.set('2026-11-24T02:11:00Z');
    await expect(kernel.identity.signIn(actor.user, testPassword, 'console')).resolves.toHaveProperty('token');
    kernel.clock.set('2026-11-24T02:00:00Z');
  });

  test('a password is changed by whoever knows the old one, and every session ends', async () => {
    const actor = await kernel.actor('developer', 'bureau');
    const change = async (before: string, next: string) => {
      await kernel.identity.demandPassword(actor.user, before);
      await kernel.identity.changePassword(kernel.db, actor.user, next);
    };
    await expect(change('wrong-password', 'another-long-one')).rejects.toMatchObject({ code: 'IDENTITY_PASSWORD_OLD' });
    await expect(change(testPassword, 'short')).rejects.toMatchObject({ code: 'IDENTITY_PASSWORD_WEAK' });
    expect(await kernel.identity.actorOf(actor.token)).toMatchObject({ user: actor.user });
    await change(testPassword, 'another-long-one');
    expect(await kernel.identity.actorOf(actor.token)).toBeUndefined();
    await expect(kernel.identity.signIn(actor.user, testPassword, 'console')).rejects.toMatchObject({ code: 'IDENTITY_WRONG' });
    await expect(kernel.identity.signIn(actor.user, 'another-long-one', 'console')).resolves.toHaveProperty('token');
  });

  test('the three administrators are separated', async () => {
    const actor = await kernel.actor('developer', 'bureau');
    await expect(kernel.identity.setRoles(kernel.db, actor.user, ['system-administrator', 'audit-administrator'])).rejects.toMatchObject({
      code: 'IDENTITY_ROLES_CONFLICT',
    });
    await expect(kernel.identity.setRoles(kernel.db, actor.user, ['security-administrator', 'operator'])).rejects.toMatchObject({
      code: 'IDENTITY_ROLES_CONFLICT',
    });
  });

  test('a session ends when it is idle', async () => {
    const actor = await kernel.actor('developer', 'bureau');
    expect(await kernel.identity.actorOf(actor.token)).toMatchObject({ user: actor.user });
    kernel.clock.set('2026-11-24T02:31:00Z');
    expect(await kernel.identity.actorOf(actor.token)).toBeUndefined();
    kernel.clock.set('2026-11-24T02:00:00Z');
  });
});

describe('documents and review', () => {
  const flow = declareProcess({
    id: 'flow',
    title: { zh: '流程' },
    of: 'entry',
    start: 'draft',
    states: [
      { id: 'draft', title: { zh: '草稿' }, tone: 'neutral' },
      { id: 'done', title: { zh: '完成' }, tone: 'done' },
    ],
    steps: [
      { id: 'finish', title: { zh: '完成' }, from: ['draft'], to: 'done', by: ['operator'], as: 'any', opinion: 'required', itself: null },
    ],
  });

  test('a document is versioned by its content, and a wrong one is refused with every fault', async () => {
    const by = { origin: 'code', actor: 'test' } as const;
    const first = await kernel.db.transaction((tx) => kernel.documents.put(tx, 'process', flow, by));
    const again = await kernel.db.transaction((tx) => kernel.documents.put(tx, 'process', { ...flow }, by));
    expect([first.version, first.changed, again.version, again.changed]).toEqual([1, true, 1, false]);
    const wrong = kernel.db.transaction((tx) =>
      kernel.documents.put(tx, 'process', { ...flow, id: 'wrong', start: 'nowhere', steps: [{ ...flow.steps[0], to: 'nowhere' }] }, by),
    );
    await expect(wrong).rejects.toMatchObject({ code: 'DOCUMENT_REFUSED', faults: [{ at: 'start' }, { at: 'steps.0' }] });
    await expect(kernel.db.transaction((tx) => kernel.documents.put(tx, 'process', { ...flow, form: 99 }, by))).rejects.toMatchObject({
      code: 'DOCUMENT_REFUSED',
      faults: [{ at: 'form' }],
    });
  });

  test('only who may take a step takes it, with an opinion where one is required', async () => {
    const operator = await kernel.actor('operator', 'bureau');
    const steward = await kernel.actor('provider-steward', 'police');
    const thing = { about: 'entry:x', owner: 'police', counterpart: null, facts: {} };
    await kernel.db.transaction((tx) => kernel.review.begin(tx, 'flow', thing, steward.user));
    const take = (actor: typeof operator, opinion: string) =>
      kernel.db.transaction((tx) => kernel.review.take(tx, thing, 'finish', actor, opinion));
    await expect(take(steward, '同意')).rejects.toMatchObject({ code: 'REVIEW_STEP_NOT_YOURS' });
    await expect(take(operator, '')).rejects.toMatchObject({ code: 'REVIEW_OPINION_MISSING' });
    expect(await take(operator, '同意')).toEqual(['done']);
    await expect(take(operator, '同意')).rejects.toMatchObject({ code: 'REVIEW_STEP_REFUSED' });
    expect(await kernel.review.history(kernel.db, thing.about)).toMatchObject([
      { step: 'begin' },
      { step: 'finish', opinion: '同意', actor: operator.user },
    ]);
  });
});
