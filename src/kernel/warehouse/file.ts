/** The DuckDB file: opened with the settings of the product, set aside when it cannot be read, closed to everything outside its folders. */
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import accessors from '@duckdb/node-api/lib/vectors/dataAccessors.js';
import { zone } from '../clock.ts';
import { saysFull } from '../stores.ts';

// The client's own decoder drops a mark U+FEFF at the beginning of a text, which is part of the value there.
Object.assign(accessors, { textDecoder: new TextDecoder('utf-8', { ignoreBOM: true }) });

const fileOf = (folder: string): string => join(folder, 'warehouse.duckdb');

/** Folder for what does not fit into memory and for answers on their way. */
export const temporaryFolder = (folder: string): string => join(folder, 'warehouse-tmp');

/** Size of the file and of what is not yet merged into it. */
export const bytesOf = (folder: string): number =>
  [fileOf(folder), `${fileOf(folder)}.wal`].reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);

/**
 * Opens (or makes) the file of a data folder. A file of another version or a broken one is set aside: it can be rebuilt from the ledger.
 * Every other failure (the file is held, the disk is full, a setting is wrong) leaves the file where it is.
 * @param memory the engine's limit, as `1GB`
 */
export async function openFile(folder: string, memory: string): Promise<DuckDBInstance> {
  mkdirSync(join(folder, 'objects', 'staging'), { recursive: true, mode: 0o700 });
  const instance = await open(fileOf(folder), memory);
  // Only who holds the file may clear the folder: before that it may be another process's.
  const temporary = temporaryFolder(folder);
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  const connection = await instance.connect();
  const settings = [
    `set temp_directory = '${quote(temporary)}'`,
    // Every later connection starts in the city's zone.
    `set global TimeZone = '${zone}'`,
    // Its own limit is made once from what is free now, and would outlast a disk that was full at the start: the disk is the limit.
    `set max_temp_directory_size = '8192GB'`,
    'set autoinstall_known_extensions = false',
    'set autoload_known_extensions = false',
    'set preserve_insertion_order = true',
    // Without this `qualify row_number() = 1` becomes an arg_max that cannot spill and runs out of memory.
    `set disabled_optimizers = 'top_n_window_elimination'`,
    'create schema if not exists meta',
    'create table if not exists meta.write (tbl varchar, batch varchar, rows bigint, primary key (tbl, batch))',
    'create table if not exists meta.complete (said_at timestamptz)',
    // What lives only while a batch is governed: in memory, spilling where there is too much of it, a third faster than through the file.
    'drop schema if exists scratch cascade',
    `attach ':memory:' as scratch`,
    `set allowed_directories = ['${quote(join(folder, 'objects'))}', '${quote(temporary)}']`,
    'set enable_external_access = false',
    'set lock_configuration = true',
  ];
  for (const statement of settings) await connection.run(statement);
  connection.closeSync();
  return instance;
}

/** DuckDB 1.5's words for a file that it will never read, found by breaking one in each place. */
const unreadable =
  /not a valid DuckDB database file|Corrupt database file|Could not read enough bytes|database file with version number|replaying WAL/;

async function open(path: string, memory: string): Promise<DuckDBInstance> {
  const config = { memory_limit: memory, threads: String(availableParallelism()) };
  try {
    return await DuckDBInstance.create(path, config);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // A log that cannot be replayed for want of room is a good log.
    if (!unreadable.test(reason) || saysFull(reason)) throw new Error(`${reason} (memory limit ${memory})`, { cause: error });
    const aside = `${path}.unreadable-${Date.now()}`;
    renameSync(path, aside);
    if (existsSync(`${path}.wal`)) renameSync(`${path}.wal`, `${aside}.wal`);
    console.error(`warehouse: the file could not be read (${reason.split('\n')[0]}); it is kept as ${aside} and a new one is built`);
    return DuckDBInstance.create(path, config);
  }
}

const quote = (text: string): string => text.replaceAll("'", "''");
