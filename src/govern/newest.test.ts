/** What tells the newest row of a key: an instant, a day or a number; a text of a binding from before is ordered as numbers where it is numbers. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCollect } from '#collect';
import { elements } from '#elements/index';
import { waitingRoutes } from '#kernel/routes/waiting-routes';
import { type TestKernel, testKernel } from '#test/kernel';
import { governStage } from './index.ts';
import { currentView } from './tables.ts';
import { bindingDoc, putModels, sourceDoc } from './test-documents.ts';
import { land } from './test-landing.ts';

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await testKernel([createCollect({ connectors: [] }), governStage]);
  waitingRoutes(kernel.door, kernel, governStage.waiting ?? []);
  await putModels(kernel);
});
afterAll(() => kernel.close());

const source = sourceDoc({ id: 'versions', columns: ['rid', 'no', 'ver', 'v'], mode: 'incremental', cursor: 'rid' });
const binding = (element: string) =>
  bindingDoc(source, ['rid:text', 'no:text', `ver:${element}`, 'v:text'], { key: ['no'], newest: 'ver' });
const current = () => kernel.warehouse.query<{ v: string }>(`select v from ${currentView('versions')}`);

test('a text is refused; what was stored so before works on, and ten comes after nine', async () => {
  await kernel.put('source', source);
  await expect(kernel.put('binding', binding('text'))).rejects.toMatchObject({
    code: 'DOCUMENT_REFUSED',
    faults: [expect.objectContaining({ at: 'newest' })],
  });
  // As an installation of before has it: the guard had nothing against it when it was stored.
  const was = (id: string) => ({ ...elements.find((e) => e.id === id), id: 'version-number' }) as (typeof elements)[number];
  await kernel.put('element', was('number'));
  await kernel.put('binding', binding('version-number'));
  await kernel.put('element', was('text'));
  await kernel.put('binding', { ...binding('version-number'), title: { zh: '版本' } });
  await land(kernel, 'versions', [
    { row: 1, cells: ['1', 'K', '10', 'ten'] },
    { row: 2, cells: ['2', 'K', '9', 'nine'] },
  ]);
  await kernel.drain();
  expect(await current()).toEqual([{ v: 'ten' }]);
  // Its steward is asked to choose another.
  const steward = await kernel.actor('provider-steward', 'police');
  const { body } = (await kernel.call('GET', '/api/waiting', steward)) as unknown as {
    body: { rows: { id: string; why: { zh: string } }[] };
  };
  expect(body.rows).toMatchObject([{ id: 'versions', why: { zh: expect.stringContaining('新旧按文本“ver”比较') } }]);
});
