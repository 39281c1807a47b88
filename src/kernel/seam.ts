/**
 * Named seams: the instants between two steps that a crash must not be able to part. `CHENGSHU_CRASH=<seam>:<n>[,<seam>:<n>…]:<folder>` makes
 * the process that comes to the n-th hit of such a seam kill itself there, once; with n = 0 hits are only counted. Without the variable a seam does nothing.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Every seam, named after the step that was just taken. */
export const seams = [
  'objects.written',
  'objects.synced',
  'objects.renamed',
  'objects.named',
  'database.begun',
  'database.worked',
  'database.committed',
  'database.stated',
  'database.recorded',
  'jobs.queued',
  'jobs.taken',
  'jobs.started',
  'jobs.worked',
  'jobs.ended',
  'jobs.told',
  'jobs.heard',
] as const;
export type Seam = (typeof seams)[number];

/** Where to die, once at each. */
interface Armed {
  readonly hits: readonly { readonly seam: string; readonly hit: number }[];
  /** Shared by all processes and by the starts that follow: a hit is a file in it, so that no hit is had twice. */
  readonly folder: string;
}

/** Reads the variable. @throws Error when it names no seam: a proof must not pass because of a misspelling */
export function armedBy(text: string | undefined): Armed | undefined {
  if (!text) return undefined;
  const [, said = '', folder = ''] = /^((?:[a-z.]+:\d+,?)+):(.+)$/s.exec(text) ?? [];
  const hits = said.split(',').map((part) => {
    const [seam = '', hit] = part.split(':');
    if (!(seams as readonly string[]).includes(seam)) throw new Error(`CHENGSHU_CRASH names no seam: ${text}`);
    return { seam, hit: Number(hit) };
  });
  return { hits, folder };
}

/** Takes the next free number of a seam; `wx` decides between processes that come to it at one instant. */
function ticket(folder: string, name: Seam, from: number): number {
  for (let n = from; ; n++) {
    try {
      const file = openSync(join(folder, `${name}.${n}`), 'wx');
      writeSync(file, basename(process.argv[1] ?? ''));
      closeSync(file);
      return n;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function arm({ hits, folder }: Armed): (name: Seam) => void {
  const next = new Map<Seam, number>();
  return (name) => {
    const n = ticket(folder, name, next.get(name) ?? 1);
    next.set(name, n + 1);
    if (hits.some((h) => h.seam === name && h.hit === n)) process.kill(process.pid, 'SIGKILL');
  };
}

const armed = armedBy(process.env['CHENGSHU_CRASH']);

/** Says that a process is at a seam. */
export const seam: (name: Seam) => void = armed ? arm(armed) : () => undefined;
