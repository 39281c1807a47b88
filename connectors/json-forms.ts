/** Tables that are written in a form of their own: a grid beside the names of its columns, columns beside each other, the series of a chart. */
import { isList, isNumber, isObject, isScalar, type Json, type JsonObject, membersOf, objectOf } from './json-value.ts';

export interface Form {
  /** The name that is added to the names leading to it. */
  readonly name: string | null;
  readonly as: (value: Json) => readonly Json[] | null;
  readonly said: { readonly zh: string; readonly en: string };
  /** Whether it is the likeliest reading. */
  readonly isSure: boolean;
  /** Whether it takes all that the object holds. */
  readonly isAll: boolean;
}

/** The forms an object can be read in. */
export const formsOf = (object: JsonObject): Form[] => [...headed(object), ...charted(object), ...parallel(object), ...turned(object)];

const scalars = (value: Json | undefined): readonly Json[] | null =>
  isList(value) && value.length > 0 && value.every(isScalar) ? value : null;
export const isGrid = (value: Json | undefined): value is readonly (readonly Json[])[] =>
  isList(value) && value.length > 0 && value.every((row) => row === null || isList(row)) && value.some(isList);

const callsColumns = /^(columns?|cols|fields?|headers?|heads?|names|titles?|labels|keys|dimensions|列名?|表头|字段|标题)/iu;
/** Whether a list of this name describes columns and holds no rows. */
export const describesColumns = (name: string | undefined, objects: readonly JsonObject[]): boolean =>
  name !== undefined && callsColumns.test(name) && objects.every((o) => callings.some((c) => typeof o.get(c) === 'string'));

const callsRows = /^(index|ids?|row_?names|行名|行号)$/iu;
/** Where a description of a column says what it is called, the best first. */
const callings = [
  'title',
  'label',
  'alias',
  'caption',
  'text',
  '标题',
  '名称',
  'name',
  'field',
  'fieldName',
  'dataIndex',
  'prop',
  'id',
  'key',
];

/** What a list calls columns, one for each of `width`; null where it calls none. */
function namesIn(list: Json | undefined, width: number): string[] | null {
  if (!isList(list) || list.length !== width || width < 2) return null;
  const by = callings.find((c) => list.every((one) => isObject(one) && typeof one.get(c) === 'string' && one.get(c) !== ''));
  const names = list.map((one) => (isObject(one) ? (by === undefined ? null : one.get(by)) : one));
  const isCalled = names.every((n) => typeof n === 'string' && n.trim() !== '') && new Set(names).size === names.length;
  return isCalled ? (names as string[]) : null;
}

/** The list that calls the columns of a grid of this width: beside it, or within what stands beside it. */
function columnsBeside(object: JsonObject, width: number, depth = 0): { by: string; names: string[] } | null {
  for (const [name, value] of membersOf(object)) {
    const names = callsColumns.test(name) ? namesIn(value, width) : null;
    if (names) return { by: name, names };
    const inner = isObject(value) && depth < 3 ? columnsBeside(value, width, depth + 1) : null;
    if (inner) return { by: `${name}.${inner.by}`, names: inner.names };
  }
  return null;
}

/** A grid beside the list of what its columns are called: {fields: […], items: [[…]]}. */
function headed(object: JsonObject): Form[] {
  return [...membersOf(object)].flatMap(([name, rows]): Form[] => {
    if (!isGrid(rows)) return [];
    const widths = rows.flatMap((row) => (row === null ? [] : [row.length]));
    const width = Math.max(...widths);
    const beside = columnsBeside(object, width);
    if (!beside) return [];
    return [
      {
        name,
        as: (value) => headedRows(value, name),
        isSure: true,
        isAll: false,
        said: { zh: `每个数组成一行，列名取自“${beside.by}”`, en: `each array is a row, its columns are called by '${beside.by}'` },
      },
    ];
  });
}

function headedRows(value: Json, name: string): readonly Json[] | null {
  const rows = isObject(value) ? value.get(name) : undefined;
  if (!isObject(value) || !isGrid(rows)) return null;
  const beside = columnsBeside(value, Math.max(...rows.flatMap((row) => (row === null ? [] : [row.length]))));
  if (!beside) return rows;
  const about = [...membersOf(value)].find(([of, list]) => callsRows.test(of) && scalars(list)?.length === rows.length);
  return rows.map((row, i): Json => {
    if (!isList(row)) return row;
    const led: [string, Json][] = about ? [[about[0], (about[1] as readonly Json[])[i] as Json]] : [];
    return objectOf([...led, ...row.map((cell, j): [string, Json] => [beside.names[j] as string, cell])]);
  });
}

