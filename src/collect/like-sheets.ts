/** Which sheet of a file is read where several hold tables of one shape: a sheet a month, a sheet a school. */
import type { Survey } from '#declare';
import { filled, type Grid, type Said } from './cell-shape.ts';
import { layoutOf } from './layout-of.ts';

type Sheet = Survey['sheets'][number];

/** A sheet of an example or of nothing yet has the columns too; it is smaller than this part of the largest. */
const leastPart = 1 / 4;

/**
 * The sheet that is read: the wanted one, else the first of those with the same columns as the largest. `alike` are the names of the others with
 * its columns; a connector that tells no beginnings has none.
 */
export function sheetToRead(
  sheets: readonly Sheet[],
  wanted: string | null,
): { readonly chosen: Sheet | undefined; readonly alike: readonly string[] } {
  const largest = [...sheets].sort((a, b) => b.size - a.size)[0];
  const asked = sheets.find((s) => s.name === wanted) ?? largest;
  const columns = asked && columnsOf(asked);
  if (!columns) return { chosen: asked, alike: [] };
  const same = sheets.filter((s) => s === asked || columnsOf(s) === columns);
  const chosen = asked.name === wanted ? asked : (same.find((s) => s.size >= asked.size * leastPart) ?? asked);
  return { chosen, alike: same.filter((s) => s !== chosen).map((s) => s.name) };
}

/** What the columns of a sheet are called, as one text; null where no header names them or no row is below it. */
function columnsOf({ begins }: Sheet): string | null {
  if (!begins) return null;
  const cells = (row: readonly (string | null | undefined)[]): (string | null)[] => Array.from(row, (c) => c?.trim() || null);
  const grid: Grid = begins.map(cells).filter((row) => filled(row) > 0);
  const { titleRows, headerRows, columns } = layoutOf(grid);
  return headerRows > 0 && grid.length > titleRows + headerRows ? JSON.stringify(columns) : null;
}

/** Words about the choice among several sheets. */
export function saidOfSheets(all: number, taken: string, alike: readonly string[]): readonly Said[] {
  return [
    { zh: `文件里有 ${all} 张表，取“${taken}”`, en: `of ${all} tables in the file '${taken}' is taken` },
    ...(alike.length > 0
      ? [
          {
            zh: `另有 ${alike.length} 张表（${alike.join('、')}）的列与“${taken}”相同，没有读入：如果是同一批数据，请合成一张表再上传，或逐张选取`,
            en: `${alike.length} other tables (${alike.join(', ')}) have the columns of '${taken}' and are not read: put them into one table, or choose each of them`,
          },
        ]
      : []),
  ];
}
