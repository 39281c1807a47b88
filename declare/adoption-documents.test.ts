/** A newer edition keeps what its steward decided about the source and no file says. */
import { expect, test } from 'vitest';
import { type AdoptedDocuments, stepsOf } from './adoption-documents.ts';
import type { Source } from './source.ts';

const source: Source = {
  form: 1,
  id: 'roster',
  title: { zh: '名册' },
  department: 'civil',
  connector: 'csv',
  settings: {},
  columns: ['编号', '名称'],
  key: ['编号'],
  mode: 'full',
  cursor: null,
  layout: { encoding: 'utf-8', sheet: null, titleRows: 0, headerRows: 1, fillDown: [], footer: [] },
};

test('what takes much away and when it is read stays as decided, columns and layout are the edition’s', () => {
  const id = { id: 'roster' };
  const documents = {
    source: { ...source, columns: ['编号', '名称', '备注'] },
    entry: id,
    mount: id,
    binding: { ...id, fields: [] },
    service: { ...id, returns: [] },
  };
  const decided = { ...source, removal: 'replaces-itself', schedule: { window: { from: '22:00', to: '04:00' }, together: 1 } } as const;
  const steps = stepsOf('upload-1', documents as unknown as AdoptedDocuments, decided);
  const declared = steps.filter((s) => s.path === '/api/collect/sources/roster').map((s) => s.body as Source);
  expect(declared.length).toBe(2);
  for (const d of declared) expect(d).toMatchObject({ removal: decided.removal, schedule: decided.schedule });
  expect(declared.at(-1)?.columns).toEqual(['编号', '名称', '备注']);
});
