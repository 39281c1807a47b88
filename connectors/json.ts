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
import { arrayOf, arraysOf, type Found, type Row } from './json-arrays.ts';
import { columnsOf, isObject, type JsonObject, record, rowOf, see, textAt, textOfValue, unseen } from './json-columns.ts';
import { longestElement, parsed } from './json-elements.ts';
import { asArray, isLines } from './json-lines.ts';
import { type JsonTable, tablesOf } from './json-tables.ts';
import { decodeText } from './text-decoding.ts';
import { demandWidth } from './widest.ts';

const settings = z.strictObject({
  lines: z
    .boolean()
    .default(false)
    .meta(setting({ zh: '每行一个对象', en: 'One object a line' }, { zh: '外面没有数组', en: 'With no array around them' })),
});

/**
 * A file of up to 16 MiB of text is held as a whole, and which of its tables is read is the layout's `sheet` (see json-tables.ts); of a larger
 * one it is one of the arrays (see json-arrays.ts), one element at a time. Read twice: which names the rows have, then the rows. Names of nested objects are
 * joined with a dot; an array inside a row stays JSON text, and so do a geometry and an object whose names differ from row to row
 * (`{"1号楼": {…}}`); numbers are kept as they are written; null and a missing name are absent. Text that PostgreSQL cannot hold (NUL, half a
 * surrogate pair) makes the row `encoding`.
 */
const json: Connector = connector({
  id: 'json',
  title: { zh: 'JSON 文件', en: 'JSON file' },
  takes: 'file',
  settings,
  async read({ source }, effects) {
    const encoding = source.layout?.encoding ?? 'utf-8';
    const { lines } = readSettings(settings, source);
    const texts = () => textOf(effects, encoding, lines);
    const whole = lines ? null : await wholeOf(texts());
    const sheet = source.layout?.sheet ?? null;
    const found = whole === null ? await arrayOf(texts, sheet) : readOf(tableNamed(whole, sheet));
    const names = [...found.names.keys()];
    const width = found.cells > 0 ? Math.max(found.cells, source.columns.length) : names.length;
    if (found.count === 0 || width === 0) throw new ConnectorRefusal('empty', 'the file has no row', '文件里没有一行数据');
    const paths = [...found.names.values()];
    const cellsOf = (row: Row): (string | null)[] =>
      Array.isArray(row)
        ? Array.from({ length: width }, (_, i) => textOfValue(row[i]))
        : paths.map((path) => textAt(rowOf(row as JsonObject), path));
    async function* bytes(): AsyncGenerator<Uint8Array> {
      let text = '';
      let at = 0;
      for await (const row of found.rows()) {
        text += record(++at, cellsOf(row));
        if (text.length < 262_144) continue;
        effects.signal.throwIfAborted();
        effects.progress(at, found.count);
        yield Buffer.from(text);
        text = '';
      }
      yield Buffer.from(text);
    }
    return { width, names: found.cells > 0 ? null : names, bytes: bytes(), position: () => null };
  },
  async survey(effects, as) {
    const start = await beginning(effects);
    const encoding = as ?? encodingOf(start);
    if (encoding === null) return null;
    const first = new TextDecoder(encoding).decode(start.subarray(0, 1024), { stream: true }).trimStart()[0];
    if (first !== '[' && first !== '{') return null;
    const lines = isLines(new TextDecoder(encoding).decode(start, { stream: true }));
    const how = { zh: `JSON，编码 ${encoding}`, en: `JSON in ${encoding}` };
    const doubt = as === undefined ? doubtOf(start, encoding) : [];
    if (lines) return { settings: { lines }, encoding, sheets: [], said: [how, ...doubt, { zh: '每行一个对象', en: 'one object a line' }] };
    const whole = await wholeOf(textOf(effects, encoding, false));
    if (whole === null) {
      const sheets = await arraysOf(textOf(effects, encoding, false));
      const said = { zh: '文件很大，每个列表里的对象成一行', en: 'a large file: each object of a list is a row' };
      return { settings: { lines }, encoding, sheets: sheets.filter(({ name }) => name !== ''), said: [how, ...doubt, said] };
    }
    const tables = demandTables(whole);
    // A bare array of objects is the only table there is.
    const sheets = tables.map(({ name }, i) => ({ name, size: tables.length - i })).filter(({ name }) => name !== '');
    return { settings: { lines }, encoding, sheets, said: [how, ...doubt, ...tables.slice(0, 1).map((t) => t.said)] };
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

/** What a text says; null where it is too long to be held. */
async function wholeOf(texts: AsyncIterable<string>): Promise<{ readonly value: unknown } | null> {
  let text = '';
  for await (const part of texts) {
    text += part;
    if (text.length > longestElement) return null;
  }
  return { value: parsed(text) };
}

function demandTables({ value }: { readonly value: unknown }): JsonTable[] {
  const tables = tablesOf(value);
  if (tables.length > 0) return tables;
  if (Array.isArray(value) && value.length > 0)
    throw new ConnectorRefusal('not-json', 'the array holds something else than objects', '数组里不全是对象，不能成为表');
  if (!isObject(value) && !Array.isArray(value))
    throw new ConnectorRefusal('not-json', 'neither an array nor an object', '既不是数组也不是对象，不能成为表');
  throw new ConnectorRefusal('empty', 'the file has no row', '文件里没有一行数据');
}

function tableNamed(whole: { readonly value: unknown }, name: string | null): JsonTable {
  const tables = demandTables(whole);
  const found = name === null ? tables[0] : tables.find((t) => t.name === name);
  if (found) return found;
  const there = tables.map((t) => t.name);
  throw new ConnectorRefusal('no-sheet', `no ${name}; tables: ${there.join(', ')}`, `没有“${name}”；有：${there.join('、')}`);
}

function readOf(table: JsonTable): Found {
  const seen = unseen();
  let cells = 0;
  for (const row of table.rows)
    if (Array.isArray(row)) cells = demandWidth(Math.max(cells, row.length));
    else see(seen, rowOf(row as JsonObject));
  return { count: table.rows.length, names: columnsOf(seen), cells, rows: () => table.rows };
}
