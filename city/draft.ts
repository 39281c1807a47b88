/** Rows in the making: cells, what was planted in them, and whose they are; numbered only when every row is in its place. */
import type { FaultKind, FormKind, Golden, RowPlace, TrapKind, TruthRow } from './truth.ts';

export type Cell = string | null;

export interface DraftRow {
  readonly cells: Cell[];
  /** The true identity number of the person the row speaks of. */
  readonly person: string | null;
  /** The true credit code of the enterprise the row speaks of. */
  readonly enterprise: string | null;
  /** The one fault of the row. */
  fault: { readonly kind: FaultKind; readonly column: string | null; readonly value: Cell; readonly expected: Cell } | null;
  readonly forms: { readonly kind: FormKind; readonly column: string; readonly value: string; readonly expected: string }[];
  readonly traps: { readonly kind: TrapKind; readonly column: string; readonly value: Cell; readonly expected: Cell }[];
  /** For a repeated row: the row it repeats. */
  readonly repeats: DraftRow | null;
}

export interface Draft {
  readonly source: string;
  readonly columns: readonly string[];
  rows: DraftRow[];
}

/** Numbered rows of one delivery with everything that is true about them. */
export interface Settled {
  readonly source: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Number of the first of `rows`. */
  readonly first: number;
  readonly faults: readonly TruthRow<FaultKind>[];
  readonly forms: readonly TruthRow<FormKind>[];
  readonly traps: readonly TruthRow<TrapKind>[];
  readonly drafts: readonly DraftRow[];
}

/** A row with nothing planted in it. */
export const draftRow = (cells: Cell[], of: { readonly person?: string; readonly enterprise?: string | null } = {}): DraftRow => ({
  cells,
  person: of.person ?? null,
  enterprise: of.enterprise ?? null,
  fault: null,
  forms: [],
  traps: [],
  repeats: null,
});

/** Place of a column among the cells. */
export function at(draft: Pick<Draft, 'columns'>, column: string): number {
  const index = draft.columns.indexOf(column);
  if (index < 0) throw new Error(`no column ${column}`);
  return index;
}

/** Gives every row its number, `first` for the first, and says what is true of each. Forms and traps of a faulty row do not count. */
export function settle(draft: Draft, first: number): Settled {
  const faults: TruthRow<FaultKind>[] = [];
  const forms: TruthRow<FormKind>[] = [];
  const traps: TruthRow<TrapKind>[] = [];
  const numbers = new Map<DraftRow, number>();
  const source = draft.source;
  draft.rows.forEach((r, i) => {
    const row = first + i;
    numbers.set(r, row);
    if (r.fault) {
      const value = r.repeats ? String(numbers.get(r.repeats)) : r.fault.value;
      faults.push({ source, row, ...r.fault, value });
      return;
    }
    for (const f of r.forms) forms.push({ source, row, ...f });
    for (const t of r.traps) traps.push({ source, row, ...t });
  });
  return { source, columns: draft.columns, rows: draft.rows.map((r) => r.cells), first, faults, forms, traps, drafts: draft.rows };
}

/** Gathers the rows of each person or enterprise over several deliveries. */
export function goldens(deliveries: readonly Settled[], of: 'person' | 'enterprise'): ReadonlyMap<string, Golden> {
  const found = new Map<string, { key: string; rows: RowPlace[]; faulty: RowPlace[] }>();
  for (const { source, first, drafts } of deliveries)
    drafts.forEach((r, i) => {
      const key = r[of];
      if (key === null) return;
      let golden = found.get(key);
      if (!golden) {
        golden = { key, rows: [], faulty: [] };
        found.set(key, golden);
      }
      (r.fault ? golden.faulty : golden.rows).push({ source, row: first + i });
    });
  return found;
}
