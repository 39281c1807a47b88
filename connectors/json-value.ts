/**
 * JSON text (RFC 8259) as values. Members keep their order and a name may stand twice; a number keeps the text it was written with: 18 digits,
 * an exponent or trailing zeros never pass through a double.
 */
import { ConnectorRefusal } from '#declare/connector';

/** A number whose text a double would not give back. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** An object: its members in the order of the text. */
export class JsonObject {
  readonly names: string[] = [];
  readonly values: Json[] = [];
  /** Whether a name stands twice. */
  isTwice = false;

  /** The value of the first member of this name. */
  get(name: string): Json | undefined {
    return this.values[this.names.indexOf(name)];
  }
}

export type Json = null | boolean | number | string | JsonNumber | JsonObject | readonly Json[];

export const isObject = (value: Json | undefined): value is JsonObject => value instanceof JsonObject;
export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
export const isScalar = (value: Json | undefined): boolean => !isObject(value) && !isList(value);
export const isNumber = (value: Json | undefined): boolean => typeof value === 'number' || value instanceof JsonNumber;

/** An object of these members. */
export function objectOf(members: Iterable<readonly [string, Json]>): JsonObject {
  const object = new JsonObject();
  for (const [name, value] of members) {
    object.names.push(name);
    object.values.push(value);
  }
  object.isTwice = new Set(object.names).size < object.names.length;
  return object;
}

export function* membersOf(object: JsonObject): Generator<[string, Json]> {
  for (let i = 0; i < object.names.length; i++) yield [object.names[i] as string, object.values[i] as Json];
}

/** Values lie within each other at most so deep. */
const deepest = 1000;
/** Objects of more names look a name up instead of comparing it with each. */
const fewNames = 12;

const [QUOTE, BACKSLASH, ZERO, ONE, NINE, DOT] = [...'"\\019.'].map((c) => c.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
  number,
];
/** Digits that a double always gives back. */
const fewDigits = 15;
const numberText = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

class Parser {
  readonly #text: string;
  readonly #line: number | null;
  #at = 0;
  #depth = 0;
  /** One copy of each name and not one for each row. */
  readonly #known = new Map<string, string>();

  constructor(text: string, line: number | null) {
    this.#text = text;
    this.#line = line;
  }

  whole(): Json {
    if (this.#text.startsWith('\ufeff')) this.#at = 1;
    const value = this.#value();
    this.#skip();
    if (this.#at < this.#text.length) this.#refuse();
    return value;
  }

  #skip(): void {
    for (;;) {
      const c = this.#text.charCodeAt(this.#at);
      if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return;
      this.#at++;
    }
  }

  #value(): Json {
    this.#skip();
    const c = this.#text[this.#at];
    if (c === '"') return this.#string();
    if (c === '{') return this.#object();
    if (c === '[') return this.#list();
    if (c === 't') return this.#word('true', true);
    if (c === 'f') return this.#word('false', false);
    if (c === 'n') return this.#word('null', null);
    return this.#number();
  }

