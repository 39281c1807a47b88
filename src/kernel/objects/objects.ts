/** Objects: immutable bytes under the digest of their content. An object is there whole and durable, or not at all. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync } from 'node:fs';
import { copyFile, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Refusal } from '../errors.ts';
import { orFull } from '../stores.ts';
import { disk, type ObjectEffects } from './effects.ts';
import { openStaging } from './staging.ts';

/** What was stored. */
export interface Stored {
  /** Hex SHA-256 of the content. */
  readonly digest: string;
  readonly bytes: number;
}

export interface Objects {
  /** Stores a stream. The same content twice is one object. @throws Refusal DISK_FULL; nothing is kept then */
  put(stream: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<Stored>;
  /** Makes a finished local file an object; the file is gone afterwards. A file of `staging()` is moved without being copied. @throws Refusal DISK_FULL */
  adopt(path: string): Promise<Stored>;
  /** Local path of an object. @throws Refusal OBJECT_MISSING */
  open(digest: string): Promise<string>;
  /** Content of an object. @throws Refusal OBJECT_MISSING */
  read(digest: string): Promise<AsyncIterable<Uint8Array>>;
  /** Removes an object for good; nothing happens when there is none. @throws Refusal OBJECT_MISSING for what is no digest */
  remove(digest: string): Promise<void>;
  /** A fresh path inside the store for a file that is being made. */
  staging(): string;
}

/** Opens the store in a folder; what processes that are gone left unfinished is swept away. */
export function openObjects(folder: string, effects: ObjectEffects = disk): Objects {
  const stagingFolder = resolve(folder, 'staging');
  const staging = openStaging(stagingFolder);
  /** Shards whose own name this process knows to be on the disk. */
  const durable = new Set<string>();

  const keep = async (path: string, digest: string): Promise<void> => {
    const target = place(folder, digest);
    const shard = dirname(target);
    await effects.syncFile(path);
    if (!durable.has(shard)) {
      mkdirSync(shard, { recursive: true, mode: 0o700 });
      await effects.syncFolder(folder);
      durable.add(shard);
    }
    if (existsSync(target)) await rm(path, { force: true });
    else await effects.rename(path, target);
    // Also when it was there: another process may have renamed it a moment ago and not come to this step.
    await effects.syncFolder(shard);
  };
  const find = (digest: string): string => {
    const path = place(folder, digest);
    if (!existsSync(path)) throw new Refusal('OBJECT_MISSING', { digest });
    return path;
  };

  return {
    staging,
    async put(stream, signal) {
      const path = staging();
      try {
        const stored = await write(stream, path, signal);
        await keep(path, stored.digest);
        return stored;
      } catch (error) {
        await rm(path, { force: true });
        throw orFull(error, 'objects');
      }
    },
    async adopt(given) {
      try {
        const path = dirname(resolve(given)) === stagingFolder ? given : await moveTo(given, staging());
        const hash = createHash('sha256');
        for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
        const digest = hash.digest('hex');
        const { size } = await stat(path);
        await keep(path, digest);
        return { digest, bytes: size };
      } catch (error) {
        throw orFull(error, 'objects');
      }
    },
    open: async (digest) => find(digest),
    read: async (digest) => createReadStream(find(digest), { highWaterMark: 1 << 18 }),
    async remove(digest) {
      const path = place(folder, digest);
      if (!existsSync(path)) return;
      await rm(path);
      await effects.syncFolder(dirname(path));
    },
  };
}

/** Only a digest is an address: anything else could lead out of the store. */
function place(folder: string, digest: string): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new Refusal('OBJECT_MISSING', { digest });
  return join(folder, digest.slice(0, 2), digest);
}

async function write(stream: AsyncIterable<Uint8Array>, path: string, signal: AbortSignal | undefined): Promise<Stored> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of stream) {
      signal?.throwIfAborted();
      hash.update(chunk);
      bytes += chunk.length;
      for (let written = 0; written < chunk.length; ) written += (await file.write(chunk, written)).bytesWritten;
    }
  } finally {
    await file.close();
  }
  return { digest: hash.digest('hex'), bytes };
}

/** Moves a file, over the border of a file system too. */
async function moveTo(from: string, to: string): Promise<string> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await copyFile(from, to);
    await rm(from);
  }
  return to;
}
