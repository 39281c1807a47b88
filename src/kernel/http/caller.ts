/** Who stands at the door: whose session a request names, and whether our own page sent it. */
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../errors.ts';
import type { Identity } from '../identity/identity.ts';
import type { Actor } from '../policy/policy.ts';

/** Cookie that carries a console session. */
export const sessionCookie = 'chengshu_session';

/** Whether a browser says that another site's page sent this. */
function isForeign(request: FastifyRequest): boolean {
  const { 'sec-fetch-site': site, origin, host } = request.headers;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
}

const bearerOf = (request: FastifyRequest): string | undefined => request.headers.authorization?.match(/^Bearer (\S+)$/i)?.[1];

/** The session that a request names: by its header, else by its cookie. */
export const tokenOf = (request: FastifyRequest): string | undefined => bearerOf(request) ?? request.cookies[sessionCookie];

/** Who holds the session of a request. @throws Refusal IDENTITY_SESSION_OVER */
export async function actorOf(request: FastifyRequest, identity: Identity): Promise<Actor> {
  const token = tokenOf(request);
  if (!token) throw new Refusal('IDENTITY_SESSION_OVER');
  const actor = await identity.actorOf(token);
  if (!actor) throw new Refusal('IDENTITY_SESSION_OVER');
  return actor;
}

/** A change of state must come from our own pages, where a browser sends the session by itself. @throws Refusal IDENTITY_CROSS_SITE */
export function demandOwnPage(request: FastifyRequest): void {
  if (!bearerOf(request) && request.method !== 'GET' && isForeign(request)) throw new Refusal('IDENTITY_CROSS_SITE');
}
