/** The server process: the console and the gateway over HTTP. It never opens the warehouse's file. */
import { systemClock } from '#kernel/clock';
import { openAuditLog } from '#kernel/facts/audit';
import { openDoor } from '#kernel/http/server';
import { openKernel } from '#kernel/open';
import { obey, siteOf } from './child.ts';
import { addRoutes } from './routes.ts';
import { createStages } from './stages.ts';
import { serveWeb } from './web.ts';

await obey(async (order) => {
  const site = siteOf(order);
  const stages = createStages();
  const kernel = openKernel(site, stages, { name: 'serve', clock: systemClock });
  const audit = openAuditLog(site.urls.audit);
  const door = await openDoor({
    identity: kernel.identity,
    policy: kernel.policy,
    recorder: kernel.recorder,
    bug: (incident, error) => console.error(`incident ${incident}`, error),
  });
  addRoutes(door, kernel, audit, stages);
  await serveWeb(door.fastify);
  await door.fastify.listen({ host: '127.0.0.1', port: order.port });
  return {
    answer: { port: order.port },
    stop: async () => {
      await door.fastify.close();
      await audit.close();
      await kernel.close();
    },
  };
});
