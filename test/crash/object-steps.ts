/** The steps by which objects came to be, read from system calls, and held to the order that survives a power cut. */
import { basename, dirname } from 'node:path';
import { renamed, type SystemCall, standsFor } from './system-calls.ts';

/** One step of an object; the call is undefined where it is missing. */
export interface Step {
  readonly what: string;
  readonly call: SystemCall | undefined;
}

export interface ObjectSteps {
  readonly digest: string;
  readonly steps: readonly Step[];
  /** The first step that is missing or began before the one above it ended; undefined when the order is right. */
  readonly fault: string | undefined;
}

const writes = new Set(['write', 'writev', 'pwrite64']);
const isSocket = (call: SystemCall): boolean => /^(TCP|UNIX)/.test(standsFor(call));

/** Every object that was renamed into a store, with its steps. */
export function objectSteps(calls: readonly SystemCall[]): readonly ObjectSteps[] {
  const shards = new Set<string>();
  return calls.flatMap((rename) => {
    const names = renamed(rename);
    if (!names || !/\/objects\/[0-9a-f]{2}\/[0-9a-f]{64}$/.test(names.to)) return [];
    const shard = dirname(names.to);
    const isNew = !shards.has(shard);
    shards.add(shard);
    const digest = basename(names.to);
    const steps = stepsOf(calls, { rename, from: names.from, shard, isNew, digest });
    return [{ digest, steps, fault: faultIn(steps) }];
  });
}

interface Renamed {
  readonly rename: SystemCall;
  readonly from: string;
  readonly shard: string;
  /** Whether this is the first object of its shard, whose own name must be durable too. */
  readonly isNew: boolean;
  readonly digest: string;
}

function stepsOf(calls: readonly SystemCall[], { rename, from, shard, isNew, digest }: Renamed): readonly Step[] {
  const on = (path: string, names: ReadonlySet<string>) => calls.filter((c) => names.has(c.name) && standsFor(c) === path);
  const syncs = new Set(['fsync', 'fdatasync']);
  const written = on(from, writes).at(-1);
  const synced = on(from, syncs).at(-1);
  const store = on(dirname(shard), syncs).find((c) => synced && c.began > synced.ended);
  const named = on(shard, syncs).find((c) => c.began > rename.ended);
  // Whoever hears the digest believes that the object is there: the first mention on any connection counts.
  const told = calls.find((c) => writes.has(c.name) && isSocket(c) && c.given.includes(digest));
  const onward = told ? calls.filter((c) => standsFor(c) === standsFor(told) && c.began > told.ended) : [];
  const commit = onward.find((c) => c.given.includes('"Q\\0\\0\\0\\vcommit\\0"'));
  // The connection is used again only after the commit was answered.
  const next = commit && onward.find((c) => c.began > commit.ended);
  const durable = calls.find(
    (c) =>
      commit && syncs.has(c.name) && standsFor(c).includes('/pg_wal/') && c.began > commit.began && c.ended < (next?.began ?? Infinity),
  );
  return [
    { what: 'the last byte is written', call: written },
    { what: 'the file is forced to the disk', call: synced },
    ...(isNew ? [{ what: 'the name of its new folder is', call: store }] : []),
    { what: 'it gets its name', call: rename },
    { what: 'the name is forced to the disk', call: named },
    { what: 'the database hears of it', call: told },
    { what: 'the transaction commits', call: commit },
    { what: "the database's log is forced to the disk", call: durable },
  ];
}

function faultIn(steps: readonly Step[]): string | undefined {
  let before: Step | undefined;
  for (const step of steps) {
    if (!step.call) return `missing: ${step.what}`;
    if (before?.call && step.call.began < before.call.ended) return `too early: ${step.what}`;
    before = step;
  }
  return undefined;
}
