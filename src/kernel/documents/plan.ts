/** Plan and apply: what applying the code would change, and doing it. A document edited in the console is a fork and is never overwritten. */
import type { DocumentOf, ModelKind } from '#declare';
import { modelKinds } from '#declare';
import type { Database } from '../db/pool.ts';
import { type Documents, digestOf } from './documents.ts';

/** The models the code brings, in an order in which each finds what it names. */
export type CodeModels = { readonly [K in ModelKind]: readonly DocumentOf<K>[] };

export interface PlannedChange {
  readonly kind: ModelKind;
  readonly id: string;
  /** `add` new, `change` differs and was last applied from code, `same` nothing to do, `fork` edited in the console: left alone. */
  readonly change: 'add' | 'change' | 'same' | 'fork';
}

/** What `apply` would do. */
export async function plan(documents: Documents, models: CodeModels): Promise<readonly PlannedChange[]> {
  const snapshot = await documents.snapshot();
  return modelKinds.flatMap((kind) =>
    models[kind].map((doc): PlannedChange => {
      const head = snapshot.head(kind, doc.id);
      if (!head) return { kind, id: doc.id, change: 'add' };
      if (head.digest === digestOf(doc)) return { kind, id: doc.id, change: 'same' };
      return { kind, id: doc.id, change: head.origin === 'console' ? 'fork' : 'change' };
    }),
  );
}

/** Stores what the plan says is new or changed, all of it or nothing. @throws Refusal DOCUMENT_REFUSED, DOCUMENT_IN_USE */
export async function apply(db: Database, documents: Documents, models: CodeModels, actor: string): Promise<readonly PlannedChange[]> {
  const planned = await plan(documents, models);
  await db.transaction(async (tx) => {
    for (const change of planned.filter((c) => c.change === 'add' || c.change === 'change')) {
      const doc = models[change.kind].find((d) => d.id === change.id);
      await documents.put(tx, change.kind, doc, { origin: 'code', actor });
    }
  });
  return planned;
}
