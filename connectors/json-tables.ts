/** The tables inside one JSON text that is held as a whole: arrays of objects or of arrays, objects that list by name, trees, GeoJSON features. */
import { isObject, type JsonObject } from './json-columns.ts';
import { nodesOf, treeIn } from './json-tree.ts';

/** One table; its rows are objects, or arrays where nothing names the cells. */
export interface JsonTable {
  /** The names that lead to it: what a person chooses it by, and what finds it in the next edition. */
  readonly name: string;
  readonly rows: readonly (JsonObject | readonly unknown[])[];
  readonly said: { readonly zh: string; readonly en: string };
  /** Sureness that this is what the file is about; among equals the one with more rows is. */
  readonly rank: number;
}

/** Names of tables that have no name of their own. */
const wholeName = '整个文件';
const levelsName = '逐层展开';
/** Arrays are looked for within this many names. */
const deepest = 4;

const isScalar = (value: unknown): boolean => !isObject(value) && !Array.isArray(value);
const isScalars = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isScalar);
const isLists = (value: unknown): value is unknown[][] => Array.isArray(value) && value.length > 0 && value.every(Array.isArray);
const isObjects = (value: unknown): value is JsonObject[] => Array.isArray(value) && value.length > 0 && value.every(isObject);

/** The tables of a text, the likeliest first; none where it holds no row. */
export function tablesOf(whole: unknown): JsonTable[] {
  const found = Array.isArray(whole) ? tablesAt('', whole) : isObject(whole) ? tablesIn(whole) : [];
  return found.sort((a, b) => b.rank - a.rank || b.rows.length - a.rows.length);
}

function tablesIn(whole: JsonObject): JsonTable[] {
  const found = within(whole, []);
  const values = Object.values(whole);
  const arrays = values.filter(Array.isArray);
  // Lists that are all empty, and what is said about them: there is no row, and that is no row either.
  const isEmpty = arrays.length > 0 && arrays.every((a) => a.length === 0) && !values.some(isObject);
  if (!isEmpty && values.length > 0)
    found.push({
      name: wholeName,
      rows: [whole],
      rank: 0,
      said: { zh: '整个文件是一个对象，成一行', en: 'the whole file is one object: one row' },
    });
  return found;
}

function within(object: JsonObject, path: readonly string[]): JsonTable[] {
  const named = listedByName(object);
  if (named) return [{ ...named, name: path.join('.') || wholeName, rank: 3 }];
  const entries = Object.entries(object);
  const inner = entries.flatMap(([name, value]) => {
    if (Array.isArray(value)) return tablesAt([...path, name].join('.'), value);
    return isObject(value) && path.length < deepest ? within(value, [...path, name]) : [];
  });
  const titled = headed(object, path);
  return [...titled, ...stacked(object, path), ...inner.filter((t) => !titled.some((h) => h.name === t.name))];
}

/** A grid beside the list of what its columns are called: {fields: […], items: [[…]]}. */
function headed(object: JsonObject, path: readonly string[]): JsonTable[] {
  const entries = Object.entries(object);
  return entries.flatMap(([name, rows]): JsonTable[] => {
    if (!isLists(rows) || !rows.every((row) => row.every(isScalar))) return [];
    const [by, columns] =
      entries.find(([of, list]) => callsColumns.test(of) && isNames(list) && rows.every((row) => row.length === list.length)) ?? [];
    if (!isNames(columns)) return [];
    return [
      {
        name: [...path, name].join('.'),
        rows: rows.map((row): JsonObject => Object.fromEntries(columns.map((column, i) => [column, row[i]]))),
        rank: 3,
        said: { zh: `每个数组成一行，列名取自“${by}”`, en: `each array is a row, its columns are called by '${by}'` },
      },
    ];
  });
}

const callsColumns = /^(columns?|cols|fields?|headers?|heads?|names|titles?|labels|列名?|表头|字段)/iu;
const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) &&
  value.length > 1 &&
  value.every((v) => typeof v === 'string' && v.trim() !== '') &&
  new Set(value).size === value.length;

