/** The population register of public security as what it is: a PostgreSQL database of its own, with a login that can only read. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { deliveryOf, roundOf, type City } from './city.ts';
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
 * Makes the database with its tables, the first delivery of both sources and a login `<name>_reader` with a fresh password. A database of
 * that name that an earlier call made is replaced; any other is left alone and the call throws.
 */
export async function createPoliceDatabase(adminUrl: string, name: string, city: City): Promise<PoliceDatabase> {
  const user = `${name}_reader`;
  const password = randomBytes(18).toString('base64url');
  await connected(adminUrl, async (admin) => {
    await dropOwn(admin, name);
    await admin.query(`create database ${pg.escapeIdentifier(name)}`);
    await admin.query(`comment on database ${pg.escapeIdentifier(name)} is ${pg.escapeLiteral(mark)}`);
    await admin.query(`alter database ${pg.escapeIdentifier(name)} set timezone = 'Asia/Shanghai'`);
    await admin.query(`revoke all on database ${pg.escapeIdentifier(name)} from public`);
    const known = await admin.query('select 1 from pg_roles where rolname = $1', [user]);
    await admin.query(`${known.rowCount ? 'alter' : 'create'} role ${pg.escapeIdentifier(user)} login password ${pg.escapeLiteral(password)}`);
    await admin.query(`alter role ${pg.escapeIdentifier(user)} set default_transaction_read_only = on`);
    await admin.query(`grant connect on database ${pg.escapeIdentifier(name)} to ${pg.escapeIdentifier(user)}`);
  });
  const ownerUrl = withDatabase(adminUrl, name);
  await connected(ownerUrl, async (owner) => {
    for (const source of sources) {
      if (source.table === null) continue;
      await owner.query(tableSql(source.id));
      for (const c of source.columns) await owner.query(`comment on column ${source.table}.${c.name} is ${pg.escapeLiteral(c.title.zh)}`);
      await copyRows(owner, deliveryOf(city, source.id));
      await owner.query(`grant select on ${source.table} to ${pg.escapeIdentifier(user)}`);
    }
    await owner.query('analyze');
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
  const cells = columns.map((c) => (c.name === 'rid' ? 'rid bigint primary key' : `${c.name} ${instants.has(c.name) ? 'timestamptz' : 'text'}`));
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

async function dropOwn(admin: pg.Client, name: string): Promise<void> {
  const known = await admin.query<{ note: string | null }>("select shobj_description(oid, 'pg_database') as note from pg_database where datname = $1", [name]);
  if (known.rows.length === 0) return;
  if (known.rows[0]?.note !== mark) throw new Error(`a database ${name} is there already and is not the city's: it is left alone`);
  await admin.query(`drop database ${pg.escapeIdentifier(name)} with (force)`);
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
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
