/** JSON lines: one object or array after the other, without an array around them, as systems export them row by row. */
import { ConnectorRefusal } from '#declare/connector';
import { longestElement } from './json-elements.ts';
import { isScalar, parsed } from './json-value.ts';

const [QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [...'"\\{}[]'].map((c) => c.charCodeAt(0));

/** Follows the text and tells, character by character, how deep in objects and arrays it stands. */
class Depth {
  depth = 0;
  #inString = false;
  #isEscaped = false;

  /** True when an object or array begins outside any other. */
  next(c: number): boolean {
    if (this.#inString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (c === BACKSLASH) this.#isEscaped = true;
      else if (c === QUOTE) this.#inString = false;
    } else if (c === QUOTE) this.#inString = true;
    else if (c === OPEN || c === OPEN_LIST) return this.depth++ === 0;
    else if (c === CLOSE || c === CLOSE_LIST) this.depth--;
    return false;
  }
}

/** Whether the beginning of a text is an object or array with another one behind it. */
export function isLines(beginning: string): boolean {
  const at = new Depth();
  let objects = 0;
  for (let i = 0; i < beginning.length; i++) {
    if (at.next(beginning.charCodeAt(i)) && ++objects > 1) return true;
    if (objects === 0 && !/\s|\ufeff/.test(beginning[i] as string)) return false;
  }
  return false;
}

/** The same objects as one array. */
export async function* asArray(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  const at = new Depth();
  let objects = 0;
  yield '[';
  for await (const chunk of chunks) {
    let from = 0;
    for (let i = 0; i < chunk.length; i++)
      if (at.next(chunk.charCodeAt(i)) && objects++ > 0) {
        yield `${chunk.slice(from, i)},`;
        from = i;
      }
    yield chunk.slice(from);
  }
  yield ']';
}

/** The refusal of the first line that is broken, in a text of which most lines are an object or array by themselves; else null. */
export async function brokenLine(chunks: AsyncIterable<string>): Promise<ConnectorRefusal | null> {
  let broken: ConnectorRefusal | null = null;
  let [number, whole, bad] = [0, 0, 0];
  const look = (line: string): void => {
    number++;
    if (line.trim() === '') return;
    try {
      if (isScalar(parsed(line.trimEnd(), number))) bad++;
      else whole++;
    } catch (cause) {
      if (!(cause instanceof ConnectorRefusal)) throw cause;
      broken ??= cause;
      bad++;
    }
  };
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(look);
    if (rest.length > longestElement) return null;
  }
  look(rest);
  return whole > bad ? broken : null;
}
