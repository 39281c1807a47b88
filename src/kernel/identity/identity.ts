/** Departments, users, sessions: memory-hard password hashes, lock-out, and the separation of the three administrators. */
import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type Clock, instantWords } from '../clock.ts';
import { conditions, contains, numbered } from '../db/listing.ts';
import type { Migration } from '../db/migrate.ts';
import type { Database, Db } from '../db/pool.ts';
import { Refusal } from '../errors.ts';
import { type Actor, administrators, isRole, type Role } from '../policy/policy.ts';
import { limits } from './limits.ts';
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

const scryptAsync = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);
// 32 MiB and about 60 ms a guess on the reference box.
const cost = { N: 32768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

async function hash(password: string, salt: Buffer = randomBytes(16)): Promise<string> {
  return `scrypt$${salt.toString('base64url')}$${(await scryptAsync(password.normalize('NFC'), salt, 32, cost)).toString('base64url')}`;
}

async function matches(password: string, stored: string): Promise<boolean> {
  const [, salt = '', wanted = ''] = stored.split('$');
  const got = await scryptAsync(password.normalize('NFC'), Buffer.from(salt, 'base64url'), 32, cost);
  const want = Buffer.from(wanted, 'base64url');
  return got.length === want.length && timingSafeEqual(got, want);
}

const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

interface AccountRow {
  id: string;
  name: string;
  department: string;
  roles: string[];
  password: string;
  failures: number;
  locked_until: Date | null;
  disabled: boolean;
}

const userOf = (r: Pick<AccountRow, 'id' | 'name' | 'department' | 'roles' | 'disabled'>): User => ({
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
  /** Changes the own password: every session of the account ends. @throws Refusal IDENTITY_PASSWORD_OLD, IDENTITY_PASSWORD_WEAK */
  changePassword(tx: Db, user: string, before: string, next: string): Promise<void>;
  /** @throws Refusal IDENTITY_WRONG, IDENTITY_LOCKED */
  signIn(user: string, password: string, door: Actor['door']): Promise<{ token: string; actor: Actor }>;
  signOut(token: string): Promise<void>;
  /** Who holds this session; undefined when it is unknown or over. */
  actorOf(token: string): Promise<Actor | undefined>;
  /** True while nobody has been created: only then may the installation make the three administrators. */
  isEmpty(): Promise<boolean>;
}

/** Identity over a database. */
export function createIdentity(db: Database, clock: Clock): Identity {
  const decoy = hash(randomBytes(12).toString('hex'));
  return {
    departments: () => db.rows<Department>('select id, title, title_en as "titleEn", code, level, area from kernel.department order by id'),
    async addDepartment(tx, d) {
      const added = await tx.run(
        'insert into kernel.department (id, title, title_en, code, level, area) values ($1, $2, $3, $4, $5, $6) on conflict do nothing',
        [d.id, d.title, d.titleEn, d.code, d.level, d.area],
      );
      if (added === 0) throw new Refusal('IDENTITY_EXISTS', { id: d.id });
    },
    users: async () =>
      (await db.rows<AccountRow>('select id, name, department, roles, disabled from kernel.account order by id')).map(userOf),
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
        [u.id, u.name, u.department, await hash(u.password), clock.now()],
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
    async changePassword(tx, user, before, next) {
      if (next.length < limits.passwordLength) throw new Refusal('IDENTITY_PASSWORD_WEAK', { length: limits.passwordLength });
      const row = await tx.first<Pick<AccountRow, 'password'>>('select password from kernel.account where id = $1 for update', [user]);
      if (!row || !(await matches(before, row.password))) throw new Refusal('IDENTITY_PASSWORD_OLD');
      await tx.run('update kernel.account set password = $2 where id = $1', [user, await hash(next)]);
      await tx.run('delete from kernel.session where account = $1', [user]);
    },
    async signIn(user, password, door) {
      const row = await db.first<AccountRow>(
        'select id, name, department, roles, password, failures, locked_until, disabled from kernel.account where id = $1',
        [user],
      );
      // An unknown name costs the same time as a known one, so that names cannot be found out by the clock.
      const right = await matches(password, row?.password ?? (await decoy));
      const now = clock.now();
      if (row?.locked_until && row.locked_until > now) {
        // A lock that runs longer than locks do was made before the clock was set back.
        const until = new Date(Math.min(row.locked_until.getTime(), now.getTime() + limits.lockMinutes * 60_000));
        if (until < row.locked_until) await db.run('update kernel.account set locked_until = $2 where id = $1', [user, until]);
        throw new Refusal('IDENTITY_LOCKED', { until: instantWords(until) });
      }
      if (!row || !right || row.disabled) {
        if (row)
          await db.run(
            `update kernel.account set failures = failures + 1, locked_until = case when failures + 1 >= $2 then $3::timestamptz end where id = $1`,
            [user, limits.failures, new Date(now.getTime() + limits.lockMinutes * 60_000)],
          );
        throw new Refusal('IDENTITY_WRONG');
      }
      await db.run('update kernel.account set failures = 0, locked_until = null where id = $1', [user]);
      const token = randomBytes(32).toString('base64url');
      await db.run('insert into kernel.session (token, account, door, created_at, seen_at, expires_at) values ($1, $2, $3, $4, $4, $5)', [
        tokenHash(token),
        user,
        door,
        now,
        new Date(now.getTime() + limits.sessionHours * 3600_000),
      ]);
      const u = userOf(row);
      return { token, actor: { user: u.id, name: u.name, department: u.department, roles: u.roles, door } };
    },
    signOut: async (token) => void (await db.run('delete from kernel.session where token = $1', [tokenHash(token)])),
    async actorOf(token) {
      const now = clock.now();
      const row = await db.first<AccountRow & { door: Actor['door'] }>(
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
