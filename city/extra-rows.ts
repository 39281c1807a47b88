/** Rows that should not be there: a row repeated exactly, and labelled totals between the data. */
import { at, type Cell, type Draft, type DraftRow, draftRow } from './draft.ts';
import type { Random } from './random.ts';

export interface ExtraRows {
  readonly duplicateShare: number;
  readonly duplicates: number;
  readonly totals: number;
  /** Column that holds the label 小计, 合计 or 总计. */
  readonly label: string;
  /** Cells of a total besides the label, from the rows above it; column → value. */
  readonly total: (rows: readonly DraftRow[]) => Readonly<Record<string, string>>;
  /** Rows after which a total may stand; null: after any row. */
  readonly totalAfter: readonly DraftRow[] | null;
}

const labels = ['小计', '合计', '总计'] as const;

/** Repeats clean rows right after themselves or a little later (`reach` rows at most), and puts totals among the rows. */
export function addExtraRows(draft: Draft, random: Random, extra: ExtraRows, reach: number): void {
  const after = new Map<DraftRow, DraftRow[]>();
  const put = (place: DraftRow, row: DraftRow): void => {
    const list = after.get(place);
    if (list) list.push(row);
    else after.set(place, [row]);
  };
  const place = new Map(draft.rows.map((r, i) => [r, i]));
  const clean = random.shuffled(draft.rows).filter((r) => r.fault === null);
  const wanted = Math.max(extra.duplicates, Math.round(extra.duplicateShare * draft.rows.length));
  for (const row of clean.slice(0, wanted)) {
    const later = Math.min((place.get(row) as number) + random.int(0, reach), draft.rows.length - 1);
    put(draft.rows[later] as DraftRow, {
      ...draftRow(
        [...row.cells],
        row.person === null ? { enterprise: row.enterprise } : { person: row.person, enterprise: row.enterprise },
      ),
      fault: { kind: 'duplicate-row', column: null, value: null, expected: null },
      repeats: row,
    });
  }
  const places = random.shuffled(extra.totalAfter ?? draft.rows.slice(0, -1)).slice(0, extra.totals);
  places.forEach((row, nth) => {
    const cells: Cell[] = draft.columns.map(() => null);
    const label = labels[nth % labels.length] as string;
    cells[at(draft, extra.label)] = label;
    for (const [column, value] of Object.entries(extra.total(draft.rows.slice(0, (place.get(row) as number) + 1))))
      cells[at(draft, column)] = value;
    put(row, { ...draftRow(cells), fault: { kind: 'total-row', column: extra.label, value: label, expected: null } });
  });
  draft.rows = draft.rows.flatMap((r) => [r, ...(after.get(r) ?? [])]);
}
