/** A file on its way meets a full disk on the real platform: it waits, says why, and goes on by itself from where it stopped; and it can be stopped while it waits. */
import { afterEach, expect, test, vi } from 'vitest';
import { injected, type SmallDisk } from '../../../../test/knocks/small-disk.ts';
import { openRiver, type River } from '../../../../test/river.ts';
import type { Refused } from '../../../parts/api.ts';
import { sendFile, type Upload } from './send-file.ts';

const closers: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllGlobals();
  for (const close of closers.splice(0).reverse()) await close();
});

/** The platform on a disk that can be filled, behind its real door; the steward's browser knows its address and who is signed in. */
async function platform(): Promise<{ river: River; disk: SmallDisk; file: File; upload: Upload }> {
  const disk = injected();
  closers.push(() => disk.remove());
  const river = await openRiver(undefined, { folder: disk.folder, ...(disk.effects && { disk: disk.effects }) });
  closers.push(() => river.close());
  const address = await river.k.door.fastify.listen({ host: '127.0.0.1', port: 0 });
  const browser = globalThis.fetch;
  vi.stubGlobal('fetch', (path: string, init: RequestInit) =>
    browser(`${address}${path}`, { ...init, headers: { ...init.headers, authorization: `Bearer ${river.steward.token}` } }),
  );
  const file = new File(['店名,电话\n第一号店,0349-6234510\n'], '店名.csv');
  const upload = (await river.ok('POST', '/api/collect/uploads', river.steward, {
    name: file.name,
    bytes: file.size,
  })) as unknown as Upload;
  return { river, disk, file, upload };
}

test('it waits for room and goes on by itself', async () => {
  const { disk, file, upload } = await platform();
  const held: (string | null)[] = [];
  const received: number[] = [];
  disk.fill();
  const sent = sendFile(
    file,
    upload,
    {
      received: (n) => received.push(n),
      held: (by: Refused | null) => {
        held.push(by?.problem.code ?? null);
        disk.free();
      },
    },
    new AbortController().signal,
  );
  expect((await sent).received).toBe(file.size);
  expect(held).toEqual(['DISK_FULL', null]);
  expect(received).toEqual([file.size]);
});

test('it is stopped while it waits, and nothing has arrived', async () => {
  const { river, disk, file, upload } = await platform();
  const stop = new AbortController();
  disk.fill();
  const sent = sendFile(file, upload, { received: () => undefined, held: () => stop.abort(new Error('stopped')) }, stop.signal);
  await expect(sent).rejects.toThrow('stopped');
  expect(await river.ok('GET', `/api/collect/uploads/${upload.id}`, river.steward)).toMatchObject({ received: 0, state: 'receiving' });
});
