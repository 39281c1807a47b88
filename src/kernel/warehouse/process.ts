/** Starting the warehouse process and watching over it. */
import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { defineErrors, Refusal } from '../errors.ts';
import { orFull, saysFull } from '../stores.ts';
import { connectWarehouse, type Warehouse } from './client.ts';

defineErrors({
  WAREHOUSE_NOT_OPEN: {
    status: 503,
    zh: '数据仓库打不开：{reason}',
    en: 'The warehouse cannot be opened: {reason}',
    hint: {
      zh: '若被别的进程占用，请先停止它；否则把 warehouse.duckdb 移走后重新启动，会从台账重建。',
      en: 'If another process holds it, stop that one; else move warehouse.duckdb away and start again: it is rebuilt from the ledger.',
    },
  },
});

export interface WarehouseProcess {
  readonly client: Warehouse;
  readonly pid: number;
  /** Resolves when the process is gone, however it went. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
  kill(): void;
}

/** Work waits for the engine in these threads: fewer than the client's connections, and a quick question waits behind slow ones. */
const threads = '40';

/**
 * Starts the process that opens `<folder>/warehouse.duckdb` and waits until it answers.
 * @param options.memory the engine's limit, as `1GB`; CHENGSHU_WAREHOUSE_MEMORY or 1GB when absent
 * @throws Refusal WAREHOUSE_NOT_OPEN, DISK_FULL
 */
export async function startWarehouse(folder: string, options: { memory?: string } = {}): Promise<WarehouseProcess> {
  for (let tries = 0; ; tries++) {
    const child = fork(fileURLToPath(new URL('./server.ts', import.meta.url)), [folder, ...(options.memory ? [options.memory] : [])], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [],
      env: { ...process.env, UV_THREADPOOL_SIZE: threads },
    });
    const answer = await firstWord(child);
    if (answer.ready) return handle(child, folder);
    child.kill('SIGKILL');
    // A killed predecessor lets go of the file a moment after its death.
    if (tries >= 20 || !/Conflicting lock|Could not set lock|ended with/.test(answer.reason))
      throw saysFull(answer.reason)
        ? orFull(new Error(answer.reason), 'warehouse')
        : new Refusal('WAREHOUSE_NOT_OPEN', { reason: answer.reason });
    await wait(250);
  }
}

interface FirstWord {
  readonly ready: boolean;
  readonly reason: string;
}

const firstWord = (child: ChildProcess): Promise<FirstWord> =>
  new Promise((done) => {
    child.once('message', (message) => done(message as FirstWord));
    child.once('exit', (code, signal) => done({ ready: false, reason: `ended with ${signal ?? code}` }));
    child.once('error', (error) => done({ ready: false, reason: error.message }));
  });

function handle(child: ChildProcess, folder: string): WarehouseProcess {
  const exited = new Promise<void>((done) => {
    if (child.exitCode !== null || child.signalCode !== null) done();
    child.once('exit', () => done());
  });
  return {
    client: connectWarehouse(folder),
    pid: child.pid ?? 0,
    exited,
    kill: () => void child.kill('SIGKILL'),
    stop: async () => {
      if (child.connected) child.send('stop');
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      await exited;
      clearTimeout(late);
    },
  };
}
