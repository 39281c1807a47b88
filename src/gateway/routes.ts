/** The address at which consumers ask. */
import { z } from 'zod';
import { type Door, WrittenAnswer } from '#kernel/http/server';
import type { Kernel } from '#kernel/stage';
import { type Parts, takeCall } from './line.ts';
import { openMemory } from './memory.ts';
import { openReader } from './read.ts';

/**
 * What a call looks like, for the reference. The line itself checks it, after the key: a call that is malformed is refused in the
 * words of its service and recorded like any other, and a hot path parses once.
 */
const body = z.unknown().meta({
  type: 'object',
  required: ['field', 'value'],
  additionalProperties: false,
  properties: {
    field: { type: 'string', description: '查询字段' },
    value: { type: ['string', 'number'], description: '等值查询的值' },
    limit: { type: 'integer', minimum: 1, maximum: 100 },
    offset: { type: 'integer', minimum: 0 },
  },
});

const reply = z.object({
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
  count: z.number().int(),
  more: z.boolean(),
  /** What stands behind the rows is not the newest that was delivered, and why. */
  notices: z.array(z.object({ zh: z.string(), en: z.string() })).optional(),
  grant: z.string(),
  record: z.object({ id: z.string(), digest: z.string() }),
});

/** Adds the route; its connections close with the door. */
export function gatewayRoutes(door: Door, kernel: Kernel): void {
  const parts: Parts = { kernel, memory: openMemory(kernel), reader: openReader(kernel.db.url) };
  door.fastify.addHook('onClose', () => parts.reader.close());
  door.route({
    method: 'POST',
    url: '/api/gateway/:service/query',
    tag: 'gateway',
    permission: 'key',
    summary: { zh: '按授权查询服务', en: 'Ask a service under a grant' },
    params: z.object({ service: z.string() }),
    body,
    reply,
    async handle(call) {
      const outcome = await takeCall(parts, {
        service: call.params.service,
        authorization: call.request.headers.authorization,
        body: call.body,
      });
      const headers = {
        'chengshu-record': outcome.record.id,
        ...(outcome.grant !== null && { 'chengshu-grant': outcome.grant }),
      };
      if ('body' in outcome)
        return new WrittenAnswer(outcome.body, outcome.bytes, { 'content-type': 'application/json; charset=utf-8', ...headers });
      call.reply.headers(headers);
      throw outcome.refusal;
    },
  });
}
