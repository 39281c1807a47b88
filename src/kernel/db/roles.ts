/** The database roles of the machine: one that works, one that may only insert log records, one that may only read them. */
import { createHmac } from 'node:crypto';
import pg from 'pg';
import { defineErrors, Refusal } from '../errors.ts';
import { isAway } from '../stores.ts';

defineErrors({
  DATABASE_URL_WRONG: {
    status: 503,
    zh: '连不上 DATABASE_URL 所指的数据库：{reason}',
    en: 'The database named by DATABASE_URL cannot be reached: {reason}',
    hint: {
      zh: '请核对主机、端口、库名、用户和密码；去掉 DATABASE_URL 则使用内置数据库。',
      en: 'Check host, port, database, user and password; without DATABASE_URL the embedded database is used.',
    },
  },
  DATABASE_ROLES_DENIED: {
    status: 503,
    zh: '数据库用户“{user}”不能创建角色',
    en: "Database user '{user}' may not create roles",
    hint: {
      zh: '请用有 CREATEROLE 权限的用户连接，或请数据库管理员授予该权限：日志的只插入角色由平台建立。',
      en: 'Connect as a user with CREATEROLE, or have it granted: the insert-only role of the log is created by the platform.',
    },
  },
  DATABASE_NOT_OWN: {
    status: 503,
    zh: '数据库“{database}”不属于用户“{user}”',
    en: "Database '{database}' does not belong to user '{user}'",
    hint: {
      zh: '请用该库的所有者连接，或请数据库管理员把库的所有者改为该用户：平台要在库里建立模式并授权。',
      en: 'Connect as the owner of the database, or have it made over to that user: the platform creates schemas in it and grants rights.',
    },
  },
});

/** Connection strings of the three roles. */
export interface RoleUrls {
  readonly app: string;
  readonly log: string;
  readonly audit: string;
}

/** Escapes an identifier made of a database name and a fixed ending. */
const quoted = (name: string): string => pg.escapeIdentifier(name);

/**
 * Makes the three login roles (again) and what they may do before any table exists. Passwords derive from the installation's key, so
 * nothing is stored and a restart finds them. With `socket`, the folder of the server's unix socket, they go by it: a call's way to the
 * database and back costs less than over TCP. @throws Refusal DATABASE_URL_WRONG, DATABASE_ROLES_DENIED, DATABASE_NOT_OWN
 */
export async function prepareRoles(adminUrl: string, key: Buffer, socket?: string): Promise<RoleUrls> {
  const admin = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5000 });
  // A connection lost between two statements shows again at the next; without an ear it would end the process.
  admin.on('error', () => undefined);
  try {
    await admin.connect();
  } catch (error) {
    throw new Refusal('DATABASE_URL_WRONG', { reason: error instanceof Error ? error.message : String(error) }, { cause: error });
  }
  try {
    const who = (
      await admin.query<{ db: string; me: string; may: boolean; own: boolean }>(
        `select d.datname as db, r.rolname as me, (r.rolsuper or r.rolcreaterole) as may, pg_has_role(r.oid, d.datdba, 'usage') as own
       from pg_roles r, pg_database d where r.rolname = current_user and d.datname = current_database()`,
      )
    ).rows[0];
    if (!who) throw new Error('pg_roles has no row for the current user');
    if (!who.may) throw new Refusal('DATABASE_ROLES_DENIED', { user: who.me });
    // Who is not the owner could create the roles and then not let them in: PostgreSQL only warns of a grant it does not make.
    if (!who.own) throw new Refusal('DATABASE_NOT_OWN', { user: who.me, database: who.db });
    const urls: Record<string, string> = {};
    await admin.query('select pg_advisory_lock(8714002)');
    for (const role of ['app', 'log', 'audit']) {
      const name = `${who.db}_${role}`.slice(0, 63);
      const password = createHmac('sha256', key).update(`role ${name}`).digest('hex');
      const known = (await admin.query('select 1 from pg_roles where rolname = $1', [name])).rowCount;
      await admin.query(`${known ? 'alter' : 'create'} role ${quoted(name)} login password ${pg.escapeLiteral(password)}`);
      await admin.query(`grant connect on database ${quoted(who.db)} to ${quoted(name)}`);
      const url = new URL(adminUrl);
      url.username = encodeURIComponent(name);
      url.password = password;
      if (socket !== undefined) url.searchParams.set('host', socket);
      urls[role] = url.href;
    }
    const named = (role: string) => quoted(`${who.db}_${role}`.slice(0, 63));
    await admin.query(`grant create, temporary on database ${quoted(who.db)} to ${named('app')}`);
    await admin.query(logSchema(named('app'), named('log'), named('audit')));
    await admin.query('select pg_advisory_unlock(8714002)');
    return { app: urls['app'] ?? '', log: urls['log'] ?? '', audit: urls['audit'] ?? '' };
  } catch (error) {
    if (isAway(error)) throw new Refusal('DATABASE_URL_WRONG', { reason: (error as Error).message }, { cause: error });
    throw error;
  } finally {
    await admin.end();
  }
}

/**
 * The log belongs to the administrator's role, not to the one that works: the log role may insert, the audit role may read, nobody
 * else may do anything, and a trigger refuses change to whoever owns it. Said plainly: who holds the disk can still rewrite it.
 */
const logSchema = (app: string, log: string, audit: string): string => `
create schema if not exists log;
create table if not exists log.record (
  seq bigint generated always as identity primary key,
  id text not null unique,
  at timestamptz not null,
  door text not null,
  outcome text not null,
  actor text not null,
  department text,
  action text not null,
  target text not null,
  grant_id text,
  rows integer not null,
  bytes integer not null,
  subjects text[] not null,
  canonical bytea not null,
  digest bytea not null
);
create index if not exists record_grant on log.record (grant_id, at) where grant_id is not null;
create index if not exists record_target on log.record (target, at);
-- Records come in the order of time: where a day lies is told by ranges of pages.
drop index if exists log.record_at;
create index if not exists record_time on log.record using brin (at);
create index if not exists record_subjects on log.record using gin (subjects);
create or replace function log.refuse_change() returns trigger language plpgsql as $body$
begin
  raise exception 'log.record is append-only' using errcode = 'insufficient_privilege';
end $body$;
create or replace trigger record_is_append_only before update or delete or truncate on log.record
  for each statement execute function log.refuse_change();
create or replace view log.usage as
  select grant_id, target, (at at time zone 'Asia/Shanghai')::date as day, outcome,
         count(*) as calls, sum(rows) as rows, sum(bytes) as bytes
  from log.record where grant_id is not null group by 1, 2, 3, 4;
revoke all on schema log from public;
revoke all on all tables in schema log from public;
grant usage on schema log to ${app}, ${log}, ${audit};
grant insert on log.record to ${log};
grant select on log.record, log.usage to ${audit};
grant select on log.usage to ${app};
create schema if not exists kernel;
create table if not exists kernel.epoch (one boolean primary key default true check (one), value bigint not null);
insert into kernel.epoch (value) values (1) on conflict do nothing;
alter table kernel.epoch add column if not exists day date;
grant usage, create on schema kernel to ${app};
grant usage on schema kernel to ${log};
grant select, update on kernel.epoch to ${app};
grant select on kernel.epoch to ${log};
`;
