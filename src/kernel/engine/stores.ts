/** The stores: how much each holds, and how much room is left. */
import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kernel } from '../stage.ts';
import { within } from './ask.ts';

/** One store. Null: its keeper does not answer. */
export interface StoreNow {
  readonly store: 'objects' | 'warehouse' | 'database' | 'log';
  readonly title: { readonly zh: string; readonly en: string };
  readonly bytes: number | null;
  /** Objects in the store; null where nothing is counted. */
  readonly count: number | null;
  /** When it was measured. */
  readonly asOf: string;
}

/** The disk that the data folder is on. */
export interface DiskNow {
  readonly folder: string;
  readonly free: number;
  readonly total: number;
}

/** Room that is left for the data folder. */
export async function diskOf(kernel: Kernel): Promise<DiskNow> {
  // What an unprivileged user may still write, not what root may: the database does not run as root.
  const { bavail, blocks, bsize } = await statfs(kernel.folder);
  return { folder: kernel.folder, free: bavail * bsize, total: blocks * bsize };
}

/** Measures every store. */
export async function storesOf(kernel: Kernel, measure: ObjectMeasure): Promise<readonly StoreNow[]> {
  const now = kernel.clock.now().toISOString();
  const [objects, warehouse, sizes] = await Promise.all([
    measure(),
    within(kernel.warehouse.health(), null),
    within(
      kernel.db.first<{ database: number; log: number }>(
        `select pg_database_size(current_database()) as database, pg_total_relation_size('log.record') as log`,
      ),
      undefined,
    ),
  ]);
  return [
    { store: 'objects', title: { zh: '对象库（原件与批次）', en: 'Objects (originals and batches)' }, ...objects },
    {
      store: 'warehouse',
      title: { zh: '数据仓库文件', en: 'Warehouse file' },
      bytes: warehouse?.bytes ?? null,
      count: null,
      asOf: now,
    },
    { store: 'database', title: { zh: '数据库', en: 'Database' }, bytes: sizes?.database ?? null, count: null, asOf: now },
    { store: 'log', title: { zh: '其中：访问日志', en: 'of which the access log' }, bytes: sizes?.log ?? null, count: null, asOf: now },
  ];
}

/** How much the object store holds. */
export type ObjectMeasure = () => Promise<{ readonly bytes: number; readonly count: number; readonly asOf: string }>;

/** Looking at every object takes seconds when there are a million of them, so it is done at most once a minute. */
const measureEveryMs = 60_000;

/** Measures the objects of a data folder, and remembers the answer for a minute. */
export function createObjectMeasure(kernel: Kernel): ObjectMeasure {
  let last: { at: number; answer: ReturnType<ObjectMeasure> } | undefined;
  return () => {
    const at = performance.now();
    if (!last || at - last.at > measureEveryMs) {
      const answer = measureObjects(join(kernel.folder, 'objects')).then((m) => ({ ...m, asOf: kernel.clock.now().toISOString() }));
      last = { at, answer };
      answer.catch(() => {
        last = undefined;
      });
    }
    return last.answer;
  };
}

/** Objects lie in folders named by the first two digits of their digest; what is still being made is not one of them. */
async function measureObjects(folder: string): Promise<{ bytes: number; count: number }> {
  let bytes = 0;
  let count = 0;
  for (const shard of (await list(folder)).filter((n) => /^[0-9a-f]{2}$/.test(n))) {
    const sizes = await Promise.all((await list(join(folder, shard))).map((name) => sizeOf(join(folder, shard, name))));
    for (const size of sizes) {
      if (size === null) continue;
      bytes += size;
      count += 1;
    }
  }
  return { bytes, count };
}

const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

async function list(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** Null for an object that was removed while we looked. */
async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}
