/**
 * Standing reconciliation: what a database source holds up to its cursor, held against the ledger, and mended by reading again the ranges that differ.
 * By count it asks how many rows there are; where that differs, and every few days anyway, it asks for digests range by range of the cursor.
 */
import { randomBytes } from 'node:crypto';
import { type Connector, ConnectorRefusal, type CursorRange, type Position, type Source, type Tally, usualReconciliation } from '#declare';
import type { Db, Transaction } from '#kernel/db/pool';
import { raiseEpoch } from '#kernel/epoch';
import { Refusal } from '#kernel/errors';
import type { JobContext, RunResult } from '#kernel/jobs/jobs';
import type { Kernel } from '#kernel/stage';
import { refusalOf } from './connector-refusal.ts';
import { type Held, type HeldRange, heldRows } from './held.ts';
import { land } from './land.ts';
import { batchOfRun, latestBatch } from './ledger.ts';
import { type Mended, sumOf } from './mend.ts';
import { positionNow } from './position.ts';
import { type Depth, keepRound, keptOf, newRound, type RangeFound, type Reconciled, type Round } from './round.ts';
import { shutsAt } from './schedule.ts';
import { scheduleOf } from './scheduler.ts';
import { effectsFor } from './staging.ts';

const dayMs = 86_400_000;
/** Rows of a range, at most, and ranges that one statement asks for. Of small tables the ranges are smaller. */
const rangeRows = 1000;
const together = 50;
const parts = 256;
/** More ranges than this are not read again one by one; neighbours go together. */
const mostRanges = 512;
/** A source that could not answer for so many single values of its cursor answers for none. */
const mostUnfit = 20;
/** So many ranges are named. */
const mostNamed = 100;
/** A night without a window ends after this long, and an unfinished round goes on after this long. */
const nightMs = 2 * 3600_000;
const untilNextNightMs = 12 * 3600_000;

/** When a source is reconciled next by itself, by count and by digests; null for never. Nothing is due before a day after the first batch. */
export async function nextReconciliations(db: Db, source: Source): Promise<{ readonly count: Date | null; readonly receipt: Date | null }> {
  const { count, receipt } = source.reconciliation ?? usualReconciliation;
  const row = await db.first<{ counted: string | null; digested: string | null; confirmed: string | null; round: boolean }>(
    `select coalesce(s.counted_at, b.first)::text as counted, coalesce(s.digested_at, b.first)::text as digested, s.confirmed_at::text as confirmed, s.round is not null as round
     from (select min(landed_at) as first from collect.batch where source = $1) b left join collect.source s on s.id = $1`,
    [source.id],
  );
  const after = (since: string | null | undefined, ms: number): Date | null => (since ? new Date(new Date(since).getTime() + ms) : null);
  const counted = after(row?.counted, count * dayMs);
  if (source.cursor === null) {
    // A full reading is the reconciliation of its source: what was read lately need not be counted.
    const read = after(row?.confirmed, count * dayMs);
    return { count: counted && read && read > counted ? read : counted, receipt: null };
  }
  const begun = [row?.counted, row?.digested]
    .flatMap((at) => (at ? [at] : []))
    .toSorted((a, b) => new Date(b).getTime() - new Date(a).getTime())[0];
  return { count: counted, receipt: row?.round ? after(begun, untilNextNightMs) : after(row?.digested, receipt * dayMs) };
}

/** Which reconciliation a source is due for; null for none. */
export async function dueReconciliation(db: Db, source: Source, now: Date): Promise<Depth | null> {
  const next = await nextReconciliations(db, source);
  if (next.receipt && next.receipt <= now) return 'receipt';
  return next.count && next.count <= now ? 'count' : null;
}

