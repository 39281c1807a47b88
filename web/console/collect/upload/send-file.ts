/** Sending a file in parts. A broken connection costs one part; a full disk is waited for; a page that was closed goes on when the same file is chosen again. */
import { call, Refused, type Reply, send } from '../../../parts/api.ts';
import { persist } from '../../../parts/persist.ts';

export type Upload = Reply<'GET /api/collect/uploads/:id'>;

/** Bytes of a part. */
const partBytes = 8 * 1024 * 1024;

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
    told.received(now.received);
  }
  return now;
}

const sendPart = (file: File, upload: Upload, told: Told, signal: AbortSignal): Promise<Upload> =>
  persist(
    async () => {
      try {
        return await send<Upload>(
          'PUT',
          `/api/collect/uploads/${encodeURIComponent(upload.id)}/parts/${upload.received}`,
          { body: file.slice(upload.received, upload.received + partBytes), type: 'application/octet-stream' },
          signal,
        );
      } catch (error) {
        // The part had arrived and its answer was lost: the platform says where it stands.
        if (error instanceof Refused && error.problem.code === 'COLLECT_UPLOAD_OFFSET')
          return call('GET /api/collect/uploads/:id', { params: { id: upload.id } }, signal);
        throw error;
      }
    },
    told.held,
    signal,
  );
