/** Tables and views of a department's PostgreSQL database, read by one COPY from one snapshot. */
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { z } from 'zod';
import {
  type Connector,
  type ConnectorEffects,
  ConnectorRefusal,
  connector,
  type Delivery,
  type ReadOrder,
  readSettings,
  setting,
} from '#declare/connector';
import type { Source } from '#declare/source';
import { beginAfter, judgeCursor, type Range, type Table } from './postgres-cursor.ts';
import { lookAt, tablesThere } from './postgres-pick.ts';
import { refusalOf, type Stage } from './postgres-refusal.ts';
import { tallyOf } from './postgres-tally.ts';
import { baseType, cellText, identifier, receiptSqlOf, type TableColumn, tableName } from './postgres-text.ts';
import { openSession, type Protection, tlsModes } from './postgres-tls.ts';
import { decodeText } from './text-decoding.ts';

const settings = z.strictObject({
  host: z
    .string()
    .min(1)
    .meta(setting({ zh: '主机', en: 'Host' }, { zh: '主机名或地址', en: 'Its name or address' })),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .default(5432)
    .meta(setting({ zh: '端口', en: 'Port' })),
  database: z
    .string()
    .min(1)
    .meta(setting({ zh: '数据库', en: 'Database' })),
  user: z
    .string()
    .min(1)
    .meta(setting({ zh: '用户', en: 'User' }, { zh: '只需能读这张表', en: 'Needs no right beyond reading the table' })),
  password: z.string().meta({ ...setting({ zh: '口令', en: 'Password' }), secret: true }),
  tls: z
    .enum(tlsModes)
    .default('prefer')
    .meta(
      setting(
        { zh: '加密', en: 'Encryption' },
        {
          zh: 'prefer 能加密就加密；require 必须加密；verify-full 还要核验服务器证书；off 不加密',
          en: 'prefer: where the server can; require: always; verify-full: and its certificate is checked; off: never',
        },
      ),
    ),
  ca: z
    .string()
    .max(100_000)
    .default('')
    .meta(
      setting(
        { zh: '签发证书', en: 'Issuing certificate' },
        { zh: 'verify-full 用的根证书（PEM）；不填则用系统的', en: 'For verify-full, as PEM; left empty: those of the system' },
      ),
    ),
  schema: z
    .string()
    .min(1)
    .default('public')
    .meta({ ...setting({ zh: '模式', en: 'Schema' }), picked: true }),
  table: z
    .string()
    .min(1)
    .meta({ ...setting({ zh: '表或视图', en: 'Table or view' }), picked: true }),
});
type Settings = z.infer<typeof settings>;
/** What a connection needs before a table is picked. */
const connection = settings.omit({ schema: true, table: true });

const connectMilliseconds = 10_000;
/** Longest time one question about the catalog may take, and the whole reading. */
const questionTimeout = '30s';
const readingTimeout = '2h';

/**
 * Full reading: all rows. Incremental: the rows after the position, compared by the column's own type on the source, and those at or below it that
 * were stored late, see postgres-position.ts; what can be a cursor is told in postgres-cursor.ts. Rows stored late under an older business
 * date are read, and which version of a key wins is the binding's affair (`newest`), not the cursor's. Deletes are not seen.
 *
 * Ordinals number the rows of a batch in the order in which they lie in the table: nothing is sorted at the source. How values become text
 * is told in postgres-text.ts. The rows the server says it sent must be the records that arrived, else `interrupted`. The transaction is read-only and
 * holds the table before its snapshot: a table that was rewritten in between would look empty to it. `bytes` must be read to its end or closed, as
 * it holds the connection. A database in SQL_ASCII whose bytes are no UTF-8 gives `wrong-encoding`.
 */
