/** JSON files: an array of objects, bare or inside an object, objects that list by name, trees, one object a line; each object a row. */
import { z } from 'zod';
import {
  type Connector,
  type ConnectorEffects,
  ConnectorRefusal,
  connector,
  readSettings,
  setting,
  type TextEncoding,
} from '#declare/connector';
import { beginning, doubtOf, encodingOf } from './csv-survey.ts';
import { sampled, streamedRows } from './json-arrays.ts';
import { record } from './json-columns.ts';
import { longestElement } from './json-elements.ts';
import { asArray, brokenLine, isLines } from './json-lines.ts';
import { readTable } from './json-rows.ts';
import { outerOf, rowsAt } from './json-steps.ts';
import { type JsonTable, mostTables, tablesOf, wholeName } from './json-tables.ts';
import { isList, isObject, isScalar, type Json, parsed } from './json-value.ts';
import { decodeText } from './text-decoding.ts';

const settings = z.strictObject({
  lines: z
    .boolean()
    .default(false)
    .meta(setting({ zh: '每行一个值', en: 'One value a line' }, { zh: '外面没有数组', en: 'With no array around them' })),
  outer: z
    .boolean()
    .default(false)
    .meta(
      setting(
        { zh: '外层的值成列', en: 'Values around the list are columns' },
        { zh: '如列表外面的日期、地区', en: 'A date or a place that is said once for all rows' },
      ),
    ),
});

/**
 * A file of up to 16 MiB of text is held as a whole, and which of its tables is read is the layout's `sheet` (see json-tables.ts); of a larger
 * one the arrays are read one element at a time (see json-arrays.ts). Read twice: which names the rows have, then the rows. Names of nested
 * objects are joined with a dot; an array inside a row stays JSON text, and so do a geometry and an object whose names differ from row to row
 * (`{"1号楼": {…}}`); what leads to a list and stands around it comes along with its rows; numbers are kept as they are written; null and a missing
 * name are absent. Text that PostgreSQL cannot hold (NUL, half a surrogate pair) makes the row `encoding`.
 */
const json: Connector = connector({
  id: 'json',
  title: { zh: 'JSON 文件', en: 'JSON file' },
  takes: 'file',
  settings,
  async read({ source }, effects) {
    const encoding = source.layout?.encoding ?? 'utf-8';
    const { lines, outer } = readSettings(settings, source);
    const texts = () => textOf(effects, encoding, lines);
    const found = await toldByLine(effects, encoding, async () => {
      const file = await fileOf(texts);
      const table = tableNamed(file, source.layout?.sheet ?? null);
      const around = outerOf(file.whole, table.steps).values;
      return readTable(table, () => file.rows(table), around, source.columns, outer);
    });
    if (found.count === 0 || found.width === 0) throw empty();
    async function* bytes(): AsyncGenerator<Uint8Array> {
      let text = '';
      let at = 0;
      for await (const cells of found.cells()) {
        text += record(++at, cells);
        if (text.length < 262_144) continue;
        effects.signal.throwIfAborted();
        effects.progress(at, found.count);
        yield Buffer.from(text);
        text = '';
      }
      yield Buffer.from(text);
    }
    return { width: found.width, names: found.names, bytes: bytes(), position: () => null };
  },
  async survey(effects, as) {
    const start = await beginning(effects);
    const encoding = as ?? encodingOf(start);
    if (encoding === null) return null;
    const head = new TextDecoder(encoding).decode(start.subarray(0, 1024), { stream: true }).trimStart();
    const script = SCRIPT.exec(head)?.[0].trim();
    if (script !== undefined)
      throw new ConnectorRefusal(
        'not-json',
        `it is a script: '${script.slice(0, -1)}' stands before the JSON; take away what stands before the first bracket and behind the last`,
        `这是脚本：JSON 前面写有“${script.slice(0, -1)}”；请去掉第一个括号之前和最后一个括号之后的内容`,
      );
    const first = head[0];
    if (first !== '[' && first !== '{') return null;
    const lines = isLines(new TextDecoder(encoding).decode(start, { stream: true }));
    const said = [
      { zh: `JSON，编码 ${encoding}`, en: `JSON in ${encoding}` },
      ...(as === undefined ? doubtOf(start, encoding) : []),
      ...(lines ? [{ zh: '每行一个值', en: 'one value a line' }] : []),
    ];
    const { whole, tables, isCut, twice } = await toldByLine(effects, encoding, () => fileOf(() => textOf(effects, encoding, lines)));
    const sheets = tables.map((table, i) => ({
      name: table.name,
      size: tables.length - i,
      said: [...table.said, ...outerSaid(whole, table)],
    }));
    const more = [
      ...(isCut ? [{ zh: `里面的表很多，只列出 ${mostTables} 张`, en: `of its many tables ${mostTables} are listed` }] : []),
      ...(twice.length > 0
        ? [
            {
              zh: `同一个对象里名称出现两次：${twice.map((n) => `“${n}”`).join('、')}；两个值都保留`,
              en: `names that stand twice in one object: ${twice.map((n) => `'${n}'`).join(', ')}; both values are kept`,
            },
          ]
        : []),
    ];
    // A bare array of objects is the only table there is.
    const isAlone = tables.length === 1 && tables[0]?.name === wholeName;
    return {
      settings: { lines, outer: true },
      encoding,
      sheets: isAlone ? [] : sheets,
      said: [...said, ...(isAlone ? (sheets[0]?.said ?? []) : []), ...more],
    };
  },
  async probe() {
    return { reachable: true, columns: [], refusal: null };
  },
  receiptSql: () => null,
});

