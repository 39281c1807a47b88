/**
 * The tables inside one JSON text: every list in it, however deep, whose rows come with the names and objects that lead to them; objects that list
 * by name; trees; forms of their own (see json-forms.ts).
 */
import { isGeometry } from './json-columns.ts';
import { describesColumns, type Form, formsOf, isHeader, kindOf, underHeader } from './json-forms.ts';
import { areEntries, byName } from './json-kinds.ts';
import { type Bare, outerOf, type Row, rowsAt, type Step } from './json-steps.ts';
import { nodesOf, treeIn } from './json-tree.ts';
import { isList, isObject, isScalar, type Json, type JsonObject, objectOf } from './json-value.ts';

type Said = { readonly zh: string; readonly en: string };

/** One table. */
export interface JsonTable {
  /** The names that lead to it: what a person chooses it by, and what finds it in the next edition. */
  readonly name: string;
  readonly steps: readonly Step[];
  /** What the names are called that lead to a row, in their order. */
  readonly keys: readonly string[];
  /** What the lists around it are called, the outermost first. */
  readonly around: readonly string[];
  /** Whether a row is an object, an array, or a value by itself, and then what it is called. */
  readonly rows: 'objects' | 'arrays' | { readonly value: string };
  readonly count: number;
  readonly said: readonly Said[];
  /** Sureness that this is what the file is about; among equals the one with more rows is. */
  readonly rank: number;
}

/** Names of tables that have no name of their own. */
export const wholeName = '整个文件';
const levelsName = '逐层展开';
/** Steps, and tables, beyond which nothing is looked for. */
const mostSteps = 12;
export const mostTables = 100;
/** What a list stands in is a group, and the list what the file is about, where no more than this is said about each. */
const mostOfGroup = 3;

/** A place that may be met several times, and how it is reached. */
interface Place {
  readonly values: readonly Json[];
  readonly steps: readonly Step[];
  readonly path: readonly string[];
  readonly keys: readonly string[];
  readonly around: readonly string[];
  /** Rank of a list of objects found here. */
  readonly rank: number;
  /** Whether what stands around it does no more than group it. */
  readonly isGrouped?: boolean;
}

/** The tables of a text, the likeliest first; none where it holds no row. `isCut`: there are more. */
export function tablesOf(whole: Json): { readonly tables: readonly JsonTable[]; readonly isCut: boolean } {
  const found = new Finder(whole);
  found.look({ values: [whole], steps: [], path: [], keys: [], around: [], rank: 4 });
  if (isObject(whole)) found.addWhole(whole);
  const tables = [...found.tables].sort((a, b) => b.rank - a.rank || b.count - a.count);
  return { tables: tables.slice(0, mostTables), isCut: found.isCut || tables.length > mostTables };
}

const present = <T extends Json>(values: readonly T[]): T[] => values.filter((v) => v !== null);

class Finder {
  readonly tables: JsonTable[] = [];
  isCut = false;
  readonly #whole: Json;
  readonly #names = new Set<string>();

  constructor(whole: Json) {
    this.#whole = whole;
  }

  look(place: Place): void {
    if (place.steps.length > mostSteps || this.tables.length > 2 * mostTables) {
      this.isCut ||= place.values.some((v) => isList(v) && v.length > 0);
      return;
    }
    const lists = place.values.filter(isList);
    if (lists.length > 0) this.#list(place, lists);
    const objects = place.values.filter((v) => isObject(v) && !isGeometry(v)) as JsonObject[];
    if (objects.length > 0) this.#object(place, objects);
  }

