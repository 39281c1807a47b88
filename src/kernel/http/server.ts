/** The HTTP door: Fastify with zod on both sides, problem+json for every refusal, OpenAPI 3.1, and no route without a permission. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject, serializerCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { faultsOf } from '#declare';
import { errorCatalogue, isRefusal, type Problem, problemOf, Refusal } from '../errors.ts';
import type { Recorder } from '../facts/record.ts';
import type { Identity } from '../identity/identity.ts';
import type { Actor, Policy } from '../policy/policy.ts';
import { orDatabaseAway, orFull } from '../stores.ts';
import { demandStorable, textOf } from './body.ts';
import './errors.ts';

/** What a route says of itself. `permission` is an action of the policy, or a word for the few doors that have another lock. */
export interface RouteSpec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly summary: { readonly zh: string; readonly en: string };
  readonly tag: string;
  /**
   * An action: the actor must have a role that may take it at all; the handler demands it again for the department in question.
   * `signed-in`: any account. `public`: anyone. `key`: the handler checks a consumer's key.
   */
  readonly permission: { readonly action: string } | 'signed-in' | 'public' | 'key';
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly reply: R;
  /** True when the handler reads the raw stream (a file) itself. */
  readonly stream?: true;
  handle(call: Call<z.output<P>, z.output<Q>, z.output<B>>): Promise<z.input<R> | WrittenAnswer>;
}

/** An answer that is text already and leaves byte for byte as it is, past everything that makes text of an object: half the cost of a short call. */
export class WrittenAnswer {
  readonly text: string;
  /** Bytes of the text in UTF-8. */
  readonly bytes: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(text: string, bytes: number, headers: Readonly<Record<string, string>>) {
    this.text = text;
    this.bytes = bytes;
    this.headers = headers;
  }
}

export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Who acts; only where the permission asks for an account. */
  readonly actor: Actor;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Adds routes to the door. */
export interface Door {
  readonly fastify: FastifyInstance;
  route<
    P extends z.ZodType = z.ZodUnknown,
    Q extends z.ZodType = z.ZodUnknown,
    B extends z.ZodType = z.ZodUnknown,
    R extends z.ZodType = z.ZodUnknown,
  >(spec: RouteSpec<P, Q, B, R>): void;
  /** Every route with its permission, for the matrix and the reference. */
  readonly routes: readonly KnownRoute[];
}

/** A route as the reference, the generated client and the permission matrix see it. */
export type KnownRoute = Pick<
  RouteSpec<z.ZodType, z.ZodType, z.ZodType, z.ZodType>,
  'method' | 'url' | 'permission' | 'tag' | 'summary' | 'params' | 'query' | 'body' | 'reply' | 'stream'
>;

/** What every answer tells a browser not to do with it. */
const guards = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
};

/** Cookie that carries a console session. */
export const sessionCookie = 'chengshu_session';

export const problemSchema = z.object({
  type: z.string(),
  code: z.string(),
  status: z.number(),
  title: z.string(),
  titleEn: z.string(),
  hint: z.string(),
  hintEn: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  faults: z.array(z.object({ at: z.string(), zh: z.string(), en: z.string() })),
  incident: z.string().optional(),
});

export interface DoorOptions {
  readonly identity: Identity;
  readonly policy: Policy;
  /** Writes down whom the policy refused. */
  readonly recorder: Recorder;
  /** Notes a bug of ours under an incident number. */
  readonly bug: (incident: string, error: unknown) => void;
}

