/** The mount rate (挂接率) with its frozen definition: live by what the probes found, nominal by what is declared. */
import type { Kernel } from '#kernel/stage';
import { type EntryMountState, entryMountState, mountsOf } from './mounts.ts';

/** The definition of the figure. Another reading of it is another definition with another id, never a change of this one. */
export const mountRateDefinition = {
  id: 'mount-rate-1',
  zh: '实际挂接率 = 至少有一个挂接处于“正常”（可达、结构一致、在更新周期内有交付）的已发布目录数 ÷ 已发布目录数；名义挂接率的分子为至少有一个挂接的已发布目录数',
  en: 'live rate = published entries with at least one mount that is bound (reachable, columns as declared, delivered within the update cycle) ÷ published entries; the nominal numerator is published entries with at least one mount',
} as const;

export interface MountRate {
  readonly definition: typeof mountRateDefinition;
  readonly asOf: string;
  /** The longest ago that a mount which counts was looked at; null when none was. */
  readonly oldestProbe: string | null;
  readonly denominator: number;
  /** A rate is null while nothing is published. */
  readonly live: { readonly numerator: number; readonly rate: number | null };
  readonly nominal: { readonly numerator: number; readonly rate: number | null };
  readonly byState: Readonly<Record<EntryMountState, number>>;
}

/** The mount rate at this moment. */
export async function mountRate(kernel: Kernel): Promise<MountRate> {
  const now = kernel.clock.now();
  const published = (await kernel.db.rows<{ id: string }>('select id from catalog.entry where published_version is not null')).map(
    (e) => e.id,
  );
  const mounts = Map.groupBy(await mountsOf(kernel.db, published, now), (m) => m.entry);
  const byState = { bound: 0, stale: 0, drifted: 0, broken: 0, unknown: 0, none: 0 };
  for (const id of published) byState[entryMountState(mounts.get(id) ?? [])] += 1;
  const probes = [...mounts.values()].flat().flatMap((m) => (m.probedAt ? [m.probedAt] : []));
  const over = (numerator: number) => ({ numerator, rate: published.length === 0 ? null : numerator / published.length });
  return {
    definition: mountRateDefinition,
    asOf: now.toISOString(),
    oldestProbe: probes.toSorted().at(0) ?? null,
    denominator: published.length,
    live: over(byState.bound),
    nominal: over(published.length - byState.none),
    byState,
  };
}
