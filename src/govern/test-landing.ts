/** Landing rows in a test as the collector does: one Parquet object, then the row of the ledger and the fact in one transaction. */
import { rmSync, writeFileSync } from 'node:fs';
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
  const given = rows.map((r) => [String(r.row), r.kind ?? 'data', r.fault ?? null, ...columns.map((_, i) => r.cells[i] ?? null)]);
  const names = ['_row', '_kind', '_fault', ...columns];
  // Read from a file, as deliveries are: 1,600 columns from JSON or constants take more memory than the warehouse has.
  const written = kernel.objects.staging();
  const cell = (text: string | null): string => (text === null ? '\\N' : `"${text.replaceAll('"', '""')}"`);
  writeFileSync(written, [names, ...given].map((r) => `${r.map(cell).join(',')}\n`).join(''));
  const typed = names.map((n) => (n === '_row' ? 'cast(_row as BIGINT) as _row' : n)).join(', ');
  const laidOut = `select ${typed} from read_csv($1, auto_detect = false, header = true, all_varchar = true, quote = '"', escape = '"', delim = ',',
    new_line = '\\n', nullstr = '\\N', allow_quoted_nulls = false, parallel = false, columns = {${names.map((n) => `'${n}': 'VARCHAR'`).join(', ')}})`;
  const path = kernel.objects.staging();
  await kernel.warehouse.copyToParquet(laidOut, [written], path);
  rmSync(written);
  const { digest } = await kernel.objects.adopt(path);
  const count = (kind: string): number => given.filter(([, k]) => k === kind).length;
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
