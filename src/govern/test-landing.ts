/** Landing rows in a test as the collector does: one Parquet object, then the row of the ledger and the fact in one transaction. */
import type { TestKernel } from '#test/kernel';

export type TestCell = string | null;

/** One row as landed: data cells, or a row of another kind; a refused row carries its raw text in the first cell. */
export interface TestRow {
  readonly row: number;
  readonly cells: readonly TestCell[];
  readonly kind?: 'data' | 'title' | 'header' | 'blank' | 'footer' | 'refused';
  readonly fault?: string;
}

/** Lands a batch of a source that is already a document; returns its place in the ledger. */
export async function land(kernel: TestKernel, source: string, rows: readonly TestRow[]): Promise<{ seq: number; ordinal: number }> {
  const { doc, version } = await sourceOf(kernel, source);
  const columns = doc.columns.map((_, i) => `c${i + 1}`);
  const given = rows.map((r) => ({ _row: r.row, _kind: r.kind ?? 'data', _fault: r.fault ?? null, ...Object.fromEntries(columns.map((c, i) => [c, r.cells[i] ?? null])) }));
  const shape = JSON.stringify([{ _row: 'BIGINT', _kind: 'VARCHAR', _fault: 'VARCHAR', ...Object.fromEntries(columns.map((c) => [c, 'VARCHAR'])) }]);
  const path = kernel.objects.staging();
  await kernel.warehouse.copyToParquet(`select unnest(from_json($1, '${shape}'), recursive := true)`, [JSON.stringify(given)], path);
  const { digest } = await kernel.objects.adopt(path);
  const count = (kind: string): number => given.filter((r) => r._kind === kind).length;
  const [data, refused] = [count('data'), count('refused')];
  return kernel.db.transaction(async (tx) => {
    const made = await tx.first<{ seq: number; ordinal: number }>(
      `insert into collect.batch (source, ordinal, object, original, mode, rows_in, rows_data, rows_refused, rows_other, columns, cursor_from, cursor_to, receipt, source_version, landed_at)
       values ($1, (select coalesce(max(ordinal), 0) + 1 from collect.batch where source = $1), $2, null, $3, $4, $5, $6, $7, $8, null, null, '{}', $9, $10) returning seq, ordinal`,
      [source, digest, doc.mode, rows.length, data, refused, rows.length - data - refused, doc.columns, version, kernel.clock.now()],
    );
    if (!made) throw new Error('the ledger gave no number');
    await kernel.facts.publish(tx, { name: 'batch-landed', about: `source:${source}`, actor: 'machine', body: { source, batch: made.seq, ordinal: made.ordinal } });
    return made;
  });
}

async function sourceOf(kernel: TestKernel, id: string) {
  const snapshot = await kernel.documents.snapshot();
  return { doc: snapshot.get('source', id), version: snapshot.head('source', id)?.version ?? 1 };
}