/** Lists of one length under names that are columns: {"名称": ["甲", "乙"], "数量": [1, 2]}. */
function parallel(object: JsonObject): Form[] {
  const lists = [...membersOf(object)].flatMap(([name, value]) =>
    scalars(value) ? [[name, scalars(value) as readonly Json[]] as const] : [],
  );
  const length = lists[0]?.[1].length ?? 0;
  if (lists.length < 2 || length < 2 || !lists.every(([, l]) => l.length === length)) return [];
  if (lists.length < object.names.filter((n) => !isScalar(object.get(n))).length) return [];
  const kinds = lists.map(([, l]) => kindOf(l));
  const isSure =
    kinds.every((k) => k !== 'mixed') &&
    !lists.every(([n]) => /\d/.test(n)) &&
    (new Set(kinds).size > 1 || (length >= lists.length && lists.every(([n]) => /^\w+$/.test(n))));
  const said = { zh: `${lists.length} 个等长的列表各成一列`, en: `${lists.length} lists of one length, each a column` };
  return [{ name: '按列', as: columnsAsRows, isSure, isAll: true, said }];
}

function columnsAsRows(value: Json): readonly Json[] | null {
  if (!isObject(value)) return null;
  const lists = [...membersOf(value)].flatMap(([name, list]) => (isList(list) ? [[name, list] as const] : []));
  const length = Math.max(0, ...lists.map(([, l]) => l.length));
  return Array.from({ length }, (_, i) => objectOf(lists.map(([name, list]): [string, Json] => [name, list[i] ?? null])));
}

/** What a list holds. */
export function kindOf(list: readonly Json[]): 'number' | 'text' | 'truth' | 'mixed' | 'none' {
  const kinds = new Set(
    list.flatMap((v) => (v === null ? [] : isNumber(v) ? 'number' : typeof v === 'boolean' ? 'truth' : isScalar(v) ? 'text' : 'mixed')),
  );
  const [kind] = kinds;
  return kinds.size > 1 ? 'mixed' : (kind ?? 'none');
}

/** Series beside the list of what their values are about: {"xAxis": {"data": […]}, "series": [{"name": …, "data": […]}]}. */
function charted(object: JsonObject): Form[] {
  const found = chartIn(object);
  if (!found) return [];
  const said = {
    zh: `“${found.by}”的各项成行，“${found.name}”的各个系列成列`,
    en: `what '${found.by}' lists are rows, the series of '${found.name}' are columns`,
  };
  return [{ name: `${found.name}.按列`, as: (value) => (isObject(value) ? chartRows(value) : null), isSure: true, isAll: false, said }];
}

interface Chart {
  readonly name: string;
  readonly by: string;
  readonly labels: readonly Json[];
  readonly series: readonly { readonly called: string; readonly data: readonly Json[] }[];
}

function chartIn(object: JsonObject): Chart | null {
  for (const [name, value] of membersOf(object)) {
    if (!isList(value) || value.length === 0 || !value.every(isObject)) continue;
    const series = (value as readonly JsonObject[]).flatMap((one) => {
      const data = scalars(one.get('data')) ?? scalars(one.get('values'));
      const called = one.get('name') ?? one.get('label') ?? one.get('title');
      return data && typeof called === 'string' ? [{ called, data }] : [];
    });
    const length = series[0]?.data.length ?? 0;
    if (series.length < value.length || length < 2 || !series.every((s) => s.data.length === length)) continue;
    const labels = labelsIn(object, name, length, 0);
    if (labels) return { name, by: labels.by, labels: labels.list, series };
  }
  return null;
}

/** A list of as many different words as a series has values. */
function labelsIn(object: JsonObject, but: string, length: number, depth: number): { by: string; list: readonly Json[] } | null {
  for (const [name, value] of membersOf(object)) {
    if (name === but) continue;
    const list = scalars(value);
    if (list?.length === length && new Set(list).size === length && list.every((v) => v !== null)) return { by: name, list };
    const inside = isList(value) && value.length === 1 ? value[0] : value;
    const inner = isObject(inside) && depth < 2 ? labelsIn(inside, '', length, depth + 1) : null;
    if (inner) return { by: `${name}.${inner.by}`, list: inner.list };
  }
  return null;
}

