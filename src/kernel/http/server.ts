/** The HTTP door: Fastify with zod on both sides, problem+json for every refusal, OpenAPI 3.1, and no route without a permission. */
import { Readable } from 'node:stream';
import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject, serializerCompiler } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { faultsOf } from '#declare';
import { problemOf, Refusal } from '../errors.ts';
import type { Recorder } from '../facts/record.ts';
import type { Identity } from '../identity/identity.ts';
import type { Actor, Policy } from '../policy/policy.ts';
import { demandStorable, textOf } from './body.ts';
import { actorOf, demandOwnPage, sessionCookie } from './caller.ts';
import { noteDenial, type Permitted } from './denial.ts';
import { type NoteBug, problemFrom, problemSchema, refusalOf, refuseBare, sendProblem } from './problem.ts';
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
  /** The largest body in bytes; left out: 4 MiB. */
  readonly bodyLimit?: number;
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
  // An answer that was kept could be read again without a record. The console's own files say otherwise themselves.
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
};

export interface DoorOptions {
  readonly identity: Identity;
  readonly policy: Policy;
  /** Writes down whom the policy refused. */
  readonly recorder: Recorder;
  readonly bug: NoteBug;
}

/** Opens the door without listening yet. */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const fastify = Fastify({
    logger: false,
    bodyLimit: 4 * 1024 * 1024,
    forceCloseConnections: true,
    // Node refuses a request without one in no words at all; the first hook does it in ours.
    http: { requireHostHeader: false },
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
  // An expectation nobody knows may be passed over; Node would refuse it without a word.
  fastify.server.on('checkExpectation', (request, response) => fastify.server.emit('request', request, response));
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
  const refuseAddress = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = (request.url.split('?')[0] ?? '').slice(0, 200);
    const allowed = [...new Set(routes.filter((r) => addressPattern(r.url).test(path)).map((r) => r.method))].join(', ');
    if (allowed === '') return sendProblem(reply, problemOf(new Refusal('ROUTE_UNKNOWN', { path })));
    return sendProblem(reply.header('allow', allowed), problemOf(new Refusal('METHOD_UNKNOWN', { method: request.method, allowed })));
  };
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.raw.httpVersion === '1.1' && request.headers.host === undefined)
      return done(new Refusal('REQUEST_UNREADABLE', { reason: 'Host' }));
    // Before a body is looked at: what is no address has none, and a method like QUERY would be turned away for want of its type.
    if (request.is404) return void refuseAddress(request, reply);
    if (!refusesItself(request) && request.url.includes('%00')) return done(new Refusal('TEXT_HAS_NUL'));
    done();
  });
  fastify.addContentTypeParser('application/octet-stream', (request, payload, done) =>
    isStream(request) ? done(null, payload) : done(new Refusal('TYPE_UNKNOWN')),
  );
  fastify.setErrorHandler(async (error, request, reply) => {
    const { unread } = configOf(request);
    const refusal = refusalOf(error);
    // A body that cannot be read is refused by the handler too where every refusal has its record.
    if (!unread || !refusal || entered.has(request)) return sendProblem(reply, problemFrom(error, options.bug));
    try {
      await unread(request, reply, refusal);
    } catch (told) {
      return sendProblem(reply, problemFrom(told, options.bug));
    }
    throw new Error('a body that could not be read was answered', { cause: error });
  });
  fastify.setNotFoundHandler(refuseAddress);
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    const kept = reply.getHeader('cache-control');
    reply.headers(kept === undefined ? guards : { ...guards, 'cache-control': kept });
    done(null, payload);
  });
  const routes: KnownRoute[] = [];
  const actors = new WeakMap<FastifyRequest, Actor>();
  /** Requests that their handler has seen. */
  const entered = new WeakSet<FastifyRequest>();
  const admit = async (spec: Permitted, request: FastifyRequest): Promise<void> => {
    const actor = await actorOf(request, options.identity);
    actors.set(request, actor);
    await noteDenial(options, spec, request, actor, () => {
      demandOwnPage(request);
      if (typeof spec.permission === 'object' && options.policy.filter(actor, spec.permission.action).kind === 'none')
        options.policy.demand(actor, spec.permission.action, []);
    });
  };

  return {
    fastify,
    routes,
    route(spec) {
      const { handle, ...known } = spec;
      routes.push(known);
      const callOf = (request: FastifyRequest, reply: FastifyReply): Parameters<typeof handle>[0] => ({
        params: request.params as never,
        query: request.query as never,
        body: request.body as never,
        actor: actors.get(request) as Actor,
        request,
        reply,
      });
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
        ...(spec.bodyLimit && { bodyLimit: spec.bodyLimit }),
        config: {
          stream: spec.stream === true,
          ...(spec.permission === 'key' && {
            unread: async (request, reply, body) => {
              entered.add(request);
              await handle({ ...callOf(request, reply), body: body as never });
            },
          }),
        } satisfies RouteConfig,
        // Before the body is read: whoever is not let in is told nothing about what would have been wrong with it.
        onRequest: (request, _reply, done) => (isOpen(spec) ? done() : void admit(spec, request).then(() => done(), done)),
        handler: async (request, reply) => {
          entered.add(request);
          const call = callOf(request, reply);
          const result = await noteDenial(options, spec, request, call.actor, () => {
            if (spec.stream && !(call.body instanceof Readable)) throw new Refusal('FILE_EXPECTED');
            return handle(call);
          });
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

/** What the door knows of the route of a request. */
interface RouteConfig {
  readonly stream?: boolean;
  /** Of a route that records its own refusals: refuses a request whose body could not be read. */
  readonly unread?: (request: FastifyRequest, reply: FastifyReply, refusal: Refusal) => Promise<void>;
}
const configOf = (request: FastifyRequest): RouteConfig => request.routeOptions.config as RouteConfig;
const isOpen = (spec: Permitted): boolean => spec.permission === 'public' || spec.permission === 'key';
const refusesItself = (request: FastifyRequest): boolean => configOf(request).unread !== undefined;
const isStream = (request: FastifyRequest): boolean => configOf(request).stream === true;
