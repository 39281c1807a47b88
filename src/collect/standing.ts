/** How a source stands: when it was last confirmed, what is wrong with it, and what that makes of the mounts on it. */

import { type MountState, withdrawnEntries } from '#catalog';
import { type ConnectorRefusal, type DocumentOf, workingDays } from '#declare';
import type { Db, Transaction } from '#kernel/db/pool';
import type { Snapshot } from '#kernel/documents/documents';
import { isRefusal, problemOf } from '#kernel/errors';
import type { Kernel } from '#kernel/stage';
import { isTrouble } from './connector-refusal.ts';
import { compareColumns, type Drift, driftWords } from './drift.ts';
import { type Lateness, lateAfter } from './lateness.ts';
import { latestBatch } from './ledger.ts';

interface Words {
  readonly zh: string;
  readonly en: string;
}

/** What is known of a source besides its document. */
export interface SourceStanding {
  /** When a delivery was last landed or found unchanged. */
  readonly confirmedAt: string | null;
  /** When the source was last looked at, by a reading or a probe. */
  readonly lookedAt: string | null;
  readonly columnsSeen: readonly string[] | null;
  /** What its cursor may let slip, as it was judged when it was declared. */
  readonly cursorWarned: readonly Words[] | null;
  /** Whether the way to it is encrypted, as the last probe found. */
  readonly protection: Words | null;
  /** Why it cannot be read now. */
  readonly trouble: Words | null;
  /** How its columns differ from what is declared. */
  readonly drift: Words | null;
}

const unknown: SourceStanding = {
  confirmedAt: null,
  lookedAt: null,
  columnsSeen: null,
  trouble: null,
  drift: null,
  cursorWarned: null,
  protection: null,
};

/** How sources stand. */
export async function standingsOf(db: Db, sources: readonly string[]): Promise<(id: string) => SourceStanding> {
  const rows = await db.rows<SourceStanding & { id: string }>(
    `select id, confirmed_at::text as "confirmedAt", looked_at::text as "lookedAt", columns_seen as "columnsSeen", cursor_warned as "cursorWarned", protection, trouble, drift from collect.source where id = any($1)`,
    [sources],
  );
  const known = new Map(rows.map(({ id, ...s }) => [id, s]));
  return (id) => known.get(id) ?? unknown;
}

const note = async (
  tx: Transaction,
  source: string,
  set: { trouble: Words | null; drift: Words | null; columns: readonly string[] | null },
  at: Date,
): Promise<void> =>
  void (await tx.run(
    `insert into collect.source (id, looked_at, trouble, drift, columns_seen) values ($1, $2, $3, $4, $5)
     on conflict (id) do update set looked_at = excluded.looked_at, trouble = excluded.trouble, drift = excluded.drift, columns_seen = coalesce(excluded.columns_seen, collect.source.columns_seen)`,
    [source, at, set.trouble && JSON.stringify(set.trouble), set.drift && JSON.stringify(set.drift), set.columns],
  ));

/** Notes, in the caller's transaction, that the source was read well just now, though what it holds is not in use yet. */
export const noteRead = (kernel: Kernel, tx: Transaction, source: string): Promise<void> =>
  note(tx, source, { trouble: null, drift: null, columns: null }, kernel.clock.now());

/** Notes, in the caller's transaction, that a delivery was good just now. */
export async function noteConfirmed(kernel: Kernel, tx: Transaction, source: string): Promise<void> {
  await note(tx, source, { trouble: null, drift: null, columns: null }, kernel.clock.now());
  await tx.run('update collect.source set confirmed_at = $2 where id = $1', [source, kernel.clock.now()]);
}

/** Notes why a source could not be read. A faulty delivery is the delivery's matter, not the source's. */
export async function noteTrouble(kernel: Kernel, source: string, refusal: ConnectorRefusal, told: Error, actor: string): Promise<void> {
  if (!isTrouble(refusal)) return;
  await kernel.db.transaction(async (tx) => {
    await note(tx, source, { trouble: wordsOf(told), drift: null, columns: null }, kernel.clock.now());
    await sayMounts(kernel, tx, source, actor);
  });
}

/** Notes drift and says it, so that those who depend on the columns hear of it. `columns` are those that were found, where they are known. */
export async function noteDrift(
  kernel: Kernel,
  source: string,
  drift: Drift,
  actor: string,
  columns: readonly string[] | null = null,
): Promise<void> {
  const what = driftWords(drift);
  await kernel.db.transaction(async (tx) => {
    await note(tx, source, { trouble: null, drift: what, columns }, kernel.clock.now());
    const gone = [...drift.missing, ...drift.renamed.map((r) => r.from)];
    await kernel.facts.publish(tx, {
      name: 'drift-found',
      about: `source:${source}`,
      actor,
      body: { source, what: what.zh, whatEn: what.en, gone: JSON.stringify(gone) },
    });
    await sayMounts(kernel, tx, source, actor);
  });
}

/** Notes how the way to a source is protected. */
export const noteProtection = async (db: Db, source: string, protection: Words): Promise<void> =>
  void (await db.run(
    'insert into collect.source (id, protection) values ($1, $2) on conflict (id) do update set protection = excluded.protection',
    [source, JSON.stringify(protection)],
  ));

/** Notes what a probe found: nothing wrong, trouble or drift. */
export async function noteProbe(
  kernel: Kernel,
  source: string,
  found: { trouble: Words | null; drift: Words | null; columns: readonly string[] | null },
  actor: string,
): Promise<void> {
  await kernel.db.transaction(async (tx) => {
    await note(tx, source, found, kernel.clock.now());
    await sayMounts(kernel, tx, source, actor);
  });
}

