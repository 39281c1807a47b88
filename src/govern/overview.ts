/** What a governed table looks like from outside, without a single value: how many rows, how many held back, and whether it is up to date. */

import { batchesOf } from '#collect';
import type { Snapshot } from '#kernel/documents/documents';
import type { Kernel } from '#kernel/stage';
import { planTable, type TablePlan } from './plan.ts';
import { resultsOfTable, type StoredResult, standing } from './results.ts';

/** `empty` nothing landed yet; `governing` a run is under way; `behind` a landed batch waits; `outdated` the documents changed since; `good`. */
export type TableState = 'empty' | 'governing' | 'behind' | 'outdated' | 'good';

export interface TableOverview {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly department: string;
  readonly source: string;
  readonly mode: 'full' | 'incremental';
  /** Current rows. */
  readonly rows: number;
  /** Of them, those without a key: kept, and never merged. */
  readonly keyless: number;
  /** Keys that several rows have; of incremental deliveries the newest row is current. */
  readonly repeated: number;
  /** Of the deliveries that count (full: the latest; incremental: all): rows read = rows governed + rows quarantined. */
  readonly read: number;
  readonly governed: number;
  readonly quarantined: number;
  readonly warned: number;
  /** governed ÷ read, null before anything was read. */
  readonly rate: number | null;
  readonly lastBatch: { readonly seq: number; readonly ordinal: number; readonly landedAt: string; readonly governedAt: string } | null;
  readonly state: TableState;
  readonly bindingVersion: number;
}

/** The overview of one table. */
export async function overviewOf(kernel: Kernel, snapshot: Snapshot, id: string): Promise<TableOverview> {
  const plan = planTable(snapshot, id);
  const results = await resultsOfTable(kernel.db, id);
  const counted = standing(results);
  const sum = (pick: (r: StoredResult) => number): number => counted.reduce((n, r) => n + pick(r), 0);
  const [read, governed] = [sum((r) => r.rowsRead), sum((r) => r.rowsGoverned)];
  const last = results[0];
  return {
    id,
    title: { zh: plan.binding.title.zh, en: plan.binding.title.en ?? plan.binding.title.zh },
    department: plan.source.department,
    source: plan.source.id,
    mode: plan.source.mode,
    rows: last?.rowsCurrent ?? 0,
    keyless: last?.rowsKeyless ?? 0,
    repeated: last?.keysRepeated ?? 0,
    read,
    governed,
    quarantined: sum((r) => r.rowsQuarantined),
    warned: sum((r) => r.rowsWarned),
    rate: read === 0 ? null : governed / read,
    lastBatch: last ? { seq: last.batch, ordinal: last.ordinal, landedAt: last.landedAt, governedAt: last.governedAt } : null,
    state: await stateOf(kernel, plan, results, counted),
    bindingVersion: plan.version,
  };
}

async function stateOf(
  kernel: Kernel,
  plan: TablePlan,
  results: readonly StoredResult[],
  counted: readonly StoredResult[],
): Promise<TableState> {
  const { runs } = await kernel.jobs.list(kernel.db, { about: `table:${plan.binding.id}`, limit: 20, offset: 0 });
  if (runs.some((r) => r.state === 'running' || r.state === 'waiting')) return 'governing';
  const landed = await batchesOf(kernel.db, plan.source.id);
  if (landed.length === 0) return 'empty';
  const governed = new Set(results.map((r) => r.batch));
  if (landed.some((b) => !governed.has(b.seq))) return 'behind';
  return counted.some((r) => r.documents !== plan.documents) ? 'outdated' : 'good';
}
