/** What connector tests share: effects over bytes in memory or a file, and a plain reader of delivery records. */
import { readFile } from 'node:fs/promises';
import type { Connector, ConnectorEffects, Delivery, Position } from '#declare/connector';
import { type Source, sourceSchema } from '#declare/source';

/** One delivered record: its ordinal, its fault and its cells; null is an absent cell. */
export interface Record {
  readonly ordinal: number;
  readonly fault: string;
  readonly cells: readonly (string | null)[];
}

/** A source with sensible values where a test does not care. */
export const sourceOf = (part: Partial<Source>): Source =>
  sourceSchema.parse({
    form: 1,
    id: 'test-source',
    title: { zh: '测试来源' },
    department: 'test-department',
    connector: 'csv',
    settings: {},
    columns: ['a', 'b', 'c'],
    key: [],
    mode: 'full',
    cursor: null,
    layout: { encoding: 'utf-8', sheet: null, titleRows: 0, headerRows: 0, fillDown: [], footer: [] },
    ...part,
  });

/** Effects over a file's bytes (cut into pieces of `step` bytes) or over the path of a file. */
export function effectsOf(
  content: Uint8Array | string,
  step = 65_536,
  signal: AbortSignal = new AbortController().signal,
): ConnectorEffects {
  return {
    async open() {
      const bytes = typeof content === 'string' ? await readFile(content) : content;
      return (async function* () {
        for (let i = 0; i < bytes.length; i += step) yield bytes.subarray(i, i + step);
      })();
    },
    async file() {
      if (typeof content !== 'string') throw new Error('this test has no file');
      return content;
    },
    secret: async (value) => (value.startsWith('secret:') ? 'test-password' : value),
    progress() {},
    signal,
  };
}

/** All delivered bytes as text. */
export async function textOf(delivery: Delivery): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of delivery.bytes) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}

/** Reads a delivery from end to end, and says where it got to. */
export async function readFrom(
  connector: Connector,
  source: Source,
  effects: ConnectorEffects,
  since: Position | null,
): Promise<{ readonly records: Record[]; readonly position: Position | null }> {
  const delivery = await connector.read({ source, since }, effects);
  const records = parseRecords(await textOf(delivery));
  for (const record of records)
    if (record.cells.length !== delivery.width)
      throw new Error(`record ${record.ordinal} has ${record.cells.length} cells, not ${delivery.width}`);
  return { records, position: delivery.position() };
}

/** Reads a delivery from end to end. */
export const recordsOf = async (connector: Connector, source: Source, effects: ConnectorEffects): Promise<Record[]> =>
  (await readFrom(connector, source, effects, null)).records;

/** A reference reader of strict RFC 4180 text, written for clearness and not for speed. */
export function parseRecords(text: string): Record[] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  let i = 0;
  while (i < text.length) {
    if (text[i] === '"') {
      let cell = '';
      for (i++; text[i] !== '"' || text[i + 1] === '"'; i++) {
        if (i >= text.length) throw new Error('unclosed quote in a delivery');
        if (text[i] === '"') i++;
        cell += text[i];
      }
      i++;
      row.push(cell);
    } else {
      const from = i;
      while (text[i] !== ',' && text[i] !== '\n') {
        if (i >= text.length || text[i] === '"' || text[i] === '\r')
          throw new Error(`character ${JSON.stringify(text[i])} outside quotes in a delivery`);
        i++;
      }
      row.push(i === from ? null : text.slice(from, i));
    }
    if (text[i] === '\n') {
      rows.push(row);
      row = [];
    } else if (text[i] !== ',') throw new Error('text after a closing quote in a delivery');
    else if (text[i + 1] === undefined) throw new Error('delivery ends inside a record');
    i++;
  }
  if (row.length > 0) throw new Error('delivery ends inside a record');
  return rows.map(([ordinal, fault, ...cells]) => ({ ordinal: Number(ordinal), fault: fault ?? '', cells }));
}
