/** What strace wrote about a tree of processes (`-f -yy`), as calls with a begin and an end, so that the order of two can be told. */

export interface SystemCall {
  readonly name: string;
  /** From the opening bracket on, descriptors with what they stand for. */
  readonly given: string;
  /** Lines of the trace at which it began and ended: over all processes, in the order of time. */
  readonly began: number;
  readonly ended: number;
}

/** The calls that succeeded, by their begin. A call that another thread interrupted has two lines. */
export function systemCalls(trace: string): readonly SystemCall[] {
  const open = new Map<string, { readonly name: string; readonly given: string; readonly began: number }>();
  const calls: SystemCall[] = [];
  trace.split('\n').forEach((line, at) => {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const [, name, given = ''] = /^(\w+)(\(.*)$/.exec(rest) ?? [];
    if (name !== undefined && rest.endsWith('<unfinished ...>')) open.set(thread, { name, given, began: at });
    else if (name !== undefined && succeeded(rest)) calls.push({ name, given, began: at, ended: at });
    else if (rest.startsWith('<... ')) {
      const begun = open.get(thread);
      open.delete(thread);
      if (begun && succeeded(rest)) calls.push({ ...begun, ended: at });
    }
  });
  return calls.sort((a, b) => a.began - b.began);
}

const succeeded = (line: string): boolean => /\) += \d+(<.*>)?$/.test(line);

/** The file or socket that the first argument stands for. */
export const standsFor = (call: SystemCall): string => /^\(\d+<(.*?)>(?=[,) ])/.exec(call.given)?.[1] ?? '';

/** The two names of a rename, whichever of the three calls it is. */
export function renamed(call: SystemCall): { readonly from: string; readonly to: string } | undefined {
  if (!call.name.startsWith('rename')) return undefined;
  const [from, to] = [...call.given.matchAll(/"([^"]*)"/g)].map((m) => m[1] ?? '');
  return from !== undefined && to !== undefined ? { from, to } : undefined;
}
