/** Secrets: documents hold `secret:name`; values are sealed in PostgreSQL under a key kept in a file of its own, outside what is backed up with the data. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Migration } from './db/migrate.ts';
import type { Db } from './db/pool.ts';
import { defineErrors, Refusal } from './errors.ts';

defineErrors({
  SECRET_MISSING: {
    status: 422,
    zh: '没有名为“{name}”的密钥',
    en: "There is no secret named '{name}'",
    hint: { zh: '请先在数据源页面填写口令。', en: 'Enter it on the page of the source first.' },
  },
  SECRET_UNREADABLE: {
    status: 500,
    zh: '密钥“{name}”解不开',
    en: "Secret '{name}' cannot be opened",
    hint: { zh: '密钥文件与数据不匹配，请恢复原来的密钥文件。', en: 'The key file does not fit the data; restore the original key file.' },
  },
});

export const secretMigrations: readonly Migration[] = [
  {
    name: 'kernel/006-secret',
    sql: 'create table kernel.secret (name text primary key, sealed bytea not null, set_by text not null, set_at timestamptz not null);',
  },
];

/** The installation's key (32 bytes), made once, readable by its owner only. */
export function installationKey(path: string): Buffer {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.new`, randomBytes(32).toString('base64'), { mode: 0o600, flush: true });
    renameSync(`${path}.new`, path);
  }
  return Buffer.from(readFileSync(path, 'utf8'), 'base64');
}

export interface Secrets {
  set(db: Db, name: string, value: string, actor: string, at: Date): Promise<void>;
  /** The value behind `secret:name`; any other text is returned as it is. @throws Refusal SECRET_MISSING, SECRET_UNREADABLE */
  reveal(db: Db, value: string): Promise<string>;
}

/** Secrets sealed with AES-256-GCM; the name is bound in, so that one sealed value cannot stand for another. */
export function createSecrets(key: Buffer): Secrets {
  return {
    async set(db, name, value, actor, at) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name));
      const sealed = Buffer.concat([iv, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      await db.run(
        'insert into kernel.secret (name, sealed, set_by, set_at) values ($1, $2, $3, $4) on conflict (name) do update set sealed = excluded.sealed, set_by = excluded.set_by, set_at = excluded.set_at',
        [name, sealed, actor, at],
      );
    },
    async reveal(db, value) {
      if (!value.startsWith('secret:')) return value;
      const name = value.slice('secret:'.length);
      const row = await db.first<{ sealed: Buffer }>('select sealed from kernel.secret where name = $1', [name]);
      if (!row) throw new Refusal('SECRET_MISSING', { name });
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, row.sealed.subarray(0, 12))
          .setAAD(Buffer.from(name))
          .setAuthTag(row.sealed.subarray(-16));
        return Buffer.concat([decipher.update(row.sealed.subarray(12, -16)), decipher.final()]).toString('utf8');
      } catch (error) {
        throw new Refusal('SECRET_UNREADABLE', { name }, { cause: error });
      }
    },
  };
}
