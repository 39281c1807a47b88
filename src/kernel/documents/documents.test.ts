/** Documents on a real server: what a rolled-back transaction read is never taken for what is in force. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestKernel, testKernel } from '#test/kernel';

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await testKernel([], { warehouse: false });
});
afterAll(() => kernel.close());

const source = (title: string) => ({
  form: 1,
  id: 'a',
  title: { zh: title },
  department: 'd',
  connector: 'c',
  settings: {},
  columns: ['x'],
  key: [],
  mode: 'full',
  cursor: null,
  layout: null,
});

test('a version number used again after a rollback shows the body that was committed', async () => {
  const by = { origin: 'console', actor: 'somebody' } as const;
  const refused = kernel.db.transaction(async (tx) => {
    await kernel.documents.put(tx, 'source', source('不算'), by);
    expect((await kernel.documents.snapshot(tx)).get('source', 'a').title.zh).toBe('不算');
    expect((await kernel.documents.version('source', 'a', 1, tx)).title.zh).toBe('不算');
    throw new Error('rolled back');
  });
  await expect(refused).rejects.toThrow('rolled back');
  await kernel.put('source', source('算数'));
  expect((await kernel.documents.snapshot()).get('source', 'a').title.zh).toBe('算数');
  expect((await kernel.documents.version('source', 'a', 1)).title.zh).toBe('算数');
});
