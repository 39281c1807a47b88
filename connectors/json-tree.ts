/** Objects of one kind within each other, as trees of divisions and industries are published. */
import { isList, isObject, isScalar, type Json, type JsonObject, membersOf, objectOf } from './json-value.ts';

/** Under an own name, as many of the parent's names as a child must share to be of its kind. */
const shared = 0.5;

/** The name under which objects hold objects of their own kind, which hold such objects again or say all that they say; null where none does. */
export function treeIn(objects: readonly JsonObject[]): string | null {
  const names = new Set(objects.flatMap((o) => o.names));
  for (const name of names) {
    const children = objects.flatMap((o) => childrenOf(o, name));
    if (children.length === 0) continue;
    const some = children.slice(0, 100);
    const own = [...names].filter((n) => n !== name);
    const alike = (c: JsonObject): boolean => own.filter((n) => c.names.includes(n)).length >= shared * own.length;
    const isAgain = children.some((c) => childrenOf(c, name).length > 0);
    const isSame = own.length > 1 && some.every((c) => own.every((n) => c.names.includes(n)));
    if (own.length > 0 && some.every(alike) && (isAgain || isSame)) return name;
  }
  return null;
}

const childrenOf = (object: JsonObject, name: string): readonly JsonObject[] => {
  const value = object.get(name);
  return isList(value) && value.every((v) => isObject(v)) ? (value as readonly JsonObject[]) : [];
};

/** What identifies an object is called so; the first thing said about it otherwise. */
const identifier = /(编号|代码|编码|标识|code|id)$/iu;

/**
 * Returns every object of a tree from the top down, each after the object that it lies in. Each object gives its own values, its level, and the
 * identity of the object that it lies in. A value that is no object stays where it stands.
 */
export function nodesOf(objects: readonly Json[], child: string): Json[] {
  const scalars = objects.flatMap((o) => (isObject(o) ? o.names.filter((n) => n !== child && isScalar(o.get(n))) : []));
  const identity = scalars.find((n) => identifier.test(n)) ?? scalars[0] ?? '';
  const rows: Json[] = [];
  const walk = (all: readonly Json[], level: number, above: Json): void => {
    for (const one of all) {
      if (!isObject(one)) {
        rows.push(one);
        continue;
      }
      const inner = childrenOf(one, child);
      // Children that are no objects are no rows of the tree: they stay with the object that holds them.
      const own = [...membersOf(one)].filter(
        ([name, value]) => name !== child || (inner.length === 0 && value !== null && !isEmpty(value)),
      );
      rows.push(objectOf([...own, ['层级', level], [`上级${identity}`, above]]));
      walk(inner, level + 1, one.get(identity) ?? null);
    }
  };
  walk(objects, 1, null);
  return rows;
}

const isEmpty = (value: Json): boolean => isList(value) && value.length === 0;
