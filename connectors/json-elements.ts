/** Cuts a JSON text (RFC 8259) into the elements of its arrays without holding more than one of them. */
import { ConnectorRefusal } from '#declare/connector';
import { type Json, parsed } from './json-value.ts';

/** Longest text of one element, and of all that stands outside the elements: 16 MiB of characters. */
export const longestElement = 16 * 1024 * 1024;

/** One element of an array that lies in no other array; `array` counts those arrays from 0 in the order they begin. */
export interface Element {
  readonly array: number;
  /** The names that lead to the array, joined with a dot; empty for one that nothing is around. */
  readonly name: string;
  readonly text: string;
}

const [QUOTE, BACKSLASH, COMMA, OPEN, CLOSE, OPEN_OBJECT, CLOSE_OBJECT, COLON] = [...'"\\,[]{}:'].map((c) => c.charCodeAt(0));

/** The names of the objects around a place, as their text goes by. */
class Names {
  readonly #names: string[] = [];
  #text = '';

  /** More of a text in quotes; what comes before a colon is a name. */
  add(part: string): void {
    this.#text += part;
  }
  begin(): void {
    this.#text = '';
  }
  open(): void {
    this.#names.push('');
  }
  close(): void {
    this.#names.pop();
  }
  /** A text that is broken is refused at the end, with the text around. */
  name(): void {
    if (this.#names.length > 0) this.#names[this.#names.length - 1] = nameOf(this.#text);
  }
  get path(): string {
    return this.#names.join('.');
  }
}

function nameOf(text: string): string {
  const name = text.includes('\\') ? parsed(`"${text}"`) : text;
  return typeof name === 'string' ? name : text;
}

/**
 * Yields every element as it stands. The text around them, with `0` in the place of each element, is parsed at the end, so that a broken file is
 * refused wherever it is broken, and `told`; the elements are for the caller to parse.
 */
export async function* elementsOf(chunks: AsyncIterable<string>, told?: (value: Json) => void): AsyncGenerator<Element[]> {
  let around = '';
  let element: string | null = null;
  let array = -1;
  let name = '';
  let depth = 0;
  let inString = false;
  let isEscaped = false;
  const names = new Names();
  for await (const chunk of chunks) {
    const elements: Element[] = [];
    let from = 0;
    let quoted = 0;
    for (let i = 0; i < chunk.length; i++) {
      const c = chunk.charCodeAt(i);
      if (inString) {
        if (isEscaped) isEscaped = false;
        else if (c === BACKSLASH) isEscaped = true;
        else if (c === QUOTE) {
          inString = false;
          if (element === null) names.add(chunk.slice(quoted, i));
        }
      } else if (c === QUOTE) {
        inString = true;
        quoted = i + 1;
        if (element === null) names.begin();
      } else if (element === null) {
        if (c === COLON) names.name();
        else if (c === OPEN_OBJECT) names.open();
        else if (c === CLOSE_OBJECT) names.close();
        if (c !== OPEN) continue;
        around += chunk.slice(from, i + 1);
        [element, from, depth] = ['', i + 1, 0];
        array++;
        name = names.path;
      } else if ((c === COMMA || c === CLOSE) && depth === 0) {
        const text: string = element + chunk.slice(from, i);
        from = i;
        // Nothing between two commas is broken, nothing between brackets is an empty array: the text around tells them apart.
        if (text.trim() !== '') {
          elements.push({ array, name, text });
          around += '0';
        }
        if (c === CLOSE) element = null;
        else {
          element = '';
          around += ',';
          from = i + 1;
        }
      } else if (c === OPEN || c === OPEN_OBJECT) depth++;
      else if (c === CLOSE || c === CLOSE_OBJECT) depth--;
    }
    if (element === null) {
      around += chunk.slice(from);
      if (inString) names.add(chunk.slice(quoted));
    } else element += chunk.slice(from);
    if ((element?.length ?? 0) > longestElement || around.length > 4 * longestElement)
      throw new ConnectorRefusal(
        'too-large',
        `one value has more than ${longestElement} characters`,
        `一个值超过 ${longestElement} 个字符`,
      );
    yield elements;
  }
  if (element !== null) throw new ConnectorRefusal('not-json', 'the file ends inside an array', '不是合法的 JSON（文件在数组中间结束）');
  const value = parsed(around);
  told?.(value);
}
