/** Addresses of services. */
import { z } from 'zod';
import {
  type DocumentOf,
  fieldNameSchema,
  fieldsUnder,
  fieldTypeSchema,
  idSchema,
  maskOf,
  sensitivitySchema,
  type Title,
  titleSchema,
} from '#declare';
import { pageOfAll, says } from '#kernel/db/listing';
import type { Snapshot } from '#kernel/documents/documents';
import { pageOf, sortedPage, textFilter } from '#kernel/http/page';
import type { Door } from '#kernel/http/server';
import type { Kernel } from '#kernel/stage';
import { putService } from './services.ts';
import { noticesOn, type ShareTerms, shareTermsOf } from './standing-on.ts';
import { maskSample, maskWords, namesOf, saidSchema } from './words.ts';

/** An expression tree as it leaves: plain data or null; its schema reads only. */
const tree = z.unknown();
const on = z.union([z.object({ library: idSchema }), z.object({ table: idSchema })]);
const published = z.object({ version: z.number(), rows: z.number(), at: z.string() });
const listed = z.object({
  id: z.string(),
  title: titleSchema,
  department: z.string(),
  on,
  onTitle: titleSchema,
  version: z.number(),
  origin: z.enum(['code', 'console']),
  limit: z.number(),
  /** The strictest of the entries its fields come from: 1 unconditional, 2 conditional, 3 not shared. */
  shareType: z.enum(['1', '2', '3']),
  /** The entry that this is said by; nothing where a table has none, which counts as conditional. */
  entry: z.object({ id: z.string(), title: titleSchema, shareCondition: z.string() }).nullable(),
  keys: z.array(z.string()),
  published: published.nullable(),
});
const field = z.object({
  field: fieldNameSchema,
  title: titleSchema,
  element: z.string(),
  /** The code list its values are of. */
  codeList: z.string().nullable(),
  type: fieldTypeSchema,
  sensitivity: sensitivitySchema,
});
const detail = listed.extend({
  /** The notices told with every answer. */
  notices: z.array(z.object({ zh: z.string(), en: z.string() })),
  keyFields: z.array(field),
  returns: z.array(
    field.extend({ mask: saidSchema.nullable(), maskExact: saidSchema.nullable(), maskExpr: tree, shownBecause: z.string().nullable() }),
  ),
  body: z.unknown(),
});
const params = z.object({ id: idSchema });
/** Orders of the list. */
const serviceSorts = {
  title: (s: DocumentOf<'service'>) => s.title.zh,
  department: (s: DocumentOf<'service'>) => s.department,
};

/** Adds the routes. */
export function serviceRoutes(door: Door, kernel: Kernel): void {
  const { db, documents } = kernel;
  door.route({
    method: 'GET',
    url: '/api/share/services',
    tag: 'share',
    permission: { action: 'share.service.read' },
    summary: { zh: '服务', en: 'Services' },
    query: sortedPage(serviceSorts).extend({ q: textFilter, department: idSchema.optional() }),
    reply: pageOf(listed),
    handle: async ({ query }) => {
      const snapshot = await documents.snapshot();
      const found = snapshot
        .list('service')
        .filter((s) => (!query.department || s.department === query.department) && says(query.q, s.id, s.title.zh, s.title.en));
      const { rows, count } = pageOfAll(found, serviceSorts, query);
      return { count, rows: await Promise.all(rows.map((s) => describe(kernel, s, snapshot))) };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/share/services/:id',
    tag: 'share',
    permission: { action: 'share.service.read' },
    summary: { zh: '一个服务', en: 'One service' },
    params,
    reply: detail,
    handle: async ({ params }) => {
      const snapshot = await documents.snapshot();
      const service = snapshot.get('service', params.id);
      const fields = fieldsUnder(service, snapshot.find) ?? [];
      const names = namesOf(fields, snapshot);
      const seen = (name: string) =>
        fields
          .filter((f) => f.name === name)
          .map((f) => ({
            field: f.name,
            title: f.title,
            element: f.element,
            codeList: snapshot.find('element', f.element)?.codeList ?? null,
            type: f.type,
            sensitivity: f.sensitivity,
          }));
      const returns = service.returns.flatMap((r) =>
        seen(r.field).map((f) => {
          const mask = maskOf(r.show, snapshot.get('element', f.element));
          return {
            ...f,
            mask: maskSample(mask, f, snapshot, kernel.clock.today()),
            maskExact: maskWords(mask, names),
            maskExpr: mask,
            shownBecause: typeof r.show === 'object' && 'shown' in r.show ? r.show.shown : null,
          };
        }),
      );
      return {
        ...(await describe(kernel, service, snapshot)),
        notices: await noticesOn(db, service.on, snapshot),
        keyFields: service.keys.flatMap(seen),
        returns,
        body: service,
      };
    },
  });
  door.route({
    method: 'PUT',
    url: '/api/share/services/:id',
    tag: 'share',
    permission: { action: 'share.service.edit' },
    summary: { zh: '设立或修改服务', en: 'Set up or change a service' },
    params,
    body: z.looseObject({}),
    reply: z.object({ version: z.number(), changed: z.boolean() }),
    handle: ({ params, body, actor }) =>
      db.transaction((tx) => putService(kernel, tx, { form: 1, kind: 'query', ...body, id: params.id }, actor)),
  });
}

async function describe(kernel: Kernel, service: DocumentOf<'service'>, snapshot: Snapshot): Promise<z.input<typeof listed>> {
  const head = snapshot.head('service', service.id);
  const terms: ShareTerms = await shareTermsOf(kernel.db, kernel.review, service, snapshot);
  const published = await kernel.db.first<{ version: number; rows: number; at: string }>(
    'select version, rows, at::text as at from share.published where service = $1 and version = $2',
    [service.id, head?.version],
  );
  return {
    id: service.id,
    title: service.title,
    department: service.department,
    on: service.on,
    onTitle: titleOf(service.on, snapshot),
    version: head?.version ?? 1,
    origin: head?.origin ?? 'code',
    limit: service.limit,
    shareType: terms.shareType,
    entry: terms.entry ? { id: terms.entry.id, title: terms.entry.title, shareCondition: terms.entry.shareCondition } : null,
    keys: service.keys,
    published: published ?? null,
  };
}

/** The library, or the source whose table it is. */
function titleOf(on: DocumentOf<'service'>['on'], snapshot: Snapshot): Title {
  if ('library' in on) return snapshot.find('library', on.library)?.title ?? { zh: on.library };
  const binding = snapshot.find('binding', on.table);
  return (binding && snapshot.find('source', binding.source)?.title) ?? { zh: on.table };
}