/** Opens the door without listening yet. */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const fastify = Fastify({
    logger: false,
    bodyLimit: 4 * 1024 * 1024,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    clientErrorHandler: refuseBare,
    // Before there is a route: an address that does not decode, or a part of it that is longer than any name.
    frameworkErrors: (error, request, reply) => {
      const code = (error as { code?: string }).code;
      const path = (request.raw.url ?? '').split('?')[0] ?? '';
      const problem =
        code === 'FST_ERR_BAD_URL'
          ? problemFrom(error, options.bug)
          : problemOf(new Refusal('ROUTE_UNKNOWN', { path: path.slice(0, 200) }));
      const body = JSON.stringify(problem);
      reply.raw.writeHead(problem.status, {
        'content-type': 'application/problem+json',
        'x-content-type-options': 'nosniff',
        'content-length': Buffer.byteLength(body),
      });
      reply.raw.end(body);
    },
  });
  fastify.setValidatorCompiler<z.ZodType>(({ schema }) => (given) => {
    const read = schema.safeParse(given);
    return read.success
      ? { value: read.data }
      : { error: new Refusal('INPUT_INVALID', {}, { faults: faultsOf(schema, given, read.error) }) };
  });
  fastify.setSerializerCompiler(serializerCompiler);
  await fastify.register(cookie);
  await fastify.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: '城枢 Chengshu', version: '1' },
      components: {
        securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: sessionCookie }, key: { type: 'http', scheme: 'bearer' } },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  // PostgreSQL cannot hold NUL or half a surrogate pair: whatever carries one is turned away here, before it becomes an error of the database.
  // Where a consumer's key opens the door the handler refuses by itself, because there a refusal must be recorded.
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (refusesItself(request)) return parse(request, body.toString(), done);
    let failure: Error | null = null;
    let value: unknown;
    try {
      const text = textOf(body as Buffer);
      parse(request, text, (error, parsed) => {
        failure = error;
        value = parsed;
      });
      demandStorable(value, text);
    } catch (refusal) {
      failure = refusal as Refusal;
    }
    done(failure, value);
  });
  fastify.addHook('onRequest', (request, _reply, done) =>
    !refusesItself(request) && request.url.includes('%00') ? done(new Refusal('TEXT_HAS_NUL')) : done(),
  );
  fastify.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  fastify.setErrorHandler((error, request, reply) => sendProblem(reply, problemFrom(error, options.bug), request));
  fastify.setNotFoundHandler((request, reply) => {
    const path = (request.url.split('?')[0] ?? '').slice(0, 200);
    const allowed = [...new Set(routes.filter((r) => addressPattern(r.url).test(path)).map((r) => r.method))].join(', ');
    if (allowed === '') return sendProblem(reply, problemOf(new Refusal('ROUTE_UNKNOWN', { path })), request);
    return sendProblem(
      reply.header('allow', allowed),
      problemOf(new Refusal('METHOD_UNKNOWN', { method: request.method, allowed })),
      request,
    );
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    reply.headers(guards);
    done(null, payload);
  });
  const routes: KnownRoute[] = [];
  const actors = new WeakMap<FastifyRequest, Actor>();
  const admit = async (spec: Permitted, request: FastifyRequest): Promise<void> => {
    const actor = await actorOf(request, options.identity);
    actors.set(request, actor);
    if (typeof spec.permission === 'object' && options.policy.filter(actor, spec.permission.action).kind === 'none')
      await noteDenial(options, spec, request, actor, () => options.policy.demand(actor, actionOf(spec), []));
  };

  return {
    fastify,
    routes,
    route(spec) {
      const { handle, ...known } = spec;
      routes.push(known);
      const schema: Record<string, unknown> = {
        summary: `${spec.summary.zh} · ${spec.summary.en}`,
        tags: [spec.tag],
        response: { 200: spec.reply, '4xx': problemSchema, '5xx': problemSchema },
      };
      if (spec.params) schema['params'] = spec.params;
      if (spec.query) schema['querystring'] = spec.query;
      if (spec.body && !spec.stream) schema['body'] = spec.body;
      if (spec.permission === 'key') schema['security'] = [{ key: [] }];
      else if (spec.permission !== 'public') schema['security'] = [{ session: [] }];
      fastify.route({
        method: spec.method,
        url: spec.url,
        schema,
        config: { refusesItself: spec.permission === 'key' },
        // Before the body is read: whoever is not let in is told nothing about what would have been wrong with it.
        onRequest: (request, _reply, done) => (isOpen(spec) ? done() : void admit(spec, request).then(() => done(), done)),
        handler: async (request, reply) => {
          const actor = actors.get(request) as Actor;
          const result = await noteDenial(options, spec, request, actor, () =>
            handle({
              params: request.params as never,
              query: request.query as never,
              body: request.body as never,
              actor,
              request,
              reply,
            }),
          );
          if (result instanceof WrittenAnswer) return write(reply, result);
          return reply.sent ? reply : result === undefined ? reply.send({}) : result;
        },
      });
    },
  };
}

/** Addresses that a route answers to. */
const addressPattern = (url: string): RegExp => new RegExp(`^${url.replace(/:\w+/g, '[^/]+')}$`);

