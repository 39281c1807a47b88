/** Faults that are known and borne, each with its reason: by file, by kind of fault. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Fault } from './expected.ts';

const exceptionsSchema = z.record(z.string(), z.record(z.string(), z.string().trim().min(1)));
export type Exceptions = z.infer<typeof exceptionsSchema>;

/** Reads a file of exceptions. */
export const exceptionsIn = (path: string): Exceptions => exceptionsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));

/** The faults that are not borne; an exception that no longer applies is one itself. */
export function notBorne(exceptions: Exceptions, file: string, faults: readonly Fault[]): Fault[] {
  const borne = exceptions[file] ?? {};
  const idle = Object.keys(borne).filter((kind) => !faults.some((f) => f.kind === kind));
  return [
    ...faults.filter((f) => !(f.kind in borne)),
    ...idle.map((kind) => ({ kind: 'exception', says: `the exception for ${kind} no longer applies: ${borne[kind]}` })),
  ];
}
