/** The worker process: long work, and facts told downstream. */
import { systemClock } from '#kernel/clock';
import { startWorker } from '#kernel/jobs/worker';
import { openKernel } from '#kernel/open';
import { createStages } from './stages.ts';
import { obey, siteOf } from './child.ts';

await obey(async (order) => {
  const site = siteOf(order);
  const kernel = openKernel(site, createStages(), { name: 'work', clock: systemClock });
  const worker = await startWorker(kernel, site.urls.app, { concurrency: 2, onError: (error) => console.error('work', error) });
  return {
    answer: { working: true },
    stop: async () => {
      await worker.stop();
      await kernel.close();
    },
  };
});
