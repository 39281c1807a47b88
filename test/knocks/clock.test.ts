/** The clock set back an hour: what is over stays over, order is by sequence, nothing is delivered twice, and no work waits for the hour to pass again. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { healthOf } from '#kernel/engine/health';
import { bringForward, type JobSpec, workRun } from '#kernel/jobs/jobs';
import { takeCall } from '../../src/gateway/line.ts';
import { openMemory } from '../../src/gateway/memory.ts';
import { openReader } from '../../src/gateway/read.ts';
import { testPassword } from '../kernel.ts';
import { type Body, consumer, openRiver, provider, type River, requestBody, service, table } from '../river.ts';

let river: River;
let somebody: string;
/** The last evening of the grant, the night after it, and the same evening once more. */
const [evening, night] = ['2027-06-30T15:30:00Z', '2027-06-30T16:30:00Z'];
const morning = '2026-11-24T02:00:00Z';

beforeAll(async () => {
  river = await openRiver();
  await river.k.drain();
  somebody =
    (await river.k.db.first<{ n: string }>(`select "identityNumber" as n from serving."${service.id}_v1" order by _key limit 1`))?.n ?? '';
}, 120_000);
afterEach(() => river.k.clock.set(morning));
afterAll(() => river.close());

const ask = (secret = river.key.secret) => river.ask(secret, { field: 'identityNumber', value: somebody });
/** The same call in another process, or after a restart: with nothing remembered. */
async function askElsewhere(): Promise<unknown> {
  const reader = openReader(river.k.db.url);
  const call = { service: service.id, authorization: `Bearer ${river.key.secret}`, body: { field: 'identityNumber', value: somebody } };
  const outcome = await takeCall({ kernel: river.k, memory: openMemory(river.k), reader }, call);
  await reader.close();
  return 'refusal' in outcome ? outcome.refusal.code : 'answered';
}

describe('a grant', () => {
  test('that was refused as run out stays so when the clock goes back over midnight, in every process; a wrong clock that is corrected is followed', async () => {
    const { clock } = river.k;
    clock.set(evening);
    expect((await ask()).status).toBe(200);
    clock.set(night);
    expect((await ask()).body.code).toBe('GATEWAY_GRANT_EXPIRED');
    clock.set(evening);
    expect((await ask()).body.code).toBe('GATEWAY_GRANT_EXPIRED');
    expect(await askElsewhere()).toBe('GATEWAY_GRANT_EXPIRED');
    // More than the day before: the clock had been wrong, and one false night must not close every grant for good.
    clock.set('2027-06-29T15:30:00Z');
    expect((await ask()).status).toBe(200);
    expect(await askElsewhere()).toBe('answered');
  });

  test('that nobody asked under after its last day is asked on the day the clock shows', async () => {
    river.k.clock.set(evening);
    expect((await ask()).status).toBe(200);
    river.k.clock.set('2027-06-30T14:30:00Z');
    expect((await ask()).status).toBe(200);
  });

  test('of a day that has begun is in force although the clock shows the day before', async () => {
    const { clock } = river.k;
    clock.set('2026-11-25T16:10:00Z');
    const developer = await river.k.actor('developer', consumer);
    const [steward, operator] = [await river.k.actor('provider-steward', provider), await river.k.actor('operator', 'data-bureau')];
    const { id } = (await river.ok('POST', '/api/share/requests', developer, requestBody)) as unknown as { id: string };
    await river.ok('POST', `/api/share/requests/${id}/steps`, operator, { step: 'admit', opinion: '受理' });
    const { grant } = (await river.ok('POST', `/api/share/requests/${id}/steps`, steward, {
      step: 'approve',
      opinion: '同意',
    })) as unknown as { grant: string };
    const key = (await river.ok('POST', `/api/share/grants/${grant}/keys`, developer, { name: '测试' })) as unknown as { secret: string };
    expect((await ask(key.secret)).status).toBe(200);
    clock.set('2026-11-25T15:10:00Z');
    expect((await ask(key.secret)).status).toBe(200);
    await river.ok('POST', `/api/share/grants/${grant}/revoke`, steward, { reason: '职责调整' });
    clock.set('2026-11-25T14:10:00Z');
    expect((await ask(key.secret)).body.code).toBe('GATEWAY_GRANT_REVOKED');
  });
});

test('the log and the timelines are in the order in which things happened', async () => {
  const { k } = river;
  const records: string[] = [];
  for (const at of ['2026-11-24T03:00:00Z', '2026-11-24T02:00:00Z', '2026-11-24T02:30:00Z']) {
    k.clock.set(at);
    records.push(((await ask()).body as unknown as { record: { id: string } }).record.id);
  }
  const { rows } = await k.audit.list({ target: `service:${service.id}`, limit: 3, offset: 0 });
  expect(rows.map((r) => r.id)).toEqual(records.toReversed());
  expect(rows.map((r) => new Date(r.at).toISOString().slice(11, 16))).toEqual(['02:30', '02:00', '03:00']);
  for (const id of records) expect(await k.audit.get(id)).toMatchObject({ intact: true });
});