/** Notes, in the caller's transaction, that a reconciliation was begun, so that none is begun twice. */
export const noteReconciling = async (tx: Transaction, source: string, depth: Depth, now: Date): Promise<void> =>
  void (await tx.run(
    `insert into collect.source (id, counted_at, digested_at) values ($1, $2, $3)
     on conflict (id) do update set counted_at = excluded.counted_at, digested_at = coalesce(excluded.digested_at, collect.source.digested_at)`,
    [source, now, depth === 'receipt' ? now : null],
  ));

/** A reconciliation to be made. `agreed`: its steward has agreed that all rows gone at the source are removed. */
export interface ReconcileOrder {
  readonly source: string;
  readonly depth: Depth;
  readonly actor: string;
  readonly agreed?: boolean;
}

/** What asking needs. */
interface Asking {
  readonly source: Source;
  readonly position: Position | null;
  ask(range: CursorRange, edges: readonly string[], salt: string | null): Promise<Tally>;
}

/**
 * Reconciles a source. Ranges that differ are read again and landed, rows gone at the source are removed, unless that is so much that its steward is
 * asked. A round that its night is too short for goes on in the next.
 * @throws Refusal COLLECT_NO_CURSOR before anything was read, and what a reading throws
 */
export async function reconcile(
  kernel: Kernel,
  connectorOf: (id: string) => Connector,
  order: ReconcileOrder,
  context: JobContext,
): Promise<RunResult> {
  const source = (await kernel.documents.snapshot()).get('source', order.source);
  const connector = connectorOf(source.connector);
  const position = await positionNow(kernel, kernel.db, source);
  const last = await latestBatch(kernel.db, source.id);
  if (!connector.tally || !last || (source.cursor !== null && position === null))
    throw new Refusal('COLLECT_NO_CURSOR', { source: source.id });
  await context.progress(0, null, { zh: `正在对账“${source.title.zh}”`, en: `Reconciling ${source.title.en ?? source.title.zh}` });
  const asking: Asking = {
    source,
    position,
    async ask(range, edges, salt) {
      const effects = effectsFor(kernel, source, null, context.signal, () => undefined);
      return (await connector.tally?.({ source, since: position, range, edges, salt }, effects)) as Tally;
    },
  };
  try {
    if (position === null) {
      const { parts, writers } = await asking.ask({ from: null, to: null }, [], null);
      const found = {
        depth: 'count',
        source: parts[0]?.count ?? 0,
        ledger: last.rowsData,
        ranges: 0,
        missing: 0,
        changed: 0,
        surplus: 0,
        writers,
      } as const;
      return await ended(kernel, order, { ...found, at: kernel.clock.now().toISOString() });
    }
    return await heldAgainst(kernel, connectorOf, order, asking, position, context);
  } catch (error) {
    throw error instanceof ConnectorRefusal ? refusalOf(source.id, error) : error;
  }
}

