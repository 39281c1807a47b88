/** Entries: storing a version, and taking a step of the process that publishes it. */
import type { Entry } from '#declare';
import type { Db, Transaction } from '#kernel/db/pool';
import { raiseEpoch } from '#kernel/epoch';
import { Refusal } from '#kernel/errors';
import type { Actor } from '#kernel/policy/policy';
import type { Reviewed } from '#kernel/review/review';
import type { Kernel } from '#kernel/stage';
import { changeStep, entryProcess, entryStates } from './processes.ts';
import { resourceCodeOf } from './resource-code.ts';
import { writeFace } from './search.ts';

/** Where an entry stands. */
export interface EntryRow {
  readonly id: string;
  readonly department: string;
  readonly state: string;
  readonly publishedVersion: number | null;
  readonly publishedAt: string | null;
  readonly code: string | null;
}

/** Reads where entries stand. */
export const entryRowSql = `select e.id, e.department, e.state, e.published_version as "publishedVersion", e.published_at::text as "publishedAt", c.code
  from catalog.entry e left join catalog.resource_code c on c.entry = e.id`;

/** Entries that were withdrawn: what they promised is promised no more. */
export const withdrawnEntries = async (db: Db): Promise<ReadonlySet<string>> =>
  new Set((await db.rows<{ id: string }>('select id from catalog.entry where state = $1', [entryStates.withdrawn])).map((e) => e.id));

/** An entry as the review engine sees it. */
export const reviewedEntry = (id: string, owner: string): Reviewed => ({ about: `entry:${id}`, owner, counterpart: null, facts: {} });

/**
 * Stores an entry of the actor's own department. A published entry that is changed stays published as it was until the new version has
 * passed its process again.
 * @throws Refusal POLICY_DENIED, DOCUMENT_REFUSED, CATALOG_ENTRY_CLOSED, CATALOG_DEPARTMENT_UNKNOWN
 */
export async function putEntry(
  kernel: Kernel,
  actor: Actor,
  id: string,
  body: Readonly<Record<string, unknown>>,
): Promise<{ version: number; changed: boolean }> {
  const { db, documents, facts, policy } = kernel;
  const provider = await providers(kernel);
  return db.transaction(async (tx) => {
    const before = (await documents.snapshot(tx)).find('entry', id);
    if (before) policy.demand(actor, 'entry.edit', [before.department]);
    const { doc, version, changed } = await documents.put(tx, 'entry', { form: 1, ...body, id }, { origin: 'console', actor: actor.user });
    policy.demand(actor, 'entry.edit', [doc.department]);
    if (!changed) return { version, changed };
    const state = await stateAfterEdit(kernel, tx, actor, id, before?.department ?? doc.department);
    await tx.run(
      `insert into catalog.entry (id, department, state, changed_at) values ($1, $2, $3, $4)
       on conflict (id) do update set department = excluded.department, state = excluded.state, changed_at = excluded.changed_at`,
      [id, doc.department, state, kernel.clock.now()],
    );
    const row = await lockedRow(tx, id);
    await writeFace(tx, 'head', doc, { version, state, code: row.code, provider: provider(doc) });
    await facts.publish(tx, { name: 'entry-changed', about: `entry:${id}`, actor: actor.user, body: { entry: id, version } });
    return { version, changed };
  });
}

/** The state a change leaves the entry in; begins the process of a new one. */
async function stateAfterEdit(kernel: Kernel, tx: Transaction, actor: Actor, id: string, owner: string): Promise<string> {
  const thing = reviewedEntry(id, owner);
  const row = await tx.first<{ state: string }>('select state from catalog.entry where id = $1 for update', [id]);
  if (!row) return lastOf(await kernel.review.begin(tx, entryProcess, thing, actor.user));
  if (entryStates.editable.includes(row.state)) return row.state;
  if (row.state === entryStates.published) return lastOf(await kernel.review.take(tx, thing, changeStep, actor, ''));
  const title = (await kernel.documents.snapshot(tx)).find('process', entryProcess)?.states.find((s) => s.id === row.state)?.title;
  throw new Refusal('CATALOG_ENTRY_CLOSED', { entry: id, state: title?.zh ?? row.state, stateEn: title?.en ?? row.state });
}

/** How a step is asked for. `seen` is the version the actor looked at, where the caller says it. */
export interface StepOrder {
  readonly step: string;
  readonly opinion: string;
  readonly seen: number | undefined;
}

