/** Examines a folder: every file of it through the platform, in a process that is ended where a file hangs. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attended } from '../attended-reader.ts';
import { type Exceptions, notBorne } from './exceptions.ts';
import type { Fault } from './expected.ts';
import type { Told } from './judge.ts';

const examiner = fileURLToPath(new URL('./examiner.ts', import.meta.url));
/** A file that is not through after so long hangs, seconds. */
const patience = 300;
/** What the examining process itself may hold, megabytes. */
const memory = 1024;
const expectation = '.expected.json';

export interface Examined extends Told {
  /** Faults that no exception bears: none makes it green. */
  readonly red: readonly Fault[];
}

export interface ExamineOrder {
  readonly folder: string;
  /** Folder of the expectations, under the same paths. */
  readonly expectations: string;
  readonly exceptions: Exceptions;
  /** Only files whose path holds this. */
  readonly only?: string | undefined;
  /** Told of each file as it is through. */
  readonly tell?: (file: Examined) => void;
}

/** Examines every file. Expectations and files that the system hides are none. */
export async function examine(order: ExamineOrder): Promise<Examined[]> {
  const files = readdirSync(order.folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.endsWith(expectation) && !/(^|[/\\])\./u.test(path) && path.includes(order.only ?? ''))
    .map((path) => join(order.folder, path))
    .filter((path) => statSync(path).isFile())
    .sort();
  const data = mkdtempSync(join(tmpdir(), 'chengshu-examine-'));
  const examined: Examined[] = [];
  const note = (told: Told): void => {
    const file = { ...told, red: notBorne(order.exceptions, told.file, told.faults) };
    examined.push(file);
    order.tell?.(file);
  };
  const lost = (path: string, kind: string, says: string): void =>
    note({ ...nothing, file: path.slice(order.folder.length).replace(/^[/\\]+/, ''), by: kind, faults: [{ kind, says }] });
  try {
    const { hung, died } = await attended<Told>({
      script: examiner,
      args: [data, order.folder, order.expectations],
      files,
      patience,
      memory,
      tell: note,
    });
    for (const path of hung) lost(path, 'hung', `nothing came of ${basename(path)} within ${patience} s`);
    for (const { file, code } of died) lost(file, 'inner', `the process ended with ${code}`);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
  return examined;
}

const nothing = {
  end: 'broken',
  read: 0,
  data: 0,
  withheld: 0,
  compared: null,
  expected: false,
  reasons: [],
  proposed: '',
  seconds: 0,
  megabytes: 0,
} as const;
