/** Objects of one kind within each other, as trees of divisions and industries are published. */
import { isObject, type JsonObject } from './json-columns.ts';

/** Under an own name, as many of the parent's names as a child must share to be of its kind. */
const shared = 0.5;

/** The name under which objects hold objects of their own kind; null where none does. */
export function treeIn(objects: readonly JsonObject[]): string | null {
  const names = new Set(objects.flatMap((o) => Object.keys(o)));
  for (const name of names) {
    const own = [...names].filter((n) => n !== name);
    const children = objects.flatMap((o) => childrenOf(o, name)).slice(0, 100);
    const alike = (c: JsonObject): boolean => own.filter((n) => Object.hasOwn(c, n)).length >= shared * own.length;
    if (own.length > 0 && children.length > 0 && children.every(alike)) return name;
  }
  return null;
}

const childrenOf = (object: JsonObject, name: string): readonly JsonObject[] => {
  const value = object[name];
  return Array.isArray(value) && value.every(isObject) ? value : [];
};

/** What identifies an object is called so; the first thing said about it otherwise. */
const identifier = /(编号|代码|编码|标识|code|id)$/iu;

/** Every object of a tree from the top down, each after what it lies in: what it says, its level, and what identifies the one it lies in. */
export function nodesOf(objects: readonly JsonObject[], child: string): JsonObject[] {
  const scalars = Object.keys(objects[0] ?? {}).filter((n) => n !== child);
  const identity = scalars.find((n) => identifier.test(n)) ?? scalars[0] ?? '';
  const rows: JsonObject[] = [];
  const walk = (all: readonly JsonObject[], level: number, above: unknown): void => {
    for (const { [child]: _, ...own } of all) {
      const inner = childrenOf({ [child]: _ }, child);
      rows.push({ ...own, 层级: level, [`上级${identity}`]: above });
      walk(inner, level + 1, own[identity]);
    }
  };
  walk(objects, 1, null);
  return rows;
}
