/** Telling a process from a later one that was given its number: after a restart of a container even this one may have the number of the dead. */
import { readFileSync } from 'node:fs';

/** True while the process runs. Zero and below are groups, not processes. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  // A killed child that nobody has waited for yet is a zombie: it does nothing any more.
  return !/^[ZX]$/.test(statOf(pid)?.[0] ?? '');
}

/** What names one process among all that ever had its number: `<number>.<begin>`. */
export const markOf = (pid: number): string => `${pid}.${beginOf(pid)}`;

/** True while the very process of a mark runs; a mark that is none names nobody. */
export function isMarkAlive(mark: string): boolean {
  const pid = pidOf(mark);
  return pid !== undefined && isAlive(pid) && markOf(pid) === mark;
}

/** The number in a mark; undefined for what is no mark. */
export function pidOf(mark: string): number | undefined {
  const [, pid] = /^(\d+)\.\w+$/.exec(mark) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

/** When a process began, in ticks since the boot (proc(5), field 22 of stat); 'x' where the system does not tell. */
const beginOf = (pid: number): string => statOf(pid)?.[19] ?? 'x';

/** The fields of a process from its state on; undefined where there is no such file, or no such process any more. */
function statOf(pid: number): readonly string[] | undefined {
  try {
    // The second field is the program's name in brackets and may hold spaces: count from behind it.
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw error;
  }
}
