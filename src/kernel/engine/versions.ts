/** What runs here, by version. */
import { readFileSync } from 'node:fs';
import { release, type } from 'node:os';
import type { Kernel } from '../stage.ts';
import { within } from './ask.ts';

/** One version; null while its part does not answer. */
export interface VersionNow {
  readonly part: 'product' | 'node' | 'duckdb' | 'postgresql' | 'system';
  readonly version: string | null;
}

const product = (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }).version;

/** Asks each part itself. */
export async function versionsOf(kernel: Kernel): Promise<readonly VersionNow[]> {
  const [warehouse, database] = await Promise.all([
    within(kernel.warehouse.health(), null),
    within(kernel.db.first<{ v: string }>(`select current_setting('server_version') as v`), undefined),
  ]);
  return [
    { part: 'product', version: product },
    { part: 'node', version: process.versions.node },
    { part: 'duckdb', version: warehouse?.version.replace(/^v/, '') ?? null },
    { part: 'postgresql', version: database?.v ?? null },
    { part: 'system', version: `${type()} ${release()} ${process.arch}` },
  ];
}
