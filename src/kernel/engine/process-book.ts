/** The book of processes: the parent writes down what it started and what died, so that the server can say it. A file, because the database may be what died. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The processes of an installation. */
export const processNames = ['up', 'serve', 'work', 'warehouse', 'postgres'] as const;
export type ProcessName = (typeof processNames)[number];

/** One process as its parent knows it. */
export interface KeptProcess {
  readonly name: ProcessName;
  /** Null while it is away. */
  readonly pid: number | null;
  /** Null where it was running before its parent and nobody wrote down since when. */
  readonly startedAt: string | null;
  /** How often it was started again since its parent began. */
  readonly restarts: number;
  readonly lastEnd: { readonly at: string; readonly why: string | null } | null;
}

export interface ProcessBook {
  /** @param adopted true for a process that was found running */
  started(name: ProcessName, pid: number | undefined, adopted?: boolean): void;
  ended(name: ProcessName, why?: string): void;
}

const fileOf = (folder: string): string => join(folder, 'run', 'processes.json');

/** A new book for a parent that begins; what the former parent wrote is over. */
export function keepProcessBook(folder: string, now: () => Date): ProcessBook {
  const kept = new Map<ProcessName, KeptProcess>();
  const write = (entry: KeptProcess): void => {
    kept.set(entry.name, entry);
    // A full disk must not take the parent down: it is what keeps the rest alive.
    try {
      const file = fileOf(folder);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.new`, JSON.stringify([...kept.values()]), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch (error) {
      console.error('the book of processes could not be written', error instanceof Error ? error.message : error);
    }
  };
  return {
    started(name, pid, adopted = false) {
      const before = kept.get(name);
      write({
        name,
        pid: pid ?? null,
        startedAt: adopted ? null : now().toISOString(),
        restarts: before ? before.restarts + 1 : 0,
        lastEnd: before?.lastEnd ?? null,
      });
    },
    ended(name, why) {
      const before = kept.get(name);
      if (before) write({ ...before, pid: null, lastEnd: { at: now().toISOString(), why: why ?? null } });
    },
  };
}

/** What the parent of a data folder wrote; empty where none keeps a book or a power cut left it short. */
export function readProcessBook(folder: string): readonly KeptProcess[] {
  const file = fileOf(folder);
  if (!existsSync(file)) return [];
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as readonly KeptProcess[];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
