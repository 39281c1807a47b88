/** Numbered SQL migrations, a folder per stage, each applied once in one transaction and never edited afterwards. */
import { createHash } from 'node:crypto';
import { defineErrors, Refusal } from '../errors.ts';
import type { Database } from './pool.ts';

/** One migration: `stage/number-words`, with its SQL. A stage's migrations.ts lists its own in order. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

defineErrors({
  MIGRATION_CHANGED: {
    status: 500,
    zh: '迁移“{name}”与数据库里已执行的不一致',
    en: "Migration '{name}' differs from the one this database has run",
    hint: { zh: '请使用与数据目录相同或更新的版本启动。', en: 'Start a version that is as new as the data folder or newer.' },
  },
  DATABASE_TOO_OLD: {
    status: 500,
    zh: 'PostgreSQL 版本 {version} 太旧，需要 15 及以上',
    en: 'PostgreSQL {version} is too old; 15 or newer is needed',
    hint: {
      zh: '请升级数据库，或去掉 DATABASE_URL 使用内置的。',
      en: 'Upgrade the database, or drop DATABASE_URL to use the embedded one.',
    },
  },
});

/** Applies what has not been applied yet; returns the names applied. Two processes at once: an advisory lock makes the second wait. */
export async function migrate(db: Database, migrations: readonly Migration[]): Promise<readonly string[]> {
  const version = await db.first<{ v: number; text: string }>(
    `select current_setting('server_version_num')::int as v, current_setting('server_version') as text`,
  );
  if (!version || version.v < 150000) throw new Refusal('DATABASE_TOO_OLD', { version: version?.text ?? '?' });
  return db.transaction(async (tx) => {
    await tx.run('select pg_advisory_xact_lock(8714001)');
    await tx.run('create schema if not exists kernel');
    await tx.run(
      'create table if not exists kernel._migration (name text primary key, digest text not null, applied_at timestamptz not null default now())',
    );
    const done = new Map(
      (await tx.rows<{ name: string; digest: string }>('select name, digest from kernel._migration')).map((r) => [r.name, r.digest]),
    );
    const applied: string[] = [];
    for (const m of migrations) {
      const digest = createHash('sha256').update(m.sql).digest('hex');
      const before = done.get(m.name);
      if (before === digest) continue;
      if (before !== undefined) throw new Refusal('MIGRATION_CHANGED', { name: m.name });
      await tx.run(m.sql);
      await tx.run('insert into kernel._migration (name, digest) values ($1, $2)', [m.name, digest]);
      applied.push(m.name);
    }
    return applied;
  });
}