/**
 * Takes a step on an entry. The first publication gives it its resource code.
 * @throws Refusal CATALOG_ENTRY_UNKNOWN, CATALOG_ENTRY_MOVED_ON, POLICY_DENIED, REVIEW_STEP_REFUSED, REVIEW_STEP_NOT_YOURS, REVIEW_OPINION_MISSING
 */
export async function takeEntryStep(
  kernel: Kernel,
  actor: Actor,
  id: string,
  order: StepOrder,
  template: string,
): Promise<{ state: string; code: string | null }> {
  const provider = await providers(kernel);
  return kernel.db.transaction(async (tx) => {
    const known = await tx.first<{ department: string }>('select department from catalog.entry where id = $1 for update', [id]);
    if (!known) throw new Refusal('CATALOG_ENTRY_UNKNOWN', { entry: id });
    kernel.policy.demand(actor, 'entry.step', [known.department]);
    const snapshot = await kernel.documents.snapshot(tx);
    const entry = snapshot.get('entry', id);
    const version = snapshot.head('entry', id)?.version ?? 1;
    if (order.seen !== undefined && order.seen !== version)
      throw new Refusal('CATALOG_ENTRY_MOVED_ON', { entry: id, version, seen: order.seen });
    const state = lastOf(await kernel.review.take(tx, reviewedEntry(id, known.department), order.step, actor, order.opinion));
    const code =
      state === entryStates.published
        ? await publish(kernel, tx, entry, { version, template, provider: provider(entry) })
        : (await lockedRow(tx, id)).code;
    if (state === entryStates.withdrawn) await hide(tx, id);
    // A service whose entry was withdrawn is closed from this commit on, in every process; published again it is open again.
    if (state === entryStates.withdrawn || state === entryStates.published) await raiseEpoch(tx);
    await tx.run('update catalog.entry set state = $2, changed_at = $3 where id = $1', [id, state, kernel.clock.now()]);
    await writeFace(tx, 'head', entry, { version, state, code, provider: provider(entry) });
    const title = snapshot.find('process', entryProcess)?.steps.find((s) => s.id === order.step)?.title;
    const said = {
      entry: id,
      version,
      code,
      step: title?.zh ?? order.step,
      stepEn: title?.en ?? order.step,
      opinion: order.opinion.trim() || '—',
    };
    const name = state === entryStates.published ? 'entry-published' : state === entryStates.withdrawn ? 'entry-withdrawn' : 'entry-moved';
    await kernel.facts.publish(tx, { name, about: `entry:${id}`, actor: actor.user, body: said });
    return { state, code };
  });
}

async function publish(
  kernel: Kernel,
  tx: Transaction,
  entry: Entry,
  order: { version: number; template: string; provider: string },
): Promise<string> {
  const { version, template, provider } = order;
  const now = kernel.clock.now();
  const code = await resourceCodeOf(tx, entry, { template, node: kernel.node, now });
  await tx.run('update catalog.entry set published_version = $2, published_at = $3 where id = $1', [entry.id, version, now]);
  await writeFace(tx, 'published', entry, { version, state: entryStates.published, code, provider });
  return code;
}

async function hide(tx: Transaction, id: string): Promise<void> {
  await tx.run('update catalog.entry set published_version = null where id = $1', [id]);
  await tx.run(`delete from catalog.face where entry = $1 and kind = 'published'`, [id]);
}

async function lockedRow(tx: Transaction, id: string): Promise<EntryRow> {
  const row = await tx.first<EntryRow>(`${entryRowSql} where e.id = $1 for update of e`, [id]);
  if (!row) throw new Error(`entry ${id} has no row`);
  return row;
}

/** Names of the providing departments, so that entries are found by them. Asked before a transaction: inside it a second connection could be waited for. */
async function providers(kernel: Kernel): Promise<(entry: Entry) => string> {
  const known = new Map((await kernel.identity.departments()).map((d) => [d.id, `${d.title} ${d.titleEn}`]));
  return (entry) => {
    const name = known.get(entry.department);
    if (name === undefined) throw new Refusal('CATALOG_DEPARTMENT_UNKNOWN', { department: entry.department });
    return name;
  };
}

function lastOf(states: readonly string[]): string {
  const last = states.at(-1);
  if (last === undefined) throw new Error('the process passed no state');
  return last;
}