  /** The elements of lists that stand in one place. */
  #list(place: Place, lists: readonly (readonly Json[])[]): void {
    const held = present(lists.flat());
    if (held.length === 0) return;
    const here = { ...place, steps: [...place.steps, { each: 'elements' } as const] };
    const objects = held.filter(isObject);
    const last = place.path.at(-1);
    const around = [...place.around, last ?? ''];
    if (objects.length > 0) {
      if (areEntries(objects)) {
        const lists = (): boolean => true;
        const entries = { ...here, steps: [...here.steps, { each: 'members', lists } as const], keys: [...place.keys, '名称'], around };
        this.#add(
          entries,
          [...place.path, '按名称'],
          held.every((o) => isObject(o) && o.values.every(isScalar)) ? { value: '值' } : 'objects',
          place.rank + 0.2,
          [{ zh: '每个对象里的名称作为一列，每项成一行', en: 'the names within the objects are a column, each thing is a row' }],
        );
      }
      const child = treeIn(objects);
      if (child !== null) {
        const as = (list: Json): readonly Json[] | null => (isList(list) ? nodesOf(list, child) : null);
        this.#add(
          { ...place, steps: [...place.steps, { as }, { each: 'elements' }] },
          [...place.path, levelsName],
          'objects',
          place.rank + 1,
          [
            {
              zh: `对象逐层装在“${child}”里：每一层的每个对象成一行`,
              en: `objects lie within objects as '${child}': each of them is a row, whatever its level`,
            },
          ],
        );
      }
      if (lists.every((list) => isHeader(list.filter(isObject)))) {
        const steps = [...place.steps, { as: underHeader }, { each: 'elements' } as const];
        this.#add({ ...place, steps }, [...place.path, '首个对象是表头'], 'objects', place.rank + 0.4, [
          {
            zh: '第一个对象写的是列名，其余每个对象成一行',
            en: 'the first object says what the columns are called, each other one is a row',
          },
        ]);
      }
      const others = held.length - objects.length;
      const said = [
        { zh: '每个对象成一行', en: 'each object is a row' },
        ...(others > 0 ? [{ zh: `${others} 项不是对象，放在“值”一列`, en: `${others} that are no objects stand in the column '值'` }] : []),
        ...(place.keys.includes('组')
          ? [{ zh: '列表里还有列表：“组”一列说明是第几个', en: "lists lie within lists: the column '组' says which" }]
          : []),
        ...(areOfKinds(objects)
          ? [
              {
                zh: '有的对象与其他对象没有一个相同的名称，像是几种内容放在一起，请核对',
                en: 'some objects share no name with others, as if several kinds lay together: please check',
              },
            ]
          : []),
      ];
      const rank = this.#add(here, place.path, 'objects', describesColumns(last, objects) ? 2 : place.rank, said);
      this.#inside({ ...here, around, rank }, objects, child);
      return;
    }
    const arrays = held.filter(isList);
    if (arrays.length === 0) {
      this.#add(here, place.path, { value: last ?? '值' }, place.isGrouped ? place.rank : Math.min(place.rank, 1), [
        { zh: '列表的每项成一行', en: 'each thing of the list is a row' },
      ]);
      return;
    }
    const cells = present(arrays.flat());
    if (cells.length > 0 && held.every(isList) && cells.every((c) => isList(c) || isObject(c))) {
      this.look({ ...here, values: arrays, keys: [...place.keys, '组'], around });
      return;
    }
    // Pairs of numbers under a name are a line on a map. A bare array of arrays is a grid, with cells of any kind.
    const isGridSure = place.path.length === 0 || (held.length > 1 && cells.some((c) => typeof c === 'string'));
    this.#add(here, place.path, 'arrays', isGridSure ? Math.min(place.rank, 3) : 0.8, [
      { zh: '每个数组成一行', en: 'each array is a row' },
    ]);
  }

  /** The lists within objects that stand in one place; `but` is the name that a tree holds its children by. */
  #inside(place: Place, objects: readonly JsonObject[], but: string | null = null): void {
    const names = new Set(objects.flatMap((o) => o.names));
    const within = [...names].filter((n) => n !== but && objects.some((o) => !isScalar(o.get(n))));
    const said = [...names].filter((n) => objects.some((o) => o.get(n) !== null && isScalar(o.get(n) as Json)));
    const isGroup = but === null && within.length === 1 && said.length <= mostOfGroup;
    for (const name of within) {
      const values = present(objects.flatMap((o) => o.values.filter((_, i) => o.names[i] === name)));
      const holding = objects.filter((o) => !isEmpty(o.get(name) ?? null)).length;
      const isGrouped = isGroup && holding > objects.length / 2 && manyIn(values) >= 2 * holding;
      const rank = isGrouped ? place.rank + 0.1 : 1.2;
      this.look({ ...place, values, steps: [...place.steps, { into: name }], path: [...place.path, name], rank, isGrouped });
    }
  }

  /** What objects hold that are no rows themselves: their names are columns, or list things. */
  #object(place: Place, objects: readonly JsonObject[]): void {
    const listed = byName(objects);
    const first = objects[0] as JsonObject;
    const forms = formsOf(first);
    for (const form of forms) this.#form(place, form, listed?.kind === 'lists');
    if (listed === null) {
      this.#into(place, objects, (name) => !forms.some((f) => f.name === name));
      if (objects.length === 1 && first.names.length > 2 && first.values.every(isScalar) && kindOf(first.values) !== 'mixed') {
        const entries = {
          ...place,
          steps: [...place.steps, { each: 'members', lists: () => true } as const],
          keys: [...place.keys, '名称'],
        };
        this.#add(entries, [...place.path, '按名称'], { value: '值' }, 0.6, [{ zh: '每个名称成一行', en: 'each name is a row' }]);
      }
      return;
    }
    const { kind, lists } = listed;
    const step = { each: 'members', lists } as const;
    const values = objects.flatMap((o) => o.values.filter((v, i) => lists(v, o.names[i] as string)));
    const isOfTables = (kind === 'grids' || kind === 'objectLists') && new Set(objects.flatMap((o) => o.names)).size < 3;
    const keys = [...place.keys, isOfTables || kind === 'grids' ? '表' : '名称'];
    const here = { ...place, steps: [...place.steps, step], keys };
    const many = keys.length;
    const byNames: Said = {
      zh: `对象按名称列出内容：名称作为${many === 1 ? '一列' : ` ${many} 列`}，每项成一行`,
      en: `an object lists by name: the names are ${many === 1 ? 'a column' : `${many} columns`}, each thing is a row`,
    };
    const path = kind === 'grids' || kind === 'objectLists' ? [...place.path, joined(objects, lists)] : place.path;
    if (kind === 'maps') this.look({ ...here, values, around: [...place.around, ''] });
    else if (kind === 'scalars') this.#add(here, path, { value: '值' }, place.rank, [byNames]);
    else if (kind === 'lists') {
      const arrays = values.filter(isList);
      const isTuple = arrays.length > 2 && new Set(arrays.map((a) => a.length)).size === 1 && (arrays[0]?.length ?? 0) > 1;
      const each = { ...here, steps: [...here.steps, { each: 'elements' } as const], around: [...place.around, ''] };
      this.#add(each, path, { value: '值' }, place.rank - (isTuple ? 0.2 : 0), [
        byNames,
        ...(isTuple
          ? [{ zh: '各列表等长，也可以每个名称成一行', en: 'the lists are of one length: each name could be a row as well' }]
          : []),
      ]);
      this.#add(here, [...path, '每个名称一行'], 'arrays', place.rank - (isTuple ? 0 : 2.5), [
        {
          zh: '对象按名称列出等长的列表：每个名称成一行，列表的各项成列',
          en: 'an object lists by name: each name is a row, the places of its list are columns',
        },
      ]);
    } else if (kind === 'objects') {
      const rank = this.#add(here, path, 'objects', place.rank, [byNames]);
      this.#inside({ ...here, around: [...place.around, ''], rank }, values.filter(isObject));
    } else {
      const each = { ...here, steps: [...here.steps, { each: 'elements' } as const], around: [...place.around, ''] };
      const said: Said = {
        zh: `${objects.length === 1 ? '并列的' : ''}表接在一起，“${keys.at(-1)}”一列说明是哪一个`,
        en: `tables beside each other are put one below the other, the column '${keys.at(-1)}' says which`,
      };
      const rank = this.#add(
        each,
        path,
        kind === 'grids' ? 'arrays' : 'objects',
        kind === 'grids' ? Math.min(3.2, place.rank) : place.rank + 0.1,
        [said],
      );
      if (kind === 'objectLists')
        this.#inside(
          { ...each, around: [...place.around, ''], rank },
          values.flatMap((v) => (isList(v) ? v.filter(isObject) : [])),
        );
    }
    // Of few tables under names each can be taken by itself, and what stands beside them.
    const beside = objects.map((o) =>
      o.names.filter((n, i) => (kind === 'grids' || kind === 'objectLists' ? true : !lists(o.values[i] as Json, n))),
    );
    if (beside.some((b) => b.length > 0 && b.length <= 20)) this.#into(place, objects, (name) => beside.flat().includes(name));
  }

  /** Every name of objects whose names are columns. */
  #into(place: Place, objects: readonly JsonObject[], only: (name: string) => boolean): void {
    for (const name of new Set(objects.flatMap((o) => o.names))) {
      if (!only(name)) continue;
      const values = present(objects.flatMap((o) => o.values.filter((_, i) => o.names[i] === name)));
      if (values.some((v) => !isScalar(v)))
        this.look({ ...place, values, steps: [...place.steps, { into: name }], path: [...place.path, name] });
    }
  }

  #form(place: Place, form: Form, isListed: boolean): void {
    const { as, said, name, isSure, isAll } = form;
    const rank = isSure ? place.rank + 0.3 : isListed ? place.rank - 1 : place.rank - 2.2;
    this.#add(
      { ...place, steps: [...place.steps, { as, isAll }, { each: 'elements' }] },
      [...place.path, ...(name === null ? [] : [name])],
      'objects',
      rank,
      [said],
    );
  }

  /** The whole object as one row. */
  addWhole(whole: JsonObject): void {
    const arrays = whole.values.filter(isList);
    // Lists that are all empty give no row. The values beside them are no row either.
    if (whole.names.length === 0 || (arrays.length > 0 && arrays.every((a) => a.length === 0) && !whole.values.some(isObject))) return;
    const { values } = outerOf(objectOf([['', whole]]), [{ into: '-' }]);
    if (values.length === 0 && this.tables.length === 0 && hasEmptyList(whole)) return;
    const place = { values: [whole], steps: [], path: [], keys: [], around: [], rank: 0 };
    const name = this.#names.has(wholeName) ? `${wholeName}成一行` : wholeName;
    this.#add(place, [name], 'objects', values.length > 0 ? 1.1 : 0.5, [
      { zh: '整个文件是一个对象，成一行', en: 'the whole file is one object: one row' },
    ]);
  }

  /** Adds a table. Returns its rank. */
  #add(place: Place, path: readonly string[], rows: JsonTable['rows'], rank: number, said: readonly Said[]): number {
    const { steps, around } = place;
    const wanted = path.join('.') || wholeName;
    let name = wanted;
    for (let n = 2; this.#names.has(name); n++) name = `${wanted}·${n}`;
    const bare: Bare = { count: 0, first: '' };
    let count = 0;
    let holes = 0;
    let empty = 0;
    for (const row of rowsAt(this.#whole, steps, bare)) {
      count++;
      if (row.keys.length > 0) continue;
      if (row.own === null) holes++;
      if (isEmpty(row.own) || (isObject(row.own) && row.own.names.length === 0)) empty++;
    }
    if (count === empty) return rank;
    this.#names.add(name);
    const without: Said[] = [
      ...(bare.count > 0
        ? [
            {
              zh: `${bare.count} 个外层对象（如“${bare.first}”）里没有内容，不在这张表里`,
              en: `${bare.count} objects around it hold nothing ('${bare.first}' for one) and are not in this table`,
            },
          ]
        : []),
      ...(holes > 0 ? [{ zh: `${holes} 个空位（null），按空行计`, en: `${holes} holes (null), counted as blank rows` }] : []),
    ];
    const keys = place.keys.map((key, i) => (key === '名称' && place.keys.filter((k) => k === '名称').length > 1 ? `第${i + 1}级` : key));
    this.tables.push({ name, steps, keys, around, rows, count, said: [...said, ...without], rank });
    return rank;
  }
}

