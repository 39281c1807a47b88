/** What a service stands on: which tables feed it, whose they are, and how their entries may be shared. */
import { editionNotices } from '#collect';
import type { DocumentOf } from '#declare';
import type { Db } from '#kernel/db/pool';
import type { Snapshot } from '#kernel/documents/documents';
import type { Review } from '#kernel/review/review';

type Service = DocumentOf<'service'>;
type Entry = DocumentOf<'entry'>;

/** What of a service decides whose entries it stands on. */
export type Asked = Pick<Service, 'on' | 'keys' | 'returns'>;

export interface ShareTerms {
  /** 1 unconditional, 2 conditional, 3 not shared: the strictest of the entries that the service's fields come from. */
  readonly shareType: '1' | '2' | '3';
  /** The entry that decided; undefined when a table has no entry, which counts as conditional. */
  readonly entry: Entry | undefined;
  /** An entry that was withdrawn and leaves one of the tables without any: the service is closed until it is published again. */
  readonly withdrawn: Entry | undefined;
}

/** Governed tables a service reads, directly or through its library. */
export const tablesUnder = (on: Service['on'], snapshot: Snapshot): readonly string[] =>
  'table' in on ? [on.table] : [...new Set(snapshot.get('library', on.library).feeds.map((f) => f.table))];

/** Returns the notices told with every answer from a service: editions of its sources that wait. */
export const noticesOn = (db: Db, on: Service['on'], snapshot: Snapshot): Promise<{ zh: string; en: string }[]> =>
  editionNotices(
    db,
    snapshot,
    tablesUnder(on, snapshot).flatMap((t) => snapshot.find('binding', t)?.source ?? []),
  );

/** Governed tables that the fields come from by which a service is asked and which it returns: those whose entries say how it is shared. */
export function tablesOf(service: Asked, snapshot: Pick<Snapshot, 'get'>): readonly string[] {
  const { on } = service;
  if ('table' in on) return [on.table];
  const fields = [...service.keys, ...service.returns.map((r) => r.field)];
  const feeding = snapshot.get('library', on.library).feeds.filter((f) => fields.some((name) => f.map[name] !== undefined));
  return [...new Set(feeding.map((f) => f.table))];
}

/** Departments whose sources feed a service. */
export const ownersOf = (on: Service['on'], snapshot: Snapshot): readonly string[] => {
  const sources = tablesUnder(on, snapshot)
    .map((t) => snapshot.find('binding', t))
    .map((b) => b && snapshot.find('source', b.source));
  return [...new Set(sources.flatMap((s) => (s ? [s.department] : [])))];
};

/**
 * How a service may be shared: service → table → binding → source → mount → entry; of a library the strictest of the feeds of its fields.
 * A promise of free sharing counts only once the entry has been published; a refusal to share counts at once; a withdrawn entry not at all.
 */
export async function shareTermsOf(db: Db, review: Review, service: Asked, snapshot: Snapshot): Promise<ShareTerms> {
  const mounts = snapshot.list('mount');
  const mountedOn = tablesOf(service, snapshot).map((table) => {
    const source = snapshot.find('binding', table)?.source;
    return mounts
      .filter((m) => m.source === source)
      .flatMap((m) => {
        const e = snapshot.find('entry', m.entry);
        return e ? [e] : [];
      });
  });
  const standings = await review.standings(
    db,
    mountedOn.flat().map((e) => `entry:${e.id}`),
  );
  const stateOf = (e: Entry): string | undefined => standings.get(`entry:${e.id}`)?.state;
  const gone = new Set<Entry>();
  for (const e of mountedOn.flat()) if (await isWithdrawn(db, review, e, stateOf(e))) gone.add(e);
  const entriesBehind = mountedOn.map((entries) => entries.filter((e) => !gone.has(e)));
  const entries = entriesBehind.flat();
  const withdrawn = mountedOn.find((all, i) => all.length > 0 && entriesBehind[i]?.length === 0)?.[0];
  const refusing = entries.find((e) => e.shareType === '3');
  if (refusing) return { shareType: '3', entry: refusing, withdrawn };
  const holding = entries.find((e) => e.shareType === '2' || stateOf(e) !== 'published');
  if (holding) return { shareType: '2', entry: holding, withdrawn };
  if (entriesBehind.length === 0 || entriesBehind.some((e) => e.length === 0)) return { shareType: '2', entry: undefined, withdrawn };
  return { shareType: '1', entry: entries[0], withdrawn };
}

/** Withdrawn and not published since: whoever compiles it again has not yet been let by. */
async function isWithdrawn(db: Db, review: Review, entry: Entry, state: string | undefined): Promise<boolean> {
  if (state === undefined || state === 'published') return false;
  const said = (await review.history(db, `entry:${entry.id}`)).map((s) => s.to).filter((to) => to === 'published' || to === 'withdrawn');
  return said.at(-1) === 'withdrawn';
}
