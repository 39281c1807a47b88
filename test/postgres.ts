/** One PostgreSQL for a whole test run; every test file makes databases of its own on it. */
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgres, startPostgres } from '#kernel/db/embedded';
import { sweepSmall } from './knocks/small-disk.ts';

/** Vitest's global set-up: starts the server unless CHENGSHU_TEST_PG names one, and removes it at the end. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env['CHENGSHU_TEST_PG']) return async () => undefined;
  await sweep();
  const folder = mkdtempSync(join(tmpdir(), `chengshu-pg-${process.pid}-`));
  // As root the server runs as an unprivileged user, who must be able to pass.
  chmodSync(folder, 0o711);
  const server = await startPostgres({ folder: join(folder, 'postgres'), durable: false });
  process.env['CHENGSHU_TEST_PG'] = server.url;
  return () => clear(folder);
}

/** A killed test run leaves its server behind: the folder's name says whose it was. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^chengshu-pg-(\d+)-/.exec(name)?.[1]);
    if (pid && pid !== process.pid && !isRunning(pid)) await clear(join(tmpdir(), name));
  }
  await sweepSmall(isRunning);
}

async function clear(folder: string): Promise<void> {
  await removePostgres(join(folder, 'postgres'));
  rmSync(folder, { recursive: true, force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
