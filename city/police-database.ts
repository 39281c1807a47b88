/** The population register of public security as what it is: a PostgreSQL database of its own, with a login that can only read. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type City, deliveryOf, roundOf } from './city.ts';
import type { Settled } from './draft.ts';
import { sourceOf, sources } from './sources.ts';

export interface PoliceDatabase {
  /** Address for the department itself: the administrator's, in the new database. */
  readonly ownerUrl: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** The login of the collector: it can read the two tables and nothing else. */
  readonly user: string;
  readonly password: string;
  /** The same as one address. */
  readonly readerUrl: string;
}

const mark = '城枢演示：云川市公安局人口库（虚构）';
const instants = new Set(['gxsj', 'rksj']);

/**
 * Makes the database with its tables, the first delivery of both sources and a login `<name>_reader`, whose password is set each time. One
 * of the same city that an earlier call finished is kept with all that was written to it since, one that was not finished or holds
 * another city is replaced; a database of that name that is not the city's is left alone and the call throws.
 */
export async function createPoliceDatabase(
  adminUrl: string,
  name: string,
  city: City,
  password = randomBytes(18).toString('base64url'),
): Promise<PoliceDatabase> {
  const user = `${name}_reader`;
  const finished = `${mark}，种子 ${city.seed}，规模 ${city.scale}`;
  const isThere = await connected(adminUrl, async (admin) => {
    // The server goes on with the statement of a caller that was killed; the next one waits for it.
    await admin.query('select pg_advisory_lock(hashtextextended($1, 8714004))', [name]);
    const note = await noteOf(admin, name);
    if (note !== undefined && !note?.startsWith(mark))
      throw new Error(`a database ${name} is there already and is not the city's: it is left alone`);
    await makeReader(admin, user, password);
    if (note === finished) return true;
    await admin.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
    await admin.query(`create database ${pg.escapeIdentifier(name)}`);
    await admin.query(`alter database ${pg.escapeIdentifier(name)} set timezone = 'Asia/Shanghai'`);
    await admin.query(`revoke all on database ${pg.escapeIdentifier(name)} from public`);
    await admin.query(`grant connect on database ${pg.escapeIdentifier(name)} to ${pg.escapeIdentifier(user)}`);
    return false;
  });
  const ownerUrl = withDatabase(adminUrl, name);
  if (!isThere)
    await connected(ownerUrl, async (owner) => {
      for (const source of sources) {
        if (source.table === null) continue;
        await owner.query(tableSql(source.id));
        for (const c of source.columns) await owner.query(`comment on column ${source.table}.${c.name} is ${pg.escapeLiteral(c.title.zh)}`);
        await copyRows(owner, deliveryOf(city, source.id));
        await owner.query(`grant select on ${source.table} to ${pg.escapeIdentifier(user)}`);
      }
      await owner.query('analyze');
      await owner.query(`comment on database ${pg.escapeIdentifier(name)} is ${pg.escapeLiteral(finished)}`);
    });
  const reader = new URL(ownerUrl);
  reader.username = user;
  reader.password = password;
  const host = reader.searchParams.get('host') ?? reader.hostname;
  return { ownerUrl, host, port: Number(reader.port || 5432), database: name, user, password, readerUrl: reader.href };
}

/** Writes round `round` (1, 2, …; in order) of the incremental source; a round that is there already is left as it is. Returns the rows written. */
export async function appendPoliceChanges(ownerUrl: string, city: City, round: number): Promise<number> {
  const delivery = roundOf(city, round);
  const table = sourceOf(delivery.source).table as string;
  return connected(ownerUrl, async (owner) => {
    const there = await owner.query(`select 1 from ${table} where rid = $1`, [delivery.first]);
    if (there.rowCount) return 0;
    await copyRows(owner, delivery);
    return delivery.rows.length;
  });
}

const tableSql = (source: string): string => {
  const { table, columns, title } = sourceOf(source);
  const cells = columns.map((c) =>
    c.name === 'rid' ? 'rid bigint primary key' : `${c.name} ${instants.has(c.name) ? 'timestamptz' : 'text'}`,
  );
  return `create table ${table} (${cells.join(', ')}); comment on table ${table} is ${pg.escapeLiteral(title.zh)}`;
};

/** One COPY is one transaction: a delivery is there or it is not. */
async function copyRows(client: pg.Client, delivery: Settled): Promise<void> {
  const table = sourceOf(delivery.source).table as string;
  const letters: Readonly<Record<string, string>> = { '\\': '\\', '\t': 't', '\n': 'n', '\r': 'r' };
  const escaped = (cell: string | null): string => (cell === null ? '\\N' : cell.replace(/[\\\t\n\r]/g, (c) => `\\${letters[c]}`));
  function* lines(): Generator<string> {
    for (const [i, cells] of delivery.rows.entries()) yield `${delivery.first + i}\t${cells.map(escaped).join('\t')}\n`;
  }
  await pipeline(Readable.from(lines()), client.query(copyFrom(`copy ${table} (rid, ${delivery.columns.join(', ')}) from stdin`)));
}

/** The login, marked as the city's in the transaction that makes it: it stands for a database that a killed call could not mark any more. */
async function makeReader(admin: pg.Client, user: string, password: string): Promise<void> {
  const known = await admin.query('select 1 from pg_roles where rolname = $1', [user]);
  await admin.query('begin');
  await admin.query(
    `${known.rowCount ? 'alter' : 'create'} role ${pg.escapeIdentifier(user)} login password ${pg.escapeLiteral(password)}`,
  );
  await admin.query(`alter role ${pg.escapeIdentifier(user)} set default_transaction_read_only = on`);
  await admin.query(`comment on role ${pg.escapeIdentifier(user)} is ${pg.escapeLiteral(mark)}`);
  await admin.query('commit');
}

/** What an earlier call wrote on the database, or else on its login; null without either, undefined when there is no such database. */
async function noteOf(admin: pg.Client, name: string): Promise<string | null | undefined> {
  const known = await admin.query<{ note: string | null }>(
    `select coalesce(shobj_description(d.oid, 'pg_database'), shobj_description(r.oid, 'pg_authid')) as note
     from pg_database d left join pg_roles r on r.rolname = $2 where d.datname = $1`,
    [name, `${name}_reader`],
  );
  return known.rows[0]?.note;
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  // A connection lost between two statements shows again at the next; without an ear it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const to = new URL(url);
  to.pathname = `/${encodeURIComponent(name)}`;
  return to.href;
}
