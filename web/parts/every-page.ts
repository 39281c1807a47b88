/** All rows of a list, page after page, as they stood at the first one. */

/** Rows asked for at once: what a page of the platform holds at most. */
export const largestPage = 1000;

type Load<T> = (page: { limit: number; offset: number }) => Promise<{ readonly rows: readonly T[]; readonly count: number }>;

/**
 * Yields the new rows of each page and the count of all. What is added in front meanwhile (the access log grows with this very reading)
 * moves rows on to the next page, where they were already had: each comes once.
 */
export async function* everyPage<T>(
  load: Load<T>,
  rowKey: (row: T) => string,
  size = largestPage,
): AsyncGenerator<{ readonly rows: readonly T[]; readonly count: number }> {
  const had = new Set<string>();
  for (let offset = 0; ; offset += size) {
    const page = await load({ limit: size, offset });
    const rows = page.rows.filter((row) => !had.has(rowKey(row)));
    for (const row of rows) had.add(rowKey(row));
    yield { rows, count: page.count };
    if (page.rows.length < size) return;
  }
}
