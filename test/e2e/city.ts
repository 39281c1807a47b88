/** The invented city as a user starts it: `chengshu up` on a fresh data folder, its address and accounts read from what it prints. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removePostgres } from '#kernel/db/embedded';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where it is, and who may enter. */
export interface CityAddress {
  readonly address: string;
  password(account: string): string;
}

export interface RunningCity extends CityAddress {
  readonly folder: string;
  /** Everything it printed. */
  readonly printed: () => string;
  readonly process: ChildProcess;
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Stops it and removes what it made. */
  remove(): Promise<void>;
}

/** The password of an account in what a city printed. */
export const passwordIn = (printed: string, account: string): string => new RegExp(`^ +${account} +(\\S+)`, 'm').exec(printed)?.[1] ?? '';

/** Starts a city and waits until it has printed its accounts. A folder that was used before is gone on with. */
export async function startCity(
  options: { scale?: number; seed?: number; folder?: string; port?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<RunningCity> {
  const folder = options.folder ?? join(mkdtempSync(join(tmpdir(), 'chengshu-city-')), 'data');
  const child = spawn(
    process.execPath,
    [
      'bin/chengshu.ts',
      'up',
      '--data',
      folder,
      '--port',
      String(options.port ?? 18000 + Math.floor(Math.random() * 20000)),
      '--scale',
      String(options.scale ?? 0.05),
      '--seed',
      String(options.seed ?? 1),
    ],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Nothing is collected by itself: the global set-up has no environment of the tests.
      env: { ...process.env, CHENGSHU_SCHEDULE: 'off', ...options.env },
    },
  );
  let text = '';
  child.stdout.on('data', (d: Buffer) => {
    text += d.toString();
  });
  child.stderr.on('data', (d: Buffer) => {
    text += d.toString();
  });
  await new Promise<void>((done, failed) => {
    const late = setTimeout(() => failed(new Error(`the city did not come up in 200 s:\n${text}`)), 200_000);
    child.on('exit', (code) => {
      clearTimeout(late);
      failed(new Error(`the city ended with ${code}:\n${text}`));
    });
    const look = setInterval(() => {
      if (!text.includes('Ctrl-C')) return;
      clearInterval(look);
      clearTimeout(late);
      done();
    }, 100);
  });
  const address = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] ?? '';
  const stop = () =>
    new Promise<number | null>((done) => {
      if (child.exitCode !== null || child.signalCode !== null) return done(child.exitCode);
      child.removeAllListeners('exit');
      child.once('exit', (code) => done(code));
      child.kill('SIGINT');
    });
  return {
    address,
    folder,
    process: child,
    stop,
    printed: () => text,
    password: (account) => passwordIn(text, account),
    remove: async () => {
      await stop();
      await removePostgres(join(folder, 'postgres'));
      rmSync(join(folder, '..'), { recursive: true, force: true });
    },
  };
}
