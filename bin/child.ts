/** Child processes of a running installation: started, told where everything is, started again when they die, stopped in order. */
import { type ChildProcess, fork } from 'node:child_process';
import { flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { RoleUrls } from '#kernel/db/roles';
import type { ProcessBook } from '#kernel/engine/process-book';
import { isRefusal } from '#kernel/errors';
import type { Site } from '#kernel/open';
import { isAway } from '#kernel/stores';

/** What a parent tells a child, over the pipe between them: never by arguments or environment, which others can read. */
export interface Order {
  readonly folder: string;
  readonly urls: RoleUrls;
  /** Base64. */
  readonly key: string;
  readonly node: string;
  readonly port: number;
  /** Whether sources are collected by themselves. */
  readonly schedule: boolean;
}

/** The site an order speaks of. */
export const siteOf = (order: Order): Site => ({
  folder: order.folder,
  urls: order.urls,
  key: Buffer.from(order.key, 'base64'),
  node: order.node,
});

export interface Child {
  readonly name: string;
  /** What it answered when it was ready. */
  readonly ready: Promise<Readonly<Record<string, unknown>>>;
  pid(): number | undefined;
  stop(): Promise<void>;
}

/**
 * Keeps one child alive. It is started again after 0.2 s, then slower up to 5 s while it keeps dying.
 * @param name file in bin/ without its ending
 */
export function keep(name: 'serve' | 'work', order: Order, onDeath: (sentence: string) => void, book?: ProcessBook): Child {
  let current: ChildProcess | undefined;
  let stopping = false;
  let deaths = 0;
  let settle: (answer: Readonly<Record<string, unknown>>) => void = () => undefined;
  let isReady = false;
  let hopeless: (error: Error) => void = () => undefined;
  const ready = new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
    settle = resolve;
    hopeless = reject;
  });
  const start = (): void => {
    const child = fork(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), [], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      title: undefined,
    } as never);
    current = child;
    book?.started(name, child.pid);
    child.send(order);
    child.on('message', (answer: Record<string, unknown>) => {
      deaths = 0;
      isReady = true;
      settle(answer);
    });
    child.on('error', (error) => onDeath(error.message));
    child.on('exit', (code, signal) => {
      current = undefined;
      if (stopping) return;
      book?.ended(name, String(signal ?? code));
      deaths += 1;
      onDeath(`${name}: ${signal ?? code}`);
      // One that never came up will not come up; one that did is started again however often it dies.
      if (!isReady && deaths >= 5) {
        stopping = true;
        hopeless(new Error(`${name} does not start (${signal ?? code}); what it said stands above`));
        return;
      }
      setTimeout(
        () => {
          if (!stopping) start();
        },
        Math.min(5000, 200 * 2 ** Math.min(deaths - 1, 5)),
      );
    });
  };
  start();
  return {
    name,
    ready,
    pid: () => current?.pid,
    stop: async () => {
      stopping = true;
      const child = current;
      if (!child) return;
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      if (child.connected) child.send('stop');
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(late);
    },
  };
}

/** How long a child may take to end in order. Less than its parent would wait before it kills. */
const lastWordsMs = 4000;

/** In a child: waits for the order, then works until it is told to stop or its parent is gone. */
export async function obey(
  work: (order: Order) => Promise<{ answer: Readonly<Record<string, unknown>>; stop(): Promise<void> }>,
): Promise<void> {
  // Ctrl-C reaches the whole group; the parent decides the order in which things stop.
  process.on('SIGINT', () => undefined);
  const order = await new Promise<Order>((resolve) => process.once('message', (m) => resolve(m as Order)));
  let over = false;
  const end = async (stop: () => Promise<void>) => {
    if (over) return;
    over = true;
    // A child that cannot end in order ends all the same: its successor waits for what it holds.
    setTimeout(() => process.exit(1), lastWordsMs).unref();
    await stop();
    process.exit(0);
  };
  if (!process.connected) process.exit(0);
  let working: Awaited<ReturnType<typeof work>> | undefined;
  process.on('disconnect', () => void end(working?.stop ?? (async () => undefined)));
  try {
    working = await work(order);
  } catch (error) {
    // The parent starts it again; a refusal (the database is away, the disk is full) needs no more words than its own.
    console.error(isRefusal(error) || isAway(error) ? (error as Error).message : error);
    process.exit(1);
  }
  process.on('message', (m) => {
    if (m === 'stop') void end((working as { stop(): Promise<void> }).stop);
  });
  process.on('SIGTERM', () => void end((working as { stop(): Promise<void> }).stop));
  // Kept now: a process that is killed keeps nothing.
  flushCompileCache();
  process.send?.(working.answer);
}
