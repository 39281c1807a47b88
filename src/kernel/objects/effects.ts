/** The steps by which a file becomes an object, one by one, so that their order can be watched and a crash put between any two. */
import { open, rename } from 'node:fs/promises';
import { seam } from '../seam.ts';

export interface ObjectEffects {
  /** Forces a file's bytes to the disk. */
  syncFile(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Forces the names in a folder to the disk. */
  syncFolder(path: string): Promise<void>;
}

/** The disk itself. Windows has no way to sync a folder and does not need one. */
export const disk: ObjectEffects = {
  async syncFile(path) {
    seam('objects.written');
    await sync(path, 'r+');
    seam('objects.synced');
  },
  async rename(from, to) {
    await rename(from, to);
    seam('objects.renamed');
  },
  async syncFolder(path) {
    if (process.platform !== 'win32') await sync(path, 'r');
    seam('objects.named');
  },
};

async function sync(path: string, flags: string): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
