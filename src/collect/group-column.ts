/** The column that a file does not have: the heading above each row of data. */
import type { Layout, Source } from '#declare';

/** The columns of a file with the one that its headings make, which is the last. */
export const withGroup = (columns: readonly string[], layout: Layout | null): string[] =>
  layout?.groupColumn === undefined ? [...columns] : [...columns, layout.groupColumn];

/** The columns that the file itself has. */
export const fileColumns = (columns: readonly string[], layout: Layout | null): readonly string[] =>
  layout?.groupColumn === undefined ? columns : columns.filter((c) => c !== layout.groupColumn);

/** A source as its connector reads it: with the columns of the file alone. */
export const asDelivered = (source: Source): Source => ({ ...source, columns: [...fileColumns(source.columns, source.layout)] });

/** The layout without what makes no sense: a column of headings where no rows are headings. */
export function sensible(layout: Layout): Layout {
  const { groupColumn, ...rest } = layout;
  return groupColumn !== undefined && layout.asides?.includes('heading') ? layout : rest;
}

/** A name for the column of headings that no column of the file has. */
export function groupName(columns: readonly string[]): string {
  let free = '分组';
  for (let n = 2; columns.includes(free); n++) free = `分组·${n}`;
  return free;
}
