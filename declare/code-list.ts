/** A code list: the closed set of codes a column may hold, each with the days on which it is in force. */
import { z } from 'zod';
import { daySchema, freeze, idSchema, titleSchema } from './base.ts';

export const codeListItemSchema = z.strictObject({
  code: z.string().min(1),
  title: titleSchema,
  /** First day in force; null when it was in force from the beginning. */
  validFrom: daySchema.nullable(),
  /** Last day in force, inclusive; null while it is in force. */
  validTo: daySchema.nullable(),
});
export type CodeListItem = z.infer<typeof codeListItemSchema>;

export const codeListSchema = z.strictObject({
  form: z.literal(1),
  id: idSchema,
  title: titleSchema,
  /** Standard and clause the list comes from. */
  basis: z.string(),
  edition: z.string(),
  /** Last day that the edition tells of; left out where a standard stands until another replaces it. */
  editionDay: daySchema.optional(),
  /** Id of the list this one adds to (a city's own codes over a national list), or null. */
  overlays: idSchema.nullable(),
  items: z.array(codeListItemSchema),
});
export type CodeList = z.infer<typeof codeListSchema>;

/** Declares a code list. */
export const codeList = (list: Omit<CodeList, 'form'>): CodeList => freeze(codeListSchema.parse({ form: 1, ...list }));

/** The items of a list with those of every overlay on it; an overlay's item replaces one of the same code and first day. */
export function itemsOf(id: string, lists: readonly CodeList[]): readonly CodeListItem[] {
  const byPeriod = new Map<string, CodeListItem>();
  for (const list of lists.filter((l) => l.id === id)) for (const item of list.items) byPeriod.set(`${item.code} ${item.validFrom}`, item);
  for (const list of lists.filter((l) => l.overlays === id))
    for (const item of list.items) byPeriod.set(`${item.code} ${item.validFrom}`, item);
  return [...byPeriod.values()];
}
