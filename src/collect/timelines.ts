/** What happened to a source or a secret is told to those who may see sources of its department. */
import type { TimelineTable } from '#kernel/stage';
import { batch } from './ledger.ts';

export const collectTimelines: TimelineTable = {
  source: {
    action: 'source.list',
    departments: async (kernel, id) => [(await kernel.documents.snapshot()).find('source', id)?.department ?? null],
  },
  batch: {
    action: 'batch.list',
    departments: async (kernel, id) => [(await batch(kernel.db, Number(id)))?.department ?? null],
    happened: (kernel, _actor, id) => kernel.facts.ofBatch(Number(id), 200),
  },
  secret: {
    action: 'source.list',
    departments: async (kernel, id) =>
      (await kernel.db.rows<{ department: string }>('select department from collect.secret where name = $1', [id])).map(
        (s) => s.department,
      ),
  },
  upload: {
    action: 'upload.list',
    departments: async (kernel, id) =>
      (await kernel.db.rows<{ department: string }>('select department from collect.upload where id = $1', [id])).map((u) => u.department),
    still: (about) => `exists (select 1 from collect.upload u where 'upload:' || u.id = ${about})`,
    titles: async (kernel, ids) =>
      new Map(
        (await kernel.db.rows<{ id: string; name: string }>('select id, name from collect.upload where id = any($1)', [ids])).map((u) => [
          u.id,
          { zh: u.name },
        ]),
      ),
  },
};
