/** What the warehouse process and its clients say to each other: JSON over HTTP on the loopback, with a token from a file only we can read. */
import { join } from 'node:path';

export type Param = string | number | bigint | boolean | null;

export interface Statement {
  readonly sql: string;
  readonly params?: readonly Param[];
}

/** One table, one batch; see Warehouse.write. */
export interface WriteOrder {
  readonly table: string;
  readonly batch: string;
  readonly statements: readonly Statement[];
  readonly replace?: boolean;
}

/** Why the engine did not do it. */
export type WarehouseReason = 'interrupted' | 'out-of-memory' | 'disk-full' | 'failed';

/** Where a running warehouse listens and what it wants to hear. */
export interface Address {
  readonly port: number;
  readonly token: string;
  readonly pid: number;
}

/** The file of the data folder that holds the address. */
export const addressFile = (folder: string): string => join(folder, 'run', 'warehouse.json');

/** JSON has no integers beyond 2^53: a bigint travels as `{bigint: '…'}`. No other parameter is an object. */
export const encode = (body: unknown): string =>
  JSON.stringify(body, (_key, value: unknown) => (typeof value === 'bigint' ? { bigint: String(value) } : value));

/** Reads what `encode` wrote. */
export const decode = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('bigint' in value) || typeof value.bigint !== 'string') return value;
    return BigInt(value.bigint);
  });
