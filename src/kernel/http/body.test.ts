/** What a body may not hold, through a door with one address. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { isRefusal } from '../errors.ts';
import { type Door, type DoorOptions, openDoor } from './server.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor({ bug: (_: string, error: unknown) => expect.fail(String(error)) } as unknown as DoorOptions);
  door.route({
    method: 'POST',
    url: '/api/echo/:id',
    tag: 'test',
    permission: 'public',
    summary: { zh: '回声', en: 'Echo' },
    params: z.object({ id: z.string() }),
    body: z.looseObject({}),
    reply: z.unknown(),
    handle: async ({ body }) => body,
  });
  door.route({
    method: 'POST',
    url: '/api/file',
    tag: 'test',
    permission: 'public',
    summary: { zh: '文件', en: 'File' },
    reply: z.object({ bytes: z.number() }),
    stream: true,
    handle: async ({ body }) => {
      let bytes = 0;
      for await (const part of body as AsyncIterable<Buffer>) bytes += part.length;
      return { bytes };
    },
  });
  door.route({
    method: 'POST',
    url: '/api/asked',
    tag: 'test',
    permission: 'key',
    summary: { zh: '调用', en: 'Call' },
    reply: z.unknown(),
    handle: async ({ body, reply }) => {
      reply.header('seen', isRefusal(body) ? body.code : 'body');
      if (isRefusal(body)) throw body;
      return body;
    },
  });
});
afterAll(() => door.fastify.close());

const send = async (payload: string | Buffer, type = 'application/json') => {
  const reply = await door.fastify.inject({ method: 'POST', url: '/api/echo/1', headers: { 'content-type': type }, payload });
  return { status: reply.statusCode, body: reply.json() as Record<string, unknown> };
};

test.each([
  ['half of a surrogate pair', '{"a":"\\ud800"}', 400, 'TEXT_NOT_UNICODE'],
  ['the other half', '{"a":["x","\\uDC00\\ud800"]}', 400, 'TEXT_NOT_UNICODE'],
  ['half a pair in a name', '{"a\\ud83d":1}', 400, 'TEXT_NOT_UNICODE'],
  ['a byte that is not UTF-8', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]), 400, 'TEXT_NOT_UNICODE'],
  ['NUL', '{"a":{"b":"x\\u0000"}}', 400, 'TEXT_HAS_NUL'],
  ['two hundred thousand brackets', `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 400, 'BODY_TOO_DEEP'],
  ['brackets that never close', '['.repeat(300), 400, 'BODY_TOO_DEEP'],
  ['a prototype', '{"__proto__":{"x":1}}', 400, 'BODY_UNREADABLE'],
  ['nothing', '', 400, 'BODY_UNREADABLE'],
])('%s is refused', async (_, payload, status, code) => {
  expect(await send(payload)).toMatchObject({ status, body: { code } });
});

test.each([
  ['a whole pair', '{"a":"\\ud83d\\ude00"}', { a: '😀' }],
  ['a backslash before what looks like an escape', '{"a":"\\\\ud800 \\\\u0000"}', { a: '\\ud800 \\u0000' }],
  ['brackets in a text', JSON.stringify({ a: '[{'.repeat(5000), b: '"[' }), { a: '[{'.repeat(5000), b: '"[' }],
])('%s is taken', async (_, payload, body) => {
  expect(await send(payload)).toEqual({ status: 200, body });
});

test('another type, and another method, are told what is taken', async () => {
  expect(await send('<a/>', 'text/xml')).toMatchObject({ status: 415, body: { code: 'TYPE_UNKNOWN' } });
  const reply = await door.fastify.inject({ method: 'DELETE', url: '/api/echo/1?x=2' });
  expect([reply.statusCode, reply.headers['allow'], reply.json().code]).toEqual([405, 'POST', 'METHOD_UNKNOWN']);
  expect((await door.fastify.inject({ method: 'DELETE', url: '/api/echo/1/2' })).statusCode).toBe(404);
});

test('a method nobody takes is told so whatever it brings, and no address has no body', async () => {
  for (const method of ['QUERY', 'PROPFIND', 'TRACE'] as const) {
    const reply = await door.fastify.inject({ method: method as 'TRACE', url: '/api/echo/1' });
    expect([method, reply.statusCode, reply.json().code]).toEqual([method, 405, 'METHOD_UNKNOWN']);
  }
  const reply = await door.fastify.inject({
    method: 'POST',
    url: '/api/none',
    headers: { 'content-type': 'application/json' },
    payload: '{',
  });
  expect([reply.statusCode, reply.json().code]).toEqual([404, 'ROUTE_UNKNOWN']);
});

test('a file goes only where one is taken, and nothing else goes there', async () => {
  const file = { 'content-type': 'application/octet-stream' };
  const post = async (url: string, headers: Record<string, string>, payload?: string) => {
    const reply = await door.fastify.inject({ method: 'POST', url, headers, ...(payload && { payload }) });
    return [reply.statusCode, reply.json().code ?? reply.json()];
  };
  expect(await post('/api/file', file, 'four')).toEqual([200, { bytes: 4 }]);
  expect(await post('/api/file', { 'content-type': 'application/json' }, '{}')).toEqual([415, 'FILE_EXPECTED']);
  expect(await post('/api/file', {})).toEqual([415, 'FILE_EXPECTED']);
  expect(await post('/api/echo/1', file, '{}')).toEqual([415, 'TYPE_UNKNOWN']);
});

test.each([
  ['BODY_UNREADABLE', 'application/json', '{"a":'],
  ['BODY_UNREADABLE', 'application/json', ''],
  ['BODY_TOO_LARGE', 'application/json', `"${'x'.repeat(5_000_000)}"`],
  ['TYPE_UNKNOWN', 'text/xml', '<a/>'],
  ['TYPE_UNKNOWN', 'application/octet-stream', '{}'],
])('%s comes to a handler that records its own refusals', async (code, type, payload) => {
  const reply = await door.fastify.inject({ method: 'POST', url: '/api/asked', headers: { 'content-type': type }, payload });
  expect([reply.headers['seen'], reply.json().code]).toEqual([code, code]);
});
