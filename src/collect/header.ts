/** What the columns of a delivery are called, by the source itself or by its header rows. */
import type { Delivery, Source } from '#declare';
import type { Kernel } from '#kernel/stage';
import { compareColumns, type Drift } from './drift.ts';
import { beyondSql, deliveryRelation, headerSql } from './grid.ts';

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
  const { columns, layout } = source;
  const width = Math.max(delivery.width, columns.length);
  const named = layout && layout.headerRows > 0;
  const headers = named
    ? await kernel.warehouse.query<Record<string, string | null>>(headerSql(layout, width, deliveryRelation(width)), [path], { signal })
    : [];
  const beyond =
    width > columns.length
      ? (await kernel.warehouse.query<Record<string, boolean>>(beyondSql(layout, width, columns.length), [path], { signal }))[0]
      : undefined;
  const delivered: string[] = [];
  for (let i = 0; i < width; i++) {
    const cell = `c${i + 1}`;
    // The lowest header cell that holds anything names the column: above it stand the groups.
    const name = headers.map((h) => h[cell]).find((h) => h != null);
    if (i < columns.length) delivered.push((named ? name : columns[i]) ?? '');
    else if (name != null || beyond?.[cell]) delivered.push(name ?? `第${i + 1}列`);
  }
  return compareColumns(columns, delivered);
}
