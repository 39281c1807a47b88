/** One piece of work in DuckDB, on a connection of its own, so that stopping it stops no other. */
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  HUGEINT,
  INTEGER,
  SQLNULL,
  VARCHAR,
} from '@duckdb/node-api';
import type { Param, Statement } from './protocol.ts';

type Connection = Awaited<ReturnType<DuckDBInstance['connect']>>;
type Result = Awaited<ReturnType<Connection['runAndReadAll']>>;

export interface Call {
  /** Runs a statement and reads all it returns. @throws the signal's reason when the work was called off before it began */
  run(sql: string, params?: Statement['params']): Promise<Result>;
}

/** Who asked for a piece of work. */
export interface Caller {
  /** Aborting calls the work off. */
  readonly signal: AbortSignal;
  /** Whether anybody will ask how far it is: the engine counts only then. */
  readonly asks: boolean;
  /** How much of the present statement is done, 0 to 1. */
  share(): number;
}

/** How often an interrupt is repeated: the engine forgets one that comes before a statement has begun or between two. */
const interruptEveryMs = 50;

/** Does the work unless the caller has left; left in the middle, it is interrupted and what it began is rolled back. */
export async function withCall<T>(instance: DuckDBInstance, caller: Caller, work: (call: Call) => Promise<T>): Promise<T> {
  const { signal } = caller;
  signal.throwIfAborted();
  const connection = await instance.connect();
  if (caller.asks) {
    // As pragmas: settings are locked, and these cannot be set for all connections.
    for (const pragma of ['disable_print_progress_bar', 'enable_progress_bar']) await connection.run(`pragma ${pragma}`);
    caller.share = () => Math.max(0, connection.progress.percentage) / 100;
  }
  let again: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    connection.interrupt();
    again = setTimeout(interrupt, interruptEveryMs);
  };
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    return await work({
      run(sql, params = []) {
        signal.throwIfAborted();
        return connection.runAndReadAll(sql, [...params] as DuckDBValue[], params.map(typeOf));
      },
    });
  } finally {
    signal.removeEventListener('abort', interrupt);
    clearTimeout(again);
    caller.share = () => 0;
    // Closing rolls back a transaction that was not committed.
    connection.closeSync();
  }
}

/** The same in one transaction. */
export const withTransaction = <T>(instance: DuckDBInstance, caller: Caller, work: (call: Call) => Promise<T>): Promise<T> =>
  withCall(instance, caller, async (call) => {
    await call.run('begin transaction');
    const result = await work(call);
    await call.run('commit');
    return result;
  });

/** The engine's own choice for a bigint is HUGEINT, which would cast a BIGINT column and lose its statistics. */
function typeOf(param: Param): DuckDBType {
  switch (typeof param) {
    case 'string':
      return VARCHAR;
    case 'boolean':
      return BOOLEAN;
    case 'bigint':
      return BigInt.asIntN(64, param) === param ? BIGINT : HUGEINT;
    case 'number':
      if (!Number.isSafeInteger(param)) return DOUBLE;
      return Math.abs(param) < 2 ** 31 ? INTEGER : BIGINT;
    default:
      return SQLNULL;
  }
}
