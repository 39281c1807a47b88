/** The data folder of an installation: who has it, and where its running parts are. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineErrors, Refusal } from '#kernel/errors';
import { isAlive, isMarkAlive, markOf, pidOf } from '#kernel/process';

defineErrors({
  SITE_TAKEN: {
    status: 409,
    zh: '数据目录 {folder} 已由进程 {pid} 启动：{address}',
    en: 'Data folder {folder} is already up in process {pid}: {address}',
    hint: { zh: '直接使用该地址；要另起一套请用 --data 指定别的目录。', en: 'Use that address, or give another folder with --data.' },
  },
});

/** What a running parent writes down for other commands. */
export interface Running {
  readonly pid: number;
  /** Number and begin of the process; older versions wrote only its number. */
  readonly mark?: string;
  readonly address: string;
  readonly startedAt: string;
}

const fileOf = (folder: string): string => join(folder, 'run', 'up.json');

/** The parent that has the folder now; undefined when none does or the one that did is gone. */
export function runningIn(folder: string): Running | undefined {
  const file = fileOf(folder);
  if (!existsSync(file)) return undefined;
  const running = written(readFileSync(file, 'utf8'));
  return running && isHolder(running.mark ?? String(running.pid)) ? running : undefined;
}

/** What the file says; a power cut can leave it empty or short, and then nobody runs any more. */
function written(text: string): Running | undefined {
  try {
    return (JSON.parse(text) as Running | null) ?? undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether the process named here still runs. Where there is only a number, which can come round again, on Linux the command line tells. */
function isHolder(mark: string): boolean {
  if (pidOf(mark) !== undefined) return isMarkAlive(mark);
  if (!isAlive(Number(mark))) return false;
  const commandLine = `/proc/${mark}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes('chengshu');
}

/** The number of the process named here; zero for what a power cut left. */
const numberOf = (mark: string): number => pidOf(mark) ?? (Number(mark) || 0);

/** Takes the folder for this process. @throws Refusal SITE_TAKEN */
export function takeSite(folder: string): { announce(address: string): void; release(): void } {
  // The unprivileged user of PostgreSQL must be able to pass through the folder; everything in it is closed by itself.
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  mkdirSync(join(folder, 'run'), { recursive: true, mode: 0o700 });
  const lock = join(folder, 'run', 'lock');
  const mine = markOf(process.pid);
  const other = runningIn(folder);
  if (other && other.pid !== process.pid) throw new Refusal('SITE_TAKEN', { folder, pid: other.pid, address: other.address });
  const taken = (by: string): Refusal => new Refusal('SITE_TAKEN', { folder, pid: numberOf(by), address: '…' });
  // Between two starts at the same instant the exclusive create decides; a lock left by a killed process names a dead one,
  // and one that is empty for longer than writing it takes was left by a power cut.
  for (let tries = 0; ; tries++) {
    try {
      writeFileSync(lock, mine, { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        // Made but not written: the disk is full.
        rmSync(lock, { force: true });
        throw error;
      }
    }
    const seen = readLock(lock);
    if (!seen) continue;
    const isNew = seen.text === '' && seen.ageMs < 2000;
    if (tries > 20 || isNew || (numberOf(seen.text) !== process.pid && isHolder(seen.text))) throw taken(seen.text);
    setAside(lock, seen.text);
  }
  // Several that found the same dead lock may have moved each other's: after a moment it names the one that has it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
  const holder = readLock(lock)?.text;
  if (holder !== mine) throw taken(holder ?? '');
  return {
    announce(address) {
      const file = fileOf(folder);
      const running: Running = { pid: process.pid, mark: mine, address, startedAt: new Date().toISOString() };
      writeFileSync(`${file}.new`, JSON.stringify(running), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
    release() {
      rmSync(fileOf(folder), { force: true });
      rmSync(lock, { force: true });
    },
  };
}

/** What a lock says and how long ago it was written; undefined when it has just gone. */
function readLock(lock: string): { readonly text: string; readonly ageMs: number } | undefined {
  try {
    return { text: readFileSync(lock, 'utf8'), ageMs: Math.abs(Date.now() - statSync(lock).mtimeMs) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Removes a dead lock; one that somebody else has put in its place since it was read is put back. */
function setAside(lock: string, seen: string): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (readFileSync(aside, 'utf8') === seen) rmSync(aside, { force: true });
    else renameSync(aside, lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
