/**
 * An adoption: a steward's decisions about an undeclared file, or about a table of a database. It is no document itself. It becomes the five
 * documents that make the file a catalogued, mounted, governed, served table.
 */
import { z } from 'zod';
import { fieldNameSchema, idSchema, sensitivitySchema, titleSchema } from './base.ts';
import { bindingSchema, boundFieldSchema, boundRuleSchema } from './binding.ts';
import { layoutSchema } from './source.ts';
import { updateCycleCodeSchema } from './update-cycle.ts';

export const adoptedColumnSchema = z.strictObject({
  /** Column of the file. */
  column: z.string().min(1),
  /** False leaves it out: it lands, as everything does, and goes no further. */
  taken: z.boolean(),
  name: fieldNameSchema,
  title: titleSchema,
  element: idSchema,
  sensitivity: sensitivitySchema,
  /** How the service shows it; `reason` is demanded of a sensitive field that is shown as it is. */
  show: z.enum(['masked', 'plain']),
  reason: z.string().max(500),
  withholds: boundFieldSchema.shape.withholds,
});

export const adoptionSchema = z.strictObject({
  /** Id of all five documents. */
  id: idSchema,
  title: titleSchema,
  abstract: z.string().min(1).max(2000),
  category: z.string().min(1).max(60),
  department: idSchema,
  resourceClass: z.enum(['1', '2', '3']),
  shareType: z.enum(['1', '2', '3']),
  shareCondition: z.string().max(2000),
  openType: z.enum(['0', '1']),
  updateCycle: updateCycleCodeSchema,
  secrecyChecked: z.literal(true),
  reading: z.strictObject({
    connector: idSchema,
    settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    /** Null for a table of a database, which is collected and not delivered. */
    layout: layoutSchema.nullable(),
    columns: z.array(z.string().min(1)).min(1),
    /** Of a table: the column to read on by. Left out or null: all rows each time. */
    cursor: z.string().nullable().optional(),
    /** Of a table: its columns that were not picked. */
    leaves: z.array(z.string().min(1)).optional(),
  }),
  columns: z.array(adoptedColumnSchema).min(1),
  /** Fields that identify a row; the service is asked by them. None where nothing does: then it is asked by the first fields. */
  key: z.array(fieldNameSchema),
  mayBeAbsent: bindingSchema.shape.mayBeAbsent,
  rules: z.array(boundRuleSchema),
});
export type AdoptedColumn = z.infer<typeof adoptedColumnSchema>;
export type Adoption = z.infer<typeof adoptionSchema>;
