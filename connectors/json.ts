/** JSON files: an array of objects, bare or under a name of an object around it, or one object a line; each object a row. An array of arrays is a grid. */
import { z } from 'zod';
import { type Connector, type ConnectorEffects, ConnectorRefusal, connector, readSettings } from '#declare/connector';
import { beginning, encodingOf } from './csv-survey.ts';
import { elementsOf, longestElement, parsed, rawJson } from './json-elements.ts';
import { asArray, isLines } from './json-lines.ts';
import { cellText } from './sheet-delivery.ts';
import { decodeText, type TextEncoding } from './text-decoding.ts';
import { demandWidth } from './widest.ts';

const settings = z.strictObject({
  lines: z.boolean().default(false).meta({ title: '每行一个对象', description: 'One object a line, no array around them' }),
});

/** Objects within objects become columns down to here; what lies deeper stays JSON text. */
const deepest = 6;
/** From so many names on, an object whose names differ from row to row is a list by name and stays JSON text. */
const manyNames = 8;

type JsonObject = Readonly<Record<string, unknown>>;

/** The names seen under a name, with how many rows hold each. */
interface Seen {
  count: number;
  /** Rows where it holds an object. */
  objects: number;
  readonly inside: Map<string, Seen>;
}

/**
 * Read twice: which array holds the rows and which names they have, then the rows. The rows are the elements of the bare array, or of the longest
 * array of objects inside the object; an object without one is one row. Names of nested objects are joined with a dot; an array inside a
 * row stays JSON text, and so does an object whose names differ from row to row (`{"1号楼": {…}}`); numbers are kept as they are written; null
 * and a missing name are absent. Text that PostgreSQL cannot hold (NUL, half a surrogate pair) makes the row `encoding`.
 */
