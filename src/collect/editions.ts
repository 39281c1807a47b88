/**
 * Editions that wait: a full delivery that takes away much lands in the ledger like any other. Governing hears of it only when its steward has said
 * yes. Until then everything downstream stands on the edition before it, and every answer from there says so.
 */
import { dayOf } from '#kernel/clock';
import type { Db, Transaction } from '#kernel/db/pool';
import type { Snapshot } from '#kernel/documents/documents';
import { raiseEpoch } from '#kernel/epoch';
import { Refusal } from '#kernel/errors';
import type { Actor } from '#kernel/policy/policy';
import { machine } from '#kernel/review/review';
import type { Kernel } from '#kernel/stage';
import { rowsGone } from './edition-change.ts';
import { lateAfter } from './lateness.ts';
import { type Batch, declinedEdition, latestBatches, waitingEditions } from './ledger.ts';
import { cyclesOf } from './mounted-cycle.ts';
import { takePosition } from './position.ts';
import { waitingRemovals } from './round.ts';
import { noteConfirmed, sayMounts } from './standing.ts';

interface Words {
  zh: string;
  en: string;
}

/** The edition of a source that waits. */
export const waitingEdition = async (db: Db, source: string): Promise<Batch | undefined> =>
  (await waitingEditions(db, [source])).get(source);

/** One cycle after an instant; null where no entry on the source promises a time. */
export async function oneCycleAfter(kernel: Kernel, db: Db, source: string, since: Date): Promise<Date | null> {
  const every = (await cyclesOf(db, await kernel.documents.snapshot(db)))(source)?.cycle.every ?? null;
  return lateAfter({ every, grace: null }, since, noDays).after;
}
const noDays = { isHoliday: () => false };

/** Returns the notices for everything that comes from these sources: an edition in use is not the newest that was delivered. */
export async function editionNotices(db: Db, snapshot: Snapshot, sources: readonly string[]): Promise<Words[]> {
  const waiting = [...(await waitingEditions(db, sources)).values()];
  const removals = [...(await waitingRemovals(db, sources))].map(([source, { surplus }]) => {
    const title = snapshot.find('source', source)?.title;
    return {
      zh: `数据源“${title?.zh ?? source}”有 ${surplus} 行在提供部门的数据库里已经没有（核对所见），移除待其同意；目前的结果仍含这些行`,
      en: `${surplus} rows of '${title?.en ?? title?.zh ?? source}' are no longer in the database of their department; their removal waits for its consent, and results still hold them`,
    };
  });
  if (waiting.length === 0) return removals;
  const used = await latestBatches(db, sources);
  const editions = waiting.map(({ source, landedAt }) => {
    const title = snapshot.find('source', source)?.title;
    const day = (at: string | undefined): string => (at ? dayOf(new Date(at)) : '—');
    const [came, stands] = [day(landedAt), day(used.get(source)?.landedAt)];
    return {
      zh: `数据源“${title?.zh ?? source}”${came} 交付的新一期减少的数据较多，待提供部门确认；现用的是 ${stands} 的一期`,
      en: `The edition of '${title?.en ?? title?.zh ?? source}' delivered on ${came} takes much away and waits for its department; in use is that of ${stands}`,
    };
  });
  return [...editions, ...removals];
}

/** What a fact says of an edition. */
const saidOf = (b: Batch) => ({
  source: b.source,
  batch: b.seq,
  ordinal: b.ordinal,
  removed: b.receipt.change ? rowsGone(b.receipt.change) : 0,
  of: b.receipt.change?.of ?? 0,
});

/** Says that a batch has landed and counts: governing and all downstream go by it. */
export const sayLanded = (kernel: Kernel, tx: Transaction, b: Batch, actor: string): Promise<void> =>
  kernel.facts.publish(tx, {
    name: 'batch-landed',
    about: `source:${b.source}`,
    actor,
    body: {
      source: b.source,
      batch: b.seq,
      ordinal: b.ordinal,
      rowsIn: b.rowsIn,
      rowsData: b.rowsData,
      rowsRefused: b.rowsRefused,
      rowsOther: b.rowsOther,
    },
  });

/** Says that an edition waits. Answers are compiled under the epoch: raised, the next one tells of it. */
export async function sayWaiting(kernel: Kernel, tx: Transaction, b: Batch, actor: string): Promise<void> {
  await kernel.facts.publish(tx, { name: 'edition-waits', about: `source:${b.source}`, actor, body: saidOf(b) });
  await raiseEpoch(tx);
}