/** The sentence of a refusal in both languages. */
export function wordsOf(error: Error): Words {
  if (!isRefusal(error)) throw error;
  const problem = problemOf(error);
  return { zh: problem.title, en: problem.titleEn };
}

/** How a mount was found. */
export interface MountFinding {
  readonly mount: DocumentOf<'mount'>;
  readonly version: number;
  readonly state: MountState;
  readonly cause: Words;
  /** Until when what was last delivered is fresh; null where nothing was, or where the update cycle promises no time. */
  readonly freshUntil: Date | null;
  /** Late after this; what was never delivered is promised from the day of the mount on. */
  readonly lateAfter: Date | null;
}

const stateWords: Readonly<Record<MountState, string>> = {
  bound: '正常',
  stale: '过期',
  drifted: '漂移',
  broken: '中断',
  unknown: '未探测',
};
/** An unchanged finding is said again after this long, so that it does not look as if nobody had probed. */
const sayAgainMs = 6 * 3600_000;

const noCycle = { every: null, grace: null };
const never: Lateness = { after: null, unarranged: [] };

/** Returns the words for a delivery that is late. Days off that are not known yet could not be left out, which is said too. */
const lateWords = (unarranged: readonly string[]): Words => ({
  zh: `超过更新周期和宽限没有新的交付${unarranged.length > 0 ? `（${unarranged.join('、')} 年的放假安排还没有，未扣除）` : ''}`,
  en: `nothing was delivered within the update cycle and its grace${unarranged.length > 0 ? ` (days off of ${unarranged.join(', ')} are not arranged yet, none was left out)` : ''}`,
});

/** The mounts on a source as they stand. */
export async function findMounts(kernel: Kernel, db: Db, snapshot: Snapshot, source: string): Promise<readonly MountFinding[]> {
  const mounts = snapshot.list('mount').filter((m) => m.source === source);
  const document = snapshot.find('source', source);
  if (mounts.length === 0 || !document) return [];
  const standing = (await standingsOf(db, [source]))(source);
  const latest = await latestBatch(db, source);
  const days = workingDays(snapshot.list('calendar'));
  const withdrawn = await withdrawnEntries(db);
  // The columns of a table are known from the look itself; of a file they are those of its last delivery.
  const moved = latest && document.layout ? compareColumns(document.columns, latest.columns) : null;
  return mounts.map((mount): MountFinding => {
    const entry = snapshot.get('entry', mount.entry);
    const version = snapshot.head('mount', mount.id)?.version ?? 1;
    const cycle = (withdrawn.has(entry.id) ? undefined : snapshot.find('update-cycle', `cycle-${entry.updateCycle}`)) ?? noCycle;
    const promised = standing.confirmedAt ?? snapshot.head('mount', mount.id)?.at ?? null;
    const { after: lateAfterwards, unarranged } = promised === null ? never : lateAfter(cycle, new Date(promised), days);
    const freshUntil = standing.confirmedAt === null ? null : lateAfterwards;
    const found = (state: MountState, cause: Words): MountFinding => ({
      mount,
      version,
      state,
      cause,
      freshUntil,
      lateAfter: lateAfterwards,
    });
    if (standing.trouble) return found('broken', standing.trouble);
    if (standing.drift) return found('drifted', standing.drift);
    if (moved) return found('drifted', driftWords(moved));
    const unmapped = entry.items.filter((i) => !document.columns.includes(mount.items[i.name] ?? ''));
    if (unmapped.length > 0)
      return found('drifted', {
        zh: `信息项 ${unmapped.map((i) => i.title.zh).join('、')} 没有对应的列`,
        en: `no column for ${unmapped.map((i) => i.name).join(', ')}`,
      });
    if (standing.confirmedAt === null) return found('stale', { zh: '还没有落地任何交付', en: 'nothing has been delivered yet' });
    if (freshUntil && freshUntil < kernel.clock.now()) return found('stale', lateWords(unarranged));
    return found('bound', { zh: '', en: '' });
  });
}

/** Says how the mounts on a source were found, where that is news. `always` says it even when it is not. */
export async function sayMounts(
  kernel: Kernel,
  tx: Transaction,
  source: string,
  actor: string,
  always = false,
): Promise<readonly MountFinding[]> {
  const findings = await findMounts(kernel, tx, await kernel.documents.snapshot(tx), source);
  for (const f of findings) {
    const { mount, version, state, cause } = f;
    const until = f.freshUntil?.toISOString() ?? null;
    const now = kernel.clock.now();
    const told = await tx.run(
      `insert into collect.mount_said (mount, source, version, state, cause, fresh_until, late_after, said_at) values ($1, $9, $2, $3, $4, $5, $10, $6)
       on conflict (mount) do update set source = excluded.source, version = excluded.version, state = excluded.state, cause = excluded.cause,
         fresh_until = excluded.fresh_until, late_after = excluded.late_after, said_at = excluded.said_at
       where $7 or (mount_said.source, mount_said.version, mount_said.state, mount_said.cause, mount_said.fresh_until, mount_said.late_after)
           is distinct from (excluded.source, excluded.version, excluded.state, excluded.cause, excluded.fresh_until, excluded.late_after)
         or mount_said.said_at < $8`,
      [mount.id, version, state, cause.zh, until, now, always, new Date(now.getTime() - sayAgainMs), source, f.lateAfter],
    );
    if (told === 0) continue;
    await kernel.facts.publish(tx, {
      name: 'mount-probed',
      about: `entry:${mount.entry}`,
      actor,
      body: {
        mount: mount.id,
        entry: mount.entry,
        source,
        version,
        state,
        stateZh: stateWords[state],
        cause: cause.zh,
        causeEn: cause.en,
        freshUntil: until,
      },
    });
  }
  return findings;
}
