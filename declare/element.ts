/** A data element: what one kind of value is, how it is standardised, and the three verdicts that can be passed on it. */
import { z } from 'zod';
import { type FieldType, fieldTypeSchema, freeze, idSchema, sensitivitySchema, titleSchema } from './base.ts';
import { exprSchema } from './expr/index.ts';

export const semanticSchema = z.strictObject({
  id: idSchema,
  title: titleSchema,
  /** `unlisted`: a value that fails is unknown to a code list, or of another shape; it only warns, but does not speak for the element. */
  severity: z.enum(['block', 'unlisted', 'warn']),
  holds: exprSchema,
  /** Over `value`, where a failing value is in no edition of a list: the day of the value, held against that of the edition. */
  on: exprSchema.optional(),
  reason: titleSchema,
});

/** Id of the verdict on values younger than the edition of their list: whether they exist cannot be told. */
export const untoldOf = (verdict: string): string => `${verdict}-untold`;

export const elementSchema = z.strictObject({
  form: z.literal(4),
  id: idSchema,
  title: titleSchema,
  /** What departments write above a column of it, beside the title: evidence when a file nobody knows is read. */
  names: z.array(z.string().min(1)),
  /** Standard and clause, e.g. `GB 11643-1999`. */
  basis: z.string(),
  /** Type of the standardised value once its shape holds; codes are `code` and stay text. */
  type: z.enum([...fieldTypeSchema.options, 'code']),
  codeList: idSchema.nullable(),
  /** What a standardised number counts, where its values are written with another or with a sign: it goes into the name of a new column. */
  unit: z.string().min(1).max(20).optional(),
  sensitivity: sensitivitySchema,
  /** Sensitivity where it is of a body, as an address or a telephone may be. Left out where it is of persons alone. */
  ofBodies: sensitivitySchema.optional(),
  /** True when the value says something about a natural person (PIPL art. 4). */
  personal: z.boolean(),
  /** True when a value is the name of a person. Such values give away a column of text; a column called after places holds none. */
  namesPersons: z.literal(true).optional(),
  /** The usual mask, an expression over `value`; null where the value is public. */
  mask: exprSchema.nullable(),
  /** Text as received → standard text, over `value`. */
  standardise: exprSchema,
  /** The element that reads the same text as an instant, where a day may carry the time. It orders the changes of one day. */
  moment: idSchema.optional(),
  /** First verdict, over the standardised text. */
  shape: exprSchema,
  /** Over the text as received: whether a value by itself, without a name above it, speaks for this element; null where none does. */
  telling: exprSchema.nullable(),
  /** Over the text as received: whether a longer text, as a remark, holds a value of it. Null where that is not asked. */
  inside: exprSchema.nullable(),
  /** Second verdict; null where the element has no check character. */
  checksum: exprSchema.nullable(),
  /** Third verdicts: what the value means, each with its own severity. */
  semantics: z.array(semanticSchema),
  reasons: z.strictObject({ shape: titleSchema, checksum: titleSchema.nullable() }),
  examples: z.strictObject({
    valid: z.array(z.string()).min(1),
    invalid: z.array(z.strictObject({ value: z.string(), verdict: z.string() })),
    standardised: z.array(z.strictObject({ from: z.string(), to: z.string() })),
  }),
});
export type Element = z.infer<typeof elementSchema>;

/** Declares a data element. */
export const element = (spec: Omit<Element, 'form'>): Element => freeze(elementSchema.parse({ form: 4, ...spec }));

/**
 * Whether a value of another shape withholds its row by itself. A value with a check character is the number of one person or thing, and a false one
 * would be another's. Elsewhere the row is kept; the value stays as text, and of another type it counts as none, with its text in the finding.
 */
export const shapeBlocks = (e: Element): boolean => e.checksum !== null && e.codeList === null;

/** Ids of the verdicts of an element that only warn by themselves: a binding may have them withhold the row. */
export const warningsOf = (e: Element): readonly string[] => [
  ...(shapeBlocks(e) ? [] : ['shape']),
  ...e.semantics.flatMap((s) => (s.severity === 'block' ? [] : s.on ? [s.id, untoldOf(s.id)] : [s.id])),
];

/** Type a governed column of this element has. */
export const governedType = (e: Element): FieldType => (e.type === 'code' ? 'text' : e.type);