async function heldAgainst(
  kernel: Kernel,
  connectorOf: (id: string) => Connector,
  order: ReconcileOrder,
  asking: Asking,
  position: Position,
  context: JobContext,
): Promise<RunResult> {
  const { source } = asking;
  const begunAt = kernel.clock.now();
  const until = shutsAt(scheduleOf(source).window, begunAt) ?? new Date(begunAt.getTime() + nightMs);
  const kept = await keptOf(kernel.db, source.id);
  let round = kept.round ?? newRound(randomBytes(16).toString('hex'), begunAt.toISOString());
  const held = await heldRows(kernel, source, position.value, round.salt, context.signal);
  const size = Math.min(rangeRows, Math.max(1, Math.ceil(held.count / parts)));
  try {
    const landed = await batchOfRun(kernel.db, context.run);
    if (landed) round = await keeping(kernel, source, mendedOf(round, landed.receipt.mended));
    else {
      if (order.depth === 'count') {
        const counted = await count(held, asking, size * together);
        const known = kept.reconciled?.waits ? kept.reconciled.surplus : 0;
        // Only what waits for its steward anyway.
        if (known > 0 && counted.source === held.count - known) return { ...counted, writers: null, ledger: held.count, finished: true };
        if (counted.source === held.count)
          return await ended(kernel, order, {
            ...counted,
            ...same,
            depth: 'count',
            ledger: held.count,
            at: kernel.clock.now().toISOString(),
          });
      }
      // Killed after its last range, it has only mending left.
      if (!round.isDone) round = await tallied(kernel, held, asking, { ...round, nights: round.nights + 1 }, size, until, context);
      if (round.pending.length > 0) {
        const result = await land(
          kernel,
          connectorOf,
          {
            source: source.id,
            upload: null,
            actor: order.actor,
            mend: {
              since: round.since ?? position,
              ranges: held.isPlaced ? round.pending : null,
              upTo: held.upTo,
              removedBefore: order.agreed ? null : round.waits ? 0 : round.differences.surplus,
            },
          },
          context,
        );
        round = await keeping(kernel, source, mendedOf(round, JSON.parse(String(result['mended'] ?? 'null')) as Mended | null));
      }
    }
    if (!round.isDone)
      return { depth: 'receipt', finished: false, source: round.source, ledger: round.ledger, ranges: round.ranges, ...round.differences };
    const { source: rows, ledger, ranges, found, unfit, waits, greatest, writers, differences } = round;
    return await ended(kernel, order, {
      ...{ depth: 'receipt', at: kernel.clock.now().toISOString(), source: rows, ledger, ranges, found, unfit, waits, greatest, writers },
      ...differences,
    });
  } finally {
    await held.close();
  }
}

const same = { ranges: 0, missing: 0, changed: 0, surplus: 0, found: [], unfit: 0, waits: false };

/** Keeps how far the round has come, and returns it. */
async function keeping(kernel: Kernel, source: Source, round: Round): Promise<Round> {
  await keepRound(kernel.db, source.id, round);
  return round;
}

/** The round after its ranges were mended. */
function mendedOf(round: Round, mended: Mended | null | undefined): Round {
  if (round.pending.length === 0 || !mended) return { ...round, pending: [], since: null };
  const found: RangeFound[] = round.pending.map(({ from, to, source, ledger }, i) => ({ from, to, source, ledger, ...mended.ranges[i] }));
  return {
    ...round,
    pending: [],
    since: null,
    found: [...round.found, ...found].slice(0, mostNamed),
    differences: sumOf([round.differences, mended]),
    waits: round.waits || mended.waits,
  };
}

/** Counts the source range by range, in as few statements as it answers in its time. */
async function count(
  held: Held,
  { ask }: Asking,
  size: number,
): Promise<{ readonly source: number; readonly greatest: string | null; readonly writers: Tally['writers'] | null }> {
  const whole = await held.ranges(null, Number.MAX_SAFE_INTEGER);
  const unasked: HeldRange[] = [...whole];
  let [source, greatest, writers]: [number, string | null, Tally['writers'] | null] = [0, null, null];
  for (let range = unasked.shift(); range; range = unasked.shift()) {
    try {
      const tally = await ask(range, [], null);
      source += tally.parts[0]?.count ?? 0;
      greatest ??= tally.greatest;
      writers ??= tally.writers;
    } catch (error) {
      const halves = isStopped(error) && range.count > size ? await held.halves(range) : null;
      if (halves === null) throw error;
      unasked.unshift(...halves);
    }
  }
  return { source, greatest, writers };
}

const isStopped = (error: unknown): boolean => error instanceof ConnectorRefusal && error.code === 'stopped';

