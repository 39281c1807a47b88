/** The worker process: long work, facts told downstream, and a lost warehouse built again. */
import { systemClock } from '#kernel/clock';
import { isRefusal } from '#kernel/errors';
import { startWorker } from '#kernel/jobs/worker';
import { openKernel } from '#kernel/open';
import { isAway } from '#kernel/stores';
import { obey, siteOf } from './child.ts';
import { watchWarehouse } from './rebuild.ts';
import { createStages } from './stages.ts';

await obey(async (order) => {
  const site = siteOf(order);
  const onError = (error: unknown) => console.error('work', isRefusal(error) || isAway(error) ? (error as Error).message : error);
  const kernel = openKernel(site, createStages({ schedule: order.schedule }), { name: 'work', clock: systemClock });
  const onLost = (error: unknown): never => {
    console.error('work: the database went away', error instanceof Error ? error.message : error);
    process.exit(1);
  };
  const worker = await startWorker(kernel, site.urls.app, { concurrency: 2, onError, onLost });
  const stopLooking = watchWarehouse(kernel, onError);
  return {
    answer: { working: true },
    stop: async () => {
      stopLooking();
      await worker.stop();
      await kernel.close();
    },
  };
});
