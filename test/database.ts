/** A fresh empty database for a test. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  /** URL of the server's administrator in the new database. */
  readonly url: string;
  readonly name: string;
  drop(): Promise<void>;
}

/** Makes a database on the server of the test run, empty or a copy; `drop` removes it with the roles that were named after it. */
export async function createDatabase(name = `t${randomBytes(6).toString('hex')}`, copyOf = 'template1'): Promise<TestDatabase> {
  const server = process.env['CHENGSHU_TEST_PG'];
  if (!server) throw new Error('CHENGSHU_TEST_PG is not set: run the tests with vitest, whose global set-up is test/postgres.ts');
  await onServer(server, [`create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(copyOf)}`]);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    name,
    drop: () =>
      onServer(server, [
        `drop database if exists ${pg.escapeIdentifier(name)} with (force)`,
        ...['app', 'log', 'audit'].map((r) => `drop role if exists ${pg.escapeIdentifier(`${name}_${r}`)}`),
      ]),
  };
}

async function onServer(server: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
