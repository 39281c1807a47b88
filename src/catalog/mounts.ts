/** Mounts (挂接): which source makes an entry good, and how it was found when it was last looked at. */
import type { Db } from '#kernel/db/pool';
import type { StoredFact, Subscription } from '#kernel/facts/facts';
import type { Actor } from '#kernel/policy/policy';
import type { Kernel } from '#kernel/stage';

/** `bound` live; `stale` not fresh against its update cycle; `drifted` columns not as declared; `broken` not reachable; `unknown` never probed; `none` no mount. */
export const mountStates = ['bound', 'stale', 'drifted', 'broken', 'unknown'] as const;
export type MountState = (typeof mountStates)[number];
export type EntryMountState = MountState | 'none';

/** A mount as it stands now. */
export interface MountRow {
  readonly id: string;
  readonly entry: string;
  readonly source: string;
  readonly version: number;
  readonly state: MountState;
  /** Why it is not bound; empty when it is. */
  readonly cause: { readonly zh: string; readonly en: string };
  readonly freshUntil: string | null;
  readonly probedAt: string | null;
}

/** Mounts of entries, each with the state that holds at this moment: a mount goes stale by time alone, without anybody probing it. */
export async function mountsOf(db: Db, entries: readonly string[], now: Date): Promise<readonly MountRow[]> {
  const rows = await db.rows<Omit<MountRow, 'cause'> & { zh: string; en: string; late: boolean }>(
    `select id, entry, source, version, state, cause as zh, cause_en as en, coalesce(state = 'bound' and fresh_until < $2, false) as late,
       fresh_until::text as "freshUntil", probed_at::text as "probedAt"
     from catalog.mount where entry = any($1) order by id`,
    [entries, now],
  );
  return rows.map(({ zh, en, late, ...m }) =>
    late ? { ...m, state: 'stale', cause: staleCause(m.freshUntil) } : { ...m, cause: { zh, en } },
  );
}

const staleCause = (until: string | null): MountRow['cause'] => ({
  zh: `超过更新周期和宽限没有新的交付，应在 ${until?.slice(0, 16)} 之前更新`,
  en: `nothing was delivered within the update cycle and its grace; it was due before ${until?.slice(0, 16)}`,
});

/** What the mounts of one entry come to: the best of them, as one good source makes the entry good. */
export const entryMountState = (mounts: readonly MountRow[]): EntryMountState =>
  mountStates.find((s) => mounts.some((m) => m.state === s)) ?? 'none';

/**
 * Stores a mount; both the entry's and the source's department must be the actor's own, or the actor the operator.
 * @throws Refusal POLICY_DENIED, DOCUMENT_REFUSED
 */
export async function putMount(
  kernel: Kernel,
  actor: Actor,
  id: string,
  body: Readonly<Record<string, unknown>>,
): Promise<{ version: number; changed: boolean }> {
  return kernel.db.transaction(async (tx) => {
    const snapshot = await kernel.documents.snapshot(tx);
    const before = snapshot.find('mount', id);
    const { doc, version, changed } = await kernel.documents.put(
      tx,
      'mount',
      { form: 1, ...body, id },
      { origin: 'console', actor: actor.user },
    );
    const owners = [doc, ...(before ? [before] : [])].flatMap((m) => [
      snapshot.get('entry', m.entry).department,
      snapshot.get('source', m.source).department,
    ]);
    for (const owner of new Set(owners)) kernel.policy.demand(actor, 'mount.edit', [owner]);
    if (!changed) return { version, changed };
    await tx.run(
      `insert into catalog.mount (id, entry, source, version, declared_at, state, cause, cause_en, fact) values ($1, $2, $3, $4, $5, 'unknown', '', '', 0)
       on conflict (id) do update set entry = excluded.entry, source = excluded.source, version = excluded.version, declared_at = excluded.declared_at,
         state = 'unknown', cause = '', cause_en = '', fresh_until = null, probed_at = null`,
      [id, doc.entry, doc.source, version, kernel.clock.now()],
    );
    await kernel.facts.publish(tx, {
      name: 'mount-declared',
      about: `entry:${doc.entry}`,
      actor: actor.user,
      body: { mount: id, entry: doc.entry, source: doc.source, version },
    });
    return { version, changed };
  });
}

/** Keeps what a probe found. Facts may be told twice and out of order: the later one counts, and one about an older mount does not. */
export const mountSubscriptions = (kernel: Kernel): readonly Subscription[] => [
  {
    fact: 'mount-probed',
    by: 'catalog-mount-probed',
    hear: async (fact: StoredFact) => {
      const { mount, state, version, cause, causeEn, freshUntil } = fact.body;
      await kernel.db.run(
        `update catalog.mount set state = $2, cause = $3, cause_en = $4, fresh_until = $5, probed_at = $6, fact = $7
         where id = $1 and fact < $7 and version = $8 and $2 = any($9)`,
        [mount, state, cause ?? '', causeEn ?? '', freshUntil, fact.at, fact.seq, version, mountStates],
      );
    },
  },
];
