/** Addresses of requests. */
import { z } from 'zod';
import { type DocumentOf, daySchema, fieldNameSchema, fieldsUnder, idSchema, requestSchema, titleSchema, workingDays } from '#declare';
import { exprSchema } from '#declare/expr/index';
import type { Snapshot } from '#kernel/documents/documents';
import { dueSchema, pageOf, sortedPage, textFilter } from '#kernel/http/page';
import type { Door } from '#kernel/http/server';
import type { Actor } from '#kernel/policy/policy';
import type { Kernel } from '#kernel/stage';
import { dueOn } from '#kernel/waiting';
import {
  changeRequest,
  type ListedRequest,
  listedRequest,
  listRequests,
  requestSorts,
  reviewed,
  stepRequest,
  submitRequest,
} from './requests.ts';
import { filterWords, namesOf, saidSchema, servicesNamed } from './words.ts';

/** An expression tree as it leaves: plain data or null; its schema reads only. */
const tree = z.unknown();
const asked = requestSchema
  .pick({ service: true, purpose: true, legalBasis: true, scene: true, fields: true, rowFilter: true, until: true, contact: true })
  .extend({ rowFilter: exprSchema.nullable().default(null) });
const listed = z.object({
  id: z.string(),
  service: z.string(),
  serviceTitle: titleSchema,
  consumer: z.string(),
  provider: z.string(),
  purpose: z.string(),
  until: daySchema,
  madeBy: z.string(),
  madeAt: z.string(),
  state: z.string(),
  stateTitle: titleSchema,
  tone: z.string(),
  since: z.string(),
  grant: z.string().nullable(),
  /** Until when its state may last; nothing where no clause limits it. */
  due: dueSchema.nullable(),
});
const detail = listed.extend({
  /** The version of the request itself: whoever takes a step says which one they looked at. */
  version: z.number(),
  serviceVersion: z.number(),
  legalBasis: z.string(),
  scene: z.string(),
  contact: z.string(),
  fields: z.array(z.object({ field: fieldNameSchema, title: titleSchema })),
  rowFilter: tree,
  rowFilterWords: saidSchema.nullable(),
  shareType: z.string(),
  offered: z.array(
    z.object({ id: z.string(), title: titleSchema, opinion: z.enum(['required', 'optional']), allowed: z.boolean(), reason: titleSchema }),
  ),
  history: z.array(
    z.object({
      seq: z.number(),
      step: z.string(),
      title: titleSchema,
      from: z.string(),
      to: z.string(),
      actor: z.string(),
      opinion: z.string(),
      at: z.string(),
    }),
  ),
});
const params = z.object({ id: idSchema });

