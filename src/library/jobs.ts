/** The job of the libraries, and when it is queued. */

import type { Transaction } from '#kernel/db/pool';
import type { Subscription } from '#kernel/facts/facts';
import type { JobSpec } from '#kernel/jobs/jobs';
import { machine } from '#kernel/review/review';
import type { Kernel } from '#kernel/stage';
import { buildLibrary } from './build.ts';

/** The jobs. */
export const libraryJobs = (kernel: Kernel): readonly JobSpec<never>[] => {
  const build: JobSpec<{ library: string; again?: boolean }> = {
    name: 'build-library',
    title: { zh: '更新库', en: 'Build a library' },
    work: (order, context) => buildLibrary(kernel, order, context),
  };
  return [build];
};

/** Queues a build; one that still waits will read what has happened until it starts, so a second would find nothing to do. */
export async function queueBuild(kernel: Kernel, tx: Transaction, library: string, actor: string, again: boolean): Promise<string> {
  const about = `library:${library}`;
  if (!again) {
    const { runs } = await kernel.jobs.list(tx, { about, limit: 20, offset: 0 });
    const waiting = runs.find((r) => r.state === 'waiting');
    if (waiting) return waiting.id;
  }
  return kernel.jobs.queue(tx, 'build-library', { about, department: null, actor, payload: { library, again } });
}

/** A governed table or a changed library means a build. */
export const librarySubscriptions = (kernel: Kernel): readonly Subscription[] => [
  {
    fact: 'table-governed',
    by: 'library-table-governed',
    hear: async ({ body }) => {
      const snapshot = await kernel.documents.snapshot();
      const fed = snapshot.list('library').filter((l) => l.feeds.some((f) => f.table === body['table']));
      await kernel.db.transaction(async (tx) => {
        for (const l of fed) await queueBuild(kernel, tx, l.id, machine, false);
      });
    },
  },
  {
    fact: 'model-changed',
    by: 'library-model-changed',
    hear: async ({ about }) => {
      const [kind, id = ''] = about.split(':');
      if (kind !== 'library') return;
      const snapshot = await kernel.documents.snapshot();
      if (snapshot.find('library', id)) await kernel.db.transaction(async (tx) => void (await queueBuild(kernel, tx, id, machine, false)));
    },
  },
];
