/** What collecting hears of the catalog: a new mount is probed, a changed entry is held against its mounts again. */
import type { Subscription } from '#kernel/facts/facts';
import type { Kernel } from '#kernel/stage';
import { queueProbe } from './jobs.ts';
import { sayMounts } from './standing.ts';

/** Both may be heard twice: a second probe finds the same, and what is no news is not said. */
export const collectSubscriptions = (kernel: Kernel): readonly Subscription[] => [
  {
    fact: 'mount-declared',
    by: 'collect-mount-declared',
    hear: async ({ body, actor }) => {
      const source = (await kernel.documents.snapshot()).find('source', String(body['source']));
      if (source) await kernel.db.transaction((tx) => queueProbe(kernel, tx, source, actor));
    },
  },
  {
    fact: 'entry-changed',
    by: 'collect-entry-changed',
    hear: async ({ body, actor }) => {
      const mounts = (await kernel.documents.snapshot()).list('mount').filter((m) => m.entry === body['entry']);
      await kernel.db.transaction(async (tx) => {
        for (const source of new Set(mounts.map((m) => m.source))) await sayMounts(kernel, tx, source, actor);
      });
    },
  },
];
