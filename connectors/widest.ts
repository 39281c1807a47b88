/** How wide a delivery may be. */
import { ConnectorRefusal } from '#declare/connector';

/**
 * No table has more columns. PostgreSQL ends at 1,600, and a statement about every cell of a row grows with the square: at 16,384 columns, which a
 * sheet may have, one look took minutes.
 */
export const mostColumns = 1600;

/** The width, when it is one that a table may have. @throws ConnectorRefusal too-large */
export function demandWidth(width: number): number {
  if (width > mostColumns)
    throw new ConnectorRefusal(
      'too-large',
      `${width} columns, and a table has at most ${mostColumns}`,
      `共 ${width} 列，一张表最多 ${mostColumns} 列`,
    );
  return width;
}
