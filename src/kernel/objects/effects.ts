/** The steps by which a file becomes an object, one by one, so that their order can be watched and a crash put between any two. */
import { open, rename } from 'node:fs/promises';

export interface ObjectEffects {
  /** Forces a file's bytes to the disk. */
  syncFile(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Forces the names in a folder to the disk. */
  syncFolder(path: string): Promise<void>;
}

/** The disk itself. Windows has no way to sync a folder and does not need one. */
export const disk: ObjectEffects = {
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
