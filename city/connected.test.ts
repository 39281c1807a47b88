/** The connectors read every source of the city as described: each row of truth lies where it says, under the number it says. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { connectors } from '#connectors/index';
import { effectsOf, readFrom, recordsOf, sourceOf as sourceWith } from '#connectors/test-delivery';
import type { Connector, Position, Source } from '#declare';
import { createDatabase } from '#test/database';
import {
  appendPoliceChanges,
  cityFileBytes,
  createPoliceDatabase,
  deliveryOf,
  generateCity,
  roundOf,
  type SourceDescription,
  sources,
  writeCityFiles,
} from './index.ts';

const city = generateCity({ seed: 11, scale: 0.02 });
const described = (s: SourceDescription, settings: Source['settings'] = {}): Source =>
  sourceWith({
    id: s.id,
    connector: s.connector,
    settings,
    columns: s.columns.map((c) => c.name),
    key: [...s.rowKey],
    mode: s.mode,
    cursor: s.cursor,
    layout: s.layout,
  });
const connectorOf = (s: SourceDescription): Connector => connectors.find((c) => c.id === s.connector) as Connector;

/** Rows as a workbook shows them: a merged cell holds for every row it spans. */
const unmerged = (rows: readonly (readonly (string | null)[])[], merged: readonly boolean[]): (string | null)[][] => {
  const above: (string | null)[] = [];
  return rows.map((cells) =>
    cells.map((cell, i) => {
      above[i] = cell ?? above[i] ?? null;
      return merged[i] ? (above[i] ?? null) : cell;
    }),
  );
};

test('files: grid rows, titles and footer included', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'city-'));
  try {
    const bytes = await cityFileBytes(city);
    for (const file of await writeCityFiles(folder, city)) {
      const source = sources.find((s) => s.id === file.source) as SourceDescription;
      const effects = source.connector === 'xlsx' ? effectsOf(file.path) : effectsOf(bytes.get(file.source) as Buffer);
      const records = await recordsOf(connectorOf(source), described(source), effects);
      const delivery = deliveryOf(city, source.id);
      expect(records.filter((r) => r.fault !== '')).toEqual([]);
      expect(records.slice(delivery.first - 1, delivery.first - 1 + delivery.rows.length)).toEqual(
        unmerged(
          delivery.rows,
          source.columns.map((c) => source.layout?.fillDown.includes(c.name) === true),
        ).map((cells, i) => ({
          ordinal: delivery.first + i,
          fault: '',
          cells,
        })),
      );
      const rest = records.slice(delivery.first - 1 + delivery.rows.length);
      expect(rest.length).toBe(source.layout?.footer.length);
      for (const r of rest) expect(source.layout?.footer.some((mark) => r.cells[0]?.startsWith(mark))).toBe(true);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('tables: the register as a whole, the changes round by round, late rows included', async () => {
  const beside = await createDatabase();
  const name = `${beside.name}_police`;
  try {
    const police = await createPoliceDatabase(beside.url, name, city);
    const effects = { ...effectsOf(Buffer.alloc(0)), secret: async () => police.password };
    let position: Position | null = null;
    const read = async (id: string): Promise<readonly (readonly (string | null)[])[]> => {
      const s = sources.find((x) => x.id === id) as SourceDescription;
      const settings = {
        host: police.host,
        port: police.port,
        database: name,
        user: police.user,
        password: 'secret:police',
        table: s.table as string,
      };
      const got = await readFrom(connectorOf(s), described(s, settings), effects, position);
      position = got.position;
      return got.records.map((r) => r.cells).sort((a, b) => Number(a[0]) - Number(b[0]));
    };
    const rows = (d: ReturnType<typeof roundOf>): (string | null)[][] => d.rows.map((cells, i) => [String(d.first + i), ...cells]);
    expect(await read('police-register')).toEqual(rows(deliveryOf(city, 'police-register')));
    const opening = deliveryOf(city, 'police-residence');
    expect(await read('police-residence')).toEqual(rows(opening));
    await appendPoliceChanges(police.ownerUrl, city, 1);
    expect(await read('police-residence')).toEqual(rows(roundOf(city, 1)));
  } finally {
    const admin = new pg.Client({ connectionString: beside.url });
    await admin.connect();
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.query(`drop role if exists ${name}_reader`);
    await admin.end();
    await beside.drop();
  }
});
