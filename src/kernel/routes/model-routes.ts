/** Models: reading them, editing them in the console, and planning and applying what the code brings. */
import { z } from 'zod';
import { idSchema, type ModelKind, modelKinds, titleSchema } from '#declare';
import { inForce } from '#declare/expr/index';
import { says } from '../db/listing.ts';
import { apply, type CodeModels, plan } from '../documents/plan.ts';
import { ordinal, pageOf, pageQuery, textFilter } from '../http/page.ts';
import type { Door } from '../http/server.ts';
import type { Kernel } from '../stage.ts';

const kind = z.enum(modelKinds);
const head = z.object({
  kind,
  id: z.string(),
  version: z.number(),
  digest: z.string(),
  origin: z.enum(['code', 'console']),
  actor: z.string(),
  at: z.string(),
});
const listed = head.extend({ title: titleSchema });
const change = z.object({ kind, id: z.string(), change: z.enum(['add', 'change', 'same', 'fork']) });
const models = z.object(
  Object.fromEntries(modelKinds.map((k) => [k, z.array(z.looseObject({ id: z.string() }))])) as Record<
    ModelKind,
    z.ZodArray<z.ZodObject<{ id: z.ZodString }>>
  >,
);

/** Adds the routes. */
export function modelRoutes(door: Door, kernel: Kernel): void {
  const { documents, db, facts } = kernel;
  door.route({
    method: 'GET',
    url: '/api/documents/:kind',
    tag: 'models',
    permission: { action: 'model.read' },
    summary: { zh: '一类模型', en: 'Models of a kind' },
    params: z.object({ kind }),
    query: pageQuery.extend({ q: z.string().max(100).optional() }),
    reply: pageOf(listed),
    handle: async ({ params, query }) => {
      const snapshot = await documents.snapshot();
      const found = snapshot
        .list(params.kind)
        .filter(
          (d) =>
            !query.q || d.id.includes(query.q) || d.title.zh.includes(query.q) || d.title.en?.toLowerCase().includes(query.q.toLowerCase()),
        );
      const page = found.slice(query.offset, query.offset + query.limit);
      return {
        count: found.length,
        rows: page.flatMap((d) => {
          const h = snapshot.head(params.kind, d.id);
          return h ? [{ ...h, kind: params.kind, title: d.title }] : [];
        }),
      };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/documents/:kind/:id',
    tag: 'models',
    permission: { action: 'model.read' },
    summary: { zh: '一个模型', en: 'One model' },
    params: z.object({ kind, id: z.string() }),
    query: z.object({ version: ordinal.optional() }),
    reply: z.object({ head: head.nullable(), body: z.unknown() }),
    handle: async ({ params, query }) => {
      const snapshot = await documents.snapshot();
      const now = snapshot.head(params.kind, params.id);
      const body =
        query.version === undefined ? snapshot.get(params.kind, params.id) : await documents.version(params.kind, params.id, query.version);
      return { head: now ? { ...now, kind: params.kind } : null, body };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/code-lists/:id',
    tag: 'models',
    permission: 'signed-in',
    summary: {
      zh: '代码集：现行代码及其含义；按代码查时也查已停用的',
      en: 'A code list: the codes in force and what they mean; asked by code, also those that were',
    },
    params: z.object({ id: idSchema }),
    query: pageQuery.extend({ code: z.string().max(63).optional(), q: textFilter }),
    reply: pageOf(z.object({ code: z.string(), title: titleSchema })).extend({ title: titleSchema, basis: z.string() }),
    // A list of a standard is nobody's secret: whoever is answered with a code may know the word for it.
    handle: async ({ params, query }) => {
      const snapshot = await documents.snapshot();
      const { title, basis } = snapshot.get('code-list', params.id);
      const today = kernel.clock.today();
      const found = snapshot
        .codeList(params.id)
        .filter((i) => (query.code ? i.code === query.code : inForce(i, today)) && says(query.q, i.code, i.title.zh, i.title.en));
      const rows = found.slice(query.offset, query.offset + query.limit).map((i) => ({ code: i.code, title: { ...i.title } }));
      return { title: { ...title }, basis, count: found.length, rows };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/documents/:kind/:id/history',
    tag: 'models',
    permission: { action: 'model.read' },
    summary: { zh: '版本', en: 'Versions' },
    params: z.object({ kind, id: z.string() }),
    reply: z.array(head),
    handle: async ({ params }) => (await documents.history(params.kind, params.id)).map((h) => ({ ...h, kind: params.kind })),
  });
  door.route({
    method: 'PUT',
    url: '/api/documents/:kind/:id',
    tag: 'models',
    permission: { action: 'model.edit' },
    summary: { zh: '在控制台修改模型（成为分支）', en: 'Edit a model in the console (it becomes a fork)' },
    params: z.object({ kind: kind.exclude(['service']), id: z.string() }),
    body: z.looseObject({}),
    reply: z.object({ version: z.number(), changed: z.boolean() }),
    handle: async ({ params, body, actor }) =>
      db.transaction(async (tx) => {
        const { version, changed } = await documents.put(
          tx,
          params.kind,
          { ...body, id: params.id },
          { origin: 'console', actor: actor.user },
        );
        if (changed)
          await facts.publish(tx, {
            name: 'model-changed',
            about: `${params.kind}:${params.id}`,
            actor: actor.user,
            body: { version, origin: 'console' },
          });
        return { version, changed };
      }),
  });
  door.route({
    method: 'POST',
    url: '/api/plan',
    tag: 'models',
    permission: { action: 'model.apply' },
    summary: { zh: '代码与现行模型的差异', en: 'What applying the code would change' },
    body: models,
    reply: z.array(change),
    handle: async ({ body }) => [...(await plan(documents, body as unknown as CodeModels))],
  });
  door.route({
    method: 'POST',
    url: '/api/apply',
    tag: 'models',
    permission: { action: 'model.apply' },
    summary: { zh: '应用代码中的模型', en: 'Apply the models of the code' },
    body: models,
    // All models of the code at once; an expression of an element alone may take a megabyte.
    bodyLimit: 16 * 1024 * 1024,
    reply: z.array(change),
    handle: async ({ body, actor }) => {
      const done = await apply(db, documents, body as unknown as CodeModels, actor.user);
      await db.transaction(async (tx) => {
        for (const c of done.filter((d) => d.change === 'add' || d.change === 'change'))
          await facts.publish(tx, {
            name: 'model-changed',
            about: `${c.kind}:${c.id}`,
            actor: actor.user,
            body: { change: c.change, origin: 'code' },
          });
      });
      return [...done];
    },
  });
}
