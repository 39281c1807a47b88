/** What the members of an object are: names of columns, or names that are values themselves and list things of one kind. */
import { isGeometry } from './json-columns.ts';
import { isGrid, kindOf } from './json-forms.ts';
import { isList, isObject, isScalar, type Json, type JsonObject, membersOf } from './json-value.ts';

/** An object that lists by name: which of its members are listed, and what they are. */
export interface ByName {
  readonly kind: 'scalars' | 'lists' | 'grids' | 'objects' | 'objectLists' | 'maps';
  readonly lists: (value: Json, name: string) => boolean;
}

const hasDigit = (name: string): boolean => /\d/.test(name);
const isWord = (name: string): boolean => /^[A-Za-z_$][\w$ -]*$/.test(name);
const hasObjects = (value: Json): boolean =>
  isList(value) && value.length > 0 && value.every((v) => v === null || isObject(v)) && value.some(isObject);
const hasScalars = (value: Json): boolean => isList(value) && value.length > 0 && value.every(isScalar);
/** Rows of words and numbers; pairs of numbers under a name are a line on a map. */
const isNamedGrid = (value: Json): boolean =>
  isGrid(value) &&
  value.length > 1 &&
  value.every((row) => row === null || row.every(isScalar)) &&
  value.some((row) => row?.some((c) => typeof c === 'string'));

/** How the members of these objects, which stand in the same place, list by name; null where their names are columns. */
export function byName(objects: readonly JsonObject[]): ByName | null {
  const members = objects.flatMap((o) => [...membersOf(o)]);
  const names = new Set(members.map(([name]) => name));
  // Empty values say nothing about the others.
  const values = members.map(([, v]) => v).filter((v) => v !== null && !(isList(v) && v.length === 0));
  if (values.length === 0) return null;
  const all = (): boolean => true;
  const digits = [...names].every(hasDigit);
  if (objects.length > 1) {
    const recur = members.length > 0.5 * names.size * objects.length;
    const alike = values.every(isObject) && areAlike(values as JsonObject[]);
    if (recur ? !(digits && alike) : names.size < 3 && values.every(isScalar)) return null;
  } else if (members.length < 2) {
    const [[name, value] = ['', null]] = members;
    // {"349901": {…}}: a code is a value though it stands alone.
    if (!/^\d{4,}$/.test(name) || !isObject(value)) return null;
    return value.values.some(isScalar) ? { kind: 'objects', lists: all } : { kind: 'maps', lists: all };
  }
  if (values.every(isScalar))
    return listsScalars(names, values, members.length, objects.length > 1) ? { kind: 'scalars', lists: all } : null;
  if (values.every(hasScalars)) return { kind: 'lists', lists: all };
  const grids = values.filter(isNamedGrid) as (readonly (readonly Json[])[])[];
  if (grids.length > 1 && new Set(grids.map(widthOf)).size === 1) return { kind: 'grids', lists: (v) => isNamedGrid(v) };
  const lists = values.filter(hasObjects) as JsonObject[][];
  if (lists.length > 1 && listsAlike(lists.map((l) => l.filter(isObject))) && (lists.length === values.length || lists.length > 2))
    return { kind: 'objectLists', lists: (v) => isList(v) && v.every((one) => one === null || isObject(one)) };
  const inner = values.filter((v) => isObject(v) && !isGeometry(v)) as JsonObject[];
  const listed = members.filter(([, v]) => isObject(v)).map(([name]) => name);
  const isWhole = inner.length === values.length;
  const mayList = inner.length > 2 || (inner.length > 1 && listed.every(hasDigit)) || objects.length > 1;
  if (mayList && areAlike(inner)) return { kind: 'objects', lists: isWhole ? all : isObject };
  if (isWhole && inner.length > 1 && byName(inner) !== null && !areAlike(inner)) return { kind: 'maps', lists: all };
  return null;
}

const widthOf = (grid: readonly (readonly Json[])[]): number => Math.max(...grid.map((row) => row?.length ?? 0));

/** Names that are values themselves: codes, years, many of them, or numbers under names that are no identifiers. */
function listsScalars(names: ReadonlySet<string>, values: readonly Json[], count: number, isInner: boolean): boolean {
  const kind = kindOf(values);
  if (kind === 'mixed' || count < 3) return false;
  const words = [...names].filter(isWord).length;
  if ([...names].every(hasDigit) && !([...names].every((n) => /^[A-Za-z_]+\d$/.test(n)) && names.size < 20)) return true;
  if (kind === 'number') return words === 0 || names.size >= 20;
  return isInner ? false : names.size >= 20 && words < names.size / 2;
}

/** Things of one kind: they have the same names for the most part, and say something under some of them. */
export function areAlike(objects: readonly JsonObject[]): boolean {
  const names = new Set(objects.flatMap((o) => o.names));
  const held = objects.reduce((n, o) => n + new Set(o.names).size, 0);
  return (
    names.size > 0 && held >= 0.6 * names.size * objects.length && objects.every((o) => o.values.some(isScalar) || o.names.length === 0)
  );
}

/** Lists of one kind of thing: each has most of the names that any of them has. */
function listsAlike(lists: readonly (readonly JsonObject[])[]): boolean {
  const names = lists.map((objects) => new Set(objects.flatMap((o) => o.names)));
  const all = new Set(names.flatMap((n) => [...n]));
  return all.size > 0 && names.every((n) => n.size >= 0.6 * all.size);
}

/** Whether the objects of a list hold names that are mostly no other's: [{"甲": 1}, {"乙": 2}] lists by name. */
export function areEntries(objects: readonly JsonObject[]): boolean {
  const names = new Set(objects.flatMap((o) => o.names));
  const held = objects.reduce((n, o) => n + o.names.length, 0);
  const values = objects.flatMap((o) => o.values).filter((v) => v !== null);
  const kind = values.every(isScalar) ? kindOf(values) : values.every(isObject) && areAlike(values as JsonObject[]) ? 'objects' : 'mixed';
  return names.size >= 8 && held <= 2 * objects.length && held < 0.5 * names.size * objects.length && kind !== 'mixed';
}
