/** What differs between two documents, field by field. */
import type { Words } from './words.ts';

/** One step of the way to a value: the name of a field, or one of a list with what it is called. */
export interface Step {
  readonly name: string;
  /** One of a list, named by itself and not by its place; its title where it has one. */
  readonly item?: Words | true;
}

/** A value of a document as it is compared and shown: a scalar, a series of them, a sentence, or nothing. */
export type Shown = string | number | boolean | null | readonly (string | number)[] | { readonly said: Words };

export interface Difference {
  /** Where, e.g. `items.xm.title.zh`: unique in one comparison. */
  readonly at: string;
  readonly way: readonly Step[];
  /** Undefined where there is none. */
  readonly before: Shown | undefined;
  readonly after: Shown | undefined;
}

/** What tells one entry of a list from another: its place says nothing once something is put before it. */
const names = ['id', 'name', 'field', 'column', 'table'] as const;

interface Flat {
  readonly way: readonly Step[];
  readonly value: Shown;
}

/** Every differing value, in the order of the later document, what is gone last. */
export function differences(before: unknown, after: unknown): Difference[] {
  const [was, is] = [flat(before), flat(after)];
  const changed = [...is].flatMap(([at, { way, value }]): Difference[] => {
    const old = was.get(at);
    return old && JSON.stringify(old.value) === JSON.stringify(value) ? [] : [{ at, way, before: old?.value, after: value }];
  });
  const gone = [...was].flatMap(([at, { way, value }]): Difference[] => (is.has(at) ? [] : [{ at, way, before: value, after: undefined }]));
  return [...changed, ...gone];
}

function flat(value: unknown, way: readonly Step[] = [], into = new Map<string, Flat>()): Map<string, Flat> {
  const put = (shown: Shown) => into.set(way.map((s) => s.name).join('.'), { way, value: shown });
  if (Array.isArray(value)) {
    const keyed = value.length > 0 && value.every((v) => typeof v === 'object' && v !== null && nameOf(v) !== undefined);
    if (keyed) for (const v of value) flat(v, [...way, { name: nameOf(v) as string, item: titleOf(v) ?? true }], into);
    else put(value.map((v) => (typeof v === 'object' ? JSON.stringify(v) : v)));
  } else if (typeof value === 'object' && value !== null && !('said' in value)) {
    for (const [name, inner] of Object.entries(value)) flat(inner, [...way, { name }], into);
  } else put(value as Shown);
  return into;
}

const nameOf = (value: object): string | undefined => {
  for (const name of names) {
    const found = (value as Record<string, unknown>)[name];
    if (typeof found === 'string') return found;
  }
  return undefined;
};
const titleOf = (value: object): Words | undefined => ('title' in value ? (value.title as Words) : undefined);