function write(reply: FastifyReply, answer: WrittenAnswer): FastifyReply {
  reply.hijack();
  reply.raw.writeHead(200, { ...guards, ...answer.headers, 'content-length': answer.bytes }).end(answer.text);
  return reply;
}

type Permitted = Pick<KnownRoute, 'permission' | 'method'>;
const isOpen = (spec: Permitted): boolean => spec.permission === 'public' || spec.permission === 'key';
const actionOf = (spec: Permitted): string => (typeof spec.permission === 'object' ? spec.permission.action : spec.permission);

/**
 * Does the work of a route; a denial leaves a record before it is told, as every reading does. @throws Refusal RECORD_UNAVAILABLE when it
 * cannot be written, else whatever the work threw
 */
async function noteDenial<T>(
  options: DoorOptions,
  spec: Permitted,
  request: FastifyRequest,
  actor: Actor | undefined,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const error = actor ? asUnknown(thrown, options.policy, spec, request, actor) : thrown;
    if (actor && isRefusal(error) && error.code === 'POLICY_DENIED')
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

/** True for a route that records its own refusals. */
const refusesItself = (request: FastifyRequest): boolean =>
  (request.routeOptions.config as { refusesItself?: boolean }).refusesItself === true;

/** Whether a browser says that another site's page sent this. */
function isForeign(request: FastifyRequest): boolean {
  const { 'sec-fetch-site': site, origin, host } = request.headers;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
}

/** Who holds the session of a request. A change of state must come from our own pages. @throws Refusal IDENTITY_SESSION_OVER, IDENTITY_CROSS_SITE */
export async function actorOf(request: FastifyRequest, identity: Identity): Promise<Actor> {
  const bearer = request.headers.authorization?.match(/^Bearer (\S+)$/i)?.[1];
  const token = bearer ?? request.cookies[sessionCookie];
  if (!token) throw new Refusal('IDENTITY_SESSION_OVER');
  if (!bearer && request.method !== 'GET' && isForeign(request)) throw new Refusal('IDENTITY_CROSS_SITE');
  const actor = await identity.actorOf(token);
  if (!actor) throw new Refusal('IDENTITY_SESSION_OVER');
  return actor;
}

/** What Fastify turns away before a handler sees it, in words of ours. */
const unreadableAs: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { zh: '它不是 JSON', en: 'it is not JSON' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { zh: '它是空的', en: 'it is empty' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { zh: '它的长度与 Content-Length 不符', en: 'it is not as long as its Content-Length says' },
  FST_ERR_BAD_URL: { zh: '地址不是合规的百分号编码', en: 'the address is not proper percent encoding' },
};

/** Turns whatever was thrown into a problem; what is not a refusal is noted under an incident number and told without detail. */
export function problemFrom(error: unknown, bug: DoorOptions['bug']): Problem {
  const told = orDatabaseAway(orFull(error, 'folder'));
  if (isRefusal(told)) return problemOf(told);
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return problemOf(new Refusal('BODY_TOO_LARGE'));
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return problemOf(new Refusal('TYPE_UNKNOWN'));
  const unreadable = error instanceof SyntaxError ? unreadableAs.FST_ERR_CTP_INVALID_JSON_BODY : unreadableAs[String(code)];
  if (unreadable) return problemOf(new Refusal('BODY_UNREADABLE', { reason: unreadable.zh, reasonEn: unreadable.en }));
  const incident = randomUUID().slice(0, 8);
  bug(incident, error);
  return { ...problemOf(new Refusal('PLATFORM_BUG', { incident })), incident };
}

/** Answers what was no request: there is no reply object for it, only the connection. */
function refuseBare(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const problem = problemOf(new Refusal('REQUEST_UNREADABLE', { reason: error.code ?? error.name }));
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} Bad Request\r\ncontent-type: application/problem+json\r\nx-content-type-options: nosniff\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** Seconds after which asking again makes sense, by status: a store that is away is back in a moment, room on a disk is made by a person. */
const retryAfter: Readonly<Record<number, string>> = { 503: '2', 507: '30' };

function sendProblem(reply: FastifyReply, problem: Problem, _request: FastifyRequest): FastifyReply {
  const wait = retryAfter[problem.status];
  if (wait !== undefined) reply.header('retry-after', wait);
  return reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problem);
}
