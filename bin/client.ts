/** The platform's HTTP API as a program uses it: a signed-in session, refusals as refusals, patience while a process is restarted. */
import { defineErrors, errorCatalogue, type Problem, Refusal } from '#kernel/errors';

defineErrors({
  SERVER_AWAY: {
    status: 503,
    zh: '{address} 没有应答',
    en: '{address} does not answer',
    hint: { zh: '请确认 npm start 正在运行。', en: 'Check that npm start is running.' },
  },
  REMOTE_REFUSAL: { status: 409, zh: '{title}', en: '{titleEn}', hint: { zh: '{hint}', en: '{hintEn}' } },
});

export interface Client {
  readonly user: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** As `post`, but never sent twice: for what must not be done twice. @throws Refusal SERVER_AWAY when the answer was lost, which says nothing about whether it was done */
  postOnce<T>(path: string, body: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  /** Sends a file as a stream. */
  upload<T>(path: string, body: Uint8Array): Promise<T>;
  /** Sends one part of a file to its place. */
  putPart<T>(path: string, body: Uint8Array): Promise<T>;
}

/** How long a call is tried again while nobody answers (a killed server is back within a second or two). */
const patienceMs = 60_000;

/** Signs in and returns a client. @throws Refusal as the platform says it */
export async function signIn(address: string, user: string, password: string): Promise<Client> {
  const session = await call<{ token: string }>(
    address,
    'POST',
    '/api/session',
    null,
    JSON.stringify({ user, password, door: 'command-line' }),
    'application/json',
  );
  let token = session.token;
  const send = async <T>(
    method: string,
    path: string,
    body: string | Uint8Array | null,
    type: string,
    patience = patienceMs,
  ): Promise<T> => {
    try {
      return await call<T>(address, method, path, token, body, type, patience);
    } catch (error) {
      if (!(error instanceof Refusal) || error.params['code'] !== 'IDENTITY_SESSION_OVER') throw error;
      token = (
        await call<{ token: string }>(
          address,
          'POST',
          '/api/session',
          null,
          JSON.stringify({ user, password, door: 'command-line' }),
          'application/json',
        )
      ).token;
      return call<T>(address, method, path, token, body, type, patience);
    }
  };
  return {
    user,
    get: (path) => send('GET', path, null, ''),
    post: (path, body) => send('POST', path, JSON.stringify(body), 'application/json'),
    postOnce: (path, body) => send('POST', path, JSON.stringify(body), 'application/json', 0),
    put: (path, body) => send('PUT', path, JSON.stringify(body), 'application/json'),
    upload: (path, body) => send('POST', path, body, 'application/octet-stream'),
    putPart: (path, body) => send('PUT', path, body, 'application/octet-stream'),
  };
}

async function call<T>(
  address: string,
  method: string,
  path: string,
  token: string | null,
  body: string | Uint8Array | null,
  type: string,
  patience = patienceMs,
): Promise<T> {
  for (const began = performance.now(); ; ) {
    let reply: Response;
    try {
      reply = await fetch(`${address}${path}`, {
        method,
        headers: { ...(token && { authorization: `Bearer ${token}` }), ...(type && { 'content-type': type }) },
        ...(body !== null && { body: body as string }),
        signal: AbortSignal.timeout(120_000),
      });
    } catch (error) {
      if (performance.now() - began >= patience) throw new Refusal('SERVER_AWAY', { address }, { cause: error });
      await new Promise((r) => setTimeout(r, 200));
      continue;
    }
    const text = await reply.text();
    if (reply.ok) return (text ? JSON.parse(text) : {}) as T;
    // 503 is the platform saying "in a moment": its database or warehouse is being restarted.
    if (reply.status === 503 && performance.now() - began < patience) {
      await new Promise((r) => setTimeout(r, 300));
      continue;
    }
    throw refusalOf(text, reply.status);
  }
}

function refusalOf(text: string, status: number): Error {
  try {
    return remote(JSON.parse(text) as Problem);
  } catch (error) {
    return new Error(`HTTP ${status}: ${text.slice(0, 200)}`, { cause: error });
  }
}

/** The platform's refusal as our own: under its code, where this program knows it. */
export const remote = (p: Problem): Refusal =>
  errorCatalogue().has(p.code)
    ? new Refusal(p.code, { ...p.params, code: p.code }, { faults: p.faults })
    : new Refusal(
        'REMOTE_REFUSAL',
        { code: p.code, title: p.title, titleEn: p.titleEn, hint: p.hint, hintEn: p.hintEn },
        { faults: p.faults },
      );
