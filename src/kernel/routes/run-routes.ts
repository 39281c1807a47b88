/** Runs, timelines, the log and the catalogue of refusals. */
import { z } from 'zod';
import { daySchema, idSchema, isDocumentKind, titleSchema } from '#declare';
import { titlesOf } from '../about.ts';
import { errorCatalogue, fill, Refusal } from '../errors.ts';
import type { AuditLog } from '../facts/audit.ts';
import { logSorts } from '../facts/audit.ts';
import type { FactTable } from '../facts/facts.ts';
import { pageOf, sortedPage, textFilter } from '../http/page.ts';
import { type Door, problemSchema } from '../http/server.ts';
import { type Run, runSorts } from '../jobs/jobs.ts';
import type { Actor } from '../policy/policy.ts';
import type { Kernel, TimelineTable } from '../stage.ts';

const words = z.object({ zh: z.string(), en: z.string() });
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const runState = z.enum(['waiting', 'running', 'done', 'refused', 'failed', 'cancelled']);
const run = z.object({
  id: z.string(),
  job: z.string(),
  title: words,
  about: z.string(),
  /** What it is about is called so; null where that is not theirs to see. */
  aboutTitle: titleSchema.nullable(),
  department: z.string().nullable(),
  actor: z.string(),
  state: runState,
  done: z.number(),
  total: z.number().nullable(),
  note: words.nullable(),
  result: z.record(z.string(), scalar).nullable(),
  problem: problemSchema.nullable(),
  queuedAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});
const line = z.object({
  seq: z.number(),
  id: z.string(),
  at: z.string(),
  door: z.string(),
  outcome: z.string(),
  actor: z.string(),
  department: z.string().nullable(),
  action: z.string(),
  target: z.string(),
  grant: z.string().nullable(),
  rows: z.number(),
  bytes: z.number(),
});

