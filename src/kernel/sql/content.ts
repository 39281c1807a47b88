/** The content of a row as one text, for digests and keys. */

/**
 * DuckDB's text of some values one after another, each with its length, so that no two rows read alike: for each `~` where it is absent, else
 * its length in code points, `:` and the value as text. Never absent. One `concat` takes two thirds of the time of as many `||`.
 */
export function contentSql(values: readonly string[]): string {
  const told = values.map(
    (v) => `case when ${v} is null then '~' else concat(length(cast(${v} as VARCHAR)), ':', cast(${v} as VARCHAR)) end`,
  );
  return `concat(${told.join(', ')})`;
}
