/** A service: what may be asked of a library or of a governed table, and what an answer shows. */
import { z } from 'zod';
import { fieldNameSchema, freeze, idSchema, titleSchema } from './base.ts';
import { exprSchema } from './expr/index.ts';

/**
 * How a returned field is shown: with its element's usual mask, with a mask of its own (an expression over `value`), or as it is.
 * A field of sensitivity 3 or 4 may be shown as it is only with a stated reason.
 */
export const maskingSchema = z.union([
  z.literal('element'),
  z.strictObject({ mask: exprSchema }),
  z.strictObject({ shown: z.string().min(4).max(500).nullable() }),
]);
export type Masking = z.infer<typeof maskingSchema>;

export const serviceSchema = z.strictObject({
  form: z.literal(1),
  id: idSchema,
  title: titleSchema,
  /** What the service stands on. */
  on: z.union([z.strictObject({ library: idSchema }), z.strictObject({ table: idSchema })]),
  /** The department that provides it. */
  department: idSchema,
  kind: z.literal('query'),
  /** Fields by which it may be asked; a call names exactly one with an equal value. */
  keys: z.array(fieldNameSchema).min(1).max(5),
  returns: z.array(z.strictObject({ field: fieldNameSchema, show: maskingSchema })).min(1),
  /** Rows one answer may hold, at most 100. */
  limit: z.int().min(1).max(100),
});
export type Service = z.infer<typeof serviceSchema>;

/** Declares a service. */
export const service = (spec: Omit<Service, 'form'>): Service => freeze(serviceSchema.parse({ form: 1, ...spec }));
