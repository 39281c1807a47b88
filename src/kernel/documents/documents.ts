/** Documents in PostgreSQL: every version kept with its origin, digest and actor; the machine reads them only from here. */
import { createHash } from 'node:crypto';
import {
  type CodeListItem,
  checkDocument,
  DeclarationError,
  type DocumentKind,
  type DocumentOf,
  type Find,
  itemsOf,
  parseDocument,
  presentForm,
} from '#declare';
import type { Migration } from '../db/migrate.ts';
import type { Database, Db, Transaction } from '../db/pool.ts';
import { Refusal } from '../errors.ts';
import { documentNamed } from './kind-title.ts';

export type Origin = 'code' | 'console';

/** Where a document in force comes from. */
export interface Head<K extends DocumentKind = DocumentKind> {
  readonly kind: K;
  readonly id: string;
  readonly version: number;
  readonly digest: string;
  readonly origin: Origin;
  readonly actor: string;
  readonly at: string;
}

/** The documents in force at one moment. */
export interface Snapshot {
  readonly find: Find;
  /** @throws Refusal DOCUMENT_NOT_FOUND */
  get<K extends DocumentKind>(kind: K, id: string): DocumentOf<K>;
  head(kind: DocumentKind, id: string): Head | undefined;
  list<K extends DocumentKind>(kind: K): readonly DocumentOf<K>[];
  /** Items of a code list with its overlays. */
  codeList(id: string): readonly CodeListItem[];
}

/** Asked before a new version takes force; refuses by throwing. A stage adds one where its own documents depend on others. */
export type Guard = (
  change: { readonly kind: DocumentKind; readonly next: unknown; readonly before: unknown; readonly snapshot: Snapshot },
  tx: Transaction,
) => Promise<void>;

export interface Documents {
  /** The documents in force now, as `db` sees them (a transaction sees its own). */
  snapshot(db?: Db): Promise<Snapshot>;
  /** One version of a document; inside a transaction pass it, so that no second connection is waited for. @throws Refusal DOCUMENT_NOT_FOUND */
  version<K extends DocumentKind>(kind: K, id: string, version: number, db?: Db): Promise<DocumentOf<K>>;
  /** All versions, newest first. */
  history(kind: DocumentKind, id: string): Promise<readonly Head[]>;
  /** Stores a version if it differs from the one in force. @throws Refusal DOCUMENT_REFUSED with every fault, DOCUMENT_IN_USE */
  put<K extends DocumentKind>(
    tx: Transaction,
    kind: K,
    raw: unknown,
    by: { readonly origin: Origin; readonly actor: string },
  ): Promise<{ readonly doc: DocumentOf<K>; readonly version: number; readonly changed: boolean }>;
  /** Adds a guard. */
  guard(guard: Guard): void;
}

export const documentMigrations: readonly Migration[] = [
  {
    name: 'kernel/002-document',
    sql: `create table kernel.document_version (
      kind text not null, id text not null, version integer not null,
      form integer not null, body jsonb not null, digest text not null,
      origin text not null check (origin in ('code', 'console')), actor text not null, at timestamptz not null,
      primary key (kind, id, version)
    );
    create table kernel.document (
      kind text not null, id text not null, version integer not null,
      primary key (kind, id),
      foreign key (kind, id, version) references kernel.document_version
    );`,
  },
  {
    // The transaction by which a document came into force: whoever knows what was in force asks only for what has changed since.
    name: 'kernel/012-document-changed',
    sql: `alter table kernel.document add column changed xid8 not null default pg_current_xact_id();
    create index document_changed on kernel.document (changed)`,
  },
];

/** Digest of a document's content, independent of the order of its keys. */
export const digestOf = (doc: unknown): string => createHash('sha256').update(sorted(doc)).digest('hex');

