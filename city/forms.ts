/** Other ways of writing a right value: what a hub must bring back to the standard form without a report. */
import { type DateForm, dateForms, writtenAs } from './calendar.ts';
import { at, type Draft, type DraftRow } from './draft.ts';
import { fifteenDigits } from './identity-number.ts';
import type { Random } from './random.ts';
import type { FormKind } from './truth.ts';

/** Writes a date in a form of its own and remembers what it means. */
export function writeDate(draft: Draft, row: DraftRow, column: string, day: string, form: DateForm): void {
  const value = writtenAs(day, form);
  row.cells[at(draft, column)] = value;
  if (value !== day) row.forms.push({ kind: 'date-form', column, value, expected: day });
}

/** A form of a date by chance. */
export const anyDateForm = (random: Random): DateForm => random.pick(dateForms);

/** Digits and letters in full width. */
export const fullWidth = (text: string): string => text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));

const blanks: readonly (readonly [string, string])[] = [
  [' ', ''],
  ['', ' '],
  ['  ', ' '],
  ['\u3000', ''],
  ['', '\u3000'],
];

/** One way of writing a value, how often it occurs, and which values can be written so. */
interface Way {
  readonly kind: FormKind;
  readonly column: string;
  readonly share: number;
  readonly least: number;
  readonly write: (value: string) => string | null;
}

/** The ways in which a column of identity numbers is written. `fifteen` where the department still holds numbers of the old form. */
export function identityWays(random: Random, column: string, fifteen: boolean): readonly Way[] {
  const ways: Way[] = [
    ...codeWays(random, column),
    { kind: 'lower-case-x', column, share: 0.02, least: 3, write: (v) => (v.endsWith('X') ? v.toLowerCase() : null) },
  ];
  const old = (v: string): string | null => (v.startsWith('3499') && v.slice(6, 10) < '1980' ? fifteenDigits(v) : null);
  if (fifteen) ways.push({ kind: 'fifteen-digit', column, share: 0.03, least: 5, write: old });
  return ways;
}

/** The ways in which any code is written: in full width, or between blanks. */
export const codeWays = (random: Random, column: string): readonly Way[] => [
  { kind: 'full-width', column, share: 0.005, least: 3, write: fullWidth },
  blankWay(random, column),
];

/** Blanks around a value, ASCII and ideographic. */
export const blankWay = (random: Random, column: string): Way => ({
  kind: 'surrounding-blanks',
  column,
  share: 0.005,
  least: 3,
  write: (v) => {
    const [before, behind] = random.pick(blanks);
    return before + v + behind;
  },
});

/** Writes values of rows without a fault in other ways, one way a row. */
export function writeOtherwise(draft: Draft, random: Random, ways: readonly Way[]): void {
  const rows = random.shuffled(draft.rows.filter((r) => r.fault === null));
  const touched = new Set<DraftRow>();
  for (const { kind, column, share, least, write } of ways) {
    const index = at(draft, column);
    let left = Math.max(least, Math.round(share * rows.length));
    for (const row of rows) {
      if (left === 0) break;
      const expected = row.cells[index];
      const value = touched.has(row) || expected === null || expected === undefined ? null : write(expected);
      if (value === null || expected === null || expected === undefined) continue;
      row.cells[index] = value;
      row.forms.push({ kind, column, value, expected });
      touched.add(row);
      left--;
    }
  }
}
