/** The whole platform in one test: every stage with its real connectors, every address, and one table of the invented city collected, governed, served and granted. */

import { cityFileBytes, generateCity, sourceOf } from '#city/index';
import type { FactTable } from '#kernel/facts/facts';
import type { Door } from '#kernel/http/server';
import type { Run } from '#kernel/jobs/jobs';
import { waitingRuns } from '#kernel/jobs/waiting-runs';
import { kernelFacts, kernelTimelines } from '#kernel/kernel-stage';
import { engineRoutes } from '#kernel/routes/engine-routes';
import { identityRoutes } from '#kernel/routes/identity-routes';
import { modelRoutes } from '#kernel/routes/model-routes';
import { objectRoutes } from '#kernel/routes/object-routes';
import { runRoutes } from '#kernel/routes/run-routes';
import { waitingRoutes } from '#kernel/routes/waiting-routes';
import type { TimelineTable } from '#kernel/stage';
import { bindingDocument, employmentService, entryDocument, mountDocument, sourceDocument } from '../bin/city/documents.ts';
import { createStages } from '../bin/stages.ts';
import { type TestKernel, type TestOptions, testKernel } from './kernel.ts';

export type Signed = Awaited<ReturnType<TestKernel['actor']>>;
export type Body = Record<string, never> & { readonly code?: string };

/** The table that flows: a file of one department, the service on it, and who may use it. */
export const table = sourceOf('insured-persons');
export const service = employmentService;
export const provider = table.department;
export const consumer = 'civil-affairs';
/** A department that has nothing to do with any of it. */
export const stranger = 'transport';

export interface River extends Platform {
  readonly steward: Signed;
  readonly operator: Signed;
  readonly developer: Signed;
  /** The file as the city delivers it, UTF-8. */
  readonly file: string;
  readonly request: string;
  readonly grant: string;
  readonly key: { readonly id: string; readonly secret: string };
  /** Delivers a file as the provider's steward and works until nothing is left to do. */
  deliver(content: string | Uint8Array): Promise<Run>;
  /** Asks the service under a key. */
  ask(secret: string, body: unknown): Promise<{ readonly status: number; readonly body: Body }>;
  close(): Promise<void>;
}

/** Every stage and every address over a small installation of its own. */
export interface Platform {
  readonly k: TestKernel;
  /** Calls signed in as `as` and expects 200. */
  ok(method: 'GET' | 'PUT' | 'POST', url: string, as: Signed, body?: unknown): Promise<Body>;
}

/** Opens the platform with nothing in it but its models. `beside` adds what else the door serves, before it is first used. */
export async function openPlatform(options: TestOptions = {}, beside?: (door: Door) => Promise<void>): Promise<Platform> {
  const stages = createStages();
  const k = await testKernel(stages, { ...options, models: true });
  const facts: FactTable = Object.assign({}, kernelFacts, ...stages.map((s) => s.facts));
  const timelines: TimelineTable = Object.assign({}, kernelTimelines, ...stages.map((s) => s.timelines));
  identityRoutes(k.door, k);
  modelRoutes(k.door, k);
  engineRoutes(k.door, k);
  runRoutes(k.door, k, { audit: k.audit, timelines, titles: new Map() });
  objectRoutes(k.door, k, { facts, timelines });
  waitingRoutes(k.door, k, [waitingRuns(new Map(), timelines), ...stages.flatMap((s) => s.waiting ?? [])]);
  await beside?.(k.door);
  const ok: Platform['ok'] = async (method, url, as, body) => {
    const reply = await k.call(method, url, as, body);
    if (reply.status !== 200) throw new Error(`${method} ${url}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  return { k, ok };
}

/** Opens the platform and lets the table through to a live grant with a key. `now` where processes with the machine's clock take part. */
export async function openRiver(now?: Date, options: TestOptions = {}, beside?: (door: Door) => Promise<void>): Promise<River> {
  const { k, ok } = await openPlatform({ ...options, ...(now && { now: now.toISOString() }) }, beside);
  const until = now ? `${now.getUTCFullYear() + 1}-12-31` : requestBody.until;
  const steward = await k.actor('provider-steward', provider);
  const operator = await k.actor('operator', 'data-bureau');
  const developer = await k.actor('developer', consumer);

  const deliver: River['deliver'] = async (content) => {
    const reply = await k.door.fastify.inject({
      method: 'POST',
      url: `/api/collect/sources/${table.id}/deliveries?name=${encodeURIComponent('参保.csv')}`,
      headers: { authorization: `Bearer ${steward.token}`, 'content-type': 'application/octet-stream' },
      payload: Buffer.from(content),
    });
    if (reply.statusCode !== 200) throw new Error(`delivery: ${reply.body}`);
    await k.drain();
    const run = await k.jobs.find(k.db, (reply.json() as { run: string }).run);
    if (!run) throw new Error('the delivery has no run');
    return run;
  };
  const ask: River['ask'] = async (secret, body) => {
    const reply = await k.door.fastify.inject({
      method: 'POST',
      url: `/api/gateway/${service.id}/query`,
      headers: { authorization: `Bearer ${secret}` },
      payload: body as object,
    });
    return { status: reply.statusCode, body: reply.json() as Body };
  };

  const file = Buffer.from((await cityFileBytes(generateCity({ seed: 11, scale: 0.02 }))).get(table.id) ?? []).toString('utf8');
  await ok('PUT', `/api/collect/sources/${table.id}`, steward, sourceDocument(table, null));
  await ok('PUT', `/api/catalog/entries/${table.id}`, steward, entryDocument(table));
  await ok('PUT', `/api/catalog/mounts/${table.id}`, steward, mountDocument(table));
  await ok('PUT', `/api/govern/bindings/${table.id}`, steward, bindingDocument(table));
  await ok('POST', `/api/catalog/entries/${table.id}/steps`, steward, { step: 'submit' });
  await ok('POST', `/api/catalog/entries/${table.id}/steps`, operator, { step: 'publish', opinion: '同意' });
  await deliver(file);
  await ok('PUT', `/api/share/services/${service.id}`, steward, service);
  await k.drain();
  const { id: request } = (await ok('POST', '/api/share/requests', developer, { ...requestBody, until })) as unknown as { id: string };
  await ok('POST', `/api/share/requests/${request}/steps`, operator, { step: 'admit', opinion: '受理' });
  const { grant } = (await ok('POST', `/api/share/requests/${request}/steps`, steward, {
    step: 'approve',
    opinion: '同意',
  })) as unknown as { grant: string };
  const key = (await ok('POST', `/api/share/grants/${grant}/keys`, developer, { name: '测试' })) as unknown as {
    id: string;
    secret: string;
  };
  return { k, steward, operator, developer, file, request, grant, key, ok, deliver, ask, close: () => k.close() };
}

/** What the consumer asks for. */
export const requestBody = {
  service: service.id,
  purpose: '核验参保状态',
  legalBasis: '《中华人民共和国社会保险法》',
  scene: '窗口受理时核验',
  fields: service.returns.map((r) => r.field),
  rowFilter: null,
  until: '2027-06-30',
  contact: '0000',
};
