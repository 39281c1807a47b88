/** One page of a list: every list is paged on the server and says how many there are. */
import { z } from 'zod';

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(20),
  offset: z.coerce.number().int().min(0).default(0),
});

/** A page of rows and the count of all. */
export const pageOf = <T extends z.ZodType>(row: T) => z.object({ rows: z.array(row), count: z.number().int() });
