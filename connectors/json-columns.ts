/** Columns of JSON objects: which names they have, and the text under each. */

import { cellOf, isList, isObject, type Json, type JsonObject, membersOf, objectOf } from './json-value.ts';
import { cellText } from './sheet-delivery.ts';
import { demandWidth } from './widest.ts';

/** Objects within objects become columns down to here; what lies deeper stays JSON text. */
const deepest = 6;
/** From so many names on, an object whose names differ from row to row is a list by name and stays JSON text. */
const manyNames = 8;

/** The names seen under a name, with how many rows hold each. */
export interface Seen {
  count: number;
  /** Rows where it holds an object. */
  objects: number;
  /** Rows where it holds a list, or an object that is one value. */
  lists: number;
  readonly inside: Map<string, Seen>;
}

export const unseen = (): Seen => ({ count: 0, objects: 0, lists: 0, inside: new Map() });

const shapes = new Set(['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon', 'GeometryCollection']);

/** A geometry (RFC 7946, or as ArcGIS writes it) is one value: what draws it reads it whole. */
export const isGeometry = (value: JsonObject): boolean =>
  (shapes.has(String(value.get('type'))) && (isList(value.get('coordinates')) || isList(value.get('geometries')))) ||
  isList(value.get('rings')) ||
  isList(value.get('paths'));

/**
 * What a row is made of: of a feature (RFC 7946, ArcGIS) what stands beside and within its properties, of any other object what it holds. Nothing
 * of it is left out but the word Feature.
 */
export function rowOf(value: JsonObject): JsonObject {
  const of = value.get('type') === 'Feature' ? 'properties' : 'attributes';
  const inner = value.get(of);
  const isFeature =
    of === 'properties'
      ? value.get('geometry') !== undefined && (isObject(inner) || inner === null)
      : isObject(inner) && value.names.every((n) => n === of || n === 'geometry');
  if (!isFeature) return value;
  const own = [...membersOf(value)].filter(([name]) => name !== of && name !== 'type' && name !== 'geometry');
  const geometry = value.get('geometry');
  return objectOf([
    ...own,
    ...(isObject(inner) ? membersOf(inner) : []),
    ...(geometry === undefined ? [] : [['geometry', geometry] as const]),
  ]);
}

/** The members of an object, each under a label of its own: a name that stands twice is numbered. */
export function* labelled(object: JsonObject): Generator<[string, Json]> {
  if (!object.isTwice) {
    for (let i = 0; i < object.names.length; i++) yield [object.names[i] || '·', object.values[i] as Json];
    return;
  }
  const taken = new Set<string>();
  for (const [name, value] of membersOf(object)) yield [free(name || '·', taken), value];
}

/** A name that nothing else has yet. */
export function free(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}·${n}`;
  taken.add(name);
  return name;
}

/** Notes the names of a value. */
export function see(seen: Seen, value: Json, depth = 0): void {
  // A name without a value says nothing about what it holds elsewhere.
  if (value !== null) seen.count++;
  if (isList(value)) seen.lists++;
  if (!isObject(value)) return;
  if (depth >= deepest || isGeometry(value)) {
    seen.lists++;
    return;
  }
  seen.objects++;
  for (const [name, inner] of labelled(value)) {
    let below = seen.inside.get(name);
    if (!below) {
      below = unseen();
      seen.inside.set(name, below);
      // An object that lists by name may have many that are no columns.
      if (seen.inside.size > 65_536) demandWidth(seen.inside.size);
    }
    see(below, inner, depth + 1);
  }
}

/** Where the cells of an object go: by name to a column, or into the object that is there. */
interface Places {
  readonly column: number;
  readonly inside: ReadonlyMap<string, Places>;
}

/** The columns of objects, and how a row is filled from one. */
export interface Columns {
  readonly names: readonly string[];
  fill(value: JsonObject, cells: (string | null)[], from: number): void;
}

/**
 * The columns in the order in which they were first seen. An object with nothing inside is a value: `{}`. `plain`: only what holds one value in
 * some row, as what stands around a list comes along with each of its rows.
 */
export function columnsOf(seen: Seen, plain = false): Columns {
  const names: string[] = [];
  const taken = new Set<string>();
  const place = (at: Seen, path: readonly string[]): Places => {
    // A name that holds an object here and a value there is a column as well, or the value would be lost.
    const isMixed = at.objects < at.count;
    if (path.length > 0 && (at.inside.size === 0 || isMixed || isListByName(at))) {
      if (plain && at.objects + at.lists === at.count && at.count > 0) return { column: -1, inside: new Map() };
      names.push(free(path.join('.'), taken));
      demandWidth(names.length);
      return { column: names.length - 1, inside: new Map() };
    }
    return { column: -1, inside: new Map([...at.inside].map(([name, inner]) => [name, place(inner, [...path, name])])) };
  };
  const root = place(seen, []);
  const fill = (value: JsonObject, places: Places, cells: (string | null)[], from: number): void => {
    for (const [name, inner] of labelled(value)) {
      const at = places.inside.get(name);
      if (at === undefined) continue;
      if (at.column >= 0) cells[from + at.column] = cellOf(inner);
      else if (isObject(inner)) fill(inner, at, cells, from);
    }
  };
  return { names, fill: (value, cells, from) => fill(value, root, cells, from) };
}

/** An object of objects whose names all count something or are mostly another row's: `{"1号楼": {…}, "2号楼": {…}}` lists by name, its names are values. */
function isListByName(at: Seen): boolean {
  const inner = [...at.inside.values()];
  if (inner.length === 0 || !inner.every((s) => s.objects > 0 && s.objects === s.count)) return false;
  if ([...at.inside.keys()].every((name) => /\d/.test(name))) return true;
  if (inner.length < manyNames) return false;
  return inner.reduce((n, s) => n + s.count, 0) < 0.5 * inner.length * at.objects;
}

/** One record of a delivery. */
export function record(row: number, texts: readonly (string | null)[]): string {
  const cells = texts.map(cellText).join(',');
  if (!cells.includes('\0') && cells.isWellFormed()) return `${row},,${cells}\n`;
  return `${row},encoding,"${cells.replaceAll('\0', '\u2400').toWellFormed().replaceAll('"', '""')}"${','.repeat(texts.length - 1)}\n`;
}