const postgres: Connector = connector({
  id: 'postgres',
  title: { zh: 'PostgreSQL 数据库', en: 'PostgreSQL database' },
  takes: 'database',
  settings,
  async read(order, effects) {
    const { source } = order;
    const given = settingsOf(source);
    const session = await connect(given, effects);
    try {
      const table = await session.question(() => tableOf(session.client, given));
      requireColumns(table, [...source.columns, ...source.key, ...(source.cursor === null ? [] : [source.cursor])]);
      return await session.question(() => deliver(session, table, order, effects));
    } catch (cause) {
      session.close();
      throw cause;
    }
  },
  async probe(source, effects) {
    let columns: readonly string[] = [];
    let connected = false;
    let protection: Protection | undefined;
    try {
      const given = settingsOf(source);
      const session = await connect(given, effects);
      connected = true;
      protection = session.protection;
      try {
        await session.question(async () => {
          const table = await tableOf(session.client, given);
          columns = table.columns.map((c) => c.name);
          requireColumns(table, source.columns);
          await session.client.query(
            `select ${source.columns.map(identifier).join(', ')} from ${tableName(given.schema, given.table)} limit 0`,
          );
        });
      } finally {
        session.close();
      }
      return { reachable: true, columns, refusal: null, protection };
    } catch (cause) {
      if (cause instanceof ConnectorRefusal) return { reachable: connected, columns, refusal: cause, ...(protection && { protection }) };
      throw cause;
    }
  },
  async tally(order, effects) {
    const { source } = order;
    const given = settingsOf(source);
    const session = await connect(given, effects);
    try {
      return await session.question(async () => {
        const { client } = session;
        const table = await tableOf(client, given);
        requireColumns(table, [...source.columns, ...(source.cursor === null ? [] : [source.cursor])]);
        return await tallyOf(client, table, order, `${beginning} ${await shortestDigits(client)}`);
      });
    } finally {
      session.close();
    }
  },
  async judgeCursor(source, effects) {
    const given = settingsOf(source);
    const session = await connect(given, effects);
    try {
      return await session.question(async () => {
        const table = await tableOf(session.client, given);
        requireColumns(table, [source.cursor ?? '']);
        return judgeCursor(session.client, table, table.columns.find((c) => c.name === source.cursor) as TableColumn);
      });
    } finally {
      session.close();
    }
  },
  async tables({ schema: _, table: __, ...given }, effects) {
    const session = await connect(readSettings(connection, { settings: given }), effects);
    try {
      return await session.question(() => tablesThere(session.client));
    } finally {
      session.close();
    }
  },
  async look(given, effects) {
    const wanted = readSettings(settings, { settings: given });
    const session = await connect(wanted, effects);
    try {
      return await session.question(async () => lookAt(session.client, await tableOf(session.client, wanted)));
    } finally {
      session.close();
    }
  },
  server(source) {
    const given = settings.safeParse(source.settings);
    return given.success ? `${given.data.host}:${given.data.port}` : null;
  },
  receiptSql(source, upTo) {
    const given = settingsOf(source);
    return receiptSqlOf(source, given.schema, given.table, upTo);
  },
});

export default postgres;

interface Session {
  readonly client: pg.Client;
  readonly protection: Protection;
  /** Runs database work; its errors come out as refusals, an abort as the signal's reason. */
  question<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

const settingsOf = (source: Source): Settings => readSettings(settings, source);

async function connect(given: z.infer<typeof connection>, effects: ConnectorEffects): Promise<Session> {
  const { signal } = effects;
  signal.throwIfAborted();
  const { host, port, database, user, tls, ca } = given;
  const config = {
    ...{ host, port, database, user, password: await effects.secret(given.password) },
    ...{ connectionTimeoutMillis: connectMilliseconds, keepAlive: true, application_name: 'chengshu' },
  };
  let stage: Stage = 'connecting';
  let latest: pg.Client | undefined;
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    signal.removeEventListener('abort', close);
    // With a query running this cuts the connection instead of waiting for the query.
    latest?.end().catch(() => {});
  };
  const question = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await unlessAborted(signal, work());
    } catch (cause) {
      signal.throwIfAborted();
      throw refusalOf(cause, stage);
    }
  };
  signal.addEventListener('abort', close, { once: true });
  try {
    const { client, protection } = await question(() =>
      openSession(config, tls, ca, (tried) => {
        latest = tried;
      }),
    );
    stage = 'reading';
    await question(async () => {
      // Row security off shortens nothing: it turns a reading that a policy would shorten into an error.
      await client.query(`set statement_timeout = '${questionTimeout}'; set lock_timeout = '${questionTimeout}'; set row_security = off`);
      // Lets the server notice a reader that went away (PostgreSQL 14 and later).
      await client.query(
        `select set_config('client_connection_check_interval', '5s', false) where current_setting('server_version_num')::int >= 140000`,
      );
    });
    return { client, protection, question, close };
  } catch (cause) {
    close();
    throw cause;
  }
}

/** The outcome of `work`, or the signal's reason: a client that was closed while it connected never answers. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

async function tableOf(client: pg.Client, { schema, table }: Settings): Promise<Table> {
  const { rows } = await client.query<TableColumn & { oid: string; relkind: string; shortened: boolean; partly: boolean }>(
    `select c.oid::text, c.relkind::text, row_security_active(c.oid) as shortened, a.attname as name, ${baseType('a.atttypid')} as type,
       a.attnotnull as "notNull", c.relkind in ('r', 'p') and not has_table_privilege(c.oid, 'select') as partly
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'v', 'm', 'f') order by a.attnum`,
    [schema, table],
  );
  const first = rows[0];
  if (first === undefined)
    throw new ConnectorRefusal('no-table', `no table or view ${tableName(schema, table)}`, `没有表或视图 ${tableName(schema, table)}`);
  if (first.shortened)
    throw new ConnectorRefusal(
      'row-security',
      `row security lets this user see a part of ${tableName(schema, table)} only`,
      `行级安全只让这个用户看到 ${tableName(schema, table)} 的一部分行`,
    );
  // Holding a table while it is read takes a right on all of it.
  if (first.partly)
    throw new ConnectorRefusal(
      'denied',
      `the user may not SELECT from ${tableName(schema, table)} as a whole; grant that, or make a view of the columns it may read`,
      `这个用户没有整张表 ${tableName(schema, table)} 的 SELECT 权限；请授予，或为可读的列建一个视图`,
    );
  const isTable = first.relkind === 'r' || first.relkind === 'p';
  return { oid: first.oid, name: tableName(schema, table), stamped: isTable, columns: rows };
}

function requireColumns(table: Table, names: readonly string[]): void {
  const found = new Set(table.columns.map((c) => c.name));
  const missing = [...new Set(names)].filter((name) => !found.has(name));
  if (missing.length > 0) throw new ConnectorRefusal('no-column', missing.join(', '));
}

/** A row of more bytes is refused: no step after this one holds it. */
const longestRow = 60 * 1024 * 1024;

