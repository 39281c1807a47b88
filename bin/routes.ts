/** Every address of the platform: the kernel's and each stage's. */
import type { AuditLog } from '#kernel/facts/audit';
import type { FactTable } from '#kernel/facts/facts';
import type { Door } from '#kernel/http/server';
import { waitingRuns } from '#kernel/jobs/waiting-runs';
import { kernelFacts, kernelTimelines } from '#kernel/kernel-stage';
import { engineRoutes } from '#kernel/routes/engine-routes';
import { identityRoutes } from '#kernel/routes/identity-routes';
import { modelRoutes } from '#kernel/routes/model-routes';
import { objectRoutes } from '#kernel/routes/object-routes';
import { runRoutes } from '#kernel/routes/run-routes';
import { waitingRoutes } from '#kernel/routes/waiting-routes';
import type { Kernel, Stage, TimelineTable } from '#kernel/stage';

/** Adds them to the door, and the description of them all. */
export function addRoutes(door: Door, kernel: Kernel, audit: AuditLog, stages: readonly Stage[]): void {
  const facts: FactTable = Object.assign({}, kernelFacts, ...stages.map((s) => s.facts));
  const timelines: TimelineTable = Object.assign({}, kernelTimelines, ...stages.map((s) => s.timelines));
  const titles = new Map(stages.flatMap((s) => s.jobs(kernel)).map((j) => [j.name, { ...j.title }]));
  identityRoutes(door, kernel);
  modelRoutes(door, kernel);
  engineRoutes(door, kernel);
  runRoutes(door, kernel, { audit, timelines, titles });
  objectRoutes(door, kernel, { facts, timelines });
  waitingRoutes(door, kernel, [waitingRuns(titles, timelines), ...stages.flatMap((s) => s.waiting ?? [])]);
  for (const stage of stages) stage.routes(door, kernel);
  door.fastify.get('/api/openapi.json', { schema: { hide: true } }, async () => door.fastify.swagger());
}
