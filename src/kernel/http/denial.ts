/** Denials: each leaves a record before it is told, as every reading does. */
import type { FastifyRequest } from 'fastify';
import { errorCatalogue, isRefusal } from '../errors.ts';
import type { Recorder } from '../facts/record.ts';
import type { Actor, Policy } from '../policy/policy.ts';
import type { KnownRoute } from './server.ts';

/** Of a route, what a denial is told by. */
export type Permitted = Pick<KnownRoute, 'permission' | 'method'>;
/** The action a route asks for; for the few doors that have another lock, its word. */
export const actionOf = (spec: Permitted): string => (typeof spec.permission === 'object' ? spec.permission.action : spec.permission);

/**
 * Does the work of a route. Whatever leaves as 403 is recorded first. @throws Refusal RECORD_UNAVAILABLE when it
 * cannot be written, else whatever the work threw
 */
export async function noteDenial<T>(
  options: { readonly policy: Policy; readonly recorder: Recorder },
  spec: Permitted,
  request: FastifyRequest,
  actor: Actor | undefined,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const error = actor ? asUnknown(thrown, options.policy, spec, request, actor) : thrown;
    if (actor && isRefusal(error) && errorCatalogue().get(error.code)?.status === 403)
      await options.recorder.record({
        door: actor.door,
        outcome: 'refused',
        actor: actor.user,
        department: actor.department,
        action: actionOf(spec),
        target: `address:${spec.method} ${request.url.split('?')[0]}`.slice(0, 200),
        grant: null,
        purpose: null,
        fields: [],
        subjects: [],
        rows: 0,
        bytes: 0,
        refusal: error.code,
      });
    throw error;
  }
}

/** Who may go only as far as the own department is told the same of another's thing and of one that does not exist. */
function asUnknown(error: unknown, policy: Policy, spec: Permitted, request: FastifyRequest, actor: Actor): unknown {
  if (!isRefusal(error) || errorCatalogue().get(error.code)?.status !== 404 || typeof spec.permission !== 'object') return error;
  const named = Object.values(request.params as Readonly<Record<string, unknown>>).map(String);
  if (!Object.values(error.params).some((p) => named.includes(String(p)))) return error;
  if (policy.filter(actor, spec.permission.action).kind !== 'department') return error;
  try {
    policy.demand(actor, spec.permission.action, []);
  } catch (denied) {
    return denied;
  }
  return error;
}
