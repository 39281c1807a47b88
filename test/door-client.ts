/** The command line's client at the door of a test's own platform. Queued jobs are worked off before anything is asked. */
import { type Client, remote } from '../bin/client.ts';
import type { TestKernel } from './kernel.ts';

/** A client signed in with this session; `told` hears of every address that was answered. */
export function doorClient(
  k: TestKernel,
  as: { readonly token: string },
  told: (path: string) => Promise<void> = async () => undefined,
): Client {
  const send = async <T>(method: 'GET' | 'POST' | 'PUT', url: string, payload?: unknown): Promise<T> => {
    await k.drain();
    const isBytes = payload instanceof Uint8Array;
    const reply = await k.door.fastify.inject({
      method,
      url,
      headers: {
        authorization: `Bearer ${as.token}`,
        ...(payload !== undefined && { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' }),
      },
      ...(payload !== undefined && { payload: isBytes ? Buffer.from(payload) : JSON.stringify(payload) }),
    });
    if (reply.statusCode !== 200) throw remote(reply.json());
    await told(url);
    return reply.json() as T;
  };
  return {
    user: 'steward',
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    postOnce: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    upload: (path, body) => send('POST', path, body),
    putPart: (path, body) => send('PUT', path, body),
  };
}