/** Adds the routes. `facts` and `timelines` are those of every stage, `titles` the titles of every job. */
export function runRoutes(
  door: Door,
  kernel: Kernel,
  parts: { audit: AuditLog; facts: FactTable; timelines: TimelineTable; titles: ReadonlyMap<string, { zh: string; en: string }> },
): void {
  const { db, jobs, policy } = kernel;
  const titled = async (actor: Actor, runs: readonly Run[]): Promise<z.input<typeof run>[]> => {
    const about = await titlesOf(kernel, parts.timelines, actor, runs);
    return runs.map((r) => ({
      ...r,
      problem: r.problem && { ...r.problem, faults: [...r.problem.faults] },
      title: parts.titles.get(r.job) ?? { zh: r.job, en: r.job },
      aboutTitle: about.get(r.about) ?? null,
    }));
  };

  door.route({
    method: 'GET',
    url: '/api/runs',
    tag: 'runs',
    permission: { action: 'run.list' },
    summary: { zh: '任务', en: 'Runs' },
    query: sortedPage(runSorts).extend({
      about: z.string().max(200).optional(),
      state: runState.or(z.literal('trouble')).optional(),
      department: idSchema.optional(),
      q: textFilter,
      from: daySchema.optional(),
      to: daySchema.optional(),
    }),
    reply: pageOf(run),
    handle: async ({ query, actor }) => {
      const { runs, count } = await jobs.list(db, { ...query, seen: policy.filter(actor, 'run.list') });
      return { rows: await titled(actor, runs), count };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/runs/:id',
    tag: 'runs',
    permission: { action: 'run.list' },
    summary: { zh: '一个任务', en: 'One run' },
    params: z.object({ id: z.string() }),
    reply: run,
    handle: async ({ params, actor }) => {
      const found = await jobs.find(db, params.id);
      if (!found) throw new Refusal('RUN_NOT_FOUND', { id: params.id });
      policy.demand(actor, 'run.list', [found.department]);
      const [one] = await titled(actor, [found]);
      if (!one) throw new Refusal('RUN_NOT_FOUND', { id: params.id });
      return one;
    },
  });
  door.route({
    method: 'POST',
    url: '/api/runs/:id/cancel',
    tag: 'runs',
    permission: { action: 'run.cancel' },
    summary: { zh: '取消任务', en: 'Cancel a run' },
    params: z.object({ id: z.string() }),
    reply: z.object({ asked: z.literal(true) }),
    handle: async ({ params, actor }) => {
      const found = await jobs.find(db, params.id);
      if (!found) throw new Refusal('RUN_NOT_FOUND', { id: params.id });
      policy.demand(actor, 'run.cancel', [found.department]);
      await jobs.cancel(db, params.id);
      return { asked: true as const };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/versions/:about',
    tag: 'runs',
    permission: 'signed-in',
    summary: { zh: '一个对象的各个版本', en: 'The versions of an object, newest first' },
    params: z.object({ about: z.string().max(200) }),
    reply: z.array(
      z.object({ version: z.number(), digest: z.string(), origin: z.string(), actor: z.string(), at: z.string(), body: z.unknown() }),
    ),
    handle: async ({ params, actor }) => {
      const [word = '', id = ''] = params.about.split(/:(.*)/s);
      // Who may be told all that happened to it may see what it was.
      const told = await factsOpenTo(kernel, parts.timelines, actor, params.about);
      const kind = word === 'table' ? 'binding' : word;
      if (told !== null || !isDocumentKind(kind)) throw new Refusal('DOCUMENT_NOT_FOUND', { kind: word, kindEn: word, id });
      const heads = (await kernel.documents.history(kind, id)).slice(0, mostVersions);
      return Promise.all(
        heads.map(async ({ version, digest, origin, actor, at }) => ({
          version,
          digest,
          origin,
          actor,
          at,
          body: await kernel.documents.version(kind, id, version),
        })),
      );
    },
  });
  door.route({
    method: 'GET',
    url: '/api/timeline/:about',
    tag: 'runs',
    permission: 'signed-in',
    summary: { zh: '经过：一个对象发生过的事', en: 'Timeline: what happened to an object' },
    params: z.object({ about: z.string().max(200) }),
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50), before: z.coerce.number().int().optional() }),
    reply: z.array(z.object({ seq: z.number(), at: z.string(), actor: z.string(), name: z.string(), title: words, sentence: words })),
    handle: async ({ params, query, actor }) =>
      (
        await kernel.facts.timeline(
          params.about,
          query.limit,
          query.before,
          await factsOpenTo(kernel, parts.timelines, actor, params.about),
        )
      ).map((f) => {
        const spec = parts.facts[f.name];
        const values = Object.fromEntries(Object.entries(f.body).map(([k, v]) => [k, String(v ?? '—')]));
        return {
          seq: f.seq,
          at: f.at,
          actor: f.actor,
          name: f.name,
          title: { zh: spec?.title.zh ?? f.name, en: spec?.title.en ?? f.name },
          sentence: { zh: fill(spec?.sentence.zh ?? '', values), en: fill(spec?.sentence.en ?? '', values) },
        };
      }),
  });
  door.route({
    method: 'GET',
    url: '/api/log',
    tag: 'log',
    permission: { action: 'log.read' },
    summary: { zh: '访问日志', en: 'The access log' },
    query: sortedPage(logSorts).extend({
      door: z.string().optional(),
      action: z.string().max(100).optional(),
      outcome: z.enum(['answered', 'refused']).optional(),
      target: z.string().optional(),
      grant: z.string().optional(),
      actor: z.string().optional(),
      person: z.string().max(200).optional(),
      from: daySchema.optional(),
      to: daySchema.optional(),
    }),
    reply: pageOf(line),
    handle: async ({ query, actor }) => {
      const found = await parts.audit.list({ ...query, subject: query.person ? kernel.recorder.subject(query.person) : undefined });
      // Those who read the log are in the log.
      await kernel.recorder.record({
        door: actor.door,
        outcome: 'answered',
        actor: actor.user,
        department: actor.department,
        action: 'log.read',
        target: 'log',
        grant: null,
        purpose: null,
        fields: [],
        subjects: query.person ? [query.person] : [],
        rows: found.rows.length,
        bytes: 0,
        refusal: null,
      });
      return { rows: [...found.rows], count: found.count };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/log/:id',
    tag: 'log',
    permission: { action: 'log.read' },
    summary: { zh: '一条访问记录及其原文', en: 'One record with its canonical bytes' },
    params: z.object({ id: z.string() }),
    reply: line.extend({ canonical: z.string(), digest: z.string(), intact: z.boolean() }),
    handle: async ({ params, actor }) => {
      const found = await parts.audit.get(params.id);
      await kernel.recorder.record({
        door: actor.door,
        outcome: 'answered',
        actor: actor.user,
        department: actor.department,
        action: 'log.read',
        target: `record:${params.id}`,
        grant: null,
        purpose: null,
        fields: [],
        subjects: [],
        rows: 1,
        bytes: 0,
        refusal: null,
      });
      return found;
    },
  });
  door.route({
    method: 'GET',
    url: '/api/errors',
    tag: 'health',
    permission: 'public',
    summary: { zh: '拒绝清单', en: 'The catalogue of refusals' },
    reply: z.array(z.object({ code: z.string(), status: z.number(), zh: z.string(), en: z.string(), hint: words })),
    handle: async () => [...errorCatalogue()].map(([code, e]) => ({ code, status: e.status, zh: e.zh, en: e.en, hint: { ...e.hint } })),
  });
  door.route({
    method: 'GET',
    url: '/api/actions',
    tag: 'health',
    permission: 'signed-in',
    summary: { zh: '操作与角色；对某个对象，您能做什么', en: 'Actions and roles; and about one object, what you may do' },
    query: z.object({ about: z.string().max(200).optional() }),
    reply: z.array(
      z.object({
        id: z.string(),
        title: words,
        by: z.record(z.string(), z.enum(['any', 'own'])),
        you: z.object({ allowed: z.boolean(), reason: words }).nullable(),
      }),
    ),
    handle: async ({ query, actor }) => {
      const departments = query.about === undefined ? null : await departmentsOf(kernel, parts.timelines, actor, query.about);
      return Object.entries(policy.actions()).map(([id, a]) => {
        const verdict = departments && policy.decide(actor, id, departments);
        return {
          id,
          title: said(a.title),
          by: { ...a.by },
          you: verdict && { allowed: verdict.allowed, reason: said(verdict.reason) },
        };
      });
    },
  });
}

