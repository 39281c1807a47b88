/** Objects: immutable bytes under the digest of their content. An object is there whole and durable, or not at all. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { Refusal } from '../errors.ts';

/** What was stored. */
export interface Stored {
  /** Hex SHA-256 of the content. */
  readonly digest: string;
  readonly bytes: number;
}

/** The steps by which a file becomes an object, in the order that survives a power cut; a test listens to them. */
export interface ObjectEffects {
  syncFile(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  syncFolder(path: string): Promise<void>;
}

export interface Objects {
  /** Stores a stream. The same content twice is one object. */
  put(stream: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<Stored>;
  /** Makes a finished file of `staging()` an object; the file is gone afterwards. */
  adopt(path: string): Promise<Stored>;
  /** Local path of an object. @throws Refusal OBJECT_MISSING */
  open(digest: string): Promise<string>;
  /** Content of an object. @throws Refusal OBJECT_MISSING */
  read(digest: string): Promise<AsyncIterable<Uint8Array>>;
  remove(digest: string): Promise<void>;
  /** A fresh path inside the store for a file that is being made. */
  staging(): string;
}

const disk: ObjectEffects = {
  syncFile: (path) => sync(path, 'r+'),
  rename,
  syncFolder: (path) => (process.platform === 'win32' ? Promise.resolve() : sync(path, 'r')),
};

async function sync(path: string, flags: string): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Opens the store in a folder. What processes that are gone left unfinished is swept away: staging names begin with their number. */
export function openObjects(folder: string, effects: ObjectEffects = disk): Objects {
  const stagingFolder = join(folder, 'staging');
  mkdirSync(stagingFolder, { recursive: true, mode: 0o700 });
  for (const left of readdirSync(stagingFolder)) if (!isRunning(Number(left.split('-')[0]))) rmSync(join(stagingFolder, left), { force: true });

  const place = (digest: string): string => join(folder, digest.slice(0, 2), digest);
  const staging = (): string => join(stagingFolder, `${process.pid}-${randomBytes(8).toString('hex')}`);
  const keep = async (path: string, digest: string): Promise<void> => {
    const target = place(digest);
    await effects.syncFile(path);
    if (existsSync(target)) {
      await rm(path, { force: true });
      return;
    }
    const shard = dirname(target);
    if (!existsSync(shard)) {
      mkdirSync(shard, { recursive: true, mode: 0o700 });
      await effects.syncFolder(folder);
    }
    await effects.rename(path, target);
    await effects.syncFolder(shard);
  };
  const find = (digest: string): string => {
    const path = place(digest);
    if (!/^[0-9a-f]{64}$/.test(digest) || !existsSync(path)) throw new Refusal('OBJECT_MISSING', { digest });
    return path;
  };

  return {
    staging,
    async put(stream, signal) {
      const path = staging();
      const hash = createHash('sha256');
      let bytes = 0;
      try {
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
        const digest = hash.digest('hex');
        await keep(path, digest);
        return { digest, bytes };
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    },
    async adopt(path) {
      const hash = createHash('sha256');
      for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
      const digest = hash.digest('hex');
      const { size } = await stat(path);
      await keep(path, digest);
      return { digest, bytes: size };
    },
    open: async (digest) => find(digest),
    read: async (digest) => createReadStream(find(digest), { highWaterMark: 1 << 18 }),
    remove: (digest) => rm(place(digest), { force: true }),
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
