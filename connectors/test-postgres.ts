/** A department's PostgreSQL database for tests of its connector: schemas `s` and `部门"库`, sessions, sources, readings. */
import pg from 'pg';
import type { ConnectorEffects, Position } from '#declare/connector';
import type { Source } from '#declare/source';
import { createDatabase, type TestDatabase } from '#test/database';
import postgres from './postgres.ts';
import { effectsOf, type Record, readFrom, recordsOf, sourceOf } from './test-delivery.ts';

type Cells = (string | null | undefined)[];

export interface DepartmentDatabase {
  readonly database: TestDatabase;
  readonly admin: pg.Client;
  session(): Promise<pg.Client>;
  effects(signal?: AbortSignal, password?: string): ConnectorEffects;
  source(part: Partial<Source>, changed?: Source['settings']): Source;
  read(what: Source): Promise<Record[]>;
  /** Reads on from a position in a table `s.<table>`; what comes back are the values of its first column, those that may come again apart. */
  batch(
    table: string,
    cursor: string,
    since: Position | null,
    columns?: string[],
  ): Promise<{ values: Cells; again: Cells; position: Position | null }>;
  close(): Promise<void>;
}

export async function openDepartment(): Promise<DepartmentDatabase> {
  const database = await createDatabase();
  const session = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  const admin = await session();
  const settings: Source['settings'] = {
    host: admin.host,
    port: admin.port,
    database: database.name,
    user: admin.user ?? '',
    password: 'secret:source',
    schema: '部门"库',
    table: 'T',
  };
  await admin.query('create schema "部门""库"; create schema s');
  const effects = (signal?: AbortSignal, password = String(admin.password ?? '')): ConnectorEffects => ({
    ...effectsOf(Buffer.alloc(0), 1, signal),
    secret: async () => password,
  });
  const source: DepartmentDatabase['source'] = (part, changed = {}) =>
    sourceOf({ connector: 'postgres', layout: null, ...part, settings: { ...settings, ...changed } });
  return {
    database,
    admin,
    session,
    effects,
    source,
    read: (what) => recordsOf(postgres, what, effects()),
    async batch(table, cursor, since, columns = [cursor]) {
      const what = source({ columns, mode: 'incremental', cursor, key: columns.slice(0, 1) }, { schema: 's', table });
      const { records, position } = await readFrom(postgres, what, effects(), since);
      const values = (wanted: boolean): Cells => records.filter((r) => r.ordinal < 0 === wanted).map((r) => r.cells[0]);
      return { values: values(false), again: values(true), position };
    },
    async close() {
      await admin.end();
      await database.drop();
    },
  };
}
