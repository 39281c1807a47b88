/** Columns of JSON objects: which names they have, and the text under each. */
import { ConnectorRefusal } from '#declare/connector';
import { rawJson } from './json-elements.ts';
import { cellText } from './sheet-delivery.ts';
import { demandWidth } from './widest.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !rawJson.isRawJSON(value);

/** Objects within objects become columns down to here; what lies deeper stays JSON text. */
const deepest = 6;
/** From so many names on, an object whose names differ from row to row is a list by name and stays JSON text. */
const manyNames = 8;

/** The names seen under a name, with how many rows hold each. */
export interface Seen {
  count: number;
  /** Rows where it holds an object. */
  objects: number;
  readonly inside: Map<string, Seen>;
}

export const unseen = (): Seen => ({ count: 0, objects: 0, inside: new Map() });

const shapes = new Set(['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon', 'GeometryCollection']);

/** A geometry (RFC 7946) is one value: what draws it reads it whole. */
const isGeometry = (value: JsonObject): boolean =>
  shapes.has(String(value['type'])) && (Array.isArray(value['coordinates']) || Array.isArray(value['geometries']));

/** What a row is made of: of a feature (RFC 7946) its properties and its geometry, of any other object what it holds. */
export function rowOf(value: JsonObject): JsonObject {
  const { type, properties, geometry, id } = value;
  if (type !== 'Feature' || !(isObject(properties) || properties === null) || geometry === undefined) return value;
  return { ...(id !== undefined && { id }), ...(properties ?? {}), geometry };
}

/** Notes the names of a value. */
export function see(seen: Seen, value: unknown, depth = 0): void {
  // A name without a value says nothing about what it holds elsewhere.
  if (value !== null) seen.count++;
  if (!isObject(value) || depth >= deepest || isGeometry(value)) return;
  seen.objects++;
  for (const [name, inner] of Object.entries(value)) {
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

/** Names of the columns in the order in which they were first seen. An object with nothing inside is a value: `{}`. */
export function columnsOf(seen: Seen): Map<string, readonly string[]> {
  const columns = new Map<string, readonly string[]>();
  const add = (at: Seen, path: readonly string[]): void => {
    // A name that holds an object here and a value there is a column as well, or the value would be lost.
    const isMixed = at.objects < at.count;
    if (path.length > 0 && (at.inside.size === 0 || isMixed || isListByName(at))) {
      let name = path.join('.');
      for (let n = 2; columns.has(name); n++) name = `${path.join('.')}·${n}`;
      columns.set(name, path);
    }
    if (path.length === 0 || !(isListByName(at) || isMixed)) for (const [name, inner] of at.inside) add(inner, [...path, name || '·']);
    demandWidth(columns.size);
  };
  add(seen, []);
  return columns;
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

/** The text at the end of a path of names; null where there is none. */
export function textAt(object: JsonObject, path: readonly string[]): string | null {
  let value: unknown = object;
  for (const name of path) {
    if (!isObject(value)) return null;
    value = Object.hasOwn(value, name) ? value[name] : name === '·' ? value[''] : undefined;
  }
  return textOfValue(value);
}

/** A value as a cell; null and nothing are absent. */
export function textOfValue(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (rawJson.isRawJSON(value)) return value.rawJSON;
  try {
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  } catch {
    throw new ConnectorRefusal('too-large', 'values are nested too deeply', '嵌套层数过多');
  }
}
