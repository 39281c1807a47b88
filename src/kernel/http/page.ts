/** One page of a list: every list is paged on the server and says how many there are. */
import { z } from 'zod';

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(20),
  offset: z.coerce.number().int().min(0).default(0),
});

/** The number of a version or a batch, within what the stores count them in. */
export const ordinal = z.coerce
  .number()
  .int()
  .min(1)
  .max(2 ** 31 - 1);

/** A page in an order that may be chosen: a name of the list's table of orders, with a minus before it for descending. */
export const sortedPage = <S extends string>(sorts: Readonly<Record<S, unknown>>) =>
  pageQuery.extend({ sort: z.enum((Object.keys(sorts) as S[]).flatMap((n): (S | `-${S}`)[] => [n, `-${n}`])).optional() });

/** Until when something may wait. */
export const dueSchema = z.object({
  until: z.iso.date().nullable(),
  /** Working days it may last, and those left: 0 on the last day, negative when overdue. */
  days: z.number().nullable(),
  left: z.number().nullable(),
  overdue: z.boolean(),
});

/** What an answer says in words, however long: it is made of other people's titles and texts, which a document's own title is not. */
export const saidWords = z.object({ zh: z.string(), en: z.string().optional() });

/** A text filter, trimmed. */
export const textFilter = z.string().trim().max(200).optional();

/** A page of rows and the count of all. */
export const pageOf = <T extends z.ZodType>(row: T) => z.object({ rows: z.array(row), count: z.number().int() });
