/** What the columns of a delivery are called, by the source itself or by its header rows. */
import type { Delivery, Source } from '#declare';
import type { Kernel } from '#kernel/stage';
import { columnNamesAs, placeName } from './column-names.ts';
import { compareColumns, type Drift } from './drift.ts';
import { beyondSql } from './grid.ts';
import { fileColumns } from './group-column.ts';
import { headersOf } from './propose-layout.ts';

/**
 * Compares what was delivered with what is declared; null when it is the same. A column nobody named is overlooked while it is empty
 * and is extra, under its number, when it holds anything.
 */
export async function findDrift(
  kernel: Kernel,
  source: Source,
  delivery: Delivery,
  path: string,
  signal: AbortSignal,
): Promise<Drift | null> {
  if (delivery.names) return compareColumns(source.columns, delivery.names);
  const { layout } = source;
  const columns = fileColumns(source.columns, layout);
  const width = Math.max(delivery.width, columns.length);
  const named = layout && layout.headerRows > 0;
  const headers = named ? await headersOf(kernel, layout, width, path, signal) : [];
  const beyond =
    width > columns.length
      ? (await kernel.warehouse.query<Record<string, boolean>>(beyondSql(layout, width, columns.length), [path], { signal }))[0]
      : undefined;
  const names = columnNamesAs(columns, headers, width);
  const delivered: string[] = [];
  for (let i = 0; i < width; i++) {
    const isNamed = headers.some((row) => row[i] != null);
    // A column that nothing names is the one that is declared by its place, or it is not there.
    if (i < columns.length) delivered.push(!named || names[i] === columns[i] || isNamed ? ((named ? names[i] : columns[i]) ?? '') : '');
    else if (isNamed || beyond?.[`c${i + 1}`]) delivered.push(names[i] ?? placeName(i));
  }
  return compareColumns(columns, delivered);
}