function chartRows(object: JsonObject): readonly Json[] | null {
  const chart = chartIn(object);
  if (!chart) return null;
  return chart.labels.map((label, i) =>
    objectOf([['名称', label], ...chart.series.map((s): [string, Json] => [s.called, s.data[i] ?? null])]),
  );
}

/** Columns by the numbers of their rows, as data frames are written: {"名称": {"0": "甲", "1": "乙"}, "数量": {"0": 1, "1": 2}}. */
function turned(object: JsonObject): Form[] {
  const columns = object.values;
  if (columns.length < 2 || !columns.every((c) => isObject(c) && c.names.length > 0 && c.names.every((n, i) => n === String(i)))) return [];
  const said = { zh: '各列按行号列出：每个行号成一行', en: 'columns that list by the numbers of their rows: each number is a row' };
  return [{ name: '按列', as: turnedRows, isSure: true, isAll: true, said }];
}

function turnedRows(value: Json): readonly Json[] | null {
  if (!isObject(value)) return null;
  const columns = [...membersOf(value)].flatMap(([name, column]) => (isObject(column) ? [[name, column] as const] : []));
  const rows = [...new Set(columns.flatMap(([, c]) => c.names))];
  return rows.map((row) => objectOf(columns.map(([name, column]): [string, Json] => [name, column.get(row) ?? null])));
}

/** Names that say nothing: of cells without a heading, as programs that turn sheets into objects write them. */
const sayNothing =
  /^(__empty(_\d+)?|unnamed:?[ _]?\d+|[a-z]{1,2}|[a-z]_?\d{1,3}|col(umn)?[ _]?\d*|field[ _]?\d+|f\d+|attr(ibute)?[ _]?\d+|第?\d+列?|列[ _]?\d+|属性\d+|字段\d+)$/iu;
/** With what the name of a column ends. */
const columnWord =
  /(名|名称|编号|代码|号|序号|日期|时间|年份|类别|类型|数量|总数|金额|单位|地址|备注|说明|面积|人数|户数|比例|率|价|name|code|no|id|date|type)$/iu;
const likeNumber = /^[-+]?[\d,]*\.?\d+([eE][-+]?\d+)?%?$|^\d{2,4}[-/.年]\d{1,2}/u;
const fewestRows = 3;

/** Whether the first object of a list says what the others hold: {"a": "名称", "b": "数量"} before {"a": "甲", "b": 1}. */
export function isHeader(objects: readonly JsonObject[]): boolean {
  const [first, ...rest] = objects;
  if (!first || rest.length < fewestRows - 1) return false;
  const words = first.values.filter((v) => v !== null);
  if (words.length < 2 || !words.every((v) => typeof v === 'string' && v.trim() !== '' && v.length <= 40 && !likeNumber.test(v)))
    return false;
  if (new Set(words).size < words.length) return false;
  const columns = [...membersOf(first)]
    .filter(([, v]) => v !== null)
    .map(([name, word]) => ({ name, word, below: rest.flatMap((o) => o.get(name) ?? []) }));
  if (columns.some(({ word, below }) => below.includes(word))) return false;
  const marked = columns.filter(
    ({ below }) => below.length > 0 && below.filter((v) => isNumber(v) || likeNumber.test(String(v))).length >= 0.8 * below.length,
  );
  if (first.names.filter((n) => sayNothing.test(n)).length > first.names.length / 2) return true;
  return marked.length > 0 && words.some((v) => columnWord.test(String(v)));
}

/** The other objects, under the names that the first says. */
export function underHeader(list: Json): readonly Json[] | null {
  if (!isList(list)) return null;
  const [header, ...rest] = list;
  if (!isObject(header)) return list;
  const called = new Map(
    [...membersOf(header)].flatMap(([name, word]) => (typeof word === 'string' && word.trim() !== '' ? [[name, word.trim()]] : [])),
  );
  return rest.map((one) =>
    isObject(one) ? objectOf([...membersOf(one)].map(([name, value]) => [called.get(name) ?? name, value] as const)) : one,
  );
}
