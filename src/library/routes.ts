/** The addresses of the libraries. */
import { z } from 'zod';
import { editionNotices } from '#collect';
import { idSchema, sensitivitySchema } from '#declare';
import { pageOfAll, says } from '#kernel/db/listing';
import { pageOf, pageQuery, sortedPage, textFilter } from '#kernel/http/page';
import type { Door } from '#kernel/http/server';
import type { Kernel } from '#kernel/stage';
import { queueBuild } from './jobs.ts';
import { overviewOf } from './overview.ts';
import { findRecords, readRecord } from './records.ts';

const words = z.object({ zh: z.string(), en: z.string() });
const id = z.object({ id: z.string().max(63) });
const libraryState = z.enum(['empty', 'building', 'behind', 'good']);
const overview = z.object({
  id: z.string(),
  title: words,
  entity: words,
  basis: z.string(),
  strongKey: z.string(),
  /** Records. */
  entities: z.number(),
  /** Values given by the sources. */
  claims: z.number(),
  /** Current source rows that speak of a record. */
  members: z.number(),
  /** Contested records over all fields whose sources differ, and those they are counted among. */
  disagreeing: z.number(),
  contested: z.number(),
  /** Strong keys that one source has in several rows, over all sources: the newest row speaks, whole. */
  repeated: z.number(),
  /** Oldest of the deliveries it stands on, null before the first build. */
  asOf: z.string().nullable(),
  builtAt: z.string().nullable(),
  state: libraryState,
});
const detail = overview.extend({
  /** The notices told with everything that comes from it. */
  notices: z.array(words),
  fields: z.array(
    z.object({
      name: z.string(),
      title: words,
      element: z.string(),
      type: z.string(),
      sensitivity: sensitivitySchema,
      isStrongKey: z.boolean(),
      trust: z.array(z.object({ table: z.string(), title: words })),
      claimed: z.number(),
      contested: z.number(),
      disagreeing: z.number(),
    }),
  ),
  feeds: z.array(
    z.object({
      table: z.string(),
      title: words,
      department: z.string().nullable(),
      fields: z.array(z.string()),
      batch: z.number().nullable(),
      ordinal: z.number().nullable(),
      landedAt: z.string().nullable(),
      rows: z.number().nullable(),
      /** Records of which the table has several rows. */
      repeated: z.number().nullable(),
    }),
  ),
  masking: words,
});
const origin = z.object({
  table: z.string(),
  tableTitle: words,
  department: z.string().nullable(),
  ordinal: z.number(),
  row: z.number(),
  landedAt: z.string().nullable(),
});
const recordField = z.object({
  name: z.string(),
  title: words,
  sensitivity: sensitivitySchema,
  /** The code list its values are of. */
  codeList: z.string().nullable(),
  value: z.string().nullable(),
  origin: origin.nullable(),
  rule: words,
  /** What the other sources say, and older rows of the same one: those are set aside. */
  others: z.array(z.object({ value: z.string().nullable(), origin, aside: z.boolean() })),
});

/** Orders of the list. */
const librarySorts = {
  title: (l: z.input<typeof overview>) => l.title.zh,
  state: (l: z.input<typeof overview>) => l.state,
  entities: (l: z.input<typeof overview>) => l.entities,
  members: (l: z.input<typeof overview>) => l.members,
  disagreeing: (l: z.input<typeof overview>) => l.disagreeing,
  asOf: (l: z.input<typeof overview>) => l.asOf,
};

/** Adds the routes. */
export function libraryRoutes(door: Door, kernel: Kernel): void {
  const { db, documents, policy } = kernel;
  door.route({
    method: 'GET',
    url: '/api/library/libraries',
    tag: 'library',
    permission: { action: 'library.list' },
    summary: { zh: '库', en: 'Libraries' },
    query: sortedPage(librarySorts).extend({ q: textFilter, state: libraryState.optional() }),
    reply: pageOf(overview),
    handle: async ({ query }) => {
      const snapshot = await documents.snapshot();
      const named = snapshot
        .list('library')
        .filter((l) => says(query.q, l.id, l.title.zh, l.title.en))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const all = await Promise.all(named.map((l) => overviewOf(kernel, snapshot, l.id)));
      return pageOfAll(
        all.filter((l) => !query.state || l.state === query.state),
        librarySorts,
        query,
      );
    },
  });
  door.route({
    method: 'GET',
    url: '/api/library/libraries/:id',
    tag: 'library',
    permission: { action: 'library.list' },
    summary: { zh: '一个库', en: 'One library' },
    params: id,
    reply: detail,
    handle: async ({ params }) => {
      const snapshot = await documents.snapshot();
      const shown = await overviewOf(kernel, snapshot, params.id);
      const sources = shown.feeds.flatMap((f) => snapshot.find('binding', f.table)?.source ?? []);
      return { ...shown, notices: await editionNotices(kernel.db, snapshot, sources) };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/library/libraries/:id/records',
    tag: 'library',
    permission: { action: 'library.read' },
    summary: { zh: '库的记录（脱敏）', en: 'Records of a library (masked)' },
    params: id,
    query: pageQuery.extend({ field: z.string().max(63).optional(), value: z.string().max(500).optional(), repeated: idSchema.optional() }),
    reply: pageOf(z.object({ entity: z.string(), values: z.record(z.string(), z.string().nullable()) })),
    handle: ({ params, query, actor }) => findRecords(kernel, actor, params.id, query),
  });
  door.route({
    method: 'GET',
    url: '/api/library/libraries/:id/records/:entity',
    tag: 'library',
    permission: { action: 'library.read' },
    summary: { zh: '一条记录及其来历', en: 'One record and where it comes from' },
    params: id.extend({ entity: z.string().max(64) }),
    reply: z.object({ entity: z.string(), masked: z.boolean(), fields: z.array(recordField) }),
    handle: ({ params, actor }) => readRecord(kernel, actor, params.id, params.entity),
  });
  door.route({
    method: 'POST',
    url: '/api/library/libraries/:id/build',
    tag: 'library',
    permission: { action: 'library.build' },
    summary: { zh: '重建库', en: 'Build again' },
    params: id,
    reply: z.object({ run: z.string() }),
    handle: async ({ params, actor }) => {
      policy.demand(actor, 'library.build', []);
      await overviewOf(kernel, await documents.snapshot(), params.id);
      return { run: await db.transaction((tx) => queueBuild(kernel, tx, params.id, actor.user, true)) };
    },
  });
}
