/** The server process itself, several of them on one installation if a test wants. */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { TestKernel } from '../kernel.ts';

export interface Serving {
  readonly address: string;
  readonly port: number;
  /** How it ended, if it did. */
  ended(): string | null;
  /** What it wrote on stderr: a bug of ours is noted there as an incident. */
  stderr(): string;
  /** Largest memory it ever held, MiB; 0 where the system does not say. */
  mostMemory(): number;
  stop(): Promise<void>;
}

/** Starts `bin/serve.ts` on a test installation, told where everything is as `chengshu up` tells it. */
export async function startServe(k: TestKernel): Promise<Serving> {
  const port = await freePort();
  const child = fork(fileURLToPath(new URL('../../bin/serve.ts', import.meta.url)), [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let text = '';
  child.stderr?.on('data', (d: Buffer) => {
    text += d.toString();
  });
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  const { app, log, audit } = k.urls;
  child.send({ folder: k.folder, urls: { app, log, audit }, key: Buffer.alloc(32, 7).toString('base64'), node: k.node, port });
  await Promise.race([
    new Promise((done) => child.once('message', done)),
    gone.then(() => {
      throw new Error(`serve did not start:\n${text}`);
    }),
  ]);
  return {
    address: `http://127.0.0.1:${port}`,
    port,
    ended: () => endOf(child),
    stderr: () => text,
    mostMemory: () => memoryOf(child.pid ?? 0),
    async stop() {
      if (child.connected) child.send('stop');
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(late);
    },
  };
}

const endOf = (child: ChildProcess): string | null =>
  child.exitCode === null && child.signalCode === null ? null : String(child.signalCode ?? child.exitCode);

function memoryOf(pid: number): number {
  try {
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

const freePort = (): Promise<number> =>
  new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const at = server.address();
      server.close(() => done(typeof at === 'object' && at ? at.port : 0));
    });
  });
