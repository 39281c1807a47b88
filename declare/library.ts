/** A library: one golden record per thing in the city, built from governed tables in a declared order of trust. */
import { z } from 'zod';
import { fieldNameSchema, freeze, idSchema, titleSchema } from './base.ts';

export const libraryFieldSchema = z.strictObject({ name: fieldNameSchema, title: titleSchema, element: idSchema });

/** A feed: which governed columns become which fields. Earlier feeds are trusted more unless `trust` says otherwise for a field. */
export const feedSchema = z.strictObject({ table: idSchema, map: z.record(fieldNameSchema, fieldNameSchema) });

export const librarySchema = z.strictObject({
  form: z.literal(1),
  id: idSchema,
  title: titleSchema,
  basis: z.string(),
  /** What one record is, e.g. 人 / person. */
  entity: titleSchema,
  /** The field that identifies a thing by itself: same value, same thing. */
  strongKey: fieldNameSchema,
  fields: z.array(libraryFieldSchema).min(1),
  /** Order of trust, most trusted first. */
  feeds: z.array(feedSchema).min(1),
  /** Fields whose order of trust differs: field → table ids, most trusted first. */
  trust: z.record(fieldNameSchema, z.array(idSchema).min(1)),
});
export type Library = z.infer<typeof librarySchema>;

/** Declares a library. */
export const library = (spec: Omit<Library, 'form'>): Library => freeze(librarySchema.parse({ form: 1, ...spec }));

/** Table ids that feed a field, most trusted first. */
export function trustOrder(lib: Library, field: string): readonly string[] {
  const feeding = lib.feeds.filter((f) => f.map[field] !== undefined).map((f) => f.table);
  const named = (lib.trust[field] ?? []).filter((t) => feeding.includes(t));
  return [...named, ...feeding.filter((t) => !named.includes(t))];
}
