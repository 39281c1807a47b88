/** Sources as documents, their settings held against their connector's own schema, and the secrets they name. */
import { type Connector, type DeclarationFault, faultsOf, type Source } from '#declare';
import type { Transaction } from '#kernel/db/pool';
import type { Snapshot } from '#kernel/documents/documents';
import { documentNamed, kindTitle } from '#kernel/documents/kind-title';
import { Refusal } from '#kernel/errors';
import type { Actor } from '#kernel/policy/policy';
import type { Kernel } from '#kernel/stage';
import { queueProbe } from './jobs.ts';
import { noteDeclared } from './new-columns.ts';
import { judgedCursor } from './position.ts';

const secretWord = /^secret:([a-z][a-z0-9-]{0,62})$/;

/** Names of the settings that take a secret. */
export const secretFields = (connector: Connector): readonly string[] =>
  Object.entries(connector.settings.shape).flatMap(([name, schema]) =>
    (schema as { meta(): Record<string, unknown> | undefined }).meta()?.['secret'] === true ? [name] : [],
  );

/**
 * Stores a source of the actor's own department (the operator: of any).
 * @throws Refusal POLICY_DENIED, DOCUMENT_REFUSED with every fault of the settings, COLLECT_CONNECTOR_UNKNOWN, COLLECT_SECRET_FOREIGN, COLLECT_COLUMN_IN_USE
 */
export async function putSource(
  kernel: Kernel,
  connectorOf: (id: string) => Connector,
  actor: Actor,
  id: string,
  body: Readonly<Record<string, unknown>>,
): Promise<{ version: number; changed: boolean }> {
  const departments = new Set((await kernel.identity.departments()).map((d) => d.id));
  const store = async (tx: Transaction): Promise<Stored> => {
    const snapshot = await kernel.documents.snapshot(tx);
    const before = snapshot.find('source', id);
    if (before) kernel.policy.demand(actor, 'source.edit', [before.department]);
    const { doc, version, changed } = await kernel.documents.put(
      tx,
      'source',
      { form: 1, ...body, id },
      { origin: 'console', actor: actor.user },
    );
    kernel.policy.demand(actor, 'source.edit', [doc.department]);
    if (!changed) return { version, changed, asks: null };
    if (!departments.has(doc.department)) throw new Refusal('COLLECT_DEPARTMENT_UNKNOWN', { department: doc.department });
    const faults = settingFaults(doc, connectorOf(doc.connector));
    if (faults.length > 0) throw new Refusal('DOCUMENT_REFUSED', documentNamed('source', id), { faults });
    await demandSecrets(tx, doc);
    if (before) {
      demandUnused(before, doc, snapshot);
      await noteDeclared(tx, before, doc);
    }
    await kernel.facts.publish(tx, { name: 'source-changed', about: `source:${id}`, actor: actor.user, body: { source: id, version } });
    // What was said of its columns may be over.
    const isMounted = snapshot.list('mount').some((m) => m.source === id);
    if (isMounted || (before && isOtherwise(before, doc))) await queueProbe(kernel, tx, doc, actor.user);
    return { version, changed, asks: before && isReadAlike(before, doc) ? null : doc };
  };
  // The source itself is asked about its cursor outside of any transaction, and not before it is sure that the actor may.
  const asks = body['mode'] === 'incremental' ? await asked(kernel, store) : null;
  const warned = asks && (await judgedCursor(kernel, connectorOf(asks.connector), asks));
  return kernel.db.transaction(async (tx) => {
    const { version, changed } = await store(tx);
    // A source that could not be asked is judged by its first reading; what was said of another cursor is over.
    if (asks)
      await tx.run(
        'insert into collect.source (id, cursor_warned) values ($1, $2) on conflict (id) do update set cursor_warned = excluded.cursor_warned',
        [id, warned && JSON.stringify(warned)],
      );
    return { version, changed };
  });
}

/** Ends a transaction that was only to ask. */
class Asked extends Error {}

/** The source that would be stored, where its cursor is to be judged; nothing is stored. */
async function asked(kernel: Kernel, store: (tx: Transaction) => Promise<Stored>): Promise<Source | null> {
  let asks: Source | null = null;
  try {
    await kernel.db.transaction(async (tx) => {
      asks = (await store(tx)).asks;
      throw new Asked();
    });
  } catch (error) {
    if (!(error instanceof Asked)) throw error;
  }
  return asks;
}

interface Stored {
  readonly version: number;
  readonly changed: boolean;
  /** The source whose cursor is to be judged; null where it reads as before. */
  readonly asks: Source | null;
}

/** Whether both read the same place by the same cursor. */
const isReadAlike = (before: Source, next: Source): boolean =>
  JSON.stringify([before.connector, before.settings, before.cursor]) === JSON.stringify([next.connector, next.settings, next.cursor]);

