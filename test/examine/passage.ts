/** One file through the platform as a steward takes it: uploaded, surveyed, proposed, adopted as proposed, landed, governed. */
import { isRefusal } from '#kernel/errors';
import type { Client } from '../../bin/client.ts';
import { carriedOut } from '../../bin/upload/carry-out.ts';
import { decided } from '../../bin/upload/decide.ts';
import { proposed, readOut, sent } from '../../bin/upload/send.ts';
import type { Proposal, Upload, UploadOrder } from '../../bin/upload/shapes.ts';
import { batchesOf } from '../../src/collect/ledger.ts';
import type { TestKernel } from '../kernel.ts';

/** A row of the landed object: what was received, and what it was taken for. */
export interface LandedRow {
  readonly row: number;
  readonly kind: string;
  readonly fault: string | null;
  readonly cells: readonly (string | null)[];
}

export interface Finding {
  readonly row: number;
  readonly rule: string;
  readonly title: { readonly zh: string };
  readonly severity: 'block' | 'warn';
  readonly field: string | null;
  readonly value: string | null;
  readonly reason: { readonly zh: string };
}

type Reading = NonNullable<Upload['reading']>;
/** How the file was read: it has a layout. */
type FileReading = Omit<Reading, 'layout'> & { readonly layout: NonNullable<Reading['layout']> };

/** A file that came through. */
export interface Passed {
  readonly upload: Upload & { readonly reading: FileReading; readonly rows: NonNullable<Upload['rows']> };
  readonly sheets: readonly { readonly name: string; readonly hidden?: boolean }[];
  readonly proposal: Proposal;
  readonly landed: readonly LandedRow[];
  readonly fields: readonly { readonly name: string; readonly column: string; readonly element: string; readonly type: string }[];
  /** Values of the governed rows as text, by row of the file. */
  readonly governed: ReadonlyMap<number, Readonly<Record<string, string | null>>>;
  readonly counts: { readonly governed: number; readonly quarantined: number };
  readonly findings: readonly Finding[];
}

/** What came of a file: it passed, was refused with a code of ours, or met an inner error. */
export type Passage =
  | { readonly end: 'passed'; readonly passed: Passed }
  | { readonly end: 'refused'; readonly code: string; readonly says: string }
  | { readonly end: 'broken'; readonly code: string; readonly says: string };

/** Rows and findings that are asked for at once. */
const page = 1000;

/** Takes a file through. Nothing is thrown: the problem that stops it is its end. */
export async function passageOf(k: TestKernel, client: Client, file: string): Promise<Passage> {
  const order: UploadOrder = { file, yes: true, as: 'new', encoding: null, json: true };
  const tell = (): void => undefined;
  try {
    const upload = await readOut(client, await sent(client, file, tell), tell);
    const proposal = await proposed(client, upload, 'new', tell);
    const decision = await decided(client, upload, proposal, undefined, order);
    if (decision === null || upload.reading === null || upload.rows === null) throw new Error('nothing was decided');
    const { id } = await carriedOut(client, upload, decision, tell);
    const table = await client.get<Pick<Passed, 'fields'> & Passed['counts']>(`/api/govern/tables/${id}`);
    const [batch] = await batchesOf(k.db, id);
    if (!batch) throw new Error('nothing landed');
    const landed = await k.warehouse.query<{ row: string; kind: string; fault: string | null; cells: (string | null)[] }>(
      `select _row as row, _kind as kind, _fault as fault, [${batch.columns.map((_, i) => `c${i + 1}`).join(', ')}] as cells from read_parquet($1) order by _row`,
      [await k.objects.open(batch.object)],
    );
    const rows = await all<{ row: number; values: Record<string, string | null> }>(client, `/api/govern/tables/${id}/rows?`);
    const { sheets } = upload.reading as unknown as Pick<Passed, 'sheets'>;
    return {
      end: 'passed',
      passed: {
        upload: upload as Passed['upload'],
        sheets,
        proposal,
        landed: landed.map((r) => ({ ...r, row: Number(r.row) })),
        fields: table.fields,
        governed: new Map(rows.map((r) => [r.row, r.values])),
        counts: { governed: table.governed, quarantined: table.quarantined },
        findings: await all<Finding>(client, `/api/govern/tables/${id}/findings?`),
      },
    };
  } catch (error) {
    if (!isRefusal(error)) return { end: 'broken', code: 'CRASH', says: String((error as Error)?.stack ?? error) };
    const code = String(error.params['code'] ?? error.code);
    const says = String(error.params['title'] ?? error.message);
    return { end: code === 'PLATFORM_BUG' ? 'broken' : 'refused', code, says };
  }
}

/** Every row of a list, page by page. */
async function all<T>(client: Client, path: string): Promise<T[]> {
  const rows: T[] = [];
  for (;;) {
    const answer = await client.get<{ rows: T[]; count: number }>(`${path}limit=${page}&offset=${rows.length}`);
    rows.push(...answer.rows);
    if (answer.rows.length === 0 || rows.length >= answer.count) return rows;
  }
}
