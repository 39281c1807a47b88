/** Bringing a file of one's own to a whole platform in one test: sent in parts, read, judged. */
import type { Adoption, Layout } from '#declare';
import type { River } from './river.ts';

export interface Shown {
  readonly id: string;
  readonly state: string;
  readonly received: number;
  readonly run: string;
  readonly reading: Omit<Adoption['reading'], 'layout'> & { readonly layout: Layout; readonly said: readonly { readonly zh: string }[] };
  readonly rows: { rowsIn: number; rowsData: number; rowsRefused: number; rowsOther: number };
}

/** A column as it is proposed, as far as tests look at it. */
export interface ProposedColumn {
  readonly column: string;
  readonly name: string;
  readonly title: string;
  readonly element: string;
  readonly sensitivity: 1 | 2 | 3 | 4;
  readonly taken: boolean;
  readonly why: { readonly zh: string };
  readonly profile: {
    rows: number;
    absent: number;
    words: readonly { word: string; count: number }[];
    distinct: number;
    least: string | null;
    greatest: string | null;
    longest: number;
    rounded: number;
    commonest: { value: string; count: number }[];
  };
  readonly evidence: {
    element: string;
    checked: number;
    passed: number;
    told: number | null;
    verdicts: { id: string; checked: number; failed: number }[];
    fails: string[];
  }[];
}

/** What sending a file takes of a platform. */
export type Uploading = Pick<River, 'k' | 'ok' | 'steward'>;

/** Sends a file, cut where it is told, and works until it is read and judged. */
export async function sendFile(river: Uploading, name: string, bytes: Buffer, cut: readonly number[] = []): Promise<Shown> {
  let upload = (await river.ok('POST', '/api/collect/uploads', river.steward, { name, bytes: bytes.length })) as unknown as Shown;
  for (const end of [...cut, bytes.length]) {
    const reply = await river.k.door.fastify.inject({
      method: 'PUT',
      url: `/api/collect/uploads/${upload.id}/parts/${upload.received}`,
      headers: { authorization: `Bearer ${river.steward.token}`, 'content-type': 'application/octet-stream' },
      payload: bytes.subarray(upload.received, end),
    });
    if (reply.statusCode !== 200) throw new Error(`part of ${name}: ${reply.statusCode} ${reply.body}`);
    upload = reply.json();
  }
  await river.k.drain();
  return (await river.ok('GET', `/api/collect/uploads/${upload.id}`, river.steward)) as unknown as Shown;
}

/** What is proposed for an upload. */
export async function proposed<P>(river: Uploading, upload: Shown): Promise<P> {
  const { proposal } = (await river.ok('GET', `/api/govern/uploads/${upload.id}`, river.steward)) as unknown as { proposal: P | null };
  if (!proposal)
    throw new Error(`no proposal for ${upload.id}: ${JSON.stringify(await river.ok('GET', `/api/runs/${upload.run}`, river.steward))}`);
  return proposal;
}

/** An identity number of the invented city with its check character. */
export function invented(body: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = [...body].reduce((n, d, i) => n + Number(d) * (weights[i] as number), 0);
  return body + '10X98765432'[sum % 11];
}