/** Whether it takes or leaves other columns. */
const isOtherwise = (before: Source, next: Source): boolean =>
  JSON.stringify([before.columns, before.leaves]) !== JSON.stringify([next.columns, next.leaves]);

function settingFaults(source: Source, connector: Connector): readonly DeclarationFault[] {
  const parsed = connector.settings.safeParse(source.settings);
  const faults: DeclarationFault[] = (parsed.error ? faultsOf(connector.settings, source.settings, parsed.error) : []).map((f) => ({
    ...f,
    at: f.at === '.' ? 'settings' : `settings.${f.at}`,
  }));
  faults.push(...secretFaults(connector, source.settings));
  const isFile = connector.takes === 'file';
  if (isFile && source.mode === 'incremental')
    faults.push({ at: 'mode', zh: '文件交付都是全量的', en: 'a file is always a full delivery' });
  if (isFile !== (source.layout !== null))
    faults.push({
      at: 'layout',
      zh: isFile ? '文件需要版式' : '库表没有版式',
      en: isFile ? 'a file needs a layout' : 'a table has no layout',
    });
  return faults;
}

/** Settings that hold a secret itself, or name one where none belongs. */
export function secretFaults(connector: Connector, settings: Source['settings']): readonly DeclarationFault[] {
  const faults: DeclarationFault[] = [];
  const secret = new Set(secretFields(connector));
  for (const [name, value] of Object.entries(settings)) {
    const isWord = typeof value === 'string' && secretWord.test(value);
    if (secret.has(name) && !isWord)
      faults.push({
        at: `settings.${name}`,
        zh: '口令不写在文档里：请先保存密钥，再填 secret:名称',
        en: 'a secret is never written here: keep it first, then name it as secret:name',
      });
    if (!secret.has(name) && typeof value === 'string' && value.startsWith('secret:'))
      faults.push({ at: `settings.${name}`, zh: '这一项不是口令', en: 'this setting takes no secret' });
  }
  return faults;
}

/** A source names only secrets of its own department: or one department's password could be sent to another's machine. */
export async function demandSecrets(tx: Transaction, source: Pick<Source, 'settings' | 'department'>): Promise<void> {
  for (const value of Object.values(source.settings)) {
    const name = typeof value === 'string' ? secretWord.exec(value)?.[1] : undefined;
    if (name === undefined) continue;
    const row = await tx.first<{ department: string }>('select department from collect.secret where name = $1', [name]);
    if (!row) throw new Refusal('SECRET_MISSING', { name });
    if (row.department !== source.department) throw new Refusal('COLLECT_SECRET_FOREIGN', { name });
  }
}

/** A column that a mount or a binding reads does not vanish: its values would silently become absent. */
function demandUnused(before: Source, next: Source, snapshot: Snapshot): void {
  for (const column of before.columns.filter((c) => !next.columns.includes(c))) {
    const mount = snapshot.list('mount').find((m) => m.source === next.id && Object.values(m.items).includes(column));
    const binding = snapshot.list('binding').find((b) => b.source === next.id && b.fields.some((f) => f.column === column));
    const user = mount ? (['mount', mount.id] as const) : binding ? (['binding', binding.id] as const) : undefined;
    if (user)
      throw new Refusal('COLLECT_COLUMN_IN_USE', {
        column,
        user: `${kindTitle(user[0]).zh}“${user[1]}”`,
        userEn: `${user[0]} '${user[1]}'`,
      });
  }
}

/**
 * Keeps a secret for a department. Its name belongs to the department that first used it. `unused`: only where no source uses it.
 * @throws Refusal POLICY_DENIED, COLLECT_SECRET_FOREIGN, COLLECT_SECRET_IN_USE
 */
export async function putSecret(
  kernel: Kernel,
  actor: Actor,
  name: string,
  value: string,
  { department, unused = false }: { readonly department: string; readonly unused?: boolean | undefined },
): Promise<void> {
  kernel.policy.demand(actor, 'secret.set', [department]);
  // A password that was never tried replaces none that works.
  const user = unused
    ? (await kernel.documents.snapshot()).list('source').find((s) => Object.values(s.settings).includes(`secret:${name}`))
    : undefined;
  if (user)
    throw user.department === department
      ? new Refusal('COLLECT_SECRET_IN_USE', { name, source: user.id })
      : new Refusal('COLLECT_SECRET_FOREIGN', { name });
  await kernel.db.transaction(async (tx) => {
    await tx.run('insert into collect.secret (name, department) values ($1, $2) on conflict do nothing', [name, department]);
    const owner = (await tx.first<{ department: string }>('select department from collect.secret where name = $1', [name]))?.department;
    if (owner !== department) throw new Refusal('COLLECT_SECRET_FOREIGN', { name });
    await kernel.secrets.set(tx, name, value, actor.user, kernel.clock.now());
    await kernel.facts.publish(tx, { name: 'secret-set', about: `secret:${name}`, actor: actor.user, body: { name, department } });
  });
}