const sorted = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => `${JSON.stringify(k)}:${sorted(v)}`)
      .join(',')}}`;
  return JSON.stringify(value) ?? 'null';
};

/** One row at least: where the next look begins. */
const changedSql = `select h.horizon::text as horizon, v.kind, v.id, v.version, v.digest, v.origin, v.actor, v.at::text as at
  from (select pg_snapshot_xmin(pg_current_snapshot()) as horizon) h
  left join (kernel.document d join kernel.document_version v using (kind, id, version)) on d.changed >= $1::xid8
  order by v.kind, v.id`;

/** Heads by kind and id; never changed, so that what somebody holds stays what it was. */
type Heads = ReadonlyMap<DocumentKind, ReadonlyMap<string, Head>>;

/** What was in force when it was last looked, and the oldest transaction that was not over then: whatever it or a later one changes is asked for again. */
interface Known {
  readonly heads: Heads;
  readonly horizon: bigint;
}

/** Puts changes over what was known. A version that is already there, or a later one, stays: answers may come in another order than they were asked for. */
function over(heads: Heads, changed: readonly Head[], mayReplace: (known: Head, now: Head) => boolean): Heads {
  const news = changed.filter((h) => {
    const known = heads.get(h.kind)?.get(h.id);
    return !known || mayReplace(known, h);
  });
  if (news.length === 0) return heads;
  const next = new Map(heads);
  for (const [kind, of] of Map.groupBy(news, (h) => h.kind)) {
    const ids = new Map(heads.get(kind));
    for (const h of of) ids.set(h.id, h);
    next.set(kind, ids);
  }
  return next;
}

/**
 * Opens the documents of a database. Parsed bodies are kept in memory by kind and digest: a version read inside a transaction may be rolled
 * back and its number used again for another body. By number only what was read outside of one is kept.
 */
export function openDocuments(db: Database, now: () => Date): Documents {
  const parsed = new Map<string, unknown>();
  const committed = new Map<string, unknown>();
  const guards: Guard[] = [];
  const load = async (from: Db, heads: readonly Head[]): Promise<void> => {
    const missing = heads.filter((h) => !parsed.has(keyOf(h)));
    if (missing.length === 0) return;
    const rows = await from.rows<{ kind: DocumentKind; digest: string; body: unknown }>(
      `select kind, digest, body from kernel.document_version
       where (kind, id, version) in (select * from unnest($1::text[], $2::text[], $3::int[]))`,
      [missing.map((h) => h.kind), missing.map((h) => h.id), missing.map((h) => h.version)],
    );
    for (const row of rows) parsed.set(keyOf(row), parseDocument(row.kind, row.body));
  };
  // With 200,000 requests the heads of all documents are 200,000 rows: they are asked for once, and after that what has changed.
  let known: Known = { heads: new Map(), horizon: 0n };
  const snapshot = async (from: Db = db): Promise<Snapshot> => {
    const before = known;
    const rows = await from.rows<Head & { horizon: string }>(changedSql, [String(before.horizon)]);
    const changed = rows.flatMap(({ horizon: _, ...head }) => ((head.kind as string | null) === null ? [] : [head]));
    await load(from, changed);
    // What a transaction sees of its own may be rolled back: it is put over what is known, and kept from it.
    if (from !== db)
      return snapshotOf(
        over(before.heads, changed, (was, now) => was.digest !== now.digest || was.version !== now.version),
        parsed,
      );
    const horizon = BigInt(rows[0]?.horizon ?? 0);
    known = {
      heads: over(known.heads, changed, (was, now) => now.version > was.version),
      horizon: horizon > known.horizon ? horizon : known.horizon,
    };
    return snapshotOf(known.heads, parsed);
  };
  return {
    snapshot,
    guard: (g) => void guards.push(g),
    history: (kind, id) =>
      db.rows<Head>(
        'select kind, id, version, digest, origin, actor, at::text as at from kernel.document_version where kind = $1 and id = $2 order by version desc',
        [kind, id],
      ),
    async version(kind, id, version, from = db) {
      const number = `${kind} ${id} ${version}`;
      const known = committed.get(number);
      if (known) return known as never;
      const row = await from.first<{ digest: string; body: unknown }>(
        'select digest, body from kernel.document_version where kind = $1 and id = $2 and version = $3',
        [kind, id, version],
      );
      if (!row) throw new Refusal('DOCUMENT_NOT_FOUND', documentNamed(kind, `${id} v${version}`));
      const doc = parsed.get(keyOf({ kind, digest: row.digest })) ?? parseDocument(kind, row.body);
      parsed.set(keyOf({ kind, digest: row.digest }), doc);
      if (from === db) committed.set(number, doc);
      return doc as never;
    },
    async put(tx, kind, raw, by) {
      const doc = accept(kind, raw);
      const digest = digestOf(doc);
      // One writer per document at a time: two editors of one entry get two versions, never one lost.
      await tx.run('select pg_advisory_xact_lock(hashtextextended($1, 8714003))', [`${kind} ${doc.id}`]);
      const current = await snapshot(tx);
      const head = current.head(kind, doc.id);
      if (head?.digest === digest) return { doc, version: head.version, changed: false };
      const faults = checkDocument(kind, doc, withDocument(current.find, kind, doc));
      if (faults.length > 0) throw new Refusal('DOCUMENT_REFUSED', documentNamed(kind, doc.id), { faults });
      for (const guard of guards) await guard({ kind, next: doc, before: current.find(kind, doc.id) ?? null, snapshot: current }, tx);
      const version =
        (
          await tx.first<{ v: number }>(
            'select coalesce(max(version), 0) + 1 as v from kernel.document_version where kind = $1 and id = $2',
            [kind, doc.id],
          )
        )?.v ?? 1;
      await tx.run(
        'insert into kernel.document_version (kind, id, version, form, body, digest, origin, actor, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
        [kind, doc.id, version, presentForm[kind], JSON.stringify(doc), digest, by.origin, by.actor, now()],
      );
      await tx.run(
        'insert into kernel.document (kind, id, version) values ($1, $2, $3) on conflict (kind, id) do update set version = excluded.version, changed = excluded.changed',
        [kind, doc.id, version],
      );
      return { doc, version, changed: true };
    },
  };
}

const keyOf = (h: { kind: string; digest: string }): string => `${h.kind} ${h.digest}`;

/** Parses, turning a declaration's faults into a refusal. */
function accept<K extends DocumentKind>(kind: K, raw: unknown): DocumentOf<K> {
  try {
    return parseDocument(kind, raw);
  } catch (error) {
    if (error instanceof DeclarationError)
      throw new Refusal('DOCUMENT_REFUSED', documentNamed(kind, error.id), { faults: error.faults, cause: error });
    throw error;
  }
}

const withDocument =
  <K extends DocumentKind>(find: Find, kind: K, doc: DocumentOf<K>): Find =>
  (k, id) =>
    k === (kind as string) && id === doc.id ? (doc as never) : find(k, id);

/** Documents of a kind in order, once for each state of the kind. */
const listed = new WeakMap<ReadonlyMap<string, Head>, readonly unknown[]>();

function snapshotOf(heads: Heads, parsed: ReadonlyMap<string, unknown>): Snapshot {
  const find: Find = (kind, id) => {
    const head = heads.get(kind)?.get(id);
    return head && (parsed.get(keyOf(head)) as never);
  };
  const list = <K extends DocumentKind>(kind: K): readonly DocumentOf<K>[] => {
    const of = heads.get(kind);
    if (!of) return [];
    const all = listed.get(of) ?? [...of.values()].map((h) => parsed.get(keyOf(h)));
    listed.set(of, all);
    return all as readonly DocumentOf<K>[];
  };
  return {
    find,
    list,
    head: (kind, id) => heads.get(kind)?.get(id),
    get: (kind, id) => {
      const doc = find(kind, id);
      if (!doc) throw new Refusal('DOCUMENT_NOT_FOUND', documentNamed(kind, id));
      return doc;
    },
    codeList: (id) => {
      const lists = list('code-list');
      const cached = itemsCache.get(lists.find((l) => l.id === id) ?? {});
      const overlays = lists.filter((l) => l.overlays === id);
      if (cached && cached.overlays.length === overlays.length && cached.overlays.every((o, i) => o === overlays[i])) return cached.items;
      const items = itemsOf(id, lists);
      const base = lists.find((l) => l.id === id);
      if (base) itemsCache.set(base, { overlays, items });
      return items;
    },
  };
}

/** Items of a list with its overlays are 7,000 for divisions: merged once per pair of versions. */
const itemsCache = new WeakMap<object, { overlays: readonly object[]; items: readonly CodeListItem[] }>();
