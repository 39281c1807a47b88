/** Writing the access log: what anybody can recompute of a record, and records that arrive together. */
import { createHash, createHmac } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestKernel, testKernel } from '#test/kernel';
import type { AccessRecord } from './record.ts';

let k: TestKernel;
beforeAll(async () => {
  k = await testKernel([], { warehouse: false });
});
afterAll(() => k.close());

const entry: AccessRecord = {
  door: 'gateway',
  outcome: 'answered',
  actor: 'key:somebody',
  department: 'civil',
  action: 'gateway.query',
  target: 'service:person-query',
  grant: 'grant-test-1',
  purpose: '核验 "办事人" 身份\\\t',
  fields: ['idNumber', 'name'],
  subjects: ['349901199001010015', '李四'],
  rows: 1,
  bytes: 2,
  refusal: null,
};

test('the canonical text has its keys in order, says everything, and its digest and hashes can be recomputed', async () => {
  const { id, digest } = await k.recorder.record(entry);
  const { canonical, at } = await k.audit.get(id);
  const said = JSON.parse(canonical) as Record<string, unknown>;
  expect(Object.keys(said)).toEqual(Object.keys(said).sort());
  const key = createHmac('sha256', Buffer.alloc(32, 7)).update('subjects').digest();
  const hashes = entry.subjects.map((s) => createHmac('sha256', key).update(s).digest('base64url').slice(0, 27));
  expect(said).toEqual({ ...entry, subjects: hashes, id, node: 'test', at: '2026-11-24T02:00:00.000Z' });
  expect(new Date(at).toISOString()).toBe(said['at']);
  expect(createHash('sha256').update(canonical).digest('hex')).toBe(digest);
});

const many = (n: number, of: (i: number) => Partial<AccessRecord>) =>
  Promise.allSettled(Array.from({ length: n }, (_, i) => k.recorder.record({ ...entry, ...of(i) })));

test('records that arrive together are each themselves, in the order in which they came', async () => {
  const settled = await many(1200, (i) => ({ target: `service:together-${i}`, rows: i, subjects: i % 3 === 0 ? [] : [`person ${i}`] }));
  const recorded = settled.map((s) => (s as PromiseFulfilledResult<{ id: string; digest: string }>).value);
  const { rows } = await k.audit.list({ limit: 1200, offset: 0 });
  const lines = rows.toReversed();
  expect(lines.map((l) => [l.id, l.target, l.rows])).toEqual(recorded.map((r, i) => [r.id, `service:together-${i}`, i]));
  for (const i of [0, 1, 499, 500, 1199]) {
    const subject = k.recorder.subject(`person ${i}`);
    expect(await k.audit.get(recorded[i]?.id ?? '')).toMatchObject({ digest: recorded[i]?.digest, intact: true });
    expect((await k.audit.list({ subject, limit: 9, offset: 0 })).rows.map((l) => l.id)).toEqual(i % 3 === 0 ? [] : [recorded[i]?.id]);
  }
});

test('a record that PostgreSQL cannot hold is refused, and those beside it are not', async () => {
  const settled = await many(12, (i) => ({ target: `service:beside-${i}`, ...(i % 5 === 3 && { bytes: 2 ** 40 }) }));
  for (const [i, s] of settled.entries())
    if (i % 5 === 3) expect(s).toMatchObject({ status: 'rejected', reason: { code: 'RECORD_UNAVAILABLE' } });
    else
      expect(await k.audit.get(s.status === 'fulfilled' ? s.value.id : '')).toMatchObject({ target: `service:beside-${i}`, intact: true });
});

test('what parts lines and columns spoils neither, and the canonical text says it as it was', async () => {
  for (const odd of ['a\tb', 'a\nb', 'a\0b', 'a\\tb', '\\N', 'a\r\nb\tc\td', '\ud800', '', ' ', '张三']) {
    const [record, other] = (await many(2, (i) => (i === 0 ? { actor: odd, target: odd, action: odd, department: odd || null } : {}))).map(
      (s) => (s as PromiseFulfilledResult<{ id: string }>).value.id,
    );
    const column = odd.replace(/[\0\t\n\r]/g, ' ').replace('\ud800', '\ufffd');
    const line = await k.audit.get(record ?? '');
    expect(line).toMatchObject({ actor: column, target: column, action: column, department: column || null, grant: entry.grant, rows: 1 });
    expect(line.intact).toBe(true);
    expect(JSON.parse(line.canonical)).toMatchObject({ actor: odd, target: odd, id: record });
    expect(await k.audit.get(other ?? '')).toMatchObject({ actor: entry.actor, intact: true });
  }
});

test('what was said to be durable is, when the connection is cut under the callers, and it goes on by itself', async () => {
  const admin = new pg.Client({ connectionString: k.urls.admin });
  await admin.connect();
  const kept: string[] = [];
  let refused = 0;
  let cuts = 0;
  const callers = Array.from({ length: 8 }, async () => {
    for (let i = 0; i < 60; i++)
      await k.recorder.record({ ...entry, target: 'service:cut' }).then(
        (r) => kept.push(r.id),
        (e: { code: string }) => {
          expect(e.code).toBe('RECORD_UNAVAILABLE');
          refused += 1;
        },
      );
  });
  for (let i = 0; i < 5; i++) {
    const { rowCount } = await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'chengshu log' and datname = current_database()`,
    );
    cuts += rowCount ?? 0;
    await new Promise((r) => setTimeout(r, 15));
  }
  await Promise.all(callers);
  await admin.end();
  expect(cuts).toBeGreaterThan(0);
  expect(kept.length + refused).toBe(480);
  const { rows } = await k.audit.list({ target: 'service:cut', limit: 1000, offset: 0 });
  const ids = rows.map((l) => l.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(kept.filter((id) => !ids.includes(id))).toEqual([]);
  await expect(k.recorder.record(entry)).resolves.toHaveProperty('id');
});