/** An edition that waits is passed over by a newer delivery. */
export async function setAside(kernel: Kernel, tx: Transaction, source: string, actor: string): Promise<void> {
  const waiting = await waitingEdition(tx, source);
  if (!waiting) return;
  await tx.run(`update collect.batch set stands = 'set-aside' where seq = $1`, [waiting.seq]);
  await kernel.facts.publish(tx, { name: 'edition-set-aside', about: `source:${source}`, actor, body: saidOf(waiting) });
  await raiseEpoch(tx);
}

/**
 * The steward's yes: from here on the edition is the current one, for governing and all downstream. A no can still be taken back by it, while no
 * other edition has come.
 * @throws Refusal POLICY_DENIED, COLLECT_EDITION_NOT_WAITING when it was accepted or passed over meanwhile
 */
export async function acceptEdition(kernel: Kernel, actor: Actor, source: string, seq: number): Promise<Batch> {
  const { department } = (await kernel.documents.snapshot()).get('source', source);
  kernel.policy.demand(actor, 'edition.accept', [department]);
  return kernel.db.transaction(async (tx) => {
    await tx.run('select 1 from collect.source where id = $1 for update', [source]);
    const edition = (await waitingEdition(tx, source)) ?? (await declinedEdition(tx, source));
    if (edition?.seq !== seq) throw new Refusal('COLLECT_EDITION_NOT_WAITING', { source, batch: seq });
    await tx.run(`update collect.batch set stands = 'accepted', declined = null where seq = $1`, [seq]);
    await takePosition(tx, source);
    await kernel.facts.publish(tx, { name: 'edition-accepted', about: `source:${source}`, actor: actor.user, body: saidOf(edition) });
    await sayLanded(kernel, tx, edition, actor.user);
    await noteConfirmed(kernel, tx, source);
    await sayMounts(kernel, tx, source, actor.user);
    await raiseEpoch(tx);
    return { ...edition, stands: 'accepted', declined: null };
  });
}

/**
 * The steward's no, with the reason: the edition is set aside, and the edition in use stays so. The same rows, read again, are not asked about.
 * @throws Refusal POLICY_DENIED, COLLECT_EDITION_NOT_WAITING when it was answered or passed over meanwhile
 */
export async function declineEdition(kernel: Kernel, actor: Actor, source: string, seq: number, why: string): Promise<Batch> {
  const { department } = (await kernel.documents.snapshot()).get('source', source);
  kernel.policy.demand(actor, 'edition.accept', [department]);
  return kernel.db.transaction(async (tx) => {
    await tx.run('select 1 from collect.source where id = $1 for update', [source]);
    const waiting = await waitingEdition(tx, source);
    if (waiting?.seq !== seq) throw new Refusal('COLLECT_EDITION_NOT_WAITING', { source, batch: seq });
    await tx.run(`update collect.batch set stands = 'set-aside', declined = $2 where seq = $1`, [seq, why]);
    await kernel.facts.publish(tx, {
      name: 'edition-declined',
      about: `source:${source}`,
      actor: actor.user,
      body: { ...saidOf(waiting), why },
    });
    await raiseEpoch(tx);
    return { ...waiting, stands: 'set-aside', declined: why };
  });
}

/** Reminds the stewards of editions that have waited for a cycle without an answer, and again after each further one. */
export async function remindOfEditions(kernel: Kernel): Promise<void> {
  const now = kernel.clock.now();
  const waiting = await kernel.db.rows<{ source: string; since: string }>(
    `select source, coalesce(reminded_at, landed_at)::text as since from collect.batch where stands = 'waiting' and answer_by <= $1`,
    [now],
  );
  for (const { source, since } of waiting)
    await kernel.db.transaction(async (tx) => {
      const next = await oneCycleAfter(kernel, tx, source, new Date(since));
      const edition = await waitingEdition(tx, source);
      if (!edition || next === null || next > now) return;
      // Two that remind at once: the second finds it done.
      const reminded = await tx.run(
        'update collect.batch set reminded_at = $2 where seq = $1 and coalesce(reminded_at, landed_at) = $3::timestamptz',
        [edition.seq, now, since],
      );
      if (reminded > 0)
        await kernel.facts.publish(tx, { name: 'edition-reminded', about: `source:${source}`, actor: machine, body: saidOf(edition) });
    });
}
