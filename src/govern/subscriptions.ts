/** What governing hears: that a batch has landed, and that an upload has been read. */

import { uploadOf } from '#collect';
import type { Subscription } from '#kernel/facts/facts';
import { machine } from '#kernel/review/review';
import type { Kernel } from '#kernel/stage';

/** Every binding over the batch's source gets a run; told twice, the second run finds its work done. */
export const subscriptionsOf = (kernel: Kernel): readonly Subscription[] => [
  {
    fact: 'batch-landed',
    by: 'govern-batch-landed',
    hear: async ({ body }) => {
      const source = String(body['source']);
      const batch = Number(body['batch']);
      const snapshot = await kernel.documents.snapshot();
      await kernel.db.transaction(async (tx) => {
        for (const b of snapshot.list('binding').filter((x) => x.source === source))
          await kernel.jobs.queue(tx, 'govern-batch', {
            about: `table:${b.id}`,
            department: snapshot.find('source', source)?.department ?? null,
            actor: machine,
            payload: { table: b.id, batch },
          });
      });
    },
  },
  {
    fact: 'upload-read',
    by: 'govern-upload-read',
    hear: async ({ body, actor }) => {
      const upload = await uploadOf(kernel.db, String(body['upload']));
      if (!upload) return;
      await kernel.db.transaction((tx) =>
        kernel.jobs.queue(tx, 'propose-columns', {
          about: `upload:${upload.id}`,
          department: upload.department,
          actor,
          payload: { upload: upload.id },
        }),
      );
    },
  },
];
