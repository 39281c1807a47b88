/** The engines that run here, each holding one table of rows and answering SELECTs as text. */

import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { type Engine, identifier, literal } from '#kernel/sql/quote';
import { columnType } from '#kernel/sql/spell';
import { COLUMNS, type TestRow } from './rows.ts';

export type RunningEngine = {
  readonly engine: Extract<Engine, 'duckdb' | 'postgres'>;
  readonly version: string;
  /** Runs one statement; every cell must be text or null in the answer. */
  ask(sql: string): Promise<(string | null)[][]>;
  close(): Promise<void>;
};

/** DuckDB in memory. */
export async function openDuckdb(): Promise<RunningEngine> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const ask = async (sql: string): Promise<(string | null)[][]> =>
    (await connection.runAndReadAll(sql)).getRowsJson() as (string | null)[][];
  const [[version] = []] = await ask('select version()');
  return {
    engine: 'duckdb',
    version: `DuckDB ${version}`,
    ask,
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** The PostgreSQL named by CHENGSHU_TEST_PG; everything is made in temporary tables. */
export async function openPostgres(): Promise<RunningEngine> {
  const connectionString = process.env.CHENGSHU_TEST_PG;
  if (connectionString === undefined || connectionString === '')
    throw new Error('CHENGSHU_TEST_PG is not set: these tests need a PostgreSQL to agree with');
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query('set jit = off');
  const ask = async (sql: string): Promise<(string | null)[][]> =>
    (await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })).rows;
  const [[version] = []] = await ask("select current_setting('server_version')");
  return { engine: 'postgres', version: `PostgreSQL ${version}`, ask, close: () => client.end() };
}

/** Replaces the table `rows` (a number `i` and the test columns) by these rows. */
export async function loadRows({ engine, ask }: RunningEngine, rows: readonly TestRow[]): Promise<void> {
  const names = Object.entries(COLUMNS);
  const cell = (value: string | boolean | null, type: string): string =>
    `cast(${value === null ? 'null' : literal(engine, String(value))} as ${type})`;
  const values = rows.map(
    (row, i) => `(${[i, ...names.map(([name, type]) => cell(row[name as keyof TestRow], columnType(engine, type)))].join(', ')})`,
  );
  await ask('drop table if exists rows');
  await ask(
    `create temporary table rows (i integer, ${names.map(([name, type]) => `${identifier(engine, name)} ${columnType(engine, type)}`).join(', ')})`,
  );
  await ask(`insert into rows values ${values.join(', ')}`);
}