const json: Connector = connector({
  id: 'json',
  title: { zh: 'JSON 文件', en: 'JSON file' },
  takes: 'file',
  settings,
  async read({ source }, effects) {
    const encoding = source.layout?.encoding ?? 'utf-8';
    const { lines } = readSettings(settings, source);
    const found = await namesOf(() => textOf(effects, encoding, lines));
    const names = [...found.names.keys()];
    const width = found.cells > 0 ? Math.max(found.cells, source.columns.length) : names.length;
    if (found.rows === 0 || width === 0) throw new ConnectorRefusal('empty', 'the file has no row', '文件里没有一行数据');
    async function* bytes(): AsyncGenerator<Uint8Array> {
      let text = '';
      let row = 0;
      const add = (object: JsonObject): void => {
        text += record(
          ++row,
          [...found.names.values()].map((path) => textAt(object, path)),
        );
      };
      if (found.single !== null) add(found.single);
      else
        for await (const elements of elementsOf(textOf(effects, encoding, lines))) {
          for (const element of elements) {
            if (element.array !== found.array) continue;
            const value = parsed(element.text);
            if (found.cells === 0) add(value as JsonObject);
            else
              text += record(
                ++row,
                Array.from({ length: width }, (_, i) => textOfValue((value as unknown[])[i])),
              );
            if (text.length < 262_144) continue;
            effects.progress(row, found.rows);
            yield Buffer.from(text);
            text = '';
          }
        }
      yield Buffer.from(text);
    }
    return { width, names: found.cells > 0 ? null : names, bytes: bytes(), cursor: () => null };
  },
  async survey(effects) {
    const start = await beginning(effects);
    const encoding = encodingOf(start);
    if (encoding === null) return null;
    const first = new TextDecoder(encoding).decode(start.subarray(0, 1024), { stream: true }).trimStart()[0];
    if (first !== '[' && first !== '{') return null;
    const lines = isLines(new TextDecoder(encoding).decode(start, { stream: true }));
    const said = lines
      ? { zh: `JSON，编码 ${encoding}，每行一个对象`, en: `JSON in ${encoding}: one object a line` }
      : { zh: `JSON，编码 ${encoding}，每个对象成一行`, en: `JSON in ${encoding}: each object is a row` };
    return { settings: { lines }, encoding, sheets: [], said: [said] };
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

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !rawJson.isRawJSON(value);

interface Found {
  /** Number of the array that holds the rows; its objects. */
  readonly array: number;
  readonly rows: number;
  /** The object that is the only row. */
  readonly single: JsonObject | null;
  /** Column name → the names that lead to it. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** Cells of the longest row where the rows are arrays, 0 where they are objects. */
  readonly cells: number;
}

async function namesOf(texts: () => AsyncGenerator<string>): Promise<Found> {
  const arrays: { rows: number; lists: number; cells: number; others: number; seen: Seen }[] = [];
  let whole = '';
  const told = async function* (): AsyncGenerator<string> {
    for await (const text of texts()) {
      if (whole.length <= longestElement) whole += text;
      yield text;
    }
  };
  for await (const elements of elementsOf(told()))
    for (const { array, text } of elements) {
      arrays[array] ??= { rows: 0, lists: 0, cells: 0, others: 0, seen: unseen() };
      const of = arrays[array];
      const value = parsed(text, true);
      if (isObject(value)) {
        of.rows++;
        see(of.seen, value, 0);
      } else if (Array.isArray(value)) {
        of.lists++;
        of.cells = demandWidth(Math.max(of.cells, value.length));
      } else of.others++;
    }
  const isBare = whole.trimStart().startsWith('[');
  const best = arrays
    .flatMap((a, array) => (a && a.others === 0 && a.rows > 0 !== a.lists > 0 ? [{ ...a, array }] : []))
    .sort((a, b) => b.rows - a.rows || (isBare ? b.lists - a.lists : 0) || a.array - b.array)
    .find((a) => a.rows > 0 || isBare);
  if (best) return { array: best.array, rows: best.rows + best.lists, single: null, names: columnsOf(best.seen), cells: best.cells };
  if (isBare && arrays.length > 0)
    throw new ConnectorRefusal('not-json', 'the array holds something else than objects', '数组里不全是对象，不能成为表');
  if (whole.length > longestElement)
    throw new ConnectorRefusal('too-large', 'one object of more than 16 MiB', '整个文件是一个超过 16 MiB 的对象');
  const single = parsed(whole);
  if (Array.isArray(single)) return { array: 0, rows: 0, single: null, names: new Map(), cells: 0 };
  if (!isObject(single)) throw new ConnectorRefusal('not-json', 'neither an array nor an object', '既不是数组也不是对象，不能成为表');
  const seen = unseen();
  see(seen, single, 0);
  return { array: -1, rows: 1, single, names: columnsOf(seen), cells: 0 };
}

const unseen = (): Seen => ({ count: 0, objects: 0, inside: new Map() });

function see(seen: Seen, value: unknown, depth: number): void {
  // A name without a value says nothing about what it holds elsewhere.
  if (value !== null) seen.count++;
  if (!isObject(value) || depth >= deepest) return;
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
function columnsOf(seen: Seen): Map<string, readonly string[]> {
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

function record(row: number, texts: readonly (string | null)[]): string {
  const cells = texts.map(cellText).join(',');
  if (!cells.includes('\0') && cells.isWellFormed()) return `${row},,${cells}\n`;
  return `${row},encoding,"${cells.replaceAll('\0', '\u2400').toWellFormed().replaceAll('"', '""')}"${','.repeat(texts.length - 1)}\n`;
}

function textAt(object: JsonObject, path: readonly string[]): string | null {
  let value: unknown = object;
  for (const name of path) {
    if (!isObject(value)) return null;
    value = Object.hasOwn(value, name) ? value[name] : name === '·' ? value[''] : undefined;
  }
  return textOfValue(value);
}

function textOfValue(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (rawJson.isRawJSON(value)) return value.rawJSON;
  try {
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  } catch {
    throw new ConnectorRefusal('too-large', 'values are nested too deeply', '嵌套层数过多');
  }
}
