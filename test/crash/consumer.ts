/** A consumer in a running installation: the request that waits is approved, a key is made, and the service is asked. */
import { installationKey } from '#kernel/secrets';
import { passwordOf } from '../../bin/city/install.ts';
import { type Client, signIn } from '../../bin/client.ts';
import type { Started } from './installation.ts';

/** What a call was answered. */
export interface Answer {
  readonly status: number;
  readonly rows: readonly unknown[];
  /** Number of its record in the access log; undefined when there was none in the answer. */
  readonly record: string | undefined;
}

export interface Consumer {
  /** Asks about one value. @throws TypeError when nobody answers */
  ask(value: unknown): Promise<Answer>;
}

/** Where an installation that is up answers. */
export const addressOf = (started: Started): string => /http:\/\/127\.0\.0\.1:\d+/.exec(started.text())?.[0] ?? '';

/** Signs in as somebody of the invented city. */
export function castOf(folder: string, address: string): (account: string) => Promise<Client> {
  const key = installationKey(`${folder}.key`);
  return (account) => signIn(address, account, passwordOf(key, account));
}

/** Takes the request that waits to a live grant with a key, by the people whose work it is. */
export async function grantedConsumer(folder: string, address: string): Promise<Consumer> {
  const as = castOf(folder, address);
  const { rows } = await (await as('civil')).get<{ rows: { id: string; service: string }[] }>('/api/share/requests?limit=1');
  const request = rows[0];
  if (!request) throw new Error('no request waits');
  const developer = await as('civil-dev');
  // A step whose answer was lost may have been taken: what counts is that there is a grant in the end.
  for (const account of ['police', 'operator'])
    await (await as(account)).post(`/api/share/requests/${request.id}/steps`, { step: 'approve', opinion: '同意' }).catch(() => undefined);
  const { grant } = await developer.get<{ grant: string | null }>(`/api/share/requests/${request.id}`);
  if (!grant) throw new Error(`the request ${request.id} was not granted`);
  const { secret } = await developer.post<{ secret: string }>(`/api/share/grants/${grant}/keys`, { name: 'proof' });
  return {
    async ask(value) {
      const reply = await fetch(`${address}/api/gateway/${request.service}/query`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({ field: 'identityNumber', value }),
        signal: AbortSignal.timeout(20_000),
      });
      const body = (await reply.json()) as { rows?: unknown[]; record?: { id: string } };
      return { status: reply.status, rows: body.rows ?? [], record: body.record?.id };
    },
  };
}
