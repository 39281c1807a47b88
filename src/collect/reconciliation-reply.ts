/** What a source's page says of its reconciliations: numbers by range for its steward, sums for everybody else. */
import { z } from 'zod';
import { type Connector, type Source, usualReconciliation } from '#declare';
import type { Actor } from '#kernel/policy/policy';
import type { Kernel } from '#kernel/stage';
import { nextReconciliations } from './reconcile.ts';
import { keptOf, type RangeFound, type Reconciled } from './round.ts';
import { entering } from './schedule.ts';
import { scheduleOf } from './scheduler.ts';

const range = z.object({
  /** Cursor values: from this one (null: the least) to before that one (null: the cursor). */
  from: z.string().nullable(),
  to: z.string().nullable(),
  source: z.number(),
  ledger: z.number(),
  missing: z.number(),
  changed: z.number(),
  surplus: z.number(),
});
const writers = z.object({ count: z.number(), oldest: z.string().nullable() });
const sums = { source: z.number(), ledger: z.number(), ranges: z.number(), missing: z.number(), changed: z.number(), surplus: z.number() };

/** What a reconciliation came to. */
const outcome = z.object({
  depth: z.enum(['count', 'receipt']),
  at: z.string(),
  ...sums,
  /** Ranges of one cursor value that the source could not digest in its time. */
  unfit: z.number(),
  /** Rows gone at the source stay until the steward agrees. */
  waits: z.boolean(),
  greatest: z.string().nullable(),
  /** Transactions that held the table for writing, and since when the oldest was open as far as the server tells. */
  writers: writers.nullable(),
  /** The ranges that differed; null for those who see sums only. */
  found: z.array(range).nullable(),
});

export const reconciliationSchema = z.object({
  /** Days between two, by count and by digests. */
  every: z.object({ count: z.number(), receipt: z.number() }),
  /** When it happens next by itself. */
  next: z.object({ count: z.string().nullable(), receipt: z.string().nullable() }),
  /** The last that ended. A full source is only counted. */
  last: outcome.nullable(),
  /** The last by digests, where the last that ended is a later count. */
  compared: outcome.nullable(),
  /** The round by digests that is under way. */
  round: z.object({ begunAt: z.string(), nights: z.number(), ...sums }).nullable(),
  /** Whether the actor may agree to a removal that waits. */
  agree: z.boolean(),
});

const shown = (r: RangeFound): z.input<typeof range> => ({ missing: 0, changed: 0, surplus: 0, ...r });

const outcomeOf = (r: Reconciled, isSteward: boolean): z.input<typeof outcome> => ({
  depth: r.depth,
  at: r.at,
  source: r.source,
  ledger: r.ledger,
  ranges: r.ranges,
  missing: r.missing,
  changed: r.changed,
  surplus: r.surplus,
  unfit: r.unfit ?? 0,
  waits: r.waits ?? false,
  greatest: isSteward ? (r.greatest ?? null) : null,
  writers: r.writers ?? null,
  found: isSteward ? (r.found ?? []).map(shown) : null,
});

/** The reconciliations of a source as this actor may see them; null where its connector cannot count. Values of the cursor are its steward's affair. */
export async function reconciliationOf(
  kernel: Kernel,
  connector: Connector,
  source: Source,
  actor: Actor,
): Promise<z.input<typeof reconciliationSchema> | null> {
  if (!connector.tally) return null;
  const { reconciled: last, round } = await keptOf(kernel.db, source.id);
  const next = await nextReconciliations(kernel.db, source);
  const isSteward = kernel.policy.decide(actor, 'source.set-back', [source.department]).allowed;
  const now = kernel.clock.now();
  const at = (due: Date | null): string | null =>
    due && new Date(entering(scheduleOf(source).window, Math.max(due.getTime(), now.getTime()))).toISOString();
  return {
    every: { ...(source.reconciliation ?? usualReconciliation) },
    next: { count: at(next.count), receipt: at(next.receipt) },
    last: last && outcomeOf(last, isSteward),
    compared: last?.compared ? outcomeOf(last.compared, isSteward) : null,
    round: round && {
      begunAt: round.begunAt,
      nights: round.nights,
      source: round.source,
      ledger: round.ledger,
      ranges: round.ranges,
      ...round.differences,
    },
    agree: (last?.waits ?? false) && kernel.policy.decide(actor, 'edition.accept', [source.department]).allowed,
  };
}
