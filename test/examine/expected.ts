/** What a file is expected to come to: the small form of an `<file>.expected.json`, and whether a file meets it. */
import { z } from 'zod';
import { isDecimal, plain } from './decimal.ts';
import type { Passage, Passed } from './passage.ts';

const row = z.int().min(1);
const value = z.string().nullable();

/** The expectation of a file, see docs/guides/examine-files.md. A property that is left out is not asked. */
export const expectedSchema = z.strictObject({
  /** Code of the refusal: the file is no table, and nothing else is expected of it. */
  refused: z.string().optional(),
  /** Rows of the file that are its header, from 1; empty: it has none, or names its columns itself. */
  header: z.array(row).optional(),
  /** Sheet, or table of a JSON file, that is taken. */
  sheet: z.string().nullable().optional(),
  /** Names of the columns in order. */
  columns: z.array(z.string()).optional(),
  /** Rows of data. */
  rows: z.int().min(0).optional(),
  /** Rows of the file that are withheld, or how many; left out: none is. */
  withheld: z.union([z.array(row), z.int().min(0)]).default([]),
  /** Columns of the key; null: nothing identifies a row. Several keys where each would be right. */
  key: z.union([z.array(z.string()), z.array(z.array(z.string())), z.null()]).optional(),
  /** By column: the type of its values (`text`, `number`, `date` …) or its data element; several where each would be right. */
  types: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  /** By row of the file and column: the governed value as text, null where it is absent; several where each would be right. */
  values: z.record(z.string().regex(/^\d+$/), z.record(z.string(), z.union([value, z.array(value)]))).optional(),
  /** What must be said about how the file is read. */
  said: z.array(z.string()).optional(),
  /** The reason, for a reader of the expectation. */
  note: z.string().optional(),
});
export type Expected = z.infer<typeof expectedSchema>;

/** One thing that is not as it should be; its kind is what an exception is named by. */
export interface Fault {
  readonly kind: string;
  readonly says: string;
}

const list = (items: readonly unknown[]): string => JSON.stringify(items);

/** In what a file that came to its end is not as expected. */
export function unmet(expected: Expected, passage: Passage): Fault[] {
  if (passage.end === 'broken') return [];
  if (passage.end === 'refused')
    return expected.refused === passage.code ? [] : [{ kind: 'refused', says: `${passage.code}: ${passage.says}` }];
  if (expected.refused !== undefined) return [{ kind: 'refused', says: `it was read, not refused as ${expected.refused}` }];
  const { passed } = passage;
  const { layout, columns } = passed.upload.reading;
  const faults: Fault[] = [];
  const demand = (kind: string, wanted: unknown, found: unknown): void => {
    if (wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(found))
      faults.push({ kind, says: `${JSON.stringify(found)}, not ${JSON.stringify(wanted)}` });
  };
  demand('header', expected.header, headerOf(passed));
  demand('sheet', expected.sheet, layout.sheet);
  demand('columns', expected.columns, columns);
  demand('rows', expected.rows, passed.landed.filter((r) => r.kind === 'data').length);
  const withheld = withheldRows(passed);
  demand('withheld', expected.withheld, typeof expected.withheld === 'number' ? withheld.length : withheld);
  faults.push(...keyFaults(expected.key, passed), ...typeFaults(expected.types, passed), ...valueFaults(expected.values, passed));
  const said = passed.upload.reading.said.map((s) => s.zh).join('\n');
  for (const words of expected.said ?? []) if (!said.includes(words)) faults.push({ kind: 'said', says: `nothing says “${words}”` });
  return faults;
}

const headerOf = ({ upload }: Passed): number[] => {
  const { titleRows, headerRows } = upload.reading.layout;
  return Array.from({ length: headerRows }, (_, i) => titleRows + 1 + i);
};

/** Rows of the file that are neither governed nor anything else than data. */
export const withheldRows = ({ landed, governed }: Passed): number[] =>
  landed.filter((r) => r.fault !== null || (r.kind === 'data' && !governed.has(r.row))).map((r) => r.row);

function keyFaults(wanted: Expected['key'], passed: Passed): Fault[] {
  if (wanted === undefined) return [];
  const columnOf = (field: string): string => passed.fields.find((f) => f.name === field)?.column ?? field;
  const found = passed.proposal.key.length === 0 ? null : passed.proposal.key.map(columnOf).toSorted();
  const keys = wanted === null ? [null] : Array.isArray(wanted[0]) ? (wanted as string[][]) : [wanted as string[]];
  const isMet = keys.some((key) => JSON.stringify(key?.toSorted() ?? null) === JSON.stringify(found));
  return isMet ? [] : [{ kind: 'key', says: `${JSON.stringify(found)}, not ${keys.map((k) => JSON.stringify(k)).join(' or ')}` }];
}

function typeFaults(wanted: Expected['types'], { fields }: Passed): Fault[] {
  return Object.entries(wanted ?? {}).flatMap(([column, types]) => {
    const found = fields.find((f) => f.column === column);
    if (!found) return [{ kind: 'types', says: `there is no column ${column}: ${list(fields.map((f) => f.column))}` }];
    return [types].flat().some((t) => t === found.type || t === found.element)
      ? []
      : [{ kind: 'types', says: `${column} is ${found.element} (${found.type}), not ${[types].flat().join(' or ')}` }];
  });
}

function valueFaults(wanted: Expected['values'], { fields, governed }: Passed): Fault[] {
  return Object.entries(wanted ?? {}).flatMap(([at, values]) => {
    const found = governed.get(Number(at));
    if (!found) return [{ kind: 'values', says: `row ${at} is not governed` }];
    return Object.entries(values).flatMap(([column, value]) => {
      const field = fields.find((f) => f.column === column);
      const is = field ? (found[field.name] ?? null) : undefined;
      return [value].flat().some((v) => v === is || (v !== null && isDecimal(v) && is && isDecimal(is) && plain(v) === plain(is)))
        ? []
        : [{ kind: 'values', says: `row ${at}, ${column}: ${JSON.stringify(is)}, not ${JSON.stringify(value)}` }];
    });
  });
}
