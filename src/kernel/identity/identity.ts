/** Departments, users, sessions: memory-hard password hashes, lock-out, and the separation of the three administrators. */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { conditions, contains, numbered } from '../db/listing.ts';
import type { Migration } from '../db/migrate.ts';
import type { Database, Db } from '../db/pool.ts';
import { isRefusal, Refusal } from '../errors.ts';
import { type Actor, administrators, isRole, type Role } from '../policy/policy.ts';
import { type Account, createAttempts } from './attempts.ts';
import { limits } from './limits.ts';
import { hashPassword } from './password.ts';
import './errors.ts';

export interface Department {
  readonly id: string;
  readonly title: string;
  readonly titleEn: string;
  /** 18-character unified social credit code of the department (提供方代码). */
  readonly code: string;
  /** Administrative level: 3 city, 4 county. */
  readonly level: 3 | 4;
  /** Division code of its management area. */
  readonly area: string;
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly department: string;
  readonly roles: readonly Role[];
  readonly disabled: boolean;
}

export const identityMigrations: readonly Migration[] = [
  {
    name: 'kernel/003-identity',
    sql: `create table kernel.department (
      id text primary key, title text not null unique, title_en text not null, code text not null, level smallint not null check (level in (3, 4)), area text not null
    );
    create table kernel.account (
      id text primary key, name text not null, department text not null references kernel.department,
      roles text[] not null default '{}', password text not null, failures integer not null default 0,
      locked_until timestamptz, disabled boolean not null default false, created_at timestamptz not null
    );
    create table kernel.session (
      token bytea primary key, account text not null references kernel.account, door text not null,
      created_at timestamptz not null, seen_at timestamptz not null, expires_at timestamptz not null
    );
    create index session_account on kernel.session (account);`,
  },
];

const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

const userOf = (r: Account): User => ({
  id: r.id,
  name: r.name,
  department: r.department,
  roles: r.roles.filter(isRole),
  disabled: r.disabled,
});

/** @throws Refusal IDENTITY_ROLES_CONFLICT when one account would hold two administrators' roles, or one of them and a business role. */
export function demandSeparation(roles: readonly Role[]): void {
  const admin = roles.filter((r) => administrators.includes(r));
  if (admin.length > 1 || (admin.length === 1 && roles.length > 1))
    throw new Refusal('IDENTITY_ROLES_CONFLICT', { roles: roles.join(', ') });
}

export interface Identity {
  departments(): Promise<readonly Department[]>;
  addDepartment(tx: Db, department: Department): Promise<void>;
  users(): Promise<readonly User[]>;
  /** Names and departments of some accounts; what is none is left out. */
  people(ids: readonly string[]): Promise<readonly Pick<User, 'id' | 'name' | 'department'>[]>;
  /** Accounts in whose id or name a text is found. */
  peopleCalled(text: string): Promise<readonly string[]>;
  /** Makes an account without any role: the system administrator creates it, the security administrator gives it rights. */
  addUser(tx: Db, user: { id: string; name: string; department: string; password: string }): Promise<void>;
  setRoles(tx: Db, user: string, roles: readonly Role[]): Promise<void>;
  setDisabled(tx: Db, user: string, disabled: boolean): Promise<void>;
  /** Whoever changes the password says the present one; a guess counts as one at the door does. @throws Refusal IDENTITY_PASSWORD_OLD, IDENTITY_LOCKED */
  demandPassword(user: string, password: string): Promise<void>;
  /** Changes the password: every session of the account ends. @throws Refusal IDENTITY_PASSWORD_WEAK */
  changePassword(tx: Db, user: string, next: string): Promise<void>;
  /** @throws Refusal IDENTITY_WRONG, IDENTITY_LOCKED, IDENTITY_CROWDED */
  signIn(user: string, password: string, door: Actor['door']): Promise<{ token: string; actor: Actor }>;
  signOut(token: string): Promise<void>;
  /** Who holds this session; undefined when it is unknown or over. */
  actorOf(token: string): Promise<Actor | undefined>;
  /** True while nobody has been created: only then may the installation make the three administrators. */
  isEmpty(): Promise<boolean>;
}

