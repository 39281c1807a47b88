/** What a changed binding must not break: the libraries its table feeds, and its own rules. */
import { type Binding, governedType } from '#declare';
import { ExprError } from '#declare/expr/index';
import type { Guard, Snapshot } from '#kernel/documents/documents';
import { documentNamed } from '#kernel/documents/kind-title';
import { Refusal } from '#kernel/errors';
import { planTable, readingCheck } from './plan.ts';

/** Refuses a text as the age of rows, bindings that drop or retype a field a library is fed by, and rules whose constants cannot be read. */
export const bindingGuard: Guard = async ({ kind, next, before, snapshot }) => {
  if (kind !== 'binding') return;
  const binding = next as Binding;
  if (binding.rules.some((r) => r.id === readingCheck.id)) throw new Refusal('GOVERN_RULE_RESERVED', { rule: readingCheck.id });
  if (before) keepsLibraries(binding, before as Binding, snapshot);
  standsOnAge(binding, before as Binding | null, snapshot);
  try {
    planTable(withBinding(snapshot, binding), binding.id);
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    throw new Refusal('DOCUMENT_REFUSED', documentNamed('binding', binding.id), {
      faults: [{ at: ['rules', ...error.path].join('.'), ...error.said }],
      cause: error,
    });
  }
};

/** Refuses a text as what tells the newest row; a binding that was stored so before keeps it until its steward chooses. */
function standsOnAge(next: Binding, before: Binding | null, snapshot: Snapshot): void {
  const field = next.fields.find((f) => f.name === next.newest);
  const element = field && snapshot.find('element', field.element);
  if (!element || governedType(element) !== 'text' || before?.newest === next.newest) return;
  throw new Refusal('DOCUMENT_REFUSED', documentNamed('binding', next.id), {
    faults: [
      {
        at: 'newest',
        zh: `新旧不能按文本“${field.title.zh}”比较（“9”会大于“10”）：请选时刻、日期或数值字段`,
        en: `a text ('${field.name}') does not tell which row is newer ('9' would come after '10'): choose an instant, a day or a number`,
      },
    ],
  });
}

function keepsLibraries(next: Binding, before: Binding, snapshot: Snapshot): void {
  const typeIn = (b: Binding, name: string): string | undefined => {
    const f = b.fields.find((x) => x.name === name);
    const e = f && snapshot.find('element', f.element);
    return e && governedType(e);
  };
  for (const library of snapshot.list('library'))
    for (const feed of library.feeds.filter((f) => f.table === next.id))
      for (const column of Object.values(feed.map)) {
        const was = typeIn(before, column);
        if (was !== undefined && typeIn(next, column) !== was)
          throw new Refusal('GOVERN_FIELD_FEEDS_LIBRARY', { field: column, library: library.title.zh });
      }
}

function withBinding(snapshot: Snapshot, binding: Binding): Snapshot {
  const find: Snapshot['find'] = (kind, id) => (kind === 'binding' && id === binding.id ? (binding as never) : snapshot.find(kind, id));
  return { ...snapshot, find, get: (kind, id) => (kind === 'binding' && id === binding.id ? (binding as never) : snapshot.get(kind, id)) };
}
