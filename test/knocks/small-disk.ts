/** A disk that a test can fill: a small file system of its own where the tests run as root on Linux, else one that only says it is full. */
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgres } from '#kernel/db/embedded';
import { disk, type ObjectEffects } from '#kernel/objects/effects';

export interface SmallDisk {
  /** Where it is mounted; for the injected one an ordinary folder. */
  readonly folder: string;
  /** What the object store is given instead of the disk itself. */
  readonly effects?: ObjectEffects;
  fill(): void;
  free(): void;
  /** Unmounts and removes it. */
  remove(): void;
}

/** Mounts a memory file system of so many megabytes; at a fresh folder when none is given. @throws what mount says */
export function mountSmall(megabytes: number, at?: string): SmallDisk {
  const outer = at ?? mkdtempSync(join(tmpdir(), `chengshu-small-${process.pid}-`));
  if (at) mkdirSync(at, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0711`, 'chengshu-small', outer], { stdio: 'pipe' });
  const filler = join(outer, 'filler');
  return {
    folder: outer,
    fill() {
      const file = openSync(filler, 'a');
      try {
        for (let step = 1 << 20; step >= 1; ) {
          try {
            if (writeSync(file, Buffer.alloc(step)) < step) step >>= 4;
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
            step >>= 4;
          }
        }
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler, { force: true }),
    remove() {
      execFileSync('umount', ['--lazy', outer], { stdio: 'pipe' });
      if (!at) rmSync(outer, { recursive: true, force: true });
    },
  };
}

/** An ordinary folder whose disk says it is full where the object store forces bytes to it. */
export function injected(): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), `chengshu-small-${process.pid}-`));
  chmodSync(folder, 0o711);
  let full = false;
  return {
    folder,
    effects: {
      ...disk,
      syncFile: async (path) => {
        if (full) throw Object.assign(new Error('ENOSPC: no space left on device, fsync'), { code: 'ENOSPC' });
        await disk.syncFile(path);
      },
    },
    fill: () => {
      full = true;
    },
    free: () => {
      full = false;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What a killed test run left mounted: the folder's name says whose it was. */
export async function sweepSmall(isRunning: (pid: number) => boolean): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^chengshu-small-(\d+)-/.exec(name)?.[1]);
    if (!pid || isRunning(pid)) continue;
    const folder = join(tmpdir(), name);
    await removePostgres(join(folder, 'postgres'));
    // The inner one, where there are two, goes with the outer.
    if (process.platform === 'linux' && mounted().includes(` ${folder} `)) execFileSync('umount', ['--lazy', folder], { stdio: 'pipe' });
    rmSync(folder, { recursive: true, force: true });
  }
}

const mounted = (): string => readFileSync('/proc/mounts', 'utf8');

/** Whether this process may mount: root in a container often may not. */
export const mayMount: boolean = (() => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    mountSmall(1).remove();
    return true;
  } catch {
    return false;
  }
})();