/** Identity over a database. */
export function createIdentity(db: Database, clock: Clock): Identity {
  const { attempt } = createAttempts(db, clock);
  return {
    departments: () => db.rows<Department>('select id, title, title_en as "titleEn", code, level, area from kernel.department order by id'),
    async addDepartment(tx, d) {
      const added = await tx.run(
        'insert into kernel.department (id, title, title_en, code, level, area) values ($1, $2, $3, $4, $5, $6) on conflict do nothing',
        [d.id, d.title, d.titleEn, d.code, d.level, d.area],
      );
      if (added === 0) throw new Refusal('IDENTITY_EXISTS', { id: d.id });
    },
    users: async () => (await db.rows<Account>('select id, name, department, roles, disabled from kernel.account order by id')).map(userOf),
    people: (ids) =>
      db.rows<Pick<User, 'id' | 'name' | 'department'>>(
        'select id, name, department from kernel.account where id = any($1::text[]) order by id',
        [ids],
      ),
    async peopleCalled(text) {
      const said = numbered('select id from kernel.account where', conditions(contains(text, 'id', 'name')));
      return (await db.rows<{ id: string }>(said.sql, said.params)).map((a) => a.id);
    },
    async addUser(tx, u) {
      if (u.password.length < limits.passwordLength) throw new Refusal('IDENTITY_PASSWORD_WEAK', { length: limits.passwordLength });
      const known = await tx.first('select 1 from kernel.department where id = $1', [u.department]);
      if (!known) throw new Refusal('IDENTITY_DEPARTMENT_UNKNOWN', { id: u.department });
      const added = await tx.run(
        'insert into kernel.account (id, name, department, password, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing',
        [u.id, u.name, u.department, await hashPassword(u.password), clock.now()],
      );
      if (added === 0) throw new Refusal('IDENTITY_EXISTS', { id: u.id });
    },
    async setRoles(tx, user, roles) {
      demandSeparation(roles);
      if ((await tx.run('update kernel.account set roles = $2 where id = $1', [user, roles])) === 0)
        throw new Refusal('IDENTITY_UNKNOWN', { id: user });
    },
    async setDisabled(tx, user, disabled) {
      if ((await tx.run('update kernel.account set disabled = $2 where id = $1', [user, disabled])) === 0)
        throw new Refusal('IDENTITY_UNKNOWN', { id: user });
      if (disabled) await tx.run('delete from kernel.session where account = $1', [user]);
    },
    async demandPassword(user, password) {
      try {
        await attempt(user, password);
      } catch (error) {
        throw isRefusal(error) && error.code === 'IDENTITY_WRONG' ? new Refusal('IDENTITY_PASSWORD_OLD') : error;
      }
    },
    async changePassword(tx, user, next) {
      if (next.length < limits.passwordLength) throw new Refusal('IDENTITY_PASSWORD_WEAK', { length: limits.passwordLength });
      await tx.run('update kernel.account set password = $2 where id = $1', [user, await hashPassword(next)]);
      await tx.run('delete from kernel.session where account = $1', [user]);
    },
    async signIn(user, password, door) {
      const account = await attempt(user, password);
      const now = clock.now();
      const token = randomBytes(32).toString('base64url');
      await db.run('insert into kernel.session (token, account, door, created_at, seen_at, expires_at) values ($1, $2, $3, $4, $4, $5)', [
        tokenHash(token),
        user,
        door,
        now,
        new Date(now.getTime() + limits.sessionHours * 3600_000),
      ]);
      const u = userOf(account);
      return { token, actor: { user: u.id, name: u.name, department: u.department, roles: u.roles, door } };
    },
    signOut: async (token) => void (await db.run('delete from kernel.session where token = $1', [tokenHash(token)])),
    async actorOf(token) {
      const now = clock.now();
      const row = await db.first<Account & { door: Actor['door'] }>(
        `update kernel.session s set seen_at = $2 from kernel.account a
         where s.token = $1 and a.id = s.account and not a.disabled and s.expires_at > $2 and s.seen_at > $2::timestamptz - make_interval(mins => $3)
         returning a.id, a.name, a.department, a.roles, a.disabled, s.door`,
        [tokenHash(token), now, limits.idleMinutes],
      );
      if (!row) {
        // What was once over stays over, also when the clock is set back.
        await db.run(
          'delete from kernel.session where token = $1 and (expires_at <= $2 or seen_at <= $2::timestamptz - make_interval(mins => $3))',
          [tokenHash(token), now, limits.idleMinutes],
        );
        return undefined;
      }
      const u = userOf(row);
      return { user: u.id, name: u.name, department: u.department, roles: u.roles, door: row.door };
    },
    isEmpty: async () => (await db.first('select 1 from kernel.account limit 1')) === undefined,
  };
}
