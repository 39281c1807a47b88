/** The index of entries: written with the entry, searched by pairs of characters, always rechecked, filtered by what the asker may see. */
import type { Entry } from '#declare';
import { type PageOrder, pageFrom, type Sql, seenIn, when } from '#kernel/db/listing';
import type { Db, Transaction } from '#kernel/db/pool';
import type { Filter } from '#kernel/policy/policy';

/** Which face of an entry: what its department works on, or what is published. */
export type FaceKind = 'head' | 'published';

/** A found entry. */
export interface Found {
  readonly entry: string;
  readonly kind: FaceKind;
  readonly version: number;
  readonly state: string;
}

export interface EntryQuery extends PageOrder {
  readonly q?: string | undefined;
  readonly department?: string | undefined;
  readonly state?: string | undefined;
  readonly mount?: string | undefined;
  readonly shareType?: string | undefined;
}

/** Orders of the list. */
export const entrySorts = { title: 'f.title', department: 'f.department', state: 'f.state', shareType: 'f.share_type' };

/** Text as it is compared: compatibility forms folded (full-width letters, ligatures), lower case, blanks and control characters one blank. */
export const comparable = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();

/** Writes a face into the index, in the transaction that makes it true. */
export async function writeFace(
  tx: Transaction,
  kind: FaceKind,
  entry: Entry,
  face: { version: number; state: string; code: string | null; provider: string },
): Promise<void> {
  const title = comparable([entry.title.zh, entry.title.en ?? ''].join(' '));
  const items = comparable(entry.items.map((i) => `${i.title.zh} ${i.title.en ?? ''} ${i.name}`).join(' '));
  const words = comparable([title, items, entry.abstract, entry.category, entry.id, face.code ?? '', face.provider].join(' '));
  await tx.run(
    `insert into catalog.face (entry, kind, version, department, state, share_type, title, items, words) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (entry, kind) do update set version = excluded.version, department = excluded.department, state = excluded.state, share_type = excluded.share_type,
       title = excluded.title, items = excluded.items, words = excluded.words`,
    [entry.id, kind, face.version, entry.department, face.state, entry.shareType, title, items, words],
  );
}

/** How an entry's mounts make it good: the best of them; `none` without one, `unknown` until the first probe. The value is the present instant. */
const mountStateSql = `coalesce((select (array['bound', 'stale', 'drifted', 'broken', 'unknown'])[min(array_position(array['bound', 'stale', 'drifted', 'broken', 'unknown'],
  case when m.state = 'bound' and m.fresh_until < ? then 'stale' else m.state end))] from catalog.mount m where m.entry = f.entry), 'none')`;

/**
 * A page of what an asker may see, best first: title equal, title beginning so, title containing it, an information item containing it,
 * anything else. Every word of the question must occur.
 */
export async function searchEntries(
  db: Db,
  drafts: Filter,
  query: EntryQuery,
  now: Date,
): Promise<{ rows: readonly Found[]; count: number }> {
  const asked = comparable(query.q ?? '');
  const words = asked === '' ? [] : asked.split(' ');
  const containing = words.map((w) => `%${w.replace(/[\\%_]/g, '\\$&')}%`);
  const [own, ...department] = seenIn(drafts, 'f.department');
  const where: readonly Sql[] = [
    // Whoever may see an entry's own face does not see it a second time as it was published.
    [`case f.kind when 'head' then ${own} else not ${own} end`, ...department, ...department],
    ...when(query.department, 'f.department = ?'),
    ...when(query.state, 'f.state = ?'),
    ...when(query.shareType, 'f.share_type = ?'),
    ...when(query.mount, `${mountStateSql} = ?`).map(([text, mount]): Sql => [text, now, mount]),
    ["f.grams @> (select coalesce(array_agg(distinct g), '{}') from unnest(?::text[]) w, unnest(catalog.bigrams(w)) g)", words],
    ['f.words like all (?::text[])', containing],
  ];
  const rank: Sql = [
    `case when split_part(f.title, ' ', 1) = ? or f.title = ? then 0 when starts_with(f.title, ?) then 1 when f.title like all (?::text[]) then 2
       when f.items like all (?::text[]) then 3 else 4 end, char_length(f.title), f.entry`,
    asked,
    asked,
    asked,
    containing,
    containing,
  ];
  return pageFrom<Found>(
    db,
    {
      columns: 'f.entry, f.kind, f.version, f.state',
      from: ['catalog.face f'],
      where,
      sorts: entrySorts,
      order: asked === '' ? 'f.entry' : rank,
    },
    query,
  );
}
