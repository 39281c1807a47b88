/** How what was thrown leaves through the door: problem+json, in words of the catalogue. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { isRefusal, type Problem, problemOf, Refusal } from '../errors.ts';
import { orDatabaseAway, orFull } from '../stores.ts';
import './errors.ts';

/** A problem as it is read on the other side. */
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
  again: z.number().optional(),
  incident: z.string().optional(),
});

/** Notes a bug of ours under an incident number. */
export type NoteBug = (incident: string, error: unknown) => void;

/** What Fastify turns away before a handler sees it, in words of ours. */
const unreadableAs: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { zh: '它不是 JSON', en: 'it is not JSON' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { zh: '它是空的', en: 'it is empty' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { zh: '它的长度与 Content-Length 不符', en: 'it is not as long as its Content-Length says' },
  FST_ERR_BAD_URL: { zh: '地址不是合规的百分号编码', en: 'the address is not proper percent encoding' },
};

/** The refusal that something thrown is, or stands for; undefined for a bug of ours. */
export function refusalOf(error: unknown): Refusal | undefined {
  const told = orDatabaseAway(orFull(error, 'folder'));
  if (isRefusal(told)) return told;
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Refusal('BODY_TOO_LARGE');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new Refusal('TYPE_UNKNOWN');
  const unreadable = error instanceof SyntaxError ? unreadableAs.FST_ERR_CTP_INVALID_JSON_BODY : unreadableAs[String(code)];
  return unreadable && new Refusal('BODY_UNREADABLE', { reason: unreadable.zh, reasonEn: unreadable.en });
}

/** Turns whatever was thrown into a problem; what is not a refusal is noted under an incident number and told without detail. */
export function problemFrom(error: unknown, bug: NoteBug): Problem {
  const refusal = refusalOf(error);
  if (refusal) return problemOf(refusal);
  const incident = randomUUID().slice(0, 8);
  bug(incident, error);
  return { ...problemOf(new Refusal('PLATFORM_BUG', { incident })), incident };
}

/** Answers what was no request: there is no reply object for it, only the connection. */
export function refuseBare(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const problem = problemOf(new Refusal('REQUEST_UNREADABLE', { reason: error.code ?? error.name }));
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} Bad Request\r\ncontent-type: application/problem+json\r\nx-content-type-options: nosniff\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** Seconds after which asking again makes sense, by status: a store that is away is back in a moment, room on a disk is made by a person. */
const retryAfter: Readonly<Record<number, string>> = { 503: '2', 507: '30' };

/** Sends a problem as the answer. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const wait = problem.again?.toString() ?? retryAfter[problem.status];
  if (wait !== undefined) reply.header('retry-after', wait);
  return reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problem);
}
