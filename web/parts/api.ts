/** The platform's API as the screens use it: addresses and shapes are generated from the server's own schemas. */
import type { Api } from '../client/schema.ts';

/** Longer than any page takes to be told: the platform then does not answer. */
const patienceMs = 20_000;

/** A refusal as every door gives it. */
export interface Problem {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly titleEn: string;
  readonly hint: string;
  readonly hintEn: string;
  readonly faults: readonly { readonly at: string; readonly zh: string; readonly en: string }[];
  readonly incident?: string;
}

/** Thrown by `call` when the platform says no, or does not answer at all. */
export class Refused extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
}

/** Whether the latest request was answered at all, for whoever says so on the screen. */
let isAway = false;
const watchers = new Set<() => void>();
export const connection = {
  isAway: (): boolean => isAway,
  watch: (hear: () => void): (() => void) => {
    watchers.add(hear);
    return () => void watchers.delete(hear);
  },
};
function note(away: boolean): void {
  if (away === isAway) return;
  isAway = away;
  for (const hear of watchers) hear();
}

// A browser without a network asks nothing at all, and so would hear of nothing.
if (typeof window !== 'undefined') window.addEventListener('offline', () => note(true));

type Address = keyof Api;
/** What an address is asked with: params, query, body. */
export type Asked<A extends Address> = Pick<Api[A], Exclude<keyof Api[A], 'reply'>>;
export type Reply<A extends Address> = Api[A] extends { reply: infer R } ? R : never;

/** Calls an address, e.g. `call('GET /api/runs/:id', { params: { id } })`. @throws Refused */
export async function call<A extends Address>(address: A, order: Asked<A>, signal?: AbortSignal): Promise<Reply<A>> {
  const { params = {}, query = {}, body } = order as { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown };
  const [method = 'GET', path = ''] = (address as string).split(' ');
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([k, v]) => (v === undefined || v === null || v === '' ? [] : [[k, String(v)]])),
  );
  return send(
    method,
    `${filled}${search.size > 0 ? `?${search}` : ''}`,
    body === undefined ? {} : { body: JSON.stringify(body), type: 'application/json' },
    signal,
  );
}

/** Uploads a file as a stream. @throws Refused */
export const upload = <T>(path: string, file: Blob, signal?: AbortSignal): Promise<T> =>
  send('POST', path, { body: file, type: 'application/octet-stream' }, signal);

/** Sends what `call` cannot: other headers (a consumer's key). */
export async function send<T>(
  method: string,
  path: string,
  order: { body?: BodyInit; type?: string; headers?: Record<string, string> },
  signal?: AbortSignal,
): Promise<T> {
  let reply: Response;
  // A reader is told that nothing comes; what changes something may take as long as it must.
  const late = method === 'GET' ? AbortSignal.timeout(patienceMs) : undefined;
  const until = signal && late ? AbortSignal.any([signal, late]) : (late ?? signal);
  try {
    reply = await fetch(path, {
      method,
      headers: { ...order.headers, ...(order.type && { 'content-type': order.type }) },
      ...(order.body !== undefined && { body: order.body }),
      ...(until && { signal: until }),
    });
  } catch (error) {
    if (signal?.aborted && signal.reason?.name !== 'TimeoutError') throw error;
    note(true);
    throw new Refused({
      code: 'SERVER_AWAY',
      status: 0,
      title: '平台没有应答',
      titleEn: 'The platform does not answer',
      hint: '请检查网络；服务被重新拉起时稍候即可。',
      hintEn: 'Check the network; it takes a moment while the server is restarted.',
      faults: [],
    });
  }
  note(false);
  const text = await reply.text();
  if (reply.ok) return (text ? JSON.parse(text) : {}) as T;
  throw new Refused(
    text.startsWith('{')
      ? (JSON.parse(text) as Problem)
      : {
          code: `HTTP_${reply.status}`,
          status: reply.status,
          title: '平台应答异常',
          titleEn: 'An unexpected answer',
          hint: '请稍后重试。',
          hintEn: 'Try again later.',
          faults: [],
        },
  );
}
