/** Addresses of the catalog. */
import { z } from 'zod';
import { idSchema } from '#declare';
import { dueSchema, pageOf, sortedPage, textFilter } from '#kernel/http/page';
import type { Door } from '#kernel/http/server';
import type { Kernel } from '#kernel/stage';
import { putEntry, takeEntryStep } from './entries.ts';
import { entryPage, listEntries } from './entry-page.ts';
import { mountRate } from './mount-rate.ts';
import { mountStates, putMount } from './mounts.ts';
import { entrySorts } from './search.ts';

const words = z.object({ zh: z.string(), en: z.string() });
const state = z.object({ id: z.string(), title: words, tone: z.enum(['neutral', 'waiting', 'refused', 'done']) });
const mountState = z.enum([...mountStates, 'none']);
const listed = z.object({
  id: z.string(),
  title: words,
  abstract: z.string(),
  version: z.number(),
  department: z.object({ id: z.string(), title: words }),
  state,
  /** Resource code, from the first publication on. */
  code: z.string().nullable(),
  publishedAt: z.string().nullable(),
  resourceClass: z.enum(['1', '2', '3']),
  category: z.string(),
  format: z.string(),
  shareType: z.enum(['1', '2', '3']),
  openType: z.enum(['0', '1']),
  updateCycle: z.string(),
  /** Number of information items. */
  items: z.number(),
  mount: z.object({ state: mountState, cause: words.nullable() }),
});
const page = listed.extend({
  publishedVersion: z.number().nullable(),
  body: z.unknown(),
  /** Until when its state may last; nothing where no clause limits it, and for those who do not see its review. */
  due: dueSchema.nullable(),
  edit: z.object({ allowed: z.boolean(), reason: words }),
  mounts: z.array(
    z.object({
      id: z.string(),
      entry: z.string(),
      source: z.string(),
      sourceTitle: words,
      version: z.number(),
      state: z.enum(mountStates),
      cause: words.nullable(),
      freshUntil: z.string().nullable(),
      probedAt: z.string().nullable(),
      items: z.record(z.string(), z.string()),
    }),
  ),
  steps: z.array(
    z.object({ id: z.string(), title: words, opinion: z.enum(['required', 'optional']), allowed: z.boolean(), reason: words }),
  ),
  history: z.array(
    z.object({
      seq: z.number(),
      step: z.string(),
      title: words,
      from: words,
      to: words,
      actor: z.string(),
      opinion: z.string(),
      at: z.string(),
    }),
  ),
  versions: z.array(z.object({ version: z.number(), digest: z.string(), actor: z.string(), at: z.string() })),
});
const rate = z.object({ numerator: z.number(), rate: z.number().nullable() });
const params = z.object({ id: idSchema });
const stored = z.object({ version: z.number(), changed: z.boolean() });

/** Adds the routes. `template` makes resource codes. */
export function catalogRoutes(door: Door, kernel: Kernel, template: string): void {
  door.route({
    method: 'GET',
    url: '/api/catalog/entries',
    tag: 'catalog',
    permission: 'signed-in',
    summary: { zh: '查找目录', en: 'Find entries' },
    query: sortedPage(entrySorts).extend({
      q: textFilter,
      department: idSchema.optional(),
      state: idSchema.optional(),
      mount: mountState.optional(),
      shareType: z.enum(['1', '2', '3']).optional(),
    }),
    reply: pageOf(listed),
    handle: ({ query, actor }) => listEntries(kernel, actor, query),
  });
  door.route({
    method: 'GET',
    url: '/api/catalog/entries/:id',
    tag: 'catalog',
    permission: 'signed-in',
    summary: { zh: '一条目录', en: 'One entry' },
    params,
    reply: page,
    handle: ({ params, actor }) => entryPage(kernel, actor, params.id),
  });
  door.route({
    method: 'PUT',
    url: '/api/catalog/entries/:id',
    tag: 'catalog',
    permission: { action: 'entry.edit' },
    summary: { zh: '编制目录', en: 'Store an entry' },
    params,
    body: z.looseObject({}),
    reply: stored,
    handle: ({ params, body, actor }) => putEntry(kernel, actor, params.id, body),
  });
  door.route({
    method: 'POST',
    url: '/api/catalog/entries/:id/steps',
    tag: 'catalog',
    permission: { action: 'entry.step' },
    summary: { zh: '办理目录', en: 'Take a step on an entry' },
    params,
    body: z.object({ step: idSchema, opinion: z.string().max(1000).default(''), version: z.int().optional() }),
    reply: z.object({ state: z.string(), code: z.string().nullable() }),
    handle: ({ params, body, actor }) =>
      takeEntryStep(kernel, actor, params.id, { step: body.step, opinion: body.opinion, seen: body.version }, template),
  });
  door.route({
    method: 'PUT',
    url: '/api/catalog/mounts/:id',
    tag: 'catalog',
    permission: { action: 'mount.edit' },
    summary: { zh: '挂接目录', en: 'Mount an entry on a source' },
    params,
    body: z.looseObject({}),
    reply: stored,
    handle: ({ params, body, actor }) => putMount(kernel, actor, params.id, body),
  });
  door.route({
    method: 'GET',
    url: '/api/catalog/mount-rate',
    tag: 'catalog',
    permission: 'signed-in',
    summary: { zh: '挂接率', en: 'The mount rate' },
    reply: z.object({
      definition: z.object({ id: z.string(), zh: z.string(), en: z.string() }),
      asOf: z.string(),
      oldestProbe: z.string().nullable(),
      denominator: z.number(),
      live: rate,
      nominal: rate,
      byState: z.object({
        bound: z.number(),
        stale: z.number(),
        drifted: z.number(),
        broken: z.number(),
        unknown: z.number(),
        none: z.number(),
      }),
    }),
    handle: () => mountRate(kernel),
  });
}
