/** A second reading of a JSON file: a parser of its own that keeps numbers as they are written, and names that are given twice. */
import { readFileSync } from 'node:fs';

/** A value: text of a scalar (null where it says null), a list, or names with their values in order. */
export type Json =
  | { readonly is: 'scalar'; readonly text: string | null; readonly quoted: boolean }
  | { readonly is: 'list'; readonly items: readonly Json[] }
  | { readonly is: 'object'; readonly entries: readonly (readonly [name: string, value: Json])[] };

/** Reads a file of one value, or of one value a line. */
export function jsonOf(path: string, encoding: string, lines: boolean): Json {
  const text = new TextDecoder(encoding).decode(readFileSync(path));
  if (!lines) return new Reader(text).whole();
  const items = text.split(/\r?\n/u).flatMap((line) => (line.trim() === '' ? [] : [new Reader(line).whole()]));
  return { is: 'list', items };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '/': '/', '\\': '\\', '"': '"' };

class Reader {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }

  whole(): Json {
    const value = this.#value();
    this.#blank();
    if (this.#at < this.#text.length) throw new Error(`something follows at ${this.#at}`);
    return value;
  }

  #blank(): void {
    while (/[ \t\r\n\ufeff]/u.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #take(wanted: string): boolean {
    this.#blank();
    if (this.#text[this.#at] !== wanted) return false;
    this.#at++;
    return true;
  }

  #value(): Json {
    if (this.#take('{')) {
      const entries: [string, Json][] = [];
      if (this.#take('}')) return { is: 'object', entries };
      do {
        this.#blank();
        const name = this.#string();
        if (!this.#take(':')) throw new Error(`no colon at ${this.#at}`);
        entries.push([name, this.#value()]);
      } while (this.#take(','));
      if (!this.#take('}')) throw new Error(`no end of an object at ${this.#at}`);
      return { is: 'object', entries };
    }
    if (this.#take('[')) {
      const items: Json[] = [];
      if (this.#take(']')) return { is: 'list', items };
      do items.push(this.#value());
      while (this.#take(','));
      if (!this.#take(']')) throw new Error(`no end of a list at ${this.#at}`);
      return { is: 'list', items };
    }
    if (this.#text[this.#at] === '"') return { is: 'scalar', text: this.#string(), quoted: true };
    const from = this.#at;
    while (/[^\s,\]}]/u.test(this.#text[this.#at] ?? ' ')) this.#at++;
    const word = this.#text.slice(from, this.#at);
    if (word === '') throw new Error(`no value at ${from}`);
    return { is: 'scalar', text: word === 'null' ? null : word, quoted: false };
  }

  #string(): string {
    if (this.#text[this.#at] !== '"') throw new Error(`no text at ${this.#at}`);
    let said = '';
    for (let from = ++this.#at; ; ) {
      const c = this.#text[this.#at];
      if (c === undefined) throw new Error('a text has no end');
      if (c !== '"' && c !== '\\') {
        this.#at++;
        continue;
      }
      said += this.#text.slice(from, this.#at++);
      if (c === '"') return said;
      const e = this.#text[this.#at++] ?? '';
      if (e === 'u') {
        said += String.fromCharCode(Number.parseInt(this.#text.slice(this.#at, this.#at + 4), 16));
        this.#at += 4;
      } else said += escapes[e] ?? '';
      from = this.#at;
    }
  }
}

/** How often each scalar stands in a value; null says nothing. */
export function scalarsOf(value: Json, count = new Map<string, number>()): Map<string, number> {
  if (value.is === 'scalar') {
    if (value.text !== null) count.set(value.text, (count.get(value.text) ?? 0) + 1);
  } else if (value.is === 'list') for (const item of value.items) scalarsOf(item, count);
  else for (const [, inner] of value.entries) scalarsOf(inner, count);
  return count;
}

/** Every name in a value. */
export function namesOf(value: Json, names = new Set<string>()): Set<string> {
  if (value.is === 'list') for (const item of value.items) namesOf(item, names);
  else if (value.is === 'object')
    for (const [name, inner] of value.entries) {
      names.add(name);
      namesOf(inner, names);
    }
  return names;
}

/** What stands first under a path of names joined by dots; undefined where nothing does. A name may hold dots itself. */
export function under(value: Json, path: string): Json | undefined {
  if (value.is !== 'object') return undefined;
  for (const [name, inner] of value.entries) {
    if (name === path) return inner;
    if (path.startsWith(`${name}.`)) {
      const found = under(inner, path.slice(name.length + 1));
      if (found) return found;
    }
  }
  return undefined;
}

/** A value as one text, numbers as they are written. */
export function textOf(value: Json): string {
  if (value.is === 'scalar') return value.quoted ? JSON.stringify(value.text) : (value.text ?? 'null');
  if (value.is === 'list') return `[${value.items.map(textOf).join(',')}]`;
  return `{${value.entries.map(([name, v]) => `${JSON.stringify(name)}:${textOf(v)}`).join(',')}}`;
}

/** The compact text of every list and object in a value. */
export function textsOf(value: Json, texts = new Set<string>()): Set<string> {
  if (value.is === 'scalar') return texts;
  texts.add(textOf(value));
  for (const inner of value.is === 'list' ? value.items : value.entries.map(([, v]) => v)) textsOf(inner, texts);
  return texts;
}

/** Every list in a value whose items are all objects, and the value itself as a list of one. */
export function listsOf(value: Json): (readonly Json[])[] {
  const found: (readonly Json[])[] = value.is === 'object' ? [[value]] : [];
  const walk = (v: Json): void => {
    if (v.is === 'list') {
      if (v.items.length > 0 && v.items.every((i) => i.is === 'object')) found.push(v.items);
      for (const item of v.items) walk(item);
    } else if (v.is === 'object') for (const [, inner] of v.entries) walk(inner);
  };
  walk(value);
  return found;
}

/** The value of a text; undefined where it is none. */
export function jsonIn(text: string): Json | undefined {
  try {
    return new Reader(text).whole();
  } catch {
    return undefined;
  }
}