/** How many things lists hold, at the end of a chain of groups. */
function manyIn(values: readonly Json[]): number {
  const elements = values.flatMap((v) => (isList(v) ? v : []));
  const objects = elements.filter(isObject);
  const names = [...new Set(objects.flatMap((o) => o.names.filter((_, i) => isList(o.values[i]))))];
  const inner = names.length === 1 ? objects.flatMap((o) => o.get(names[0] as string) ?? []) : [];
  return Math.max(elements.length, inner.length > 0 ? manyIn(objects.map((o) => o.get(names[0] as string) ?? null)) : 0);
}

const isEmpty = (value: Json): boolean => value === null || (isList(value) && value.length === 0);

const hasEmptyList = (value: Json): boolean =>
  isList(value) ? value.length === 0 || value.some(hasEmptyList) : isObject(value) && value.values.some(hasEmptyList);

/** What several tables beside each other are called together; where their names are values, the next edition has others. */
function joined(objects: readonly JsonObject[], lists: (value: Json, name: string) => boolean): string {
  const names = [...new Set(objects.flatMap((o) => o.names.filter((n, i) => lists(o.values[i] as Json, n))))];
  return names.length > 6 || (names.length > 2 && !names.every((n) => /^[A-Za-z_]\w*$/.test(n))) ? '按名称' : names.join('+');
}

/** Whether the first row of a grid says what its columns are called: different words, above something that is no word. */
export function isHeaderRow(rows: readonly Row[]): boolean {
  const grid = rows.flatMap(({ own }) => (isList(own) ? [own] : []));
  const [first, ...rest] = grid;
  if (!first || rest.length === 0 || first.length < 2) return false;
  if (!first.every((c) => typeof c === 'string' && c.trim() !== '' && !/^[\d.,-]+$/.test(c)) || new Set(first).size < first.length)
    return false;
  return first.some((_, i) => {
    const below = present(rest.map((row) => row[i] ?? null)).filter((v) => v !== first[i]);
    const marked = below.filter((v) => kindOf([v]) !== 'text' || /^[-+]?[\d,.]+%?$/.test(String(v))).length;
    return below.length > 0 && marked >= 0.8 * below.length;
  });
}

/** Whether objects fall into kinds that have no name in common. */
function areOfKinds(objects: readonly JsonObject[]): boolean {
  const named = objects.filter((o) => o.names.length > 0);
  const first = new Set(named[0]?.names);
  return named.some((o) => !o.names.some((name) => first.has(name)));
}
