/** What the columns of a file are called, from its header rows. One rule for proposing a layout, for landing and for finding drift. */

import { storable } from './connector-refusal.ts';

/** The header rows from the top down, every cell trimmed, absent where blank. */
export type HeaderRows = readonly (readonly (string | null)[])[];

/**
 * One name per column. The lowest header cell that holds anything names it. Where two columns would have the same name the group above
 * (which reaches to the right until the next one) is put before it, and the one above that where they still have; what is still the same is numbered. A column without any is called by its place.
 */
export function columnNames(headers: HeaderRows, width: number): string[] {
  const leaves = Array.from({ length: width }, (_, i) => leafOf(headers, i));
  let names = leaves.map((leaf) => leaf?.name ?? null);
  // One group above after the other, as long as there are columns of one name and groups that they do not say yet.
  for (let above = 0; above < headers.length; above++) {
    const shared = names;
    names = leaves.map((leaf, i) => {
      const name = shared[i] ?? null;
      if (leaf === null || name === null || !shared.some((other, j) => j !== i && other === name)) return name;
      const group = groupOf(headers, leaf.row - above, i);
      return group === null || name.split('·').includes(group) ? name : `${group}·${name}`;
    });
  }
  const taken = new Set<string>();
  return names.map((name, i) => {
    const wanted = name === null ? placeName(i) : storable(name);
    let free = wanted;
    for (let n = 2; taken.has(free); n++) free = `${wanted}·${n}`;
    taken.add(free);
    return free;
  });
}

/** What a column without a name is called. */
export const placeName = (index: number): string => `第${index + 1}列`;

function leafOf(headers: HeaderRows, column: number): { name: string; row: number } | null {
  for (let row = headers.length - 1; row >= 0; row--) {
    const name = headers[row]?.[column];
    if (name != null) return { name: name.replace(/\s+/gu, ' '), row };
  }
  return null;
}

function groupOf(headers: HeaderRows, below: number, column: number): string | null {
  for (let row = below - 1; row >= 0; row--)
    for (let i = column; i >= 0; i--) if (headers[row]?.[i] != null) return headers[row]?.[i] ?? null;
  return null;
}