  #object(): JsonObject {
    const object = new JsonObject();
    this.#enter();
    this.#skip();
    if (this.#take('}')) return this.#leave(object);
    let known: Set<string> | null = null;
    for (;;) {
      this.#skip();
      if (this.#text[this.#at] !== '"') this.#refuse();
      const name = this.#name();
      this.#skip();
      if (!this.#take(':')) this.#refuse();
      if (known === null && object.names.length > fewNames) known = new Set(object.names);
      object.isTwice ||= known ? known.has(name) : object.names.includes(name);
      known?.add(name);
      object.names.push(name);
      object.values.push(this.#value());
      this.#skip();
      if (this.#take('}')) return this.#leave(object);
      if (!this.#take(',')) this.#refuse();
    }
  }

  #list(): Json[] {
    const list: Json[] = [];
    this.#enter();
    this.#skip();
    if (this.#take(']')) return this.#leave(list);
    for (;;) {
      list.push(this.#value());
      this.#skip();
      if (this.#take(']')) return this.#leave(list);
      if (!this.#take(',')) this.#refuse();
    }
  }

  #enter(): void {
    this.#at++;
    if (++this.#depth > deepest) throw tooDeep();
  }
  #leave<T>(value: T): T {
    this.#depth--;
    return value;
  }

  #take(c: string): boolean {
    if (this.#text[this.#at] !== c) return false;
    this.#at++;
    return true;
  }

  #name(): string {
    const name = this.#string();
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#known.size < 10_000) this.#known.set(name, name);
    return name;
  }

  #string(): string {
    const from = this.#at + 1;
    let isPlain = true;
    for (let at = from; ; ) {
      let c = this.#text.charCodeAt(at);
      while (c >= 32 && c !== QUOTE && c !== BACKSLASH) c = this.#text.charCodeAt(++at);
      if (c === QUOTE) {
        this.#at = at + 1;
        return isPlain ? this.#text.slice(from, at) : (JSON.parse(this.#text.slice(from - 1, at + 1)) as string);
      }
      escaped.lastIndex = at;
      this.#at = at;
      if (!escaped.test(this.#text)) this.#refuse();
      at = escaped.lastIndex;
      isPlain = false;
    }
  }

  #number(): number | JsonNumber {
    // Most numbers are a few digits.
    let at = this.#at;
    let c = this.#text.charCodeAt(at);
    if (c >= ONE && c <= NINE) {
      let value = 0;
      for (; c >= ZERO && c <= NINE && at - this.#at < fewDigits; c = this.#text.charCodeAt(++at)) value = 10 * value + c - ZERO;
      if (!(c >= ZERO && c <= NINE) && c !== DOT && (c | 32) !== 0x65) {
        this.#at = at;
        return value;
      }
    }
    numberText.lastIndex = this.#at;
    if (!numberText.test(this.#text)) this.#refuse();
    const text = this.#text.slice(this.#at, numberText.lastIndex);
    this.#at = numberText.lastIndex;
    const value = Number(text);
    return Number.isSafeInteger(value) && String(value) === text ? value : new JsonNumber(text);
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#refuse();
    this.#at += word.length;
    return value;
  }

  #refuse(): never {
    const before = this.#text.slice(0, this.#at).split('\n');
    const [line, column] = [this.#line ?? before.length, (before.at(-1)?.length ?? 0) + 1];
    const there = this.#text.slice(this.#at, this.#at + 20).replaceAll(/[\r\n\t]+/g, ' ');
    if (there === '' && this.#line !== null)
      throw new ConnectorRefusal('not-json', `line ${line} ends too early`, `第 ${line} 行没有写完，不是合法的 JSON`);
    throw there === ''
      ? new ConnectorRefusal('not-json', 'the text ends too early', '文件在中间就结束了，不是合法的 JSON')
      : new ConnectorRefusal(
          'not-json',
          `line ${line}, character ${column}: '${there}' cannot stand there`,
          `第 ${line} 行第 ${column} 个字符起的“${there}”不合 JSON 的写法`,
        );
  }
}

const tooDeep = (): ConnectorRefusal => new ConnectorRefusal('too-large', 'values are nested too deeply', '嵌套层数过多');

/** The value that a text is. `line` is its number where it is one line of a file. @throws ConnectorRefusal not-json, too-large */
export const parsed = (text: string, line: number | null = null): Json => new Parser(text, line).whole();

/** A value as JSON text without blanks, its numbers as they were written. */
export function jsonText(value: Json): string {
  if (value instanceof JsonNumber) return value.text;
  if (isList(value)) return `[${value.map(jsonText).join(',')}]`;
  if (isObject(value)) return `{${value.names.map((n, i) => `${JSON.stringify(n)}:${jsonText(value.values[i] as Json)}`).join(',')}}`;
  return JSON.stringify(value);
}

/** A value as a cell; null and nothing are absent. */
export function cellOf(value: Json | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : jsonText(value);
}