const said = (t: { readonly zh: string; readonly en?: string | undefined }): { zh: string; en: string } => ({ zh: t.zh, en: t.en ?? t.zh });

/** The departments that an object concerns, for somebody who may see it. @throws Refusal POLICY_DENIED, DOCUMENT_NOT_FOUND */
async function departmentsOf(kernel: Kernel, timelines: TimelineTable, actor: Actor, about: string): Promise<readonly (string | null)[]> {
  await factsOpenTo(kernel, timelines, actor, about);
  const [kind = '', id = ''] = about.split(/:(.*)/s);
  const service = kind === 'service' ? (await kernel.documents.snapshot()).find('service', id) : undefined;
  return [...((await timelines[kind]?.departments(kernel, id)) ?? []), ...(service ? [service.department] : [])];
}

/** Versions that are told, the newest. */
const mostVersions = 50;

/** The facts of an object somebody may be told: null for all of them. @throws Refusal POLICY_DENIED, DOCUMENT_NOT_FOUND */
async function factsOpenTo(kernel: Kernel, timelines: TimelineTable, actor: Actor, about: string): Promise<readonly string[] | null> {
  const [kind = '', id = ''] = about.split(/:(.*)/s);
  const timeline = Object.hasOwn(timelines, kind) ? timelines[kind] : undefined;
  if (!timeline) throw new Refusal('DOCUMENT_NOT_FOUND', { kind, kindEn: kind, id });
  const departments = await timeline.departments(kernel, id);
  if (timeline.open && !kernel.policy.decide(actor, timeline.action, departments).allowed) return timeline.open;
  kernel.policy.demand(actor, timeline.action, departments);
  return null;
}
