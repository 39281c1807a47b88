/** Files that are being made: each names the process that makes it, so that what the dead left behind can be told and swept away. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isMarkAlive, markOf } from '../process.ts';

/** Opens a staging folder, sweeps it, and returns a function that gives fresh paths in it. */
export function openStaging(folder: string): () => string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const left of readdirSync(folder))
    if (!isMarkAlive(left.split('-')[0] ?? '')) rmSync(join(folder, left), { recursive: true, force: true });
  const mine = markOf(process.pid);
  return () => join(folder, `${mine}-${randomBytes(8).toString('hex')}`);
}
