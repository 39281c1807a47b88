/** `--reset`: clears everything an installation made, in its folder and in the database it was given. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import pg from 'pg';
import type { Config } from '#kernel/config';
import { removePostgres } from '#kernel/db/embedded';
import { prepareRoles } from '#kernel/db/roles';
import { takeSite } from './site.ts';
import { createStages } from './stages.ts';

/** Clears it. @throws Refusal SITE_TAKEN while it runs, DATABASE_URL_WRONG when the given database is away */
export async function reset(config: Config, folder: string): Promise<void> {
  const lock = takeSite(folder);
  try {
    if (config.databaseUrl) await clearDatabase(config.databaseUrl, `${folder}.key`);
    await removePostgres(`${folder}/postgres`);
    rmSync(`${folder}.key`, { force: true });
  } finally {
    lock.release();
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Schemas, roles and the city's own source database in a PostgreSQL that is not ours: only what carries our names. */
async function clearDatabase(adminUrl: string, keyFile: string): Promise<void> {
  if (!existsSync(keyFile)) return;
  const urls = await prepareRoles(adminUrl, Buffer.from(readFileSync(keyFile, 'utf8'), 'base64'));
  const name = new URL(adminUrl).pathname.slice(1);
  const quoted = (text: string) => pg.escapeIdentifier(text.slice(0, 63));
  await run(
    urls.app,
    [...createStages().map((s) => s.name), 'serving', 'graphile_worker'].map((s) => `drop schema if exists ${quoted(s)} cascade`),
  );
  await run(adminUrl, [
    ...['log', 'kernel'].map((s) => `drop schema if exists ${s} cascade`),
    ...['app', 'log', 'audit'].flatMap((r) => [
      `revoke all on database ${quoted(name)} from ${quoted(`${name}_${r}`)}`,
      `drop role if exists ${quoted(`${name}_${r}`)}`,
    ]),
    `drop database if exists ${quoted(`${name}_police`)} with (force)`,
    `drop role if exists ${quoted(`${name}_police_reader`)}`,
  ]);
}

async function run(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
