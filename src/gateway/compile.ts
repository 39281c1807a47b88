/** Compiling a grant: everything a call needs, worked out once per authorisation epoch and day. */
import { type FieldType, fieldsUnder, type SeenField } from '#declare';
import type { Env, Expr } from '#declare/expr/index';
import { digestOf, type Snapshot } from '#kernel/documents/documents';
import type { Kernel } from '#kernel/stage';
import { type GrantState, grantState, noticesOn, sealHolds, shareTermsOf, shownFields } from '#share';
import { type Statement, statementFor } from './statement.ts';

/** A field the grant may be asked by. */
export interface CompiledKey {
  readonly field: string;
  readonly title: string;
  readonly type: FieldType;
  /** Text as a caller writes it → the standard text that is stored. */
  readonly standardise: Expr;
  readonly statement: Statement;
}

export interface CompiledGrant {
  readonly epoch: number;
  readonly state: GrantState;
  /** False when the document is not the one that was sealed. */
  readonly sealed: boolean;
  /** Title of the entry whose withdrawal closes the service; null while it is open. */
  readonly withdrawn: string | null;
  readonly purpose: string;
  /** Fields an answer shows. */
  readonly fields: readonly string[];
  readonly keys: ReadonlyMap<string, CompiledKey>;
  /** Rows one answer may hold. */
  readonly limit: number;
  readonly env: Env;
  /** Told with every answer. */
  readonly notices: readonly { readonly zh: string; readonly en: string }[];
}

/** Compiles a grant as it stands now; undefined when the snapshot has none. `epoch` must have been read before the snapshot. */
export async function compileGrant(
  kernel: Kernel,
  snapshot: Snapshot,
  id: string,
  epoch: number,
  today: string,
): Promise<CompiledGrant | undefined> {
  const state = await grantState(kernel.db, id);
  const grant = snapshot.find('grant', id);
  if (!state || !grant) return undefined;
  const service = await kernel.documents.version('service', grant.service, grant.serviceVersion);
  const env: Env = { today, codeList: (list) => snapshot.codeList(list) };
  const shown = shownFields(grant, service, snapshot.find);
  const fields = new Map((fieldsUnder(service, snapshot.find) ?? []).map((f) => [f.name, f]));
  const keyOf = (field: SeenField): CompiledKey => ({
    field: field.name,
    title: field.title.zh,
    type: field.type,
    standardise: snapshot.get('element', field.element).standardise,
    statement: statementFor({ grant, shown, key: field.name, keyType: field.type }, env),
  });
  return {
    epoch,
    state,
    sealed: digestOf(grant) === state.digest && (await sealHolds(kernel, kernel.db, state.seal, state.digest)),
    withdrawn: (await shareTermsOf(kernel.db, kernel.review, service, snapshot)).withdrawn?.title.zh ?? null,
    purpose: grant.purpose,
    fields: shown.map((s) => s.field.name),
    keys: new Map(
      service.keys.flatMap((k) => {
        const f = fields.get(k);
        return f ? [[k, keyOf(f)] as const] : [];
      }),
    ),
    limit: service.limit,
    env,
    notices: await noticesOn(kernel.db, service.on, snapshot),
  };
}
