/** Sending a file in parts, and waiting until it is read and judged. */
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { TextEncoding } from '#declare';
import { isRefusal, Refusal } from '#kernel/errors';
import type { Run } from '#kernel/jobs/jobs';
import { type Client, remote } from '../client.ts';
import { follow } from '../commands.ts';
import type { show } from '../say.ts';
import type { Proposal, Upload, UploadOrder, Withheld } from './shapes.ts';

/** Bytes sent at once: what a broken connection costs at most. */
const partBytes = 8 * 1024 * 1024;

/** Sends what has not arrived yet. */
export async function sent(client: Client, path: string, tell: typeof show): Promise<Upload> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) throw new Refusal('UPLOAD_FILE_MISSING', { file: path });
  const name = basename(path);
  const known = await client.get<{ rows: Upload[] }>('/api/collect/uploads?limit=100');
  let upload =
    known.rows.find((u) => u.state === 'receiving' && u.name === name && u.bytes === info.size) ??
    (await client.postOnce<Upload>('/api/collect/uploads', { name, bytes: info.size }));
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(partBytes);
    while (upload.received < upload.bytes) {
      tell(`上传 ${Math.floor((100 * upload.received) / upload.bytes)}%`, `uploading ${upload.received} of ${upload.bytes} bytes`);
      const { bytesRead } = await file.read(buffer, 0, partBytes, upload.received);
      if (bytesRead === 0) throw new Refusal('UPLOAD_FILE_MISSING', { file: path });
      try {
        upload = await client.putPart(`/api/collect/uploads/${upload.id}/parts/${upload.received}`, buffer.subarray(0, bytesRead));
      } catch (error) {
        // The part had arrived and its answer was lost: the platform says where it stands.
        if (!isRefusal(error) || error.code !== 'COLLECT_UPLOAD_OFFSET') throw error;
        upload = await client.get(`/api/collect/uploads/${upload.id}`);
      }
    }
  } finally {
    await file.close();
  }
  return upload;
}

/** Has it read in an encoding, whatever it was taken for by itself. */
export async function readAs(client: Client, upload: Upload, encoding: TextEncoding, tell: typeof show): Promise<Upload> {
  if (upload.run) await follow(client, upload.run, tell);
  const { run } = await client.put<{ run: string }>(`/api/collect/uploads/${upload.id}/reading`, { encoding });
  return { ...upload, run };
}

/** Follows its reading to the end. @throws Refusal of the connector */
export async function readOut(client: Client, upload: Upload, tell: typeof show): Promise<Upload> {
  const run = upload.run && (await follow(client, upload.run, tell));
  const now = await client.get<Upload>(`/api/collect/uploads/${upload.id}`);
  if (run && run.state !== 'done') throw run.problem ? remote(run.problem) : new Refusal('RUN_CANCELLED');
  return now;
}

/** Waits for the proposal; the source it is said to be an edition of is among its editions. @throws Refusal what the judging came to grief for */
export async function proposed(client: Client, upload: Upload, as: UploadOrder['as'], tell: typeof show): Promise<Proposal> {
  const to = as !== null && as !== 'new' ? `?to=${encodeURIComponent(as.to)}` : '';
  for (;;) {
    const { proposal } = await client.get<{ proposal: Proposal | null }>(`/api/govern/uploads/${upload.id}${to}`);
    if (proposal) return proposal;
    const { rows } = await client.get<{ rows: Run[] }>(`/api/runs?about=${encodeURIComponent(`upload:${upload.id}`)}&limit=1`);
    const last = rows[0];
    if (last && ['failed', 'refused', 'cancelled'].includes(last.state))
      throw last.problem ? remote(last.problem) : new Refusal('RUN_CANCELLED');
    tell(last?.note?.zh ?? '辨认各列', last?.note?.en ?? 'judging the columns');
    await new Promise((r) => setTimeout(r, 200));
  }
}

/** The first rows that the proposed key withholds, and how many there are. */
export async function withheld(client: Client, upload: Upload, p: Proposal): Promise<Withheld> {
  const taken = p.columns.filter((c) => c.taken);
  return client.post(`/api/govern/uploads/${upload.id}/withheld?limit=20`, {
    fields: taken.map((c) => ({ name: c.name, column: c.column, title: { zh: c.title }, element: c.element, sensitivity: c.sensitivity })),
    key: p.key,
    rules: p.rules.map(({ title: _, ...rule }) => rule),
  });
}
