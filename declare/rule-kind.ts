/** A rule kind: a sentence about a row with open places (slots for columns, parameters for constants) that a binding fills. */
import { z } from 'zod';
import { fieldTypeSchema, freeze, idSchema, titleSchema } from './base.ts';
import { exprSchema } from './expr/index.ts';

const placeName = z.string().regex(/^[a-z][A-Za-z0-9]*$/);

/** Rules that look at more than one row are compiled by the machine, not written as expressions. */
export const compiledRuleSchema = z.strictObject({ compiled: z.enum(['unique-key', 'exact-duplicate']) });

export const ruleKindSchema = z.strictObject({
  form: z.literal(2),
  id: idSchema,
  title: titleSchema,
  basis: z.string(),
  /** Columns the rule speaks of; the expression names them as columns. */
  slots: z.array(
    z.strictObject({
      name: placeName,
      type: fieldTypeSchema,
      title: titleSchema,
      /** Data elements whose fields are offered for the slot when a new table is declared; none: any field of the type. */
      elements: z.array(idSchema),
    }),
  ),
  /** Constants the rule needs; the expression names them as params. */
  params: z.array(z.strictObject({ name: placeName, type: z.enum(['text', 'number', 'date', 'code-list']), title: titleSchema })),
  severity: z.enum(['block', 'warn']),
  /**
   * Where the rule is proposed for a new table: once; once on its first field that fits; for every key field that fits; for the fields whose
   * elements fit its slots; or nowhere by itself.
   */
  proposed: z.enum(['table', 'first', 'key', 'elements']).nullable(),
  holds: z.union([exprSchema, compiledRuleSchema]),
  /** Why a row is refused; `{slot}` and `{param}` are filled in. */
  reason: titleSchema,
  examples: z.strictObject({
    pass: z.array(z.record(z.string(), z.string().nullable())),
    fail: z.array(z.record(z.string(), z.string().nullable())),
  }),
});
export type RuleKind = z.infer<typeof ruleKindSchema>;

/** Declares a rule kind. */
export const ruleKind = (spec: Omit<RuleKind, 'form'>): RuleKind => freeze(ruleKindSchema.parse({ form: 2, ...spec }));

/** True for a rule that compares rows with one another. */
export const isCompiled = (kind: RuleKind): kind is RuleKind & { holds: z.infer<typeof compiledRuleSchema> } => 'compiled' in kind.holds;
