/** Landing rows in a test as the collector does: one Parquet object, then the row of the ledger and the fact in one transaction. */
import type { TestKernel } from '#test/kernel';
import { addBatch, type Batch, batchesOf } from '../collect/ledger.ts';

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
  const given = rows.map((r) => ({
    _row: r.row,
    _kind: r.kind ?? 'data',
    _fault: r.fault ?? null,
    ...Object.fromEntries(columns.map((c, i) => [c, r.cells[i] ?? null])),
  }));
  const shape = JSON.stringify([
    { _row: 'BIGINT', _kind: 'VARCHAR', _fault: 'VARCHAR', ...Object.fromEntries(columns.map((c) => [c, 'VARCHAR'])) },
  ]);
  const path = kernel.objects.staging();
  await kernel.warehouse.copyToParquet(`select unnest(from_json($1, '${shape}'), recursive := true)`, [JSON.stringify(given)], path);
  const { digest } = await kernel.objects.adopt(path);
  const count = (kind: string): number => given.filter((r) => r._kind === kind).length;
  const [data, refused] = [count('data'), count('refused')];
  return kernel.db.transaction(async (tx) => {
    await tx.run('insert into collect.source (id) values ($1) on conflict (id) do nothing', [source]);
    const ordinal = (await batchesOf(tx, source)).length + 1;
    const batch = {
      source,
      ordinal,
      run: `${source}-${ordinal}`,
      department: doc.department,
      object: digest,
      original: null,
      name: null,
      mode: doc.mode,
      rowsIn: rows.length,
      rowsData: data,
      rowsRefused: refused,
      rowsOther: rows.length - data - refused,
      columns: doc.columns,
      cursorFrom: doc.mode === 'incremental' && ordinal > 1 ? String(ordinal - 1) : null,
      cursorTo: null,
      receipt: {} as Batch['receipt'],
      stands: 'accepted' as const,
      sourceVersion: version,
    };
    const { seq } = await addBatch(tx, batch, kernel.clock.now());
    await kernel.facts.publish(tx, {
      name: 'batch-landed',
      about: `source:${source}`,
      actor: 'machine',
      body: { source, batch: seq, ordinal, rowsIn: rows.length, rowsData: data, rowsRefused: refused, rowsOther: 0 },
    });
    return { seq, ordinal };
  });
}

async function sourceOf(kernel: TestKernel, id: string) {
  const snapshot = await kernel.documents.snapshot();
  return { doc: snapshot.get('source', id), version: snapshot.head('source', id)?.version ?? 1 };
}
