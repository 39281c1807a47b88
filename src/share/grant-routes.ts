/** Addresses of grants, their keys and their use. */
import { z } from 'zod';
import { daySchema, fieldNameSchema, fieldsUnder, idSchema, sensitivitySchema, titleSchema } from '#declare';
import { documentNamed } from '#kernel/documents/kind-title';
import { Refusal } from '#kernel/errors';
import { pageOf, sortedPage, textFilter } from '#kernel/http/page';
import type { Door } from '#kernel/http/server';
import type { Actor } from '#kernel/policy/policy';
import type { Kernel } from '#kernel/stage';
import { type GrantState, grantSorts, grantState, listGrants, revokeGrant, standingOf } from './grants.ts';
import { deleteKey, keyById, keysOf, makeKey } from './keys.ts';
import { shownFields } from './shown.ts';
import { usageOf, usageSorts } from './usage.ts';
import { filterWords, grantWords, maskSample, maskWords, namesOf, saidSchema, servicesNamed } from './words.ts';

/** An expression tree as it leaves: plain data or null; its schema reads only. */
const tree = z.unknown();
const standing = z.enum(['live', 'revoked', 'expired', 'future']);
const listed = z.object({
  id: z.string(),
  request: z.string(),
  service: z.string(),
  serviceTitle: titleSchema,
  serviceVersion: z.number(),
  consumer: z.string(),
  provider: z.string(),
  validFrom: daySchema,
  validTo: daySchema,
  standing,
  madeBy: z.string(),
  madeAt: z.string(),
  revokedAt: z.string().nullable(),
  revokedBy: z.string().nullable(),
  revokedBecause: z.string().nullable(),
});
const key = z.object({ id: z.string(), grant: z.string(), name: z.string(), madeBy: z.string(), madeAt: z.string() });
const counts = { calls: z.number(), rows: z.number(), bytes: z.number(), refused: z.number() };
const detail = listed.extend({
  purpose: z.string(),
  legalBasis: z.string(),
  sentence: saidSchema,
  digest: z.string(),
  /** The platform's own seal; it is no department's signature. */
  seal: z.object({ platform: z.string() }),
  fields: z.array(
    z.object({
      field: fieldNameSchema,
      title: titleSchema,
      sensitivity: sensitivitySchema,
      mask: saidSchema.nullable(),
      maskExact: saidSchema.nullable(),
      narrowed: z.boolean(),
    }),
  ),
  rowFilter: tree,
  rowFilterWords: saidSchema.nullable(),
  keys: z.array(key),
  usage: z.object(counts),
  offered: z.array(z.object({ action: z.string(), title: titleSchema, allowed: z.boolean(), reason: titleSchema })),
});
const params = z.object({ id: idSchema });

