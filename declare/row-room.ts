/** How many fields fit a table of ours and a row that is served from PostgreSQL. */
import type { FieldType } from './base.ts';

/** Columns PostgreSQL's tables may have, and fields a governed table may. */
export const mostColumns = 1600;

/** Bytes of a page that one row may take, without the page's own and the row's own header. */
const rowBytes = 8160 - 24;
/** Columns of ours in a row that is served: its key and its digest. */
const ownColumns = 2;

/**
 * The most bytes a value takes in the row itself: PostgreSQL stores a text of more than 24 bytes elsewhere, a kept number of 38 digits takes 23, and what
 * is aligned may need padding before it.
 */
const valueBytes: Readonly<Record<FieldType, number>> = { text: 24, number: 24, date: 8, instant: 16 };

/** Returns how many of these fields, from the first on, fit into a served row with any values. */
export function fittingFields(types: readonly FieldType[]): number {
  let bytes = ownColumns * valueBytes.text;
  for (const [i, type] of types.entries()) {
    bytes += valueBytes[type];
    const absences = Math.ceil((i + 1 + ownColumns) / 8);
    if (bytes + absences > rowBytes || i + 1 + ownColumns > mostColumns) return i;
  }
  return types.length;
}
