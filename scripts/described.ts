/** The whole platform described without running it: its routes with their schemas, for what is generated from them. */
import { type Door, openDoor } from '#kernel/http/server';
import { kernelActions } from '#kernel/kernel-stage';
import { createPolicy } from '#kernel/policy/policy';
import type { Kernel } from '#kernel/stage';
import { addRoutes } from '../bin/routes.ts';
import { createStages } from '../bin/stages.ts';

/** Stands where a part of the kernel would: naming it is fine, using it while only describing is a mistake. */
const absent = (part: string): never =>
  new Proxy(() => undefined, {
    get: (_target, name) => absent(`${part}.${String(name)}`),
    apply: () => {
      throw new Error(`${part} is used while the routes are only described`);
    },
  }) as never;

/** The door with every route of the platform, behind which nothing stands. */
export async function describePlatform(): Promise<Door> {
  const stages = createStages();
  const policy = createPolicy([kernelActions, ...stages.map((s) => s.actions)]);
  const parts = ['clock', 'db', 'objects', 'warehouse', 'secrets', 'recorder', 'facts', 'jobs', 'identity', 'review'] as const;
  const kernel = {
    node: 'described',
    policy,
    ...Object.fromEntries(parts.map((p) => [p, absent(p)])),
    documents: { guard: () => undefined },
  } as unknown as Kernel;
  const door = await openDoor({ identity: kernel.identity, policy, recorder: kernel.recorder, bug: () => undefined });
  addRoutes(door, kernel, absent('audit'), stages);
  return door;
}
