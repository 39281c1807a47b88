/** What is shown of entries: the rows of the list, and everything about one. */
import { type DocumentOf, type Entry, type Title, workingDays } from '#declare';
import type { Snapshot } from '#kernel/documents/documents';
import { Refusal } from '#kernel/errors';
import type { Actor } from '#kernel/policy/policy';
import type { Kernel } from '#kernel/stage';
import { dueOn } from '#kernel/waiting';
import { type EntryRow, entryRowSql, reviewedEntry } from './entries.ts';
import { entryMountState, type MountRow, mountsOf } from './mounts.ts';
import { entryProcess, entryStates } from './processes.ts';
import { type EntryQuery, searchEntries } from './search.ts';

const said = (t: Title): { zh: string; en: string } => ({ zh: t.zh, en: t.en ?? t.zh });

/** A state of the process with its words. */
function stateOf(
  snapshot: Snapshot,
  id: string,
): { id: string; title: { zh: string; en: string }; tone: DocumentOf<'process'>['states'][number]['tone'] } {
  const state = snapshot.find('process', entryProcess)?.states.find((s) => s.id === id);
  return state ? { id, title: said(state.title), tone: state.tone } : { id, title: { zh: id, en: id }, tone: 'neutral' };
}

/** Names of departments. */
async function departmentNames(kernel: Kernel): Promise<(id: string) => { id: string; title: { zh: string; en: string } }> {
  const known = new Map((await kernel.identity.departments()).map((d) => [d.id, { zh: d.title, en: d.titleEn }]));
  return (id) => ({ id, title: known.get(id) ?? { zh: id, en: id } });
}

/** What several mounts come to, with the cause where the asker may know it: causes name hosts and columns. */
const mountSummary = (mounts: readonly MountRow[], full: boolean) => {
  const state = entryMountState(mounts);
  const cause = mounts.find((m) => m.state === state)?.cause;
  return { state, cause: full && cause?.zh ? cause : null };
};

const summary = (entry: Entry) => ({
  id: entry.id,
  title: said(entry.title),
  abstract: entry.abstract,
  resourceClass: entry.resourceClass,
  category: entry.category,
  format: entry.format,
  shareType: entry.shareType,
  openType: entry.openType,
  updateCycle: entry.updateCycle,
  items: entry.items.length,
});

/** A page of the entries an actor may see. */
export async function listEntries(kernel: Kernel, actor: Actor, query: EntryQuery) {
  const now = kernel.clock.now();
  const { rows, count } = await searchEntries(kernel.db, kernel.policy.filter(actor, 'entry.draft'), query, now);
  const ids = rows.map((r) => r.entry);
  const snapshot = await kernel.documents.snapshot();
  const name = await departmentNames(kernel);
  const mounts = Map.groupBy(await mountsOf(kernel.db, ids, now), (m) => m.entry);
  const standing = new Map((await kernel.db.rows<EntryRow>(`${entryRowSql} where e.id = any($1)`, [ids])).map((r) => [r.id, r]));
  const listed = await Promise.all(
    rows.map(async (found) => {
      const entry = await kernel.documents.version('entry', found.entry, found.version);
      return {
        ...summary(entry),
        version: found.version,
        department: name(entry.department),
        state: stateOf(snapshot, found.state),
        code: standing.get(found.entry)?.code ?? null,
        publishedAt: standing.get(found.entry)?.publishedAt ?? null,
        mount: mountSummary(mounts.get(found.entry) ?? [], found.kind === 'head'),
      };
    }),
  );
  return { rows: listed, count };
}

/** Until when the state of an entry may last; null where no clause limits it. */
async function dueNow(kernel: Kernel, about: string, snapshot: Snapshot) {
  const standing = await kernel.review.standing(kernel.db, about);
  if (!standing || standing.days === null) return null;
  return dueOn(workingDays(snapshot.list('calendar')), kernel.clock.today(), standing);
}

/**
 * Everything about one entry that the actor may see: its own department and the operator see the version being worked on with its review,
 * everybody else what is published.
 * @throws Refusal CATALOG_ENTRY_UNKNOWN
 */
export async function entryPage(kernel: Kernel, actor: Actor, id: string) {
  const { db, documents, policy, review } = kernel;
  const row = await db.first<EntryRow>(`${entryRowSql} where e.id = $1`, [id]);
  const full = row !== undefined && policy.decide(actor, 'entry.draft', [row.department]).allowed;
  if (!row || (!full && row.publishedVersion === null)) throw new Refusal('CATALOG_ENTRY_UNKNOWN', { entry: id });
  const snapshot = await documents.snapshot();
  const head = snapshot.head('entry', id)?.version ?? 1;
  const version = full ? head : (row.publishedVersion ?? head);
  const entry = await documents.version('entry', id, version);
  const mounts = await mountsOf(db, [id], kernel.clock.now());
  const thing = reviewedEntry(id, row.department);
  const edit = policy.decide(actor, 'entry.edit', [row.department]);
  const open = entryStates.editable.includes(row.state) || row.state === entryStates.published;
  return {
    ...summary(entry),
    version,
    department: (await departmentNames(kernel))(entry.department),
    state: stateOf(snapshot, full ? row.state : entryStates.published),
    code: row.code,
    publishedAt: row.publishedAt,
    mount: mountSummary(mounts, full),
    publishedVersion: row.publishedVersion,
    body: entry,
    due: full ? await dueNow(kernel, thing.about, snapshot) : null,
    edit: !edit.allowed
      ? { allowed: false, reason: said(edit.reason) }
      : open
        ? { allowed: true, reason: said(edit.reason) }
        : {
            allowed: false,
            reason: { zh: `当前状态是“${stateOf(snapshot, row.state).title.zh}”`, en: `it is '${stateOf(snapshot, row.state).title.en}'` },
          },
    mounts: mounts.map((m) => ({
      ...m,
      cause: full && m.cause.zh ? m.cause : null,
      sourceTitle: said(snapshot.find('source', m.source)?.title ?? { zh: m.source }),
      items: { ...snapshot.find('mount', m.id)?.items },
    })),
    steps: full ? (await review.offered(db, thing, actor)).map((s) => ({ ...s, title: said(s.title), reason: said(s.reason) })) : [],
    history: full
      ? (await review.history(db, thing.about)).map((s) => ({
          ...s,
          title: said(s.title),
          from: stateOf(snapshot, s.from).title,
          to: stateOf(snapshot, s.to).title,
        }))
      : [],
    versions: full
      ? (await documents.history('entry', id)).map((h) => ({ version: h.version, digest: h.digest, actor: h.actor, at: h.at }))
      : [],
  };
}
