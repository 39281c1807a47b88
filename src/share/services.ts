/** Services as documents: who may set one up, and what is refused while a live grant depends on what lies under it. */
import { type DocumentKind, type DocumentOf, type Find, fieldsOfBinding, fieldsUnder } from '#declare';
import { codeListsOf, paramsOf } from '#declare/expr/index';
import type { Transaction } from '#kernel/db/pool';
import type { Documents, Guard, Snapshot } from '#kernel/documents/documents';
import { documentNamed } from '#kernel/documents/kind-title';
import { raiseEpoch } from '#kernel/epoch';
import { Refusal } from '#kernel/errors';
import type { Actor } from '#kernel/policy/policy';
import type { Kernel } from '#kernel/stage';
import { liveGrants } from './grants.ts';
import { columnsServed, fieldsServed } from './serving.ts';
import { ownersOf } from './standing-on.ts';

type Service = DocumentOf<'service'>;

/** Kinds whose change can alter what a compiled grant shows or how a key is read. */
const underneath: readonly DocumentKind[] = ['binding', 'library', 'element', 'code-list'];

/**
 * Stores a service from the console. A department provides only what is its own; a library fed by several is provided by the bureau.
 * @throws Refusal POLICY_DENIED, SHARE_NOT_PROVIDER, DOCUMENT_REFUSED
 */
export async function putService(
  kernel: Kernel,
  tx: Transaction,
  body: Readonly<Record<string, unknown>> & { readonly id: string },
  actor: Actor,
): Promise<{ version: number; changed: boolean }> {
  const snapshot = await kernel.documents.snapshot(tx);
  const before = snapshot.find('service', body.id);
  if (before) kernel.policy.demand(actor, 'share.service.edit', [before.department]);
  const { doc, version, changed } = await kernel.documents.put(tx, 'service', body, { origin: 'console', actor: actor.user });
  kernel.policy.demand(actor, 'share.service.edit', [doc.department]);
  demandProvider(doc, actor, snapshot);
  if (changed)
    await kernel.facts.publish(tx, {
      name: 'model-changed',
      about: `service:${doc.id}`,
      actor: actor.user,
      body: { version, origin: 'console' },
    });
  return { version, changed };
}

function demandProvider(service: Service, actor: Actor, snapshot: Snapshot): void {
  if ('library' in service.on && actor.roles.includes('operator')) return;
  const owners = ownersOf(service.on, snapshot);
  const stranger = owners.find((o) => o !== service.department);
  if (stranger !== undefined)
    throw new Refusal('SHARE_NOT_PROVIDER', { service: service.id, owner: stranger, department: service.department });
}

const guarded = new WeakSet<Documents>();

/** Adds the guards once per process. */
export function guardDocuments(kernel: Pick<Kernel, 'documents' | 'clock'>): void {
  if (guarded.has(kernel.documents)) return;
  guarded.add(kernel.documents);
  kernel.documents.guard(keepServed(kernel));
}

/** Refuses to drop or retype what a live grant's service serves; anything else that changes underneath makes every process compile anew. */
const keepServed =
  (kernel: Pick<Kernel, 'documents' | 'clock'>): Guard =>
  async (change, tx) => {
    if (change.kind === 'service') demandClosedMasks(change.next as Service, change.snapshot);
    // A new code list may be an overlay on one in use; any other new document has nothing standing on it.
    if (!underneath.includes(change.kind) || (change.before === null && change.kind !== 'code-list')) return;
    if (change.kind !== 'code-list') {
      const next = change.next as DocumentOf<'binding' | 'library' | 'element'>;
      const after: Find = (kind, id) =>
        kind === (change.kind as string) && id === next.id ? (next as never) : change.snapshot.find(kind, id);
      for (const grant of await liveGrants(tx, kernel.clock.today())) {
        const service = await kernel.documents.version('service', grant.service, grant.serviceVersion, tx);
        const lost = lostField(service, change.snapshot.find, after);
        if (lost !== undefined)
          throw new Refusal('DOCUMENT_IN_USE', { ...documentNamed(change.kind, next.id), grant: grant.id, field: lost });
      }
    }
    await raiseEpoch(tx);
  };

/** A served field that would be gone or of another type, in what the service stands on or in a table that feeds it. */
function lostField(service: Service, before: Find, after: Find): string | undefined {
  const [was, is] = [before, after].map((find) => [
    ...columnsServed(service, fieldsUnder(service, find) ?? []).map((c) => ({ ...c, table: '' })),
    ...columnsFeeding(service, before, find),
  ]);
  return was?.find((w) => !is?.some((i) => i.name === w.name && i.type === w.type && i.table === w.table))?.name;
}

/** For a service on a library: the columns that feed its served fields, as the library in force names them and `find` has them. */
function columnsFeeding(service: Service, before: Find, find: Find): readonly { name: string; type: string; table: string }[] {
  const library = 'library' in service.on ? before('library', service.on.library) : undefined;
  return (library?.feeds ?? []).flatMap((feed) => {
    const binding = find('binding', feed.table);
    const columns = binding ? fieldsOfBinding(binding, find) : [];
    return fieldsServed(service).flatMap((name) =>
      columns.filter((c) => c.name === feed.map[name]).map((c) => ({ name, type: c.type, table: feed.table })),
    );
  });
}

/** A mask must stand by itself: a parameter or an unknown code list would only be found out at the first call. */
function demandClosedMasks(service: Service, snapshot: Snapshot): void {
  for (const [i, { show }] of service.returns.entries()) {
    if (typeof show !== 'object' || !('mask' in show)) continue;
    const open = paramsOf(show.mask)[0] ?? codeListsOf(show.mask).find((l) => !snapshot.find('code-list', l));
    if (open === undefined) continue;
    const fault = { at: `returns.${i}.show.mask`, zh: `“${open}”没有着落`, en: `'${open}' stands for nothing` };
    throw new Refusal('DOCUMENT_REFUSED', documentNamed('service', service.id), { faults: [fault] });
  }
}
