/** The DuckDB file: opened with the settings of the product, set aside when it cannot be read, closed to everything outside its folders. */
import { DuckDBInstance } from '@duckdb/node-api';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { zone } from '../clock.ts';

/** Opens (or makes) the file of a data folder. A file of another version or a broken one is set aside: it can be rebuilt from the ledger. */
export async function openFile(folder: string, memory: string): Promise<DuckDBInstance> {
  const path = join(folder, 'warehouse.duckdb');
  mkdirSync(folder, { recursive: true });
  const temporary = join(folder, 'warehouse-tmp');
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  mkdirSync(join(folder, 'objects', 'staging'), { recursive: true, mode: 0o700 });
  const instance = await open(path, memory);
  const connection = await instance.connect();
  const settings = [
    `set temp_directory = '${quote(temporary)}'`,
    // Every later connection starts in the city's zone.
    `set global TimeZone = '${zone}'`,
    'set autoinstall_known_extensions = false',
    'set autoload_known_extensions = false',
    'set preserve_insertion_order = true',
    // Without this `qualify row_number() = 1` becomes an arg_max that cannot spill and runs out of memory.
    `set disabled_optimizers = 'top_n_window_elimination'`,
    'create schema if not exists meta',
    'create table if not exists meta.write (tbl varchar, batch varchar, rows bigint, primary key (tbl, batch))',
    'create table if not exists meta.complete (said_at timestamptz)',
    `set allowed_directories = ['${quote(join(folder, 'objects'))}', '${quote(temporary)}']`,
    'set enable_external_access = false',
    'set lock_configuration = true',
  ];
  for (const statement of settings) await connection.run(statement);
  connection.closeSync();
  return instance;
}

async function open(path: string, memory: string): Promise<DuckDBInstance> {
  const config = { memory_limit: memory, threads: '2' };
  try {
    return await DuckDBInstance.create(path, config);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (/Could not set lock|Conflicting lock/.test(reason) || !existsSync(path)) throw error;
    const aside = `${path}.unreadable-${Date.now()}`;
    renameSync(path, aside);
    rmSync(`${path}.wal`, { force: true });
    console.error(`warehouse: the file could not be read (${reason.split('\n')[0]}); it is kept as ${aside} and a new one is built`);
    return DuckDBInstance.create(path, config);
  }
}

const quote = (text: string): string => text.replaceAll("'", "''");
