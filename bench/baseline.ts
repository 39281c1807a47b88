/**
 * What the gateway is measured against, a process of its own: `node bench/baseline.ts nothing|bare <order.json>`. `nothing` answers the same bytes out of
 * node:http without looking. `bare` reads the same rows by the same statement through a pool of pg behind Fastify: no key, no grant, no record.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Fastify from 'fastify';
import pg from 'pg';

const [kind, file] = process.argv.slice(2);
const order = JSON.parse(readFileSync(file as string, 'utf8')) as { body: string; url: string; text: string; limit: number; tail: string };

if (kind === 'nothing') {
  const body = Buffer.from(order.body);
  const server = createServer((request, reply) => {
    request.resume();
    request.on('end', () =>
      reply.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length }).end(body),
    );
  });
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }));
} else {
  // The plan is made once, as ours is: planning the masks anew for every call would cost more than reading.
  const pool = new pg.Pool({
    connectionString: order.url,
    max: 10,
    options: '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off -c jit=off',
  });
  const fastify = Fastify({ logger: false });
  fastify.post('/query', async (request, reply) => {
    const { value } = request.body as { value: string };
    const { rows } = await pool.query<{ j: string }>({ name: 'q', text: order.text, values: [[value], [order.limit + 1], [0]] });
    reply.header('content-type', 'application/json; charset=utf-8');
    return `{"rows":[${rows.map((r) => r.j).join(',')}],"count":${rows.length},"more":false${order.tail}`;
  });
  await fastify.listen({ port: 0, host: '127.0.0.1' });
  process.send?.({ port: (fastify.server.address() as { port: number }).port });
}
process.on('disconnect', () => process.exit(0));
