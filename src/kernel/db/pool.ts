/** PostgreSQL for the machine: a pool with the city's zone, a transaction, and what the server says when it cannot. */
import pg from 'pg';
import { zone } from '../clock.ts';
import { seam } from '../seam.ts';
import { isAway, orDatabaseAway } from '../stores.ts';

// Days stay text (a Date would move them across zones); 64-bit counts of ours fit a double.
pg.types.setTypeParser(pg.types.builtins.DATE, (v) => v);
pg.types.setTypeParser(pg.types.builtins.INT8, (v) => Number(v));

/** What runs statements: the pool or one transaction. Values are always bound. */
export interface Db {
  rows<T>(sql: string, params?: readonly unknown[]): Promise<T[]>;
  /** The first row, or undefined. */
  first<T>(sql: string, params?: readonly unknown[]): Promise<T | undefined>;
  /** Runs a statement for its effect; returns the rows touched. */
  run(sql: string, params?: readonly unknown[]): Promise<number>;
}

export interface Database extends Db {
  readonly url: string;
  /** Runs `work` in one transaction; it commits when `work` returns and rolls back when it throws. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** A client of its own, for COPY and LISTEN; the caller releases it. */
  client(): Promise<pg.PoolClient>;
  close(): Promise<void>;
}

export interface Transaction extends Db {
  readonly client: pg.PoolClient;
}

const over = (query: (sql: string, params: unknown[]) => Promise<pg.QueryResult>): Db => ({
  rows: async <T>(sql: string, params: readonly unknown[] = []) => (await query(sql, [...params])).rows as T[],
  first: async <T>(sql: string, params: readonly unknown[] = []) => (await query(sql, [...params])).rows[0] as T | undefined,
  run: async (sql, params = []) => (await query(sql, [...params])).rowCount ?? 0,
});

/** Opens a pool. `onError` hears of connections that die while idle (a restarted server); the pool replaces them by itself. */
export function openDatabase(
  url: string,
  options: { readonly max?: number; readonly name: string; readonly onError?: (e: Error) => void },
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 8,
    application_name: `chengshu ${options.name}`,
    connectionTimeoutMillis: 5000,
    options: `-c timezone=${zone} -c client_min_messages=warning`,
  });
  pool.on('error', (e) => options.onError?.(e));
  const db = over(async (sql, params) => {
    try {
      return await pool.query(sql, params);
    } catch (error) {
      throw orDatabaseAway(error);
    }
  });
  // Outside a transaction a statement is a commit of its own.
  const run: Db['run'] = async (sql, params) => {
    const touched = await db.run(sql, params);
    seam('database.stated');
    return touched;
  };
  const client = async () => {
    try {
      return await pool.connect();
    } catch (error) {
      throw orDatabaseAway(error);
    }
  };
  return {
    ...db,
    run,
    url,
    client,
    async transaction(work) {
      const c = await client();
      let broken: Error | undefined;
      const died = (e: Error) => {
        broken = e;
      };
      c.on('error', died);
      try {
        await c.query('begin');
        seam('database.begun');
        const result = await work({ ...over((sql, params) => c.query(sql, params)), client: c });
        seam('database.worked');
        await c.query('commit');
        seam('database.committed');
        return result;
      } catch (error) {
        if (isAway(error)) broken = error as Error;
        else
          await c.query('rollback').catch((e: Error) => {
            broken = e;
          });
        throw orDatabaseAway(error);
      } finally {
        c.removeListener('error', died);
        c.release(broken);
      }
    },
    close: () => pool.end(),
  };
}