/** Adds the routes. */
export function grantRoutes(door: Door, kernel: Kernel): void {
  const { db, documents, policy, clock } = kernel;
  const grantFor = async (
    id: string,
    actor: Actor,
    action: string,
    departments: (g: GrantState) => readonly string[],
  ): Promise<GrantState> => {
    const grant = await grantState(db, id);
    if (!grant) throw new Refusal('DOCUMENT_NOT_FOUND', documentNamed('grant', id));
    policy.demand(actor, action, departments(grant));
    return grant;
  };
  const both = (g: GrantState): readonly string[] => [g.consumer, g.provider];

  const describe = async (state: GrantState, actor: Actor): Promise<z.input<typeof detail>> => {
    const snapshot = await documents.snapshot();
    const grant = snapshot.get('grant', state.id);
    const service = await documents.version('service', grant.service, grant.serviceVersion);
    const names = namesOf(fieldsUnder(service, snapshot.find) ?? [], snapshot);
    const shown = shownFields(grant, service, snapshot.find);
    const departments = new Map((await kernel.identity.departments()).map((d) => [d.id, { zh: d.title, en: d.titleEn }]));
    const titles = {
      consumer: departments.get(grant.consumer) ?? { zh: grant.consumer },
      provider: departments.get(grant.provider) ?? { zh: grant.provider },
      service: service.title,
    };
    const usage = await usageOf(db, policy.filter(actor, 'share.usage.read'), { grant: grant.id, limit: 1, offset: 0 });
    const how = standingOf(state, clock.today());
    const offer = (action: string, department: string, over: boolean) => {
      const verdict = policy.decide(actor, action, [department]);
      const ended = { zh: '授权已经结束', en: 'the grant is over' };
      return {
        action,
        title: policy.actions()[action]?.title ?? { zh: action },
        allowed: verdict.allowed && !over,
        reason: verdict.allowed && over ? ended : verdict.reason,
      };
    };
    const samples = shown.map((s) => maskSample(s.mask, s.field, snapshot, clock.today()));
    return {
      ...state,
      serviceTitle: service.title,
      standing: how,
      purpose: grant.purpose,
      legalBasis: grant.legalBasis,
      sentence: grantWords(grant, shown, names, samples, titles),
      fields: shown.map((s, i) => ({
        field: s.field.name,
        title: s.field.title,
        sensitivity: s.field.sensitivity,
        mask: samples[i] ?? null,
        maskExact: maskWords(s.mask, names),
        narrowed: s.narrowed,
      })),
      rowFilter: grant.rowFilter,
      rowFilterWords: filterWords(grant.rowFilter, names),
      keys: await keysOf(db, grant.id),
      usage: usage.total,
      offered: [
        offer('share.grant.revoke', grant.provider, how === 'revoked'),
        offer('share.key.manage', grant.consumer, how === 'revoked' || how === 'expired'),
      ],
    };
  };

  door.route({
    method: 'GET',
    url: '/api/share/grants',
    tag: 'share',
    permission: { action: 'share.grant.read' },
    summary: { zh: '授权', en: 'Grants' },
    query: sortedPage(grantSorts).extend({
      service: idSchema.optional(),
      department: idSchema.optional(),
      standing: standing.optional(),
      q: textFilter,
      from: daySchema.optional(),
      to: daySchema.optional(),
    }),
    reply: pageOf(listed),
    handle: async ({ query, actor }) => {
      const snapshot = await documents.snapshot();
      const { rows, count } = await listGrants(db, policy.filter(actor, 'share.grant.read'), query, {
        services: servicesNamed(snapshot, query.q),
        today: clock.today(),
      });
      return {
        count,
        rows: rows.map((g) => ({
          ...g,
          serviceTitle: snapshot.find('service', g.service)?.title ?? { zh: g.service },
          standing: standingOf(g, clock.today()),
        })),
      };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/share/grants/:id',
    tag: 'share',
    permission: { action: 'share.grant.read' },
    summary: { zh: '一份授权', en: 'One grant' },
    params,
    reply: detail,
    handle: async ({ params, actor }) => describe(await grantFor(params.id, actor, 'share.grant.read', both), actor),
  });
  door.route({
    method: 'POST',
    url: '/api/share/grants/:id/revoke',
    tag: 'share',
    permission: { action: 'share.grant.revoke' },
    summary: { zh: '撤销授权（立即生效）', en: 'Revoke a grant (at once)' },
    params,
    body: z.object({ reason: z.string().trim().min(2).max(500) }),
    reply: detail,
    handle: async ({ params, body, actor }) => {
      const grant = await grantFor(params.id, actor, 'share.grant.revoke', (g) => [g.provider]);
      await db.transaction((tx) => revokeGrant(kernel, tx, grant, actor.user, body.reason));
      return describe((await grantState(db, grant.id)) ?? grant, actor);
    },
  });
  door.route({
    method: 'GET',
    url: '/api/share/grants/:id/keys',
    tag: 'share',
    permission: { action: 'share.grant.read' },
    summary: { zh: '授权的密钥', en: 'Keys of a grant' },
    params,
    reply: z.array(key),
    handle: async ({ params, actor }) => keysOf(db, (await grantFor(params.id, actor, 'share.grant.read', both)).id),
  });
  door.route({
    method: 'POST',
    url: '/api/share/grants/:id/keys',
    tag: 'share',
    permission: { action: 'share.key.manage' },
    summary: { zh: '生成密钥（只显示一次）', en: 'Make a key (shown once)' },
    params,
    body: z.object({ name: z.string().trim().min(1).max(60).default('默认') }),
    reply: key.extend({ secret: z.string() }),
    handle: async ({ params, body, actor }) => {
      const grant = await grantFor(params.id, actor, 'share.key.manage', (g) => [g.consumer]);
      return db.transaction((tx) => makeKey(kernel, tx, grant, body.name, actor.user));
    },
  });
  door.route({
    method: 'DELETE',
    url: '/api/share/keys/:id',
    tag: 'share',
    permission: { action: 'share.key.manage' },
    summary: { zh: '删除密钥（立即失效）', en: 'Delete a key (void at once)' },
    params: z.object({ id: z.string().regex(/^[0-9a-f]{16}$/) }),
    reply: z.object({ id: z.string() }),
    handle: async ({ params, actor }) => {
      const found = await keyById(db, params.id);
      if (!found) throw new Refusal('SHARE_KEY_UNKNOWN', { key: params.id });
      await grantFor(found.grant, actor, 'share.key.manage', (g) => [g.consumer]);
      await db.transaction((tx) => deleteKey(kernel, tx, found, actor.user));
      return { id: found.id };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/share/usage',
    tag: 'share',
    permission: { action: 'share.usage.read' },
    summary: { zh: '使用情况（按授权和日）', en: 'Usage by grant and day' },
    query: sortedPage(usageSorts).extend({
      grant: idSchema.optional(),
      service: idSchema.optional(),
      department: idSchema.optional(),
      from: daySchema.optional(),
      to: daySchema.optional(),
    }),
    reply: pageOf(
      z.object({
        day: daySchema,
        grant: z.string(),
        service: z.string(),
        serviceTitle: titleSchema,
        provider: z.string(),
        consumer: z.string(),
        ...counts,
      }),
    ).extend({ total: z.object(counts) }),
    handle: async ({ query, actor }) => {
      const { rows, ...rest } = await usageOf(db, policy.filter(actor, 'share.usage.read'), query);
      const snapshot = await documents.snapshot();
      return { ...rest, rows: rows.map((u) => ({ ...u, serviceTitle: snapshot.find('service', u.service)?.title ?? { zh: u.service } })) };
    },
  });
}
