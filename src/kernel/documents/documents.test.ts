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

test('what is in force is what was committed, in whatever order transactions end', async () => {
  const by = { origin: 'console', actor: 'somebody' } as const;
  const ids = async () =>
    (await kernel.documents.snapshot())
      .list('source')
      .map((s) => s.id)
      .toSorted();
  const held = await kernel.documents.snapshot();
  let commit = (): void => undefined;
  let written = (): void => undefined;
  const isWritten = new Promise<void>((done) => {
    written = done;
  });
  const slow = kernel.db.transaction(async (tx) => {
    await kernel.documents.put(tx, 'source', { ...source('先写后成'), id: 'slow' }, by);
    written();
    await new Promise<void>((done) => {
      commit = done;
    });
  });
  await isWritten;
  await kernel.put('source', { ...source('后写先成'), id: 'quick' });
  expect(await ids()).toEqual(['a', 'quick']);
  commit();
  await slow;
  expect(await ids()).toEqual(['a', 'quick', 'slow']);
  await kernel.put('source', { ...source('再改一次'), id: 'slow' });
  const now = await kernel.documents.snapshot();
  expect([now.get('source', 'slow').title.zh, now.head('source', 'slow')?.version]).toEqual(['再改一次', 2]);
  // What somebody holds stays what it was.
  expect(held.list('source').map((s) => s.id)).toEqual(['a']);
});
