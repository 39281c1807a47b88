/** Planting faults: how each kind is made, and which rows get one. A row never gets a second fault. */
import { type DateForm, swapped, writtenAs } from './calendar.ts';
import { creditAlphabet, withCreditCheck } from './credit-code.ts';
import { at, type Draft, type DraftRow } from './draft.ts';
import type { Random } from './random.ts';
import type { FaultKind } from './truth.ts';

/** How often one kind of fault is planted in a delivery, and how. */
export interface Planting {
  /** Share of the rows, and the least number of rows however small the city is. */
  readonly share: number;
  readonly least: number;
  /** Plants it; false when this row cannot take it. `nth` counts up, so that variants take turns. */
  readonly plant: (row: DraftRow, nth: number) => boolean;
}

/** Plants every kind in rows of its own, chosen by chance. */
export function plantFaults(draft: Draft, random: Random, plantings: readonly Planting[]): void {
  const rows = random.shuffled(draft.rows);
  for (const { share, least, plant } of plantings) {
    const wanted = Math.max(least, Math.round(share * rows.length));
    let nth = 0;
    for (const row of rows) {
      if (nth === wanted) break;
      if (!row.fault && row.forms.every((f) => f.kind === 'date-form') && plant(row, nth)) nth++;
    }
    if (nth < wanted) throw new Error(`only ${nth} of ${wanted} rows of ${draft.source} could take a fault`);
  }
}

/** Puts a wrong value in a cell. */
export function spoil(draft: Draft, row: DraftRow, kind: FaultKind, column: string, value: string | null, expected: string | null): true {
  row.cells[at(draft, column)] = value;
  row.fault = { kind, column, value, expected };
  return true;
}

/** An identity number whose check character alone is wrong. */
export const wrongIdentityCheck = (random: Random, identity: string): string =>
  identity.slice(0, 17) + another(random, '0123456789X', identity.charAt(17));

/** A credit code whose outer check character alone is wrong. */
export const wrongCreditCheck = (random: Random, credit: string): string =>
  credit.slice(0, 17) + another(random, creditAlphabet, credit.charAt(17));

/** A credit code whose outer check is right while the organisation code inside it fails its own. */
export const wrongOrganisationCheck = (random: Random, credit: string): string =>
  withCreditCheck(credit.slice(0, 16) + another(random, '0123456789X', credit.charAt(16)));

/** Plants null in required columns, taking turns. */
export const nulls = (draft: Draft, share: number, least: number, columns: readonly string[]): Planting => ({
  share,
  least,
  plant: (row, nth) => {
    const column = columns[nth % columns.length] as string;
    const value = row.cells[at(draft, column)] ?? null;
    return (
      value !== null && spoil(draft, row, 'null-required', column, null, row.forms.find((f) => f.column === column)?.expected ?? value)
    );
  },
});

/** Plants wrong check characters in the identity numbers of a column. */
export const identityChecks = (draft: Draft, random: Random, share: number, least: number, column: string): Planting => ({
  share,
  least,
  plant: (row) => {
    const identity = row.cells[at(draft, column)];
    return identity?.length === 18 && spoil(draft, row, 'check-digit', column, wrongIdentityCheck(random, identity), identity);
  },
});

/** Plants wrong checks in the credit codes of a column: the outer one and the organisation code's in turn. */
export const creditChecks = (draft: Draft, random: Random, share: number, least: number, column: string): Planting => ({
  share,
  least,
  plant: (row, nth) => {
    const credit = row.cells[at(draft, column)];
    if (credit?.length !== 18) return false;
    return spoil(
      draft,
      row,
      'check-digit',
      column,
      nth % 2 === 0 ? wrongCreditCheck(random, credit) : wrongOrganisationCheck(random, credit),
      credit,
    );
  },
});

/** Plants birth dates with day and month exchanged; only where the person's own number decides it. */
export const swaps = (draft: Draft, share: number, least: number, column: string, form: () => DateForm): Planting => ({
  share,
  least,
  plant: (row) => {
    if (row.person === null) return false;
    const birth = `${row.person.slice(6, 10)}-${row.person.slice(10, 12)}-${row.person.slice(12, 14)}`;
    const wrong = swapped(birth);
    return wrong !== null && spoil(draft, row, 'day-month-swapped', column, writtenAs(wrong, form()), birth);
  },
});

/** Plants codes that no edition in force holds, taking turns. */
export const absentCodes = (draft: Draft, share: number, least: number, column: string, codes: readonly string[]): Planting => ({
  share,
  least,
  plant: (row, nth) => {
    const value = row.cells[at(draft, column)] ?? null;
    return value !== null && spoil(draft, row, 'code-absent', column, codes[nth % codes.length] as string, value);
  },
});

function another(random: Random, alphabet: string, not: string): string {
  for (;;) {
    const char = alphabet.charAt(random.int(0, alphabet.length - 1));
    if (char !== not) return char;
  }
}
