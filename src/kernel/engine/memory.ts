/** Memory of a process as the system counts it. */
import { readFile } from 'node:fs/promises';

/**
 * Bytes that a process holds, and its children with it where asked. What they share is counted once (PSS): PostgreSQL's processes all map
 * the same buffers, and the sum of what each maps would count those a dozen times. Null where the system does not tell.
 */
export async function memoryOf(pid: number, withChildren: boolean): Promise<number | null> {
  const children = withChildren ? ((await textOf(`/proc/${pid}/task/${pid}/children`))?.trim().split(' ').filter(Boolean) ?? []) : [];
  const parts = await Promise.all([String(pid), ...children].map(shareOf));
  const own = parts[0];
  // A child that has just ended holds nothing any more.
  return own == null ? null : parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
}

async function shareOf(pid: string): Promise<number | null> {
  const share = kilobytes(await textOf(`/proc/${pid}/smaps_rollup`), 'Pss');
  return share ?? kilobytes(await textOf(`/proc/${pid}/status`), 'VmRSS');
}

function kilobytes(text: string | null, name: string): number | null {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text ?? '')?.[1];
  return found === undefined ? null : Number(found) * 1024;
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // Gone, another user's, or a system without /proc.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(String((error as NodeJS.ErrnoException).code))) return null;
    throw error;
  }
}