export default json;

const textOf = (effects: ConnectorEffects, encoding: TextEncoding, lines: boolean): AsyncGenerator<string> =>
  lines ? asArray(textAsIs(effects, encoding)) : textAsIs(effects, encoding);

async function* textAsIs(effects: ConnectorEffects, encoding: TextEncoding): AsyncGenerator<string> {
  for await (const block of decodeText(await effects.open(), encoding, () => undefined)) {
    effects.signal.throwIfAborted();
    yield block.toString('utf8');
  }
}

/** The work on a text; of one whose lines are values a broken line is told by its own place. */
async function toldByLine<T>(effects: ConnectorEffects, encoding: TextEncoding, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof ConnectorRefusal) || cause.code !== 'not-json') throw cause;
    throw (await brokenLine(textAsIs(effects, encoding))) ?? cause;
  }
}

/** The tables of a file, the likeliest first. */
interface JsonFile {
  readonly whole: Json;
  readonly tables: readonly JsonTable[];
  readonly isCut: boolean;
  /** Names that stand twice in an object. */
  readonly twice: readonly string[];
  rows(table: JsonTable): ReturnType<typeof streamedRows> | ReturnType<typeof rowsAt>;
}

async function fileOf(texts: () => AsyncIterable<string>): Promise<JsonFile> {
  const text = await wholeText(texts());
  if (text === null) {
    const { whole, tables } = await sampled(texts());
    const rows = (table: JsonTable) => streamedRows(texts(), tables.find((t) => t.name === table.name) as (typeof tables)[number]);
    return { whole, tables, isCut: false, twice: namesTwice(whole), rows };
  }
  const whole = parsed(text);
  if (isScalar(whole)) throw new ConnectorRefusal('not-json', 'neither an array nor an object', '既不是数组也不是对象，不能成为表');
  const { tables, isCut } = tablesOf(whole);
  if (tables.length === 0) throw empty();
  return { whole, tables, isCut, twice: namesTwice(whole), rows: (table) => rowsAt(whole, table.steps) };
}

/** JSON handed to a function or a variable (JSONP, a script of a page), up to its first bracket. */
const SCRIPT = /^(var\s+|let\s+|const\s+)?[A-Za-z_$][\w$.]*\s*(=|\()\s*[[{]/;

const empty = (): ConnectorRefusal => new ConnectorRefusal('empty', 'its lists have no item', '里面的列表没有一项');

/** A text; null where it is too long to be held. */
async function wholeText(texts: AsyncIterable<string>): Promise<string | null> {
  let text = '';
  for await (const part of texts) {
    text += part;
    if (text.length > longestElement) return null;
  }
  return text;
}

/** The table of this name; without one the list that the text is, or what it is likeliest to be about. */
function tableNamed({ whole, tables }: JsonFile, name: string | null): JsonTable {
  const wanted = name ?? (isList(whole) ? wholeName : null);
  const found = tables.find((t) => t.name === wanted) ?? (name === null ? tables[0] : undefined);
  if (found) return found;
  const there = tables.slice(0, 20).map((t) => t.name);
  throw new ConnectorRefusal('no-sheet', `no ${name}; tables: ${there.join(', ')}`, `没有“${name}”；有：${there.join('、')}`);
}

/** Says which values around a table come along and which do not. */
function outerSaid(whole: Json, { steps }: JsonTable): { zh: string; en: string }[] {
  const { values, left } = outerOf(whole, steps);
  const names = values.map(([name]) => name);
  const [some, more] = [left.slice(0, 8), left.length - 8];
  return [
    ...(names.length > 0
      ? [{ zh: `外层的 ${names.join('、')} 每行都带上`, en: `${names.join(', ')}, said once around the list, come along with each row` }]
      : []),
    ...(left.length > 0
      ? [
          {
            zh: `外层的 ${some.join('、')}${more > 0 ? ` 等 ${left.length} 个值` : ''} 不作为列`,
            en: `${some.join(', ')}${more > 0 ? ` and ${more} more values` : ''} around the list are no columns`,
          },
        ]
      : []),
  ];
}

/** Names that stand twice in one object, a few of them. */
function namesTwice(value: Json, found: Set<string> = new Set()): string[] {
  if (isList(value)) for (const one of value) namesTwice(one, found);
  else if (isObject(value)) {
    if (value.isTwice) for (const [i, name] of value.names.entries()) if (found.size < 5 && value.names.indexOf(name) < i) found.add(name);
    for (const one of value.values) namesTwice(one, found);
  }
  return [...found];
}
