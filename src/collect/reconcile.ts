/** Standing reconciliation: what an incremental source holds up to its cursor, held against the ledger, and mended by reading again. */
import { randomBytes } from 'node:crypto';
import { type Connector, ConnectorRefusal, type Source, type Tally, usualReconciliation } from '#declare';
import type { Db, Transaction } from '#kernel/db/pool';
import { Refusal } from '#kernel/errors';
import type { JobContext, RunResult } from '#kernel/jobs/jobs';
import { literal } from '#kernel/sql/quote';
import type { Kernel } from '#kernel/stage';
import { refusalOf } from './connector-refusal.ts';
import { landedSql } from './lacking.ts';
import { land } from './land.ts';
import { keepPosition, positionNow } from './position.ts';
import { effectsFor } from './staging.ts';

/** `count` compares how many rows there are, `receipt` their digests by ranges of keys as well. */
export type Depth = 'count' | 'receipt';

/** What the last reconciliation came to. */
export interface Reconciled {
  readonly depth: Depth;
  readonly at: string;
  /** Rows at the source up to the cursor, and rows of the ledger that count. */
  readonly source: number;
  readonly ledger: number;
  /** Ranges of keys that differed, of 256. */
  readonly ranges: number;
  /** Rows the ledger lacked, and rows it had otherwise: both were landed. */
  readonly missing: number;
  readonly changed: number;
  /** Rows the ledger has and the source has no more. */
  readonly surplus: number;
}

/** Which reconciliation a source is due for; null for none. Nothing is due before a day after the first batch. */
export async function dueReconciliation(db: Db, source: Source, now: Date): Promise<Depth | null> {
  if (source.cursor === null) return null;
  const { count, receipt } = source.reconciliation ?? usualReconciliation;
  const row = await db.first<{ counted: Date | null; digested: Date | null }>(
    `select coalesce(s.counted_at, b.first) as counted, coalesce(s.digested_at, b.first) as digested
     from (select min(landed_at) as first from collect.batch where source = $1) b left join collect.source s on s.id = $1`,
    [source.id],
  );
  const isOver = (since: Date | null | undefined, days: number): boolean =>
    since != null && now.getTime() - new Date(since).getTime() >= days * 24 * 3600_000;
  if (isOver(row?.digested, receipt)) return 'receipt';
  return isOver(row?.counted, count) ? 'count' : null;
}

/** Notes, in the caller's transaction, that a reconciliation was begun, so that none is begun twice. */
export const noteReconciling = async (tx: Transaction, source: string, depth: Depth, now: Date): Promise<void> =>
  void (await tx.run(
    `insert into collect.source (id, counted_at, digested_at) values ($1, $2, $3)
     on conflict (id) do update set counted_at = excluded.counted_at, digested_at = coalesce(excluded.digested_at, collect.source.digested_at)`,
    [source, now, depth === 'receipt' ? now : null],
  ));

/** What the last reconciliation of a source came to. */
export const reconciledOf = async (db: Db, source: string): Promise<Reconciled | null> =>
  (await db.first<{ reconciled: Reconciled | null }>('select reconciled from collect.source where id = $1', [source]))?.reconciled ?? null;

/**
 * Reconciles a source. A count that differs is followed by the digests; where those differ the source is read again as far as its cursor and what the ledger
 * lacks or has otherwise is landed, under this run. Rows that are gone at the source stay, and are said.
 * @throws Refusal COLLECT_NO_CURSOR, and what a reading throws
 */
export async function reconcile(
  kernel: Kernel,
  connectorOf: (id: string) => Connector,
  order: { readonly source: string; readonly depth: Depth; readonly actor: string },
  context: JobContext,
): Promise<RunResult> {
  const source = (await kernel.documents.snapshot()).get('source', order.source);
  const connector = connectorOf(source.connector);
  const position = await positionNow(kernel, kernel.db, source);
  if (position === null || !connector.tally) throw new Refusal('COLLECT_NO_CURSOR', { source: source.id });
  const salt = randomBytes(16).toString('hex');
  const ask = async (upTo: string, salted: string | null): Promise<Tally> => {
    try {
      return (await connector.tally?.(
        { source, upTo, salt: salted },
        effectsFor(kernel, source, null, context.signal, () => undefined),
      )) as Tally;
    } catch (error) {
      throw error instanceof ConnectorRefusal ? refusalOf(source.id, error) : error;
    }
  };
  await context.progress(0, null, { zh: `正在对账“${source.title.zh}”`, en: `Reconciling ${source.title.en ?? source.title.zh}` });
  const held = await ledgerTally(kernel, source, salt, context.signal);
  const counted = order.depth === 'count' ? await ask(position.value, null) : null;
  const digested = counted?.rows === held.rows ? null : await ask(position.value, salt);
  const ranges = digested ? differing(digested.ranges ?? new Map(), held.ranges ?? new Map()) : 0;
  let [missing, changed] = [0, 0];
  if (ranges > 0) {
    await kernel.db.transaction(async (tx) => {
      await tx.run('select 1 from collect.source where id = $1 for update', [source.id]);
      const now = await positionNow(kernel, tx, source);
      if (now) await keepPosition(tx, source, { value: now.value, mark: null });
    });
    const landed = await land(kernel, connectorOf, { source: source.id, upload: null, actor: order.actor }, context);
    const rows = landed['landed'] ? Number(landed['rowsData']) : 0;
    missing = (await ledgerTally(kernel, source, salt, context.signal)).rows - held.rows;
    changed = rows - missing;
  }
  const after = await positionNow(kernel, kernel.db, source);
  const rows = ranges > 0 && after ? (await ask(after.value, null)).rows : ((counted ?? digested)?.rows ?? 0);
  const found: Reconciled = {
    depth: digested ? 'receipt' : 'count',
    at: kernel.clock.now().toISOString(),
    source: rows,
    ledger: held.rows + missing,
    ranges,
    missing,
    changed,
    surplus: Math.max(0, held.rows + missing - rows),
  };
  await kernel.db.transaction(async (tx) => {
    await tx.run('update collect.source set reconciled = $2 where id = $1', [source.id, JSON.stringify(found)]);
    await kernel.facts.publish(tx, { name: 'source-reconciled', about: `source:${source.id}`, actor: order.actor, body: { ...found } });
  });
  return { ...found };
}

const differing = (a: NonNullable<Tally['ranges']>, b: NonNullable<Tally['ranges']>): number =>
  [...new Set([...a.keys(), ...b.keys()])].filter((p) => a.get(p)?.count !== b.get(p)?.count || a.get(p)?.sum !== b.get(p)?.sum).length;

/** The rows of the ledger that count, by the same definition as the source's: of every key the latest. */
async function ledgerTally(kernel: Kernel, source: Source, salt: string, signal: AbortSignal): Promise<Tally> {
  const landed = await landedSql(kernel, source, ({ row, key }) => {
    const hash = (text: string): string => `md5(concat(${literal('duckdb', salt)}, ${text}))`;
    return `${hash(key)} as _k, cast('0x' || left(${hash(row)}, 15) as UBIGINT) as _d`;
  });
  if (landed === null) return { rows: 0, ranges: new Map() };
  const rows = await kernel.warehouse.query<{ prefix: string; count: string; sum: string }>(
    `select left(_k, 2) as prefix, count(*)::VARCHAR as count, sum(_d)::VARCHAR as sum from (${landed}) group by 1`,
    [],
    { signal },
  );
  const ranges = new Map(rows.map((r) => [r.prefix, { count: Number(r.count), sum: r.sum }]));
  return { rows: rows.reduce((n, r) => n + Number(r.count), 0), ranges };
}
