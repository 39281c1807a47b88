/** A request (共享申请) for a service, and the grant (授权) that answers it: immutable, executable, sealed by both departments. */
import { z } from 'zod';
import { daySchema, fieldNameSchema, idSchema } from './base.ts';
import { exprSchema } from './expr/index.ts';

/** What a consumer department asks for, why, and until when (Decree 809: purpose, legal basis, scene, period). */
export const requestSchema = z.strictObject({
  form: z.literal(1),
  id: idSchema,
  service: idSchema,
  /** Version of the service the request speaks of; the grant pins it. */
  serviceVersion: z.int().min(1),
  /** The requesting department (使用方). */
  department: idSchema,
  /** The providing department, taken from the service. */
  provider: idSchema,
  purpose: z.string().min(4).max(500),
  legalBasis: z.string().min(4).max(500),
  scene: z.string().min(2).max(500),
  fields: z.array(fieldNameSchema).min(1),
  /** Rows asked for; null: all of them. */
  rowFilter: exprSchema.nullable(),
  /** Last day of use, inclusive. */
  until: daySchema,
  contact: z.string().min(1).max(100),
});
export type Request = z.infer<typeof requestSchema>;

export const grantSchema = z.strictObject({
  form: z.literal(1),
  id: idSchema,
  request: idSchema,
  service: idSchema,
  serviceVersion: z.int().min(1),
  consumer: idSchema,
  provider: idSchema,
  purpose: z.string(),
  legalBasis: z.string(),
  /** Fields and the mask each is shown through; a null mask shows the value as it is. */
  fields: z.array(z.strictObject({ field: fieldNameSchema, mask: exprSchema.nullable() })).min(1),
  rowFilter: exprSchema.nullable(),
  /** First and last day on which it may be used, inclusive. */
  validFrom: daySchema,
  validTo: daySchema,
});
export type Grant = z.infer<typeof grantSchema>;
