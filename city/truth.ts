/** What is true about the city and therefore what a hub must find, must mend by itself, and must not be taken in by. */

/** Faults a hub has to report. */
export const faultKinds = ['check-digit', 'day-month-swapped', 'null-required', 'duplicate-row', 'total-row', 'code-absent'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Other ways of writing a right value: standardised without a report. */
export const formKinds = ['fifteen-digit', 'full-width', 'lower-case-x', 'surrounding-blanks', 'date-form'] as const;
export type FormKind = (typeof formKinds)[number];

/** What looks wrong or alike and is neither: no report, no merging of two people. */
export const trapKinds = ['homonym', 'moved-address', 'late-row'] as const;
export type TrapKind = (typeof trapKinds)[number];

/** One planted thing. */
export interface TruthRow<K extends string> {
  /** Id of the source. */
  readonly source: string;
  /** Of a file: 1-based row of its grid, titles and header counted. Of a table: the primary key `rid`. */
  readonly row: number;
  /** Column of the source; null where the whole row is meant (duplicate-row). For total-row the column that holds the label. */
  readonly column: string | null;
  readonly kind: K;
  /** The value as delivered; null for an absent one. For duplicate-row: the row it repeats. */
  readonly value: string | null;
  /** The right value in standard form; null where there is none. For homonym: the identity number that tells the two apart. */
  readonly expected: string | null;
}

/** Where a row stands. */
export interface RowPlace {
  readonly source: string;
  readonly row: number;
}

/** Which rows speak of one thing: all rows of `rows` belong to it and no row of another thing does. */
export interface Golden {
  /** Identity number (18 characters) or credit code. */
  readonly key: string;
  /** Rows without a fault. */
  readonly rows: readonly RowPlace[];
  /** Rows with a fault: they may be held back, but must never end up with somebody else. */
  readonly faulty: readonly RowPlace[];
}

export interface CityTruth {
  readonly faults: readonly TruthRow<FaultKind>[];
  readonly forms: readonly TruthRow<FormKind>[];
  readonly traps: readonly TruthRow<TrapKind>[];
  /** People by identity number: rows of every source about people. */
  readonly people: ReadonlyMap<string, Golden>;
  /** Enterprises by credit code. */
  readonly enterprises: ReadonlyMap<string, Golden>;
  /** Of the incremental source: identity number → `rid` of the row that must win (greatest update time). */
  readonly winners: ReadonlyMap<string, number>;
}
