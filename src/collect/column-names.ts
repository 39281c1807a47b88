/** What the columns of a file are called, from its header rows. One rule for proposing a layout, for landing and for finding drift. */

import { storable } from './connector-refusal.ts';
import { isUnitRow, unitOf } from './unit-words.ts';

/** The header rows from the top down, every cell trimmed, absent where blank. */
export type HeaderRows = readonly (readonly (string | null)[])[];

/**
 * One name per column: the lowest header cell that holds anything, before it the groups above (each reaches to the right until the next one, or
 * until a group above it ends), behind it the unit that a row of units says. What is still the same is numbered. A column without any is called by its place.
 */
export const columnNames = (headers: HeaderRows, width: number): string[] => givenNames(headers, width).map((c) => c.given);

/** The columns of a header that were named by us: those without a name, and those whose name another has. */
export function namedByUs(
  headers: HeaderRows,
  width: number,
): { readonly unnamed: readonly string[]; readonly numbered: readonly string[] } {
  const names = givenNames(headers, width);
  return {
    unnamed: names.filter((c) => c.isUnnamed).map((c) => c.given),
    numbered: names.filter((c) => !c.isUnnamed && c.given !== c.wanted).map((c) => c.given),
  };
}

function givenNames(headers: HeaderRows, width: number): { given: string; wanted: string; isUnnamed: boolean }[] {
  const taken = new Set<string>();
  return pathsOf(headers, width).map(({ groups, name, unit }, i) => {
    const wanted = name === null ? placeName(i) : storable([...groups, name].join('·') + (unit === null ? '' : `（${unit}）`));
    let given = wanted;
    for (let n = 2; taken.has(given); n++) given = `${wanted}·${n}`;
    taken.add(given);
    return { given, wanted, isUnnamed: name === null };
  });
}

/**
 * The names of the columns as a source declares them: whoever declared a column by the lowest cell alone, or with some of the groups above it, named
 * it so. What no declaration knows has its whole name.
 */
export function columnNamesAs(declared: readonly string[], headers: HeaderRows, width: number): string[] {
  const whole = columnNames(headers, width);
  return pathsOf(headers, width).map(({ groups, name, cell }, i) => {
    const own = whole[i] as string;
    if (declared[i] === own || name === null) return own;
    const short = groups.map((_, from) => [...groups.slice(from + 1), name].join('·'));
    const names = [...short, ...(cell === null ? [] : [cell])].map(storable);
    return names.find((n) => n === declared[i]) ?? (declared.includes(own) ? own : (names.find((n) => declared.includes(n)) ?? own));
  });
}

/** What a column without a name is called. */
export const placeName = (index: number): string => `第${index + 1}列`;

/** Whether a header row numbers the columns (甲 乙 1 2 3) and names none. */
const numbersColumns = (row: readonly (string | null)[]): boolean =>
  row.some((c) => c !== null) && row.every((c) => c === null || /^[（(]?([甲乙丙丁戊]|\d{1,3})[)）]?$/u.test(c.replace(/\s/gu, '')));

interface Path {
  readonly groups: readonly string[];
  readonly name: string | null;
  readonly unit: string | null;
  /** The lowest cell of the column, whatever it says. */
  readonly cell: string | null;
}

function pathsOf(headers: HeaderRows, width: number): Path[] {
  const plain = headers.map((row) => row.map((c) => c?.replace(/\s+/gu, ' ') ?? null));
  const rest = plain.filter((row, i) => i === 0 || !numbersColumns(row));
  const units = rest.filter((row, i) => i > 0 && isUnitRow(row));
  const naming = rest.filter((row) => !units.includes(row));
  return Array.from({ length: width }, (_, i): Path => {
    const cell = plain.findLast((row) => row[i] != null)?.[i] ?? null;
    const leaf = naming.findLastIndex((row) => row[i] != null);
    const unit = units.map((row) => unitOf(row[i])).find((u) => u !== null) ?? null;
    if (leaf < 0) return { groups: [], name: unit === null ? null : cell, unit: null, cell };
    const name = naming[leaf]?.[i] ?? null;
    const groups: string[] = [];
    for (let row = 0; row < leaf; row++) {
      const group = groupOf(naming.slice(0, row + 1), i);
      if (group !== null && group !== name && group !== groups.at(-1)) groups.push(group);
    }
    return { groups, name, unit: unit !== null && name !== null && /[（(].*[)）]$/u.test(name) && name.includes(unit) ? null : unit, cell };
  });
}

/** The cell of the last of these rows that spans a column: the nearest at its left, unless a group above begins between them. */
function groupOf(rows: HeaderRows, column: number): string | null {
  const row = rows.at(-1) ?? [];
  for (let i = column; i >= 0; i--) {
    if (row[i] != null) return row[i] ?? null;
    if (rows.some((above) => above[i] != null)) return null;
  }
  return null;
}