function tablesAt(name: string, array: readonly unknown[]): JsonTable[] {
  if (isObjects(array)) {
    const said = { zh: '每个对象成一行', en: 'each object is a row' };
    const plain: JsonTable = { name, rows: array, rank: 3, said };
    const child = treeIn(array);
    if (child === null) return [plain];
    const rows = nodesOf(array, child);
    return [
      {
        name: [...(name ? [name] : []), levelsName].join('.'),
        rows,
        rank: 4,
        said: {
          zh: `对象逐层装在“${child}”里：每一层的每个对象成一行`,
          en: `objects lie within objects as '${child}': each of them is a row, whatever its level`,
        },
      },
      { ...plain, name: name || wholeName },
    ];
  }
  // Pairs of numbers under a name are a line on a map; a bare array of arrays is a grid whatever it holds.
  const isGrid = isLists(array) && (name === '' || isNamedGrid(array));
  return isGrid ? [{ name, rows: array, rank: 1, said: { zh: '每个数组成一行', en: 'each array is a row' } }] : [];
}

const isNamedGrid = (value: unknown): value is unknown[][] =>
  isLists(value) &&
  value.length > 1 &&
  value.every((row) => row.every(isScalar)) &&
  value.some((row) => row.some((c) => typeof c === 'string'));

/** Several grids of one width side by side: rows of one table, with the name that each stood under and what is said about all of them. */
function stacked(object: JsonObject, path: readonly string[]): JsonTable[] {
  const grids = Object.entries(object).filter((e): e is [string, unknown[][]] => isNamedGrid(e[1]));
  const width = grids[0]?.[1][0]?.length ?? 0;
  if (grids.length < 2 || !grids.every(([, rows]) => rows.every((row) => row.length === width))) return [];
  const about = Object.entries(object).filter(([, value]) => value !== null && isScalar(value));
  const rows = grids.flatMap(([name, cells]) =>
    cells.map(
      (row): JsonObject => ({ ...Object.fromEntries(about), 表: name, ...Object.fromEntries(row.map((c, i) => [`第${i + 1}列`, c])) }),
    ),
  );
  const names = grids.map(([name]) => name);
  return [
    {
      name: [...path, names.join('+')].join('.'),
      rows,
      rank: 2,
      said: {
        zh: `${names.map((n) => `“${n}”`).join('、')}是同样的表，接在一起，“表”一列说明是哪一个；各列没有名称`,
        en: `${names.map((n) => `'${n}'`).join(', ')} are alike: put one below the other, with a column that says which; their columns have no names`,
      },
    },
  ];
}

/** An object whose names are values: each thing it lists is a row, with the names that led to it. Null where its names are columns. */
function listedByName(object: JsonObject): Pick<JsonTable, 'rows' | 'said'> | null {
  const levels = levelsOf(object);
  if (levels === null) return null;
  const called = (i: number): string => (levels === 1 ? '名称' : `第${i + 1}级`);
  const rows: JsonObject[] = [];
  const walk = (value: unknown, names: readonly string[]): void => {
    if (names.length < levels && isObject(value)) for (const [name, inner] of Object.entries(value)) walk(inner, [...names, name]);
    else {
      const led = Object.fromEntries(names.map((n, i) => [called(i), n]));
      if (isObject(value)) rows.push({ ...led, ...value });
      else for (const one of Array.isArray(value) ? value : [value]) rows.push({ ...led, 值: one });
    }
  };
  walk(object, []);
  return {
    rows,
    said: {
      zh: `对象按名称列出内容：名称作为${levels === 1 ? '一列' : ` ${levels} 列`}，每项成一行`,
      en: `an object lists by name: the names are ${levels === 1 ? 'a column' : `${levels} columns`}, each thing is a row`,
    },
  };
}

/** How many names lead to what an object lists; null where its names are columns. */
function levelsOf(object: JsonObject, isInner = false): number | null {
  const values = Object.values(object);
  if (values.length === 0 || (values.length < 2 && !isInner)) return null;
  if (values.every(isScalars)) return 1;
  const digits = Object.keys(object).every((name) => /\d/.test(name));
  if (values.every(isScalar)) return values.length >= 3 && digits ? 1 : null;
  if (!values.every(isObject)) return null;
  if (areAlike(values as JsonObject[]) && (values.length > 2 || digits || isInner)) return 1;
  const inner = new Set((values as JsonObject[]).map((v) => levelsOf(v, true)));
  const [below] = inner;
  return inner.size === 1 && below != null ? below + 1 : null;
}

/** Things of one kind: they have the same names for the most part, and say something under some of them. */
function areAlike(objects: readonly JsonObject[]): boolean {
  const names = new Set(objects.flatMap((o) => Object.keys(o)));
  const held = objects.reduce((n, o) => n + Object.keys(o).length, 0);
  return names.size > 0 && held >= 0.6 * names.size * objects.length && objects.every((o) => Object.values(o).some(isScalar));
}
