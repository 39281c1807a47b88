/** Sending a file in parts. A broken connection costs one part; a full disk is waited for; a page that was closed goes on when the same file is chosen again. */
import { call, Refused, type Reply, send } from '../../../parts/api.ts';

export type Upload = Reply<'GET /api/collect/uploads/:id'>;

/** Bytes of a part. */
const partBytes = 8 * 1024 * 1024;
/** A part is tried again so often while nobody answers, a second longer each time. */
const attempts = 8;
/** While the platform's disk is full a part is tried again so often, until there is room or the sender is stopped. */
const fullWaitMs = 5000;

/** What the sender hears. */
export interface Told {
  /** So many bytes have arrived. */
  received(bytes: number): void;
  /** It waits because of a refusal that passes; null when it goes on. */
  held(by: Refused | null): void;
}

/** Sends what has not arrived. `told` hears how many bytes have. @throws Refused, or the signal's reason */
export async function sendFile(file: File, upload: Upload, told: Told, signal: AbortSignal): Promise<Upload> {
  let now = upload;
  while (now.received < now.bytes) {
    signal.throwIfAborted();
    now = await sendPart(file, now, told, signal);
    told.held(null);
    told.received(now.received);
  }
  return now;
}

async function sendPart(file: File, upload: Upload, told: Told, signal: AbortSignal): Promise<Upload> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send<Upload>(
        'PUT',
        `/api/collect/uploads/${encodeURIComponent(upload.id)}/parts/${upload.received}`,
        { body: file.slice(upload.received, upload.received + partBytes), type: 'application/octet-stream' },
        signal,
      );
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // The part had arrived and its answer was lost: the platform says where it stands.
      if (error.problem.code === 'COLLECT_UPLOAD_OFFSET')
        return call('GET /api/collect/uploads/:id', { params: { id: upload.id } }, signal);
      const isAway = error.problem.status === 0 || error.problem.status === 503;
      const isFull = error.problem.status === 507;
      if (!isFull && (!isAway || attempt >= attempts)) throw error;
      told.held(error);
      await delay(isFull ? fullWaitMs : attempt * 1000, signal);
    }
  }
}

/** Resolves after a while. @throws the signal's reason as soon as it is aborted */
const delay = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((done, failed) => {
    const stop = () => {
      clearTimeout(timer);
      failed(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      done();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
