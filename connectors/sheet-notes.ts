/** What a sheet says beside its cells, gathered while it is read: merges, formulas without a result, hidden rows and columns. */
import type { SheetNotes } from '#declare/connector';

/** A merge that the file declares; rows count from 1, columns from 0, all of them inclusive. */
export interface Merge {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** A row of a sheet: its grid row number and its cells by position; a hole or null is an absent cell. */
export interface SheetRow {
  readonly number: number;
  readonly cells: readonly (string | null | undefined)[];
}

/** Says nothing. */
export const noNotes: SheetNotes = {
  hidden: { columns: [], rows: 0, firstRow: null },
  merged: { columns: [], cells: 0 },
  across: [],
  unreckoned: { columns: [], cells: 0, firstRow: null },
  formatsLost: false,
};

const isBlank = (cell: string | null | undefined): boolean => cell === null || cell === undefined || cell.trim() === '';

/**
 * Repeats the value of a declared merge in the rows that it spans, in the column where the value stands. A cell with a text of its own keeps it, and a
 * row without one stays blank, so that a merge drawn over empty rows makes no rows. What a merge covers to the right stays blank: a title
 * over the whole width is one cell. Where that is told with the row.
 */
export class Merges {
  readonly #byTop: ReadonlyMap<number, readonly Merge[]>;
  readonly #open = new Map<number, { readonly bottom: number; readonly value: string }>();
  readonly #columns = new Set<number>();
  readonly #across: SheetNotes['across'][number][] = [];
  #cells = 0;

  constructor(merges: readonly Merge[]) {
    this.#byTop = Map.groupBy(merges, (m) => m.top);
  }

  /** The row with what merges above give it. Rows come from the top down. */
  fill(row: SheetRow): SheetRow {
    const cells = this.#open.size > 0 && row.cells.some((c) => !isBlank(c)) ? this.#filled(row) : row.cells;
    for (const { left, right, bottom } of this.#byTop.get(row.number) ?? []) {
      const value = row.cells[left];
      if (value === null || value === undefined || isBlank(value)) continue;
      if (bottom > row.number) this.#open.set(left, { bottom, value });
      if (right > left && isBlank(row.cells[left + 1])) this.#across.push({ row: row.number, from: left + 1, to: right });
    }
    return cells === row.cells ? row : { number: row.number, cells };
  }

  get told(): Pick<SheetNotes, 'merged' | 'across'> {
    return { merged: { columns: [...this.#columns].sort((a, b) => a - b), cells: this.#cells }, across: this.#across };
  }

  #filled(row: SheetRow): readonly (string | null | undefined)[] {
    const cells = [...row.cells];
    for (const [left, { bottom, value }] of this.#open)
      if (bottom < row.number) this.#open.delete(left);
      else if (isBlank(cells[left])) {
        cells[left] = value;
        this.#columns.add(left);
        this.#cells++;
      }
    return cells;
  }
}

/** Cells of which something is said: how many, in which columns, from which row on. */
export class Tally {
  readonly #columns = new Set<number>();
  #cells = 0;
  #firstRow: number | null = null;

  add(row: number, column: number): void {
    this.#columns.add(column);
    this.#cells++;
    this.#firstRow ??= row;
  }

  get told(): SheetNotes['unreckoned'] {
    return { columns: [...this.#columns].sort((a, b) => a - b), cells: this.#cells, firstRow: this.#firstRow };
  }
}
