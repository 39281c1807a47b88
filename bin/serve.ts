/** The server process: the console and the gateway over HTTP. It never opens the warehouse's file. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { systemClock } from '#kernel/clock';
import { openAuditLog } from '#kernel/facts/audit';
import { openDoor } from '#kernel/http/server';
import { openKernel } from '#kernel/open';
import { obey, siteOf } from './child.ts';
import { addRoutes } from './routes.ts';
import { createStages } from './stages.ts';

const dist = fileURLToPath(new URL('../web/dist', import.meta.url));

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
  if (existsSync(dist)) {
    await door.fastify.register(fastifyStatic, {
      root: dist,
      index: false,
      wildcard: false,
      // Nobody resumes a page; a range beyond the end would leave as an error of ours.
      acceptRanges: false,
      maxAge: '1h',
      setHeaders: (reply, path) => {
        if (path.endsWith('.html')) reply.header('cache-control', 'no-cache');
      },
    });
    // Every address of the console is a link: the page itself decides what it shows. A part of an older console is gone, and no page.
    door.fastify.get('/*', { schema: { hide: true } }, (request, reply) =>
      /^\/(api|assets)\//.test(request.url) ? reply.callNotFound() : reply.sendFile('index.html'),
    );
  }
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
