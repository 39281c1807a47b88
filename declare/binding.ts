/** A binding: what the columns of a source mean (data elements) and which rules their rows must keep; it makes a governed table. */
import { z } from 'zod';
import { fieldNameSchema, idSchema, sensitivitySchema, titleSchema } from './base.ts';

export const boundFieldSchema = z.strictObject({
  /** Name of the governed column. */
  name: fieldNameSchema,
  /** Column of the source it is read from. */
  column: z.string().min(1),
  title: titleSchema,
  element: idSchema,
  /** Overrides the element's sensitivity; null keeps it. */
  sensitivity: sensitivitySchema.nullable(),
  /** Verdicts of the element that only warn by themselves and withhold the row here: the steward's decision. */
  withholds: z.array(z.string().min(1).max(80)).optional(),
});

export const boundRuleSchema = z.strictObject({
  /** Unique in this binding; names the rule in quarantine. */
  id: idSchema,
  kind: idSchema,
  /** Slot of the rule kind → governed field. */
  slots: z.record(z.string(), fieldNameSchema),
  params: z.record(z.string(), z.string()),
  /** Overrides the kind's severity; null keeps it. */
  severity: z.enum(['block', 'warn']).nullable(),
});

export const bindingSchema = z.strictObject({
  form: z.literal(1),
  /** Also the id of the governed table. */
  id: idSchema,
  title: titleSchema,
  source: idSchema,
  fields: z.array(boundFieldSchema).min(1),
  /** Fields that identify a row of the governed table; none where nothing does: no row is merged with another or withheld for one. */
  key: z.array(fieldNameSchema),
  /** Key fields of which an absent value is one like any other; a row that lacks one of the others, or all, has no key and is never merged. */
  mayBeAbsent: z.array(fieldNameSchema).optional(),
  /**
   * Field whose greatest value is the latest word about a key. Null: of a full delivery the first row is; of an incremental source the latest version, and
   * between rows of the source that the table keys alike the one with the greatest cursor value.
   */
  newest: fieldNameSchema.nullable(),
  rules: z.array(boundRuleSchema),
});
export type Binding = z.infer<typeof bindingSchema>;
