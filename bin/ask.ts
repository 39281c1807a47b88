/** Questions to whoever stands at the standard input. */
import { createInterface, type Interface } from 'node:readline';
import type { Refusal } from '#kernel/errors';

interface Desk {
  readonly face: Interface;
  /** Lines that came before they were asked for: answers that are piped in arrive all at once. */
  readonly lines: string[];
  ended: boolean;
  wake: () => void;
}

let desk: Desk | undefined;

function open(): Desk {
  const face = createInterface({ input: process.stdin, output: process.stderr, terminal: process.stdin.isTTY === true });
  const made: Desk = { face, lines: [], ended: false, wake: () => undefined };
  face.on('line', (line) => {
    made.lines.push(line);
    made.wake();
  });
  face.on('close', () => {
    made.ended = true;
    made.wake();
  });
  return made;
}

/** The answer, one line. @throws Refusal `unanswered`, when the standard input is at its end */
export async function ask(question: string, unanswered: Refusal): Promise<string> {
  desk ??= open();
  const { face, lines } = desk;
  if (desk.ended) process.stderr.write(question);
  else {
    face.setPrompt(question);
    face.prompt();
  }
  while (lines.length === 0 && !desk.ended) {
    const come = new Promise<void>((done) => {
      (desk as Desk).wake = done;
    });
    await come;
  }
  // Nothing of it keeps the process while nothing is asked.
  if (!desk.ended) face.pause();
  const line = lines.shift();
  if (line === undefined) {
    process.stderr.write('\n');
    throw unanswered;
  }
  return line;
}
