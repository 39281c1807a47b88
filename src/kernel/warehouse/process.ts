/** Starting the warehouse process and watching over it. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defineErrors, Refusal } from '../errors.ts';
import { connectWarehouse, type Warehouse } from './client.ts';

defineErrors({
  WAREHOUSE_NOT_OPEN: {
    status: 503,
    zh: '数据仓库打不开：{reason}',
    en: 'The warehouse cannot be opened: {reason}',
    hint: { zh: '若被别的进程占用，请先停止它；否则把 warehouse.duckdb 移走后重新启动，会从台账重建。', en: 'If another process holds it, stop that one; else move warehouse.duckdb away and start again: it is rebuilt from the ledger.' },
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

/** Starts the process that opens `<folder>/warehouse.duckdb` and waits until it answers. @throws Refusal WAREHOUSE_NOT_OPEN */
export async function startWarehouse(folder: string, options: { memory?: string } = {}): Promise<WarehouseProcess> {
  for (let tries = 0; ; tries++) {
    const child = fork(fileURLToPath(new URL('./server.ts', import.meta.url)), [folder, options.memory ?? '2GB'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
    const answer = await new Promise<{ ready: boolean; reason: string }>((done) => {
      child.once('message', (m) => done(m as { ready: boolean; reason: string }));
      child.once('exit', (code, signal) => done({ ready: false, reason: `ended with ${signal ?? code}` }));
      child.once('error', (e) => done({ ready: false, reason: e.message }));
    });
    if (answer.ready) return handle(child, folder);
    child.kill('SIGKILL');
    // A killed predecessor lets go of the file a moment after its death.
    if (tries >= 20 || !/lock|ended with/.test(answer.reason)) throw new Refusal('WAREHOUSE_NOT_OPEN', { reason: answer.reason });
    await new Promise((r) => setTimeout(r, 250));
  }
}

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
