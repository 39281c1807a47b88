/** Files read in a process of its own, which is ended where one of them hangs and started again behind one that killed it. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface AttendedOrder<T> {
  /** Program of the reader: it is told one file a line, and answers each with a line of JSON. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly files: readonly string[];
  /** A file that says nothing for so long hangs, seconds. */
  readonly patience: number;
  /** Megabytes of memory for what the reader itself holds; left out: what Node takes. */
  readonly memory?: number;
  readonly tell: (told: T) => void;
}

/** Files of which no answer came. */
export interface Lost {
  readonly hung: readonly string[];
  readonly died: readonly { readonly file: string; readonly code: string }[];
}

/** Has every file read. */
export async function attended<T>(order: AttendedOrder<T>): Promise<Lost> {
  const hung: string[] = [];
  const died: { file: string; code: string }[] = [];
  for (let next = 0; next < order.files.length; ) {
    const end = await readFrom(order, next);
    const answered = end.next - next;
    next = end.next;
    const lost = order.files[next];
    if (lost === undefined) break;
    // A reader may end of itself behind an answer, to begin afresh with the next file.
    if (end.code === '0' && answered > 0) continue;
    if (end.code === null) hung.push(lost);
    else died.push({ file: lost, code: end.code });
    next += 1;
  }
  return { hung, died };
}

/** Reads files until the reader ends; `next` is the place of the first that was not answered, `code` how it ended, null where it hung. */
function readFrom<T>(order: AttendedOrder<T>, from: number): Promise<{ readonly next: number; readonly code: string | null }> {
  const memory = order.memory === undefined ? [] : [`--max-old-space-size=${order.memory}`];
  const child = spawn(process.execPath, [...memory, order.script, ...(order.args ?? [])], { stdio: ['pipe', 'pipe', 'inherit'] });
  let next = from;
  let hung = false;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      hung = true;
      child.kill('SIGKILL');
    }, order.patience * 1000);
  };
  wait();
  createInterface({ input: child.stdout }).on('line', (line) => {
    wait();
    order.tell(JSON.parse(line) as T);
    next += 1;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${order.files.slice(from).join('\n')}\n`);
  return new Promise((done) =>
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      done({ next, code: hung ? null : String(signal ?? code) });
    }),
  );
}