describe('a session', () => {
  test('that was seen to be over stays over; one that is alive goes on', async () => {
    const { k } = river;
    const [idle, alive] = [await k.actor('developer', provider), await k.actor('developer', provider)];
    k.clock.set('2026-11-24T02:31:00Z');
    expect(await k.identity.actorOf(idle.token)).toBeUndefined();
    const fresh = await k.identity.signIn(alive.user, testPassword, 'console');
    k.clock.set('2026-11-24T01:31:00Z');
    expect(await k.identity.actorOf(idle.token)).toBeUndefined();
    expect(await k.identity.actorOf(fresh.token)).toMatchObject({ user: alive.user });
    k.clock.set('2026-11-24T02:02:00Z');
    expect(await k.identity.actorOf(fresh.token), 'idle for half an hour by the clock that is').toBeUndefined();
  });

  test('that is locked out is locked for ten minutes more, not for an hour and ten', async () => {
    const { k } = river;
    const { user } = await k.actor('developer', provider);
    const signIn = (password: string) => k.identity.signIn(user, password, 'console');
    for (let n = 0; n < 5; n++) await expect(signIn('wrong-password')).rejects.toMatchObject({ code: 'IDENTITY_WRONG' });
    k.clock.set('2026-11-24T01:00:00Z');
    await expect(signIn(testPassword)).rejects.toMatchObject({
      code: 'IDENTITY_LOCKED',
      params: { until: '2026-11-24 09:10:00' },
    });
    k.clock.set('2026-11-24T01:11:00Z');
    await expect(signIn(testPassword)).resolves.toHaveProperty('token');
  });
});

describe('work', () => {
  const changed = (letter: string): string => river.file.replace(/[\u4e00-\u9fff](?=[^\n]*\n[^\n]*$)/, letter);
  const queue = async (content: string): Promise<string> => {
    const reply = await river.k.door.fastify.inject({
      method: 'POST',
      url: `/api/collect/sources/${table.id}/deliveries?name=a.csv`,
      headers: { authorization: `Bearer ${river.steward.token}`, 'content-type': 'application/octet-stream' },
      payload: content,
    });
    return (reply.json() as Body & { run: string }).run;
  };

  test('that was queued before does not wait for the hour to pass again, and nothing is delivered twice', async () => {
    const { k } = river;
    const run = await queue(changed('甲'));
    // What a clock set back by an hour leaves: whatever was due a moment ago is due in an hour.
    await k.db.run(
      `select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs), run_at => now() + interval '1 hour')`,
    );
    k.clock.set('2026-11-24T01:00:00Z');
    await k.drain();
    expect((await k.jobs.find(k.db, run))?.state).toBe('waiting');
    await bringForward(k.db);
    await k.drain();
    expect(await k.jobs.find(k.db, run)).toMatchObject({ state: 'done', result: { landed: true } });
    expect(await river.deliver(changed('甲'))).toMatchObject({ result: { landed: false, unchanged: true } });
    expect(await river.deliver(changed('乙'))).toMatchObject({ result: { landed: true } });
    const batches = await k.db.rows<{ ordinal: number; run: string; back: boolean }>(
      'select ordinal, run, landed_at < lag(landed_at) over (order by seq) as back from collect.batch where source = $1 order by seq',
      [table.id],
    );
    expect(batches.map((b) => b.ordinal)).toEqual(batches.map((_, i) => i + 1));
    expect(batches.map((b) => b.back)).toContain(true);
    expect(new Set(batches.map((b) => b.run)).size).toBe(batches.length);
    const facts = await k.facts.timeline(`source:${table.id}`, 10);
    expect(facts.map((f) => f.seq)).toEqual(facts.map((f) => f.seq).toSorted((a, b) => b - a));
    expect(facts.filter((f) => f.name === 'batch-landed').map((f) => f.body['ordinal'])).toEqual(
      batches.map((b) => b.ordinal).toReversed(),
    );
  });

  test('goes on telling how far it is', async () => {
    const { k } = river;
    const id = await k.db.transaction((tx) =>
      k.jobs.queue(tx, 'knock', { about: 'test:clock', department: null, actor: 'test', payload: {} }),
    );
    const seen: unknown[] = [];
    const spec: JobSpec<never> = {
      name: 'knock',
      title: { zh: '敲门', en: 'Knock' },
      async work(_, context) {
        for (const done of [1, 2]) {
          await context.progress(done, 3, { zh: '敲', en: 'knocking' });
          seen.push((await k.jobs.find(k.db, id))?.done);
          vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
          await wait(300);
        }
        return {};
      },
    };
    await workRun(k.db, k.clock, new Map([['knock', spec]]), id, 1, new AbortController().signal).finally(() => vi.useRealTimers());
    expect(seen).toEqual([1, 2]);
  });

  test('whose worker is gone is said to be: a last beat in the future is none', async () => {
    const { k } = river;
    const beat = (at: string) =>
      k.db.run(
        `insert into kernel.process (name, pid, started_at, seen_at) values ('work', 1, now(), ${at}) on conflict (name) do update set seen_at = excluded.seen_at`,
      );
    const worker = async () => (await healthOf(k)).parts.find((p) => p.part === 'worker')?.state;
    await beat('now()');
    expect(await worker()).toBe('good');
    await beat(`now() + interval '1 hour'`);
    expect(await worker()).toBe('broken');
    await k.db.run('delete from kernel.process');
  });

  test('measures how long something took by a clock that nobody sets', () => {
    const found = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'src', 'bin', 'connectors'], { encoding: 'utf8' })
      .split('\n')
      .filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'))
      .flatMap((f) =>
        readFileSync(f, 'utf8')
          .split('\n')
          .filter((line) => line.includes('Date.now()'))
          .map((line) => `${f}: ${line.trim()}`),
      );
    // The age of a file is a difference of two clocks that are set; the name of a file set aside only has to be new.
    expect(found.map((line) => line.split(':')[0])).toEqual(['bin/site.ts', 'src/kernel/warehouse/file.ts']);
  });
});
