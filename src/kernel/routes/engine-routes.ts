/** How the platform itself runs: health, processes, stores, versions. */
import { z } from 'zod';
import { healthOf, publicHealth } from '../engine/health.ts';
import { processNames } from '../engine/process-book.ts';
import { processesOf } from '../engine/processes.ts';
import { createObjectMeasure, diskOf, storesOf } from '../engine/stores.ts';
import { versionsOf } from '../engine/versions.ts';
import type { Door } from '../http/server.ts';
import type { Kernel } from '../stage.ts';

const words = z.object({ zh: z.string(), en: z.string() });
const health = z.object({
  ok: z.boolean(),
  parts: z.array(
    z.object({
      part: z.string(),
      title: words,
      state: z.enum(['good', 'attention', 'broken', 'unknown']),
      sentence: words,
      hint: words.nullable(),
      cause: words.nullable(),
    }),
  ),
});

/** Adds the routes. */
export function engineRoutes(door: Door, kernel: Kernel): void {
  const measure = createObjectMeasure(kernel);
  door.route({
    method: 'GET',
    url: '/api/health',
    tag: 'health',
    permission: 'public',
    summary: { zh: '各部件是否正常', en: 'How the parts are' },
    reply: health,
    handle: async () => {
      const found = publicHealth(await healthOf(kernel));
      return { ok: found.ok, parts: [...found.parts] };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/engine/health',
    tag: 'health',
    permission: { action: 'engine.read' },
    summary: { zh: '各部件的状况、原因和处置', en: 'How the parts are, with causes and what to do' },
    reply: health,
    handle: async () => {
      const found = await healthOf(kernel);
      return { ok: found.ok, parts: [...found.parts] };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/engine/processes',
    tag: 'health',
    permission: { action: 'engine.read' },
    summary: { zh: '进程', en: 'Processes' },
    reply: z.array(
      z.object({
        name: z.enum(processNames),
        title: words,
        state: z.enum(['good', 'broken', 'unknown']),
        pid: z.number().nullable(),
        startedAt: z.string().nullable(),
        memory: z.number().nullable(),
        restarts: z.number().nullable(),
        lastEnd: z.object({ at: z.string(), why: words }).nullable(),
      }),
    ),
    handle: async () => [...(await processesOf(kernel))],
  });
  door.route({
    method: 'GET',
    url: '/api/engine/stores',
    tag: 'health',
    permission: { action: 'engine.read' },
    summary: { zh: '存储', en: 'Stores' },
    reply: z.object({
      stores: z.array(
        z.object({
          store: z.enum(['objects', 'warehouse', 'database', 'log']),
          title: words,
          bytes: z.number().nullable(),
          count: z.number().nullable(),
          asOf: z.string(),
        }),
      ),
      disk: z.object({ folder: z.string(), free: z.number(), total: z.number() }),
    }),
    handle: async () => {
      const [stores, disk] = await Promise.all([storesOf(kernel, measure), diskOf(kernel)]);
      return { stores: [...stores], disk };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/engine/versions',
    tag: 'health',
    permission: { action: 'engine.read' },
    summary: { zh: '版本', en: 'Versions' },
    reply: z.array(z.object({ part: z.enum(['product', 'node', 'duckdb', 'postgresql', 'system']), version: z.string().nullable() })),
    handle: async () => [...(await versionsOf(kernel))],
  });
}
