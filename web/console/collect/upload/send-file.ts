/** Sending a file in parts. A broken connection costs one part; a page that was closed goes on when the same file is chosen again. */
import { call, Refused, type Reply, send } from '../../../parts/api.ts';

export type Upload = Reply<'GET /api/collect/uploads/:id'>;

/** Bytes of a part. */
const partBytes = 8 * 1024 * 1024;
/** A part is tried again so often while nobody answers, a second longer each time. */
const attempts = 8;

/** Sends what has not arrived. `told` hears how many bytes have. @throws Refused, or the signal's reason */
export async function sendFile(file: File, upload: Upload, told: (received: number) => void, signal: AbortSignal): Promise<Upload> {
  let now = upload;
  while (now.received < now.bytes) {
    signal.throwIfAborted();
    now = await sendPart(file, now, signal);
    told(now.received);
  }
  return now;
}

async function sendPart(file: File, upload: Upload, signal: AbortSignal): Promise<Upload> {
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
      if (!isAway || attempt === attempts) throw error;
      await new Promise((done) => setTimeout(done, attempt * 1000));
    }
  }
}
