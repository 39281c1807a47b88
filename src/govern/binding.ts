/** Storing a binding: by the providing department's steward or the operator; what has landed is governed anew under it. */

import { batchesOf } from '#collect';
import type { Binding } from '#declare';
import { Refusal } from '#kernel/errors';
import type { Actor } from '#kernel/policy/policy';
import type { Kernel } from '#kernel/stage';

/**
 * Stores a binding under an id and queues the rebuild of its table when batches have landed.
 * @throws Refusal DOCUMENT_REFUSED, DOCUMENT_NOT_FOUND, POLICY_DENIED, GOVERN_FIELD_FEEDS_LIBRARY
 */
export async function putBinding(
  kernel: Kernel,
  actor: Actor,
  id: string,
  body: Readonly<Record<string, unknown>>,
): Promise<{ version: number; changed: boolean; run: string | null }> {
  const raw = { ...body, id };
  return kernel.db.transaction(async (tx) => {
    const snapshot = await kernel.documents.snapshot(tx);
    const source = typeof body['source'] === 'string' ? body['source'] : undefined;
    // Both the department whose rows it would read and the one whose table it would change have a say.
    for (const name of new Set([source, snapshot.find('binding', id)?.source]))
      if (name !== undefined) kernel.policy.demand(actor, 'binding.edit', [snapshot.get('source', name).department]);
    const { doc, version, changed } = await kernel.documents.put(tx, 'binding', raw, { origin: 'console', actor: actor.user });
    if (!changed) return { version, changed, run: null };
    await kernel.facts.publish(tx, { name: 'binding-changed', about: `table:${id}`, actor: actor.user, body: { table: id, version } });
    return { version, changed, run: await replay(kernel, tx, doc, actor) };
  });
}

const keyColumnsOf = (binding: Binding): string[] => binding.fields.filter((f) => binding.key.includes(f.name)).map((f) => f.column);

/** Ends a transaction that was only to ask. */
class Asked extends Error {}

/**
 * Asks whether a table may lose the columns that a newer edition of its file lacks, before anything is changed: a live grant may use one.
 * Returns the fields that would go. @throws Refusal DOCUMENT_IN_USE, DOCUMENT_REFUSED where a live grant forbids it, GOVERN_KEY_LEAVES where nothing would identify a row any more
 */
export async function askLeaving(kernel: Kernel, actor: Actor, id: string, columns: readonly string[]): Promise<readonly string[]> {
  let leaving: readonly string[] = [];
  try {
    await kernel.db.transaction(async (tx) => {
      const snapshot = await kernel.documents.snapshot(tx);
      const binding = snapshot.get('binding', id);
      kernel.policy.demand(actor, 'binding.edit', [snapshot.get('source', binding.source).department]);
      const fields = binding.fields.filter((f) => columns.includes(f.column));
      const names = fields.map((f) => f.name);
      leaving = binding.fields.filter((f) => !names.includes(f.name)).map((f) => f.name);
      if (leaving.length > 0) {
        const key = binding.key.filter((k) => names.includes(k));
        if (key.length === 0 && binding.key.length > 0)
          throw new Refusal('GOVERN_KEY_LEAVES', { columns: keyColumnsOf(binding).join('、') });
        const rules = binding.rules.filter((r) => Object.values(r.slots).every((f) => names.includes(f)));
        const mayBeAbsent = binding.mayBeAbsent?.filter((k) => names.includes(k));
        await kernel.documents.put(
          tx,
          'binding',
          { ...binding, fields, key, ...(mayBeAbsent && { mayBeAbsent }), rules },
          { origin: 'console', actor: actor.user },
        );
      }
      throw new Asked();
    });
  } catch (error) {
    if (!(error instanceof Asked)) throw error;
  }
  return leaving;
}

async function replay(kernel: Kernel, tx: Parameters<Kernel['jobs']['queue']>[0], binding: Binding, actor: Actor): Promise<string | null> {
  if ((await batchesOf(tx, binding.source)).length === 0) return null;
  const department = (await kernel.documents.snapshot(tx)).get('source', binding.source).department;
  return kernel.jobs.queue(tx, 'rebuild-table', {
    about: `table:${binding.id}`,
    department,
    actor: actor.user,
    payload: { table: binding.id },
  });
}