/** Adds the routes. */
export function requestRoutes(door: Door, kernel: Kernel): void {
  const { db, documents, policy } = kernel;
  const requestFor = async (id: string, actor: Actor, action: string): Promise<DocumentOf<'request'>> => {
    const request = (await documents.snapshot()).get('request', id);
    policy.demand(actor, action, [request.department, request.provider]);
    return request;
  };
  const describe = async (id: string, actor: Actor): Promise<z.input<typeof detail>> => {
    const snapshot = await documents.snapshot();
    const request = snapshot.get('request', id);
    const service = snapshot.get('service', request.service);
    const row = await listedRequest(db, id);
    const thing = await reviewed(kernel, db, request, snapshot);
    const fields = fieldsUnder(service, snapshot.find) ?? [];
    const state = await stateOf(id);
    return {
      id,
      version: snapshot.head('request', id)?.version ?? 1,
      service: service.id,
      serviceTitle: service.title,
      serviceVersion: request.serviceVersion,
      consumer: request.department,
      provider: request.provider,
      purpose: request.purpose,
      legalBasis: request.legalBasis,
      scene: request.scene,
      contact: request.contact,
      until: request.until,
      madeBy: row?.madeBy ?? '',
      madeAt: row?.madeAt ?? '',
      state: row?.state ?? '',
      since: row?.since ?? '',
      grant: row?.grant ?? null,
      due: row ? dueOf(row, snapshot) : null,
      ...state,
      fields: request.fields.map((f) => ({ field: f, title: fields.find((s) => s.name === f)?.title ?? { zh: f } })),
      rowFilter: request.rowFilter,
      rowFilterWords: filterWords(request.rowFilter, namesOf(fields, snapshot)),
      shareType: thing.facts['shareType'] ?? '2',
      offered: [...(await kernel.review.offered(db, thing, actor))],
      history: [...(await kernel.review.history(db, thing.about))],
    };
  };
  const dueOf = ({ days, stateUntil }: Pick<ListedRequest, 'days' | 'stateUntil'>, snapshot: Snapshot): z.input<typeof dueSchema> | null =>
    days === null ? null : dueOn(workingDays(snapshot.list('calendar')), kernel.clock.today(), { days, until: stateUntil });
  /** The state's own words, from the version of the process the request began under. */
  const stateOf = async (id: string): Promise<{ stateTitle: { zh: string; en?: string | undefined }; tone: string }> => {
    const standing = await kernel.review.standing(db, `request:${id}`);
    const process = standing && (await documents.version('process', standing.process, standing.version));
    const state = process?.states.find((s) => s.id === standing?.state);
    return { stateTitle: state?.title ?? { zh: standing?.state ?? '' }, tone: state?.tone ?? 'neutral' };
  };

  door.route({
    method: 'GET',
    url: '/api/share/requests',
    tag: 'share',
    permission: { action: 'share.request.read' },
    summary: { zh: '共享申请', en: 'Requests' },
    query: sortedPage(requestSorts).extend({
      state: idSchema.optional(),
      service: idSchema.optional(),
      department: idSchema.optional(),
      q: textFilter,
      from: daySchema.optional(),
      to: daySchema.optional(),
    }),
    reply: pageOf(listed),
    handle: async ({ query, actor }) => {
      const snapshot = await documents.snapshot();
      const { rows, count } = await listRequests(db, policy.filter(actor, 'share.request.read'), query, servicesNamed(snapshot, query.q));
      return {
        count,
        rows: await Promise.all(
          rows.map(async (r) => {
            const request = snapshot.get('request', r.id);
            return {
              ...r,
              ...(await stateOf(r.id)),
              serviceTitle: snapshot.find('service', r.service)?.title ?? { zh: r.service },
              due: dueOf(r, snapshot),
              purpose: request.purpose,
              until: request.until,
            };
          }),
        ),
      };
    },
  });
  door.route({
    method: 'POST',
    url: '/api/share/requests',
    tag: 'share',
    permission: { action: 'share.request.submit' },
    summary: { zh: '提交共享申请', en: 'Submit a request' },
    body: asked,
    reply: detail,
    handle: async ({ body, actor }) => {
      policy.demand(actor, 'share.request.submit', [actor.department]);
      const request = await db.transaction((tx) => submitRequest(kernel, tx, body, actor));
      return describe(request.id, actor);
    },
  });
  door.route({
    method: 'GET',
    url: '/api/share/requests/:id',
    tag: 'share',
    permission: { action: 'share.request.read' },
    summary: { zh: '一份共享申请', en: 'One request' },
    params,
    reply: detail,
    handle: async ({ params, actor }) => {
      await requestFor(params.id, actor, 'share.request.read');
      return describe(params.id, actor);
    },
  });
  door.route({
    method: 'PUT',
    url: '/api/share/requests/:id',
    tag: 'share',
    permission: { action: 'share.request.submit' },
    summary: { zh: '修改被退回或取回的申请', en: 'Change a request that was returned or taken back' },
    params,
    body: asked,
    reply: detail,
    handle: async ({ params, body, actor }) => {
      const request = (await documents.snapshot()).get('request', params.id);
      policy.demand(actor, 'share.request.submit', [request.department]);
      await db.transaction((tx) => changeRequest(kernel, tx, request, body, actor));
      return describe(params.id, actor);
    },
  });
  door.route({
    method: 'POST',
    url: '/api/share/requests/:id/steps',
    tag: 'share',
    permission: { action: 'share.request.step' },
    summary: { zh: '办理共享申请', en: 'Take a step on a request' },
    params,
    body: z.object({ step: idSchema, opinion: z.string().max(1000).default(''), version: z.int().optional() }),
    reply: detail,
    handle: async ({ params, body, actor }) => {
      await requestFor(params.id, actor, 'share.request.step');
      await db.transaction((tx) =>
        stepRequest(kernel, tx, params.id, { step: body.step, opinion: body.opinion, seen: body.version }, actor),
      );
      return describe(params.id, actor);
    },
  });
}
