/** The kinds of document, their present forms, and the one door through which raw data becomes a document. */
import type { z } from 'zod';
import { DeclarationError, faultsOf, freeze } from './base.ts';
import { bindingSchema } from './binding.ts';
import { calendarSchema } from './calendar.ts';
import { codeListSchema } from './code-list.ts';
import { elementSchema } from './element.ts';
import { entrySchema } from './entry.ts';
import { grantSchema, requestSchema } from './grant.ts';
import { librarySchema } from './library.ts';
import { processSchema } from './process.ts';
import { ruleKindSchema } from './rule-kind.ts';
import { serviceSchema } from './service.ts';
import { mountSchema, sourceSchema } from './source.ts';
import { updateCycleSchema } from './update-cycle.ts';

/** Models come from code or from the console; records are made only through the API. */
export const modelKinds = ['code-list', 'element', 'rule-kind', 'calendar', 'update-cycle', 'process', 'library', 'service'] as const;
export const recordKinds = ['entry', 'source', 'mount', 'binding', 'request', 'grant'] as const;
export type ModelKind = (typeof modelKinds)[number];
export type RecordKind = (typeof recordKinds)[number];
export type DocumentKind = ModelKind | RecordKind;

const schemas = {
  'code-list': codeListSchema,
  element: elementSchema,
  'rule-kind': ruleKindSchema,
  calendar: calendarSchema,
  'update-cycle': updateCycleSchema,
  process: processSchema,
  library: librarySchema,
  service: serviceSchema,
  entry: entrySchema,
  source: sourceSchema,
  mount: mountSchema,
  binding: bindingSchema,
  request: requestSchema,
  grant: grantSchema,
} as const;

/** The document type behind each kind. */
export type DocumentOf<K extends DocumentKind> = z.infer<(typeof schemas)[K]>;

/** The present form of every kind. A raised form brings a pure upcaster from the one before it. */
export const presentForm: Readonly<Record<DocumentKind, number>> = {
  'code-list': 1,
  element: 4,
  'rule-kind': 2,
  calendar: 1,
  'update-cycle': 1,
  process: 2,
  library: 1,
  service: 1,
  entry: 1,
  source: 1,
  mount: 1,
  binding: 1,
  request: 1,
  grant: 1,
};

type Raw = Readonly<Record<string, unknown>>;

/** Lifts the form a kind had before to the next, one step each; index 0 lifts form 1. */
const upcasters: { readonly [K in DocumentKind]?: readonly ((raw: Raw) => Raw)[] } = {
  element: [
    (raw) => ({ ...raw, form: 2, names: [] }),
    (raw) => ({ ...raw, form: 3, telling: null }),
    (raw) => ({ ...raw, form: 4, inside: null }),
  ],
  // Limits and duties came with form 2; what is left out of them is what the schema says.
  process: [(raw) => ({ ...raw, form: 2 })],
  'rule-kind': [
    (raw) => ({
      ...raw,
      form: 2,
      slots: Array.isArray(raw['slots']) ? raw['slots'].map((slot: Raw) => ({ ...slot, elements: [] })) : raw['slots'],
      proposed: null,
    }),
  ],
};

/** The raw document in the present form of its kind; what is no older form of it is returned as it is. */
function lifted(kind: DocumentKind, raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || !('form' in raw) || !Number.isInteger(raw.form) || (raw.form as number) < 1) return raw;
  return (upcasters[kind] ?? []).slice((raw.form as number) - 1).reduce<unknown>((older, lift) => lift(older as Raw), raw);
}

/** True for a word that names a kind of document. */
export const isDocumentKind = (word: string): word is DocumentKind => Object.hasOwn(schemas, word);

/**
 * Turns raw data into a document: knows its form, checks its shape, freezes it.
 * @throws DeclarationError naming every fault and where it stands; a form this version does not know is one.
 */
export function parseDocument<K extends DocumentKind>(kind: K, given: unknown): DocumentOf<K> {
  const id = typeof given === 'object' && given !== null && 'id' in given ? String(given.id) : '?';
  const raw = lifted(kind, given);
  const form = typeof raw === 'object' && raw !== null && 'form' in raw ? raw.form : undefined;
  if (form !== presentForm[kind])
    throw new DeclarationError(kind, id, [
      {
        at: 'form',
        zh: `不认识的版式 ${String(form)}，本版本认识的是 ${presentForm[kind]}`,
        en: `unknown form ${String(form)}; this version knows ${presentForm[kind]}`,
      },
    ]);
  const parsed = schemas[kind].safeParse(raw);
  if (!parsed.success) throw new DeclarationError(kind, id, faultsOf(schemas[kind], raw, parsed.error));
  return freeze(parsed.data) as DocumentOf<K>;
}
