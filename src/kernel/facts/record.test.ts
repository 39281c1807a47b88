/** Writing the access log: what anybody can recompute of a record, and records that arrive together. */
import { createHash, createHmac } from 'node:crypto';
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
