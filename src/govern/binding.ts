/** Storing a binding: by the providing department's steward or the operator; what has landed is governed anew under it. */

import { batchesOf } from '#collect';
import type { Binding } from '#declare';
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
