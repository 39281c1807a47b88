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
    // Five tables that are delivered one after another are one build and not five. Whoever asks for a build himself has it at once.
    waitsFor: async ({ library, again }) => (!again && (await isFed(kernel, library)) ? feeding : null),
  };
  return [build];
};

const feeding = { zh: '等待来源数据归集、治理完毕', en: 'waiting until what feeds it is collected and governed' };

/**
 * Whether a delivery to a table that feeds the library is under way. A fact that nobody has heard yet may be one: between the end of a
 * collection and the governing that it means there is nothing else to see.
 */
async function isFed(kernel: Kernel, id: string): Promise<boolean> {
  const snapshot = await kernel.documents.snapshot();
  const tables = snapshot.find('library', id)?.feeds.map((f) => f.table) ?? [];
  const sources = tables.flatMap((t) => snapshot.find('binding', t)?.source ?? []);
  const open = await kernel.db.first(
    `select 1 from kernel.run where state in ('waiting', 'running') and ((job = any($1) and about = any($2)) or (job = any($3) and about = any($4)))
     union all select 1 from graphile_worker.jobs where task_identifier = 'hear' and (attempts = 0 or locked_at is not null)`,
    [
      ['govern-batch', 'rebuild-table'],
      tables.map((t) => `table:${t}`),
      ['collect-source', 'collect-delivery'],
      sources.map((s) => `source:${s}`),
    ],
  );
  return open !== undefined;
}

/** Queues a build; one that still waits will read what has happened until it starts, so a second would find nothing to do. */
export async function queueBuild(kernel: Kernel, tx: Transaction, library: string, actor: string, again: boolean): Promise<string> {
  const about = `library:${library}`;
  if (!again) {
    const { runs } = await kernel.jobs.list(tx, { about, limit: 20, offset: 0 });
    const waiting = runs.find((r) => r.state === 'waiting');
    if (waiting) {
      await kernel.jobs.hasten(tx, waiting.id);
      return waiting.id;
    }
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
