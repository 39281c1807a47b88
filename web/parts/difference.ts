/** What differs between two documents, field by field. */

export interface Difference {
  /** Where, e.g. `items.xm.title.zh`. */
  readonly at: string;
  /** Text of the value, null where there is none. */
  readonly before: string | null;
  readonly after: string | null;
}

/** What tells one entry of a list from another: its place says nothing once something is put before it. */
const names = ['id', 'name', 'field', 'column'] as const;

/** Every differing value, in the order of the later document, what is gone last. */
export function differences(before: unknown, after: unknown): Difference[] {
  const [was, is] = [flat(before), flat(after)];
  const changed = [...is].flatMap(([at, text]): Difference[] =>
    was.get(at) === text ? [] : [{ at, before: was.get(at) ?? null, after: text }],
  );
  const gone = [...was].flatMap(([at, text]): Difference[] => (is.has(at) ? [] : [{ at, before: text, after: null }]));
  return [...changed, ...gone];
}

function flat(value: unknown, at = '', into = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(value)) {
    const keyed = value.every((v) => typeof v === 'object' && v !== null && nameOf(v) !== undefined);
    if (keyed && value.length > 0) for (const v of value) flat(v, join(at, nameOf(v as object) as string), into);
    else into.set(at, value.every((v) => typeof v !== 'object') ? value.join('、') : JSON.stringify(value));
  } else if (typeof value === 'object' && value !== null && !('kind' in value)) {
    for (const [key, inner] of Object.entries(value)) flat(inner, join(at, key), into);
  } else into.set(at, typeof value === 'object' ? JSON.stringify(value) : String(value));
  return into;
}

const join = (at: string, key: string): string => (at === '' ? key : `${at}.${key}`);
const nameOf = (value: object): string | undefined => {
  for (const name of names) {
    const found = (value as Record<string, unknown>)[name];
    if (typeof found === 'string') return found;
  }
  return undefined;
};
