/** What a process remembers of services, keys and grants; all of it is forgotten when the epoch or the day changes. */
import type { Snapshot } from '#kernel/documents/documents';
import type { Kernel } from '#kernel/stage';
import { type KeyHash, keyHash } from '#share';
import { type CompiledGrant, compileGrant } from './compile.ts';
import { openDay } from './day.ts';

export interface Memory {
  hasService(id: string): Promise<boolean>;
  key(id: string): Promise<KeyHash | undefined>;
  grant(id: string): Promise<CompiledGrant | undefined>;
  /** Forgets what was learned before this epoch. */
  renew(epoch: number): void;
  /** Today, as calls are authorised by it. */
  today(): string;
}

interface Learned {
  readonly epoch: number;
  readonly day: string;
  /** Documents of one moment after the epoch was read, for all grants alike. */
  readonly snapshot: () => Promise<Snapshot>;
  readonly services: Map<string, Promise<boolean>>;
  readonly keys: Map<string, Promise<KeyHash | undefined>>;
  readonly grants: Map<string, Promise<CompiledGrant | undefined>>;
}

/** Opens an empty memory. */
export function openMemory(kernel: Kernel): Memory {
  let learned: Promise<Learned> | undefined;
  const law = openDay(kernel);
  let day = '';
  let least = 0;
  // The epoch is read before anything learned under it, so that what is learned is never older than its label.
  const learn = async (): Promise<Learned> => {
    const row = await kernel.db.first<{ value: number; day: string | null }>('select value, day from kernel.epoch');
    await law.settle(row?.day ?? null);
    day = law.today();
    let snapshot: Promise<Snapshot> | undefined;
    return {
      epoch: row?.value ?? 0,
      day,
      snapshot: () => {
        snapshot ??= kernel.documents.snapshot();
        return snapshot;
      },
      services: new Map(),
      keys: new Map(),
      grants: new Map(),
    };
  };
  const present = (): Promise<Learned> => {
    const now = law.today();
    if (!learned || now !== day) {
      day = now;
      const fresh = learn();
      learned = fresh;
      fresh.catch(() => {
        if (learned === fresh) learned = undefined;
      });
    }
    return learned;
  };
  return {
    hasService: async (id) =>
      once(
        (await present()).services,
        id,
        async () => (await kernel.db.first(`select 1 from kernel.document where kind = 'service' and id = $1`, [id])) !== undefined,
        (found) => found,
      ),
    key: async (id) =>
      once(
        (await present()).keys,
        id,
        () => keyHash(kernel.db, id),
        (found) => found !== undefined,
      ),
    async grant(id) {
      const now = await present();
      const compile = (snapshot: Snapshot) => compileGrant(kernel, snapshot, id, now.epoch, now.day);
      // A grant made after the documents were read is compiled from the documents of now.
      return once(
        now.grants,
        id,
        async () => (await compile(await now.snapshot())) ?? compile(await kernel.documents.snapshot()),
        (found) => found !== undefined,
      );
    },
    today: law.today,
    renew(epoch) {
      if (epoch <= least) return;
      least = epoch;
      learned = undefined;
    },
  };
}

/** Asks once for all who ask at the same time; keeps only what was found, so that a flood of wrong names costs no memory. */
function once<T>(known: Map<string, Promise<T>>, id: string, ask: () => Promise<T>, keep: (found: T) => boolean): Promise<T> {
  const before = known.get(id);
  if (before) return before;
  const asked = ask();
  known.set(id, asked);
  asked.then(
    (found) => {
      if (!keep(found)) known.delete(id);
    },
    () => known.delete(id),
  );
  return asked;
}
