/** Whether an upload is a newer edition of something the department delivers already. */
import type { Upload } from '#collect';
import type { Snapshot } from '#kernel/documents/documents';

export interface Edition {
  readonly source: string;
  readonly title: string;
  /** Columns that both have. */
  readonly same: number;
  /** Columns that the source does not have. */
  readonly added: readonly string[];
  /** Columns of the source that the upload does not have. */
  readonly missing: readonly string[];
  /** True when the columns that both have stand in another order. */
  readonly moved: boolean;
}

/** Half of all the columns of both, at least, are the same. */
const alike = 0.5;

/** Sources of the same department, delivered as files, with much the same columns. */
export function editionsOf(snapshot: Snapshot, upload: Pick<Upload, 'department' | 'id'>, columns: readonly string[]): Edition[] {
  const found = snapshot
    .list('source')
    .filter((s) => s.department === upload.department && s.layout !== null)
    .map((s): Edition & { share: number } => {
      const added = columns.filter((c) => !s.columns.includes(c));
      const missing = s.columns.filter((c) => !columns.includes(c));
      const both = columns.filter((c) => s.columns.includes(c));
      const moved = both.join('\n') !== s.columns.filter((c) => columns.includes(c)).join('\n');
      return {
        source: s.id,
        title: s.title.zh,
        same: both.length,
        added,
        missing,
        moved,
        share: both.length / (both.length + added.length + missing.length),
      };
    })
    .filter((e) => e.share >= alike)
    .sort((a, b) => b.share - a.share);
  return found.slice(0, 5).map(({ share: _, ...edition }) => edition);
}
