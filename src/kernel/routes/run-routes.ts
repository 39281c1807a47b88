/** Runs, the log and the catalogue of refusals. */
import { z } from 'zod';
import { daySchema, idSchema } from '#declare';
import { titlesOf } from '../about.ts';
import { errorCatalogue, Refusal } from '../errors.ts';
import type { AuditLog } from '../facts/audit.ts';
import { logSorts } from '../facts/audit.ts';
import { pageOf, saidWords, sortedPage, textFilter } from '../http/page.ts';
import { problemSchema } from '../http/problem.ts';
import type { Door } from '../http/server.ts';
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
  aboutTitle: saidWords.nullable(),
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

/** Adds the routes. `timelines` are those of every stage, `titles` the titles of every job. */
export function runRoutes(
  door: Door,
  kernel: Kernel,
  parts: { audit: AuditLog; timelines: TimelineTable; titles: ReadonlyMap<string, { zh: string; en: string }> },
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

  /** Whom a filter for somebody means: the accounts of that name or id, and what is no account (a key, the platform itself) by its id. */
  const meant = async (text: string | undefined) => (text ? [text, ...(await kernel.identity.peopleCalled(text))] : undefined);

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
      actor: textFilter,
      q: textFilter,
      from: daySchema.optional(),
      to: daySchema.optional(),
    }),
    reply: pageOf(run),
    handle: async ({ query, actor }) => {
      const { runs, count } = await jobs.list(db, { ...query, actors: await meant(query.actor), seen: policy.filter(actor, 'run.list') });
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
      await db.transaction(async (tx) => {
        await jobs.cancel(tx, params.id);
        await kernel.facts.publish(tx, { name: 'run-cancel-asked', about: `run:${params.id}`, actor: actor.user, body: {} });
      });
      return { asked: true as const };
    },
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
      actor: textFilter,
      person: z.string().max(200).optional(),
      from: daySchema.optional(),
      to: daySchema.optional(),
    }),
    reply: pageOf(line),
    handle: async ({ query, actor }) => {
      const found = await parts.audit.list({
        ...query,
        actors: await meant(query.actor),
        subject: query.person ? kernel.recorder.subject(query.person) : undefined,
      });
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
}