/**
 * Begins what reads rows. That row security shortens nothing is said again within: a pool between us and the server may give the transaction another
 * session.
 */
const beginning = 'begin transaction isolation level repeatable read, read only; set local row_security = off;';

/** Rows lie in the order of the table, also while others read it: parallel workers and shared scans would mix them. */
const inOrder = 'set local synchronize_seqscans = off; set local max_parallel_workers_per_gather = 0';

async function deliver(session: Session, table: Table, order: ReadOrder, effects: ConnectorEffects): Promise<Delivery> {
  const { source, ranges } = order;
  const { client } = session;
  const lock = table.stamped ? `; lock table ${table.name} in access share mode` : '';
  const column = (wanted: string): TableColumn => table.columns.find((c) => c.name === wanted) as TableColumn;
  const begin = `${beginning} ${await shortestDigits(client)}${inOrder}; set local statement_timeout = '${readingTimeout}'${lock}`;
  let range: Range = { where: 'true', again: 'false', anyway: 'true', position: null };
  if (source.cursor === null) await client.query(begin);
  else range = await beginAfter(client, table, column(source.cursor), order, begin);
  const cells = source.columns.map((c) => cellText(column(c))).join(', ');
  const ordinal = `case when ${range.again} then -1 else 1 end * row_number() over ()`;
  const alone = ranges ? `, case when ${range.anyway} then null else 1 end` : '';
  const select = `select ${ordinal}, null::text, ${cells}${alone} from ${table.name} where ${range.where}`;
  // An error of the statement itself (a right taken away, a value without text) must be a refusal of the reading, not of its bytes.
  await client.query(`explain ${select}`);
  const bytes = stream(session, `copy (${select}) to stdout (format csv, encoding 'UTF8')`, effects);
  const beside = table.columns.map((c) => c.name).filter((c) => !source.columns.includes(c));
  return { width: source.columns.length + (ranges ? 1 : 0), names: source.columns, beside, bytes, position: () => range.position };
}

/** A role whose floating numbers are cut short would have them delivered changed, in points and ranges too; it alone is given PostgreSQL's own setting. */
async function shortestDigits(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ cut: boolean }>(`select current_setting('extra_float_digits')::int < 1 as cut`);
  return rows[0]?.cut ? 'set local extra_float_digits = 1; ' : '';
}

async function* stream(session: Session, copy: string, effects: ConnectorEffects): AsyncGenerator<Uint8Array> {
  const { client } = session;
  const sent = client.query(copyTo(copy));
  // It may hear of the lost connection after it was destroyed; without a listener that would end the process.
  sent.on('error', () => {});
  const abort = (): void => {
    sent.destroy(effects.signal.reason);
  };
  effects.signal.addEventListener('abort', abort, { once: true });
  let records = 0;
  let inQuotes = false;
  let length = 0;
  try {
    effects.signal.throwIfAborted();
    for await (const block of decodeText(sent, 'utf-8', () => {})) {
      for (let i = 0; i < block.length; i++) {
        if (block[i] === 34) inQuotes = !inQuotes;
        else if (block[i] === 10 && !inQuotes) {
          records++;
          length = -1;
        }
        length++;
      }
      if (length > longestRow)
        throw new ConnectorRefusal('too-large', `row ${records + 1} has more than 60 MiB`, `第 ${records + 1} 行超过 60 MiB`);
      yield block;
      effects.progress(records, null);
    }
    // The server's own count comes after the data; the answer to the next statement proves that it has arrived.
    await client.query('commit');
    if (sent.rowCount !== records)
      throw new ConnectorRefusal(
        'interrupted',
        `the server sent ${sent.rowCount} rows, ${records} arrived`,
        `服务器发出 ${sent.rowCount} 行，收到 ${records} 行`,
      );
  } catch (cause) {
    effects.signal.throwIfAborted();
    throw refusalOf(cause, 'reading');
  } finally {
    effects.signal.removeEventListener('abort', abort);
    sent.destroy();
    session.close();
  }
}
