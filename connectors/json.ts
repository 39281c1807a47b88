/** JSON files: an array of objects, bare or under one name of an object around it, each object a row. */
import { z } from 'zod';
import { type Connector, type ConnectorEffects, ConnectorRefusal, connector } from '#declare/connector';
import { cellText } from './sheet-delivery.ts';

const settings = z.strictObject({});

/** A file is read whole: 256 MiB. */
export const largestJson = 256 * 1024 * 1024;
/** Objects within objects become columns down to here; what lies deeper stays JSON text. */
const deepest = 6;
/** No table has more columns. */
const mostColumns = 4096;

type Row = ReadonlyMap<string, string | null>;

/**
 * Names of nested objects are joined with a dot; an array inside a row stays JSON text; numbers are kept as they are written, so that no digit
 * is lost; null and a missing name are absent. Text that PostgreSQL cannot hold (NUL, half a surrogate pair) makes the row `encoding`.
 */
const json: Connector = connector({
  id: 'json',
  title: { zh: 'JSON 文件', en: 'JSON file' },
  takes: 'file',
  settings,
  async read(_order, effects) {
    const rows = rowsOf(await parsed(effects)).map(flat);
    const names = [...new Set(rows.flatMap((row) => [...row.keys()]))];
    if (rows.length === 0 || names.length === 0) throw new ConnectorRefusal('empty', 'the file has no row', '文件里没有一行数据');
    if (names.length > mostColumns)
      throw new ConnectorRefusal('too-large', `the objects have ${names.length} names`, `对象里共有 ${names.length} 个名称`);
    async function* bytes(): AsyncGenerator<Uint8Array> {
      let text = '';
      for (const [i, row] of rows.entries()) {
        const cells = names.map((n) => cellText(row.get(n))).join(',');
        text +=
          cells.includes('\0') || !cells.isWellFormed()
            ? `${i + 1},encoding,"${cells.replaceAll('\0', '\u2400').toWellFormed().replaceAll('"', '""')}"${','.repeat(names.length - 1)}\n`
            : `${i + 1},,${cells}\n`;
        if (text.length < 262_144) continue;
        effects.signal.throwIfAborted();
        effects.progress(i + 1, rows.length);
        yield Buffer.from(text);
        text = '';
      }
      yield Buffer.from(text);
    }
    return { width: names.length, names, bytes: bytes(), cursor: () => null };
  },
  async survey(effects) {
    const start = await firstCharacter(effects);
    if (start !== '[' && start !== '{') return null;
    const rows = rowsOf(await parsed(effects));
    return {
      settings: {},
      encoding: null,
      sheets: [],
      said: [{ zh: `JSON，${rows.length} 个对象各成一行`, en: `JSON: ${rows.length} objects, a row each` }],
    };
  },
  async probe() {
    return { reachable: true, columns: [], refusal: null };
  },
  receiptSql: () => null,
});

export default json;

async function firstCharacter(effects: ConnectorEffects): Promise<string> {
  for await (const chunk of await effects.open()) {
    const start = Buffer.from(chunk.subarray(0, 1024))
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .trimStart();
    if (start !== '') return start[0] as string;
  }
  return '';
}

async function parsed(effects: ConnectorEffects): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of await effects.open()) {
    effects.signal.throwIfAborted();
    parts.push(chunk);
    length += chunk.length;
    if (length > largestJson)
      throw new ConnectorRefusal('too-large', `a JSON file of more than ${largestJson} bytes`, `JSON 文件超过 ${largestJson} 字节`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw new ConnectorRefusal('wrong-encoding', 'JSON is UTF-8, and this is not', 'JSON 应为 UTF-8 编码，而文件不是');
  }
  try {
    // The text of a number is its value: 64-bit ids and long decimals come out digit by digit.
    return JSON.parse(text, ((_key: string, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' ? (context?.source ?? String(value)) : value) as (key: string, value: unknown) => unknown);
  } catch (error) {
    const said = (error as Error).message.slice(0, 200);
    throw new ConnectorRefusal('not-json', said, `不是合法的 JSON（${said}）`);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects that are rows: the array itself, or the longest array of objects inside; one object alone is one row. */
function rowsOf(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) {
    const rows = value.filter(isObject);
    if (rows.length !== value.length || rows.length === 0)
      throw new ConnectorRefusal('not-json', 'the array holds something else than objects', '数组里不全是对象，不能成为表');
    return rows;
  }
  if (!isObject(value)) throw new ConnectorRefusal('not-json', 'neither an array nor an object', '既不是数组也不是对象，不能成为表');
  const inside = arraysIn(value, 0).sort((a, b) => b.length - a.length)[0];
  return inside ?? [value];
}

function arraysIn(value: Record<string, unknown>, depth: number): Record<string, unknown>[][] {
  if (depth > deepest) return [];
  return Object.values(value).flatMap((v) => {
    if (Array.isArray(v)) return v.length > 0 && v.every(isObject) ? [v] : [];
    return isObject(v) ? arraysIn(v, depth + 1) : [];
  });
}

function flat(object: Record<string, unknown>): Row {
  const row = new Map<string, string | null>();
  const add = (value: unknown, name: string, depth: number): void => {
    if (isObject(value) && depth < deepest && Object.keys(value).length > 0) {
      for (const [key, inner] of Object.entries(value)) add(inner, name === '' ? key || '·' : `${name}.${key || '·'}`, depth + 1);
    } else
      row.set(
        name,
        value === null ? null : typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value),
      );
  };
  add(object, '', 0);
  row.delete('');
  return row;
}