/** Asks for the digests of the ranges that are left, keeping after every statement how far it came, until the night is over. */
async function tallied(
  kernel: Kernel,
  held: Held,
  { source, ask }: Asking,
  begun: Round,
  size: number,
  until: Date,
  context: JobContext,
): Promise<Round> {
  let round = begun;
  const all = await held.ranges(round.next, size);
  const total = all.length;
  let done = 0;
  const unasked: (readonly HeldRange[])[] = [];
  for (let i = 0; i < total; i += together) unasked.push(all.slice(i, i + together));
  for (let portion = unasked.shift(); portion; portion = unasked.shift()) {
    context.signal.throwIfAborted();
    if (kernel.clock.now() >= until && round !== begun) return round;
    const [first, last] = [portion[0] as HeldRange, portion.at(-1) as HeldRange];
    const edges = portion.slice(1).map((r) => r.from as string);
    let tally: Tally | null = null;
    try {
      tally = await ask({ from: first.from, to: last.to }, edges, round.salt);
    } catch (error) {
      if (!isStopped(error)) throw error;
      const middle = Math.ceil(portion.length / 2);
      const halves = portion.length > 1 ? [portion.slice(0, middle), portion.slice(middle)] : (await held.halves(first))?.map((r) => [r]);
      if (halves) {
        unasked.unshift(...halves);
        continue;
      }
      if (round.unfit >= mostUnfit) throw error;
    }
    const counts = portion.map((r, i) => ({ range: r, there: tally?.parts[i] ?? { count: r.count, sum: r.sum } }));
    const differing = counts.filter(({ range, there }) => range.count !== there.count || range.sum !== there.sum);
    const isLast = unasked.length === 0;
    round = await keeping(kernel, source, {
      ...round,
      next: isLast ? null : last.to,
      isDone: isLast,
      source: round.source + counts.reduce((n, c) => n + c.there.count, 0),
      ledger: round.ledger + portion.reduce((n, r) => n + r.count, 0),
      unfit: round.unfit + (tally ? 0 : 1),
      ranges: round.ranges + differing.length,
      pending: joined([
        ...round.pending,
        ...differing.map(({ range: { from, to, fromKey, toKey, count }, there }) => ({
          from,
          to,
          fromKey,
          toKey,
          source: there.count,
          ledger: count,
        })),
      ]),
      since: round.since ?? tally?.since ?? null,
      greatest: tally?.greatest ?? round.greatest,
      writers: tally && first.from === null ? tally.writers : round.writers,
    });
    done += portion.length;
    await context.progress(done, total, { zh: `正在对账“${source.title.zh}”`, en: `Reconciling ${source.title.en ?? source.title.zh}` });
  }
  return round;
}

/** Ranges that touch become one where there are too many to name each in a statement. */
function joined(ranges: Round['pending']): Round['pending'] {
  if (ranges.length <= mostRanges) return ranges;
  const found: Round['pending'][number][] = [];
  for (const range of ranges) {
    const before = found.at(-1);
    if (before?.toKey === range.fromKey)
      found.splice(-1, 1, {
        ...range,
        from: before.from,
        fromKey: before.fromKey,
        source: before.source + range.source,
        ledger: before.ledger + range.ledger,
      });
    else found.push(range);
  }
  return found;
}

/** Keeps what a reconciliation came to and says it. */
async function ended(kernel: Kernel, order: ReconcileOrder, found: Reconciled): Promise<RunResult> {
  const { depth, source, ledger, ranges, missing, changed, surplus, waits = false } = found;
  const said = { depth, source, ledger, ranges, missing, changed, surplus, waits };
  await kernel.db.transaction(async (tx) => {
    // Answers are compiled under the epoch: the next one tells of a removal that waits, or no more.
    const before = (await keptOf(tx, order.source)).reconciled;
    if (waits !== (before?.waits ?? false)) await raiseEpoch(tx);
    const compared = depth === 'receipt' || !before ? null : before.depth === 'receipt' ? before : before.compared;
    await tx.run('update collect.source set reconciled = $2, round = case when $3 then null else round end where id = $1', [
      order.source,
      JSON.stringify({ ...found, ...(compared && { compared: { ...compared, waits } }) }),
      depth === 'receipt',
    ]);
    await kernel.facts.publish(tx, { name: 'source-reconciled', about: `source:${order.source}`, actor: order.actor, body: { ...said } });
  });
  return { ...said, finished: true };
}
