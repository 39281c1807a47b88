/** Files that are being made: each names the process that makes it, so that what the dead left behind can be told and swept away. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Opens a staging folder, sweeps it, and returns a function that gives fresh paths in it. */
export function openStaging(folder: string): () => string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const left of readdirSync(folder)) if (!isBeingMade(left)) rmSync(join(folder, left), { recursive: true, force: true });
  const mine = `${process.pid}.${startOf(process.pid)}`;
  return () => join(folder, `${mine}-${randomBytes(8).toString('hex')}`);
}

/** A number alone is not enough: after a restart of a container another process, even this one, has the number of the dead. */
function isBeingMade(name: string): boolean {
  const [, pid, start] = /^(\d+)\.(\w+)-/.exec(name) ?? [];
  return pid !== undefined && isRunning(Number(pid)) && startOf(Number(pid)) === start;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, in ticks since the boot (proc(5), field 22 of stat); 'x' where the system does not tell. */
function startOf(pid: number): string {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return 'x';
  // The second field is the program's name in brackets and may hold spaces: count from behind it.
  return (
    readFileSync(file, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19] ?? 'x'
  );
}
