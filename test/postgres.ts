/** One PostgreSQL for a whole test run; every test file makes databases of its own on it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgres, startPostgres } from '#kernel/db/embedded';

/** Vitest's global set-up: starts the server unless CHENGSHU_TEST_PG names one, and removes it at the end. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env['CHENGSHU_TEST_PG']) return async () => undefined;
  const folder = mkdtempSync(join(tmpdir(), 'chengshu-pg-'));
  const server = await startPostgres({ folder: join(folder, 'postgres'), durable: false });
  process.env['CHENGSHU_TEST_PG'] = server.url;
  return async () => {
    await server.stop();
    await removePostgres(join(folder, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  };
}
