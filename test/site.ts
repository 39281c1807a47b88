/** The tables of an installation, made once in a run and copied for each test: to make them anew costs four times the copy. */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { divisionOverlay } from '#city/index';
import { modelKinds } from '#declare';
import { fixedClock } from '#kernel/clock';
import { prepareRoles, type RoleUrls } from '#kernel/db/roles';
import { kernelMigrations } from '#kernel/kernel-stage';
import { migrateSite, openKernel } from '#kernel/open';
import type { Stage } from '#kernel/stage';
import { codeModels } from '../bin/stages.ts';
import { createDatabase, type TestDatabase } from './database.ts';

/** A database of its own with every table, and roles of its own. With `models` every document of the code is in it. */
export async function copySite(
  stages: readonly Stage[],
  key: Buffer,
  models: boolean,
): Promise<TestDatabase & { readonly urls: RoleUrls }> {
  const from = await template(stages, key, models);
  const database = await createDatabase(undefined, from);
  const urls = await prepareRoles(database.url, key);
  const role = (name: string) => pg.escapeIdentifier(`${name}_app`);
  const admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  await admin.query(`reassign owned by ${role(from)} to ${role(database.name)}`);
  await admin.end();
  return { ...database, urls };
}

/** Name of the database to copy; who comes first makes it, and the others wait. */
async function template(stages: readonly Stage[], key: Buffer, models: boolean): Promise<string> {
  const migrations = [...kernelMigrations, ...stages.flatMap((s) => s.migrations)];
  const name = `site_${createHash('sha256')
    .update(JSON.stringify([migrations, models]))
    .digest('hex')
    .slice(0, 12)}`;
  const admin = new pg.Client({ connectionString: process.env['CHENGSHU_TEST_PG'] });
  await admin.connect();
  try {
    await admin.query('select pg_advisory_lock(8714003)');
    const made = await admin.query('select from pg_database where datname = $1 and datistemplate', [name]);
    if (made.rowCount === 0) {
      await admin.query(`drop database if exists ${name}`);
      const { url } = await createDatabase(name);
      const site = { folder: '', urls: await prepareRoles(url, key), key, node: 'test' };
      await migrateSite(site, stages);
      if (models) {
        const kernel = openKernel(site, stages, { name: 'template', clock: fixedClock('2026-11-24T02:00:00Z'), connections: 1 });
        await kernel.db.transaction(async (tx) => {
          for (const kind of modelKinds)
            for (const doc of [...codeModels[kind], ...(kind === 'code-list' ? [divisionOverlay] : [])])
              await kernel.documents.put(tx, kind, doc, { origin: 'code', actor: 'test' });
        });
        await kernel.close();
      }
      await admin.query(`alter database ${name} is_template true`);
    }
  } finally {
    await admin.end();
  }
  return name;
}
