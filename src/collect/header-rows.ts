/** Which rows of a grid name its columns: the header, the groups above it, the units and numbers below it. */
import { filled, type Grid, isYear, repeatsBelow, type Said, shapeOf } from './cell-shape.ts';
import { isWrittenDownwards, looksLikeData, namesColumns } from './first-row.ts';
import { isTotalRow } from './total-words.ts';
import { isUnitLine, isUnitRow, unitOf } from './unit-words.ts';

/** No layout has more. */
const mostTitles = 50;
const mostHeaders = 5;
/** Rows that are looked at to tell the usual form of a row. */
const body = 100;

/** How many cells a row of the table fills. Titles and notes may be more than its rows, where it is a small one: they fill one cell. */
function usualFilled(grid: Grid): number {
  const counts = grid
    .map(filled)
    .filter((n) => n > 0)
    .sort((a, b) => a - b);
  const several = counts.filter((n) => n > 1);
  const told = several.length > 1 && several.length > counts.length / 3 ? several : counts;
  return told[Math.floor(told.length / 2)] ?? 0;
}

/** The first row as full as rows here usually are: the header, or the first row of data. Titles before it fill a cell or two. */
export function firstFullRow(grid: Grid, width: number): number {
  const usual = usualFilled(grid);
  const enough = Math.max(1, Math.min(usual, Math.ceil(width * 0.8)) * 0.6);
  const alone = width > 2 ? 2 : 1;
  const isFull = (row: readonly (string | null)[]): boolean => filled(row) >= enough && (filled(row) >= alone || usual <= 1);
  // 填报人：孙丽 联系电话：… is told of the table; where nothing but such rows follow they are what the file holds.
  const named = grid.findIndex((row) => isFull(row) && !isForm(row));
  const found = named >= 0 ? named : grid.findIndex(isFull);
  return found < 0 || found > mostTitles
    ? Math.max(
        0,
        grid.findIndex((row) => filled(row) > 0),
      )
    : found;
}

/** Tells whether the cells are those of a form. Labels end with a colon, each with its filled-in value beside it, or a cell says both. A unit does. */
export const isForm = (row: readonly (string | null)[]): boolean => {
  const cells = row.filter((c) => c !== null);
  const labels = cells.filter((c) => /[：:]$/u.test(c)).length;
  if (cells.length > 1 && cells.every((c) => /^\p{Script=Han}{2,10}[：:]/u.test(c))) return true;
  if (cells.length > 1 && cells.some((c) => isUnitLine(c) && !/[：:]$/u.test(c))) return true;
  return /[：:]$/u.test(cells[0] ?? '') && labels >= cells.length / 2;
};

/** The header rows from the first full row on; none where that row already looks like the rows below it. */
export function headerAt(grid: Grid, first: number, width: number): { from: number; count: number; said: Said } {
  const none = { from: first, count: 0, said: { zh: '没有表头，第一行就是数据', en: 'there is no header: the first row is data' } };
  const row = grid[first];
  if (!row) return { ...none, from: 0 };
  const below = belowHeader(row, grid.slice(first + 1, first + 1 + body));
  if (looksLikeData(row, below, width)) return none;
  let from = first;
  // A row of groups above a full header spans the columns named below.
  while (
    from > 0 &&
    first - from + 1 < mostHeaders &&
    (isMergedInto(grid[from - 1], grid[from]) || isGroupRow(grid[from - 1], merged(grid.slice(from, first + 1), width), width))
  )
    from--;
  let count = first - from + 1;
  // Below it: the rest of a header of several rows, which fills the gaps or names the parts of a group.
  while (
    count < mostHeaders &&
    continuesHeader(grid.slice(from, from + count), grid[from + count], grid.slice(from + count + 1, from + count + 30), width)
  )
    count++;
  if (isUnitsBelow(grid, from + count)) count++;
  // A row that numbers or numbers the columns (甲 乙 1 2 3) belongs to the header of a statistical table.
  if (isColumnNumbers(grid[from + count], grid.slice(from + count + 1), width) && count < mostHeaders && filled(grid[from + count - 1]) > 1)
    return {
      from,
      count: count + 1,
      said: { zh: `表头 ${count + 1} 行，最后一行是栏号`, en: `${count + 1} header rows, the last one numbers the columns` },
    };
  if (count === 1 && isWrittenDownwards([row, ...below], width))
    return {
      from,
      count,
      said: {
        zh: '像是左边写项目、右边写内容的填报表：现按表格读，第一行当作表头，没有把握，请核对',
        en: 'this looks like a form with labels at the left and values at the right: it is read as a table with its first row as the header, please check',
      },
    };
  const isGuess =
    count === 1 &&
    width > 1 &&
    !namesColumns(row, below) &&
    row.every((c) => c === null || shapeOf(c) === 'text') &&
    below.every((r) => r.every((c) => c === null || shapeOf(c) === 'text'));
  if (isGuess)
    return {
      from,
      count,
      said: {
        zh: `第 ${from + 1} 行当作表头，没有把握：各列都是文字，请核对`,
        en: `row ${from + 1} is taken for the header, which is not sure where all columns are words: please check`,
      },
    };
  return {
    from,
    count,
    said:
      count === 1
        ? { zh: `第 ${from + 1} 行是表头`, en: `row ${from + 1} is the header` }
        : { zh: `第 ${from + 1} 至 ${from + count} 行是多层表头`, en: `rows ${from + 1} to ${from + count} are the header` },
  };
}

/** The rows below, without those that are the rest of the header by merges: they say some cells of it again and fill its gaps with words. */
function belowHeader(row: readonly (string | null)[], after: Grid): Grid {
  const isRest = (next: readonly (string | null)[]): boolean =>
    next.some((c, i) => c !== null && c === row[i]) &&
    next.some((c, i) => c !== null && row[i] == null) &&
    next.every((c, i) => c === null || c === row[i] || shapeOf(c) === 'text' || isYear(c));
  const rest = after.slice(0, mostHeaders - 1).findIndex((next) => !isRest(next));
  return after.slice(Math.max(0, rest)).filter((r) => filled(r) > 0);
}

/** A row of units below the names: amounts stand below what it says, so that it is no data of words. */
function isUnitsBelow(grid: Grid, at: number): boolean {
  const row = grid[at];
  if (!row || !isUnitRow(row)) return false;
  const below = grid.slice(at + 1, at + 1 + body).filter((r) => filled(r) > 0 && !isTotalRow(r));
  return row.every((c, i) => c === null || !unitCell(c) || below.every((r) => r[i] == null || isAmount(r[i]))) && below.length > 0;
}
const isAmount = (cell: string | null | undefined): boolean => shapeOf(cell) === 'number' || /^[-—/]+$/u.test(cell ?? '');
const unitCell = (cell: string): boolean => unitOf(cell) !== null;

function isGroupRow(above: readonly (string | null)[] | undefined, header: readonly (string | null)[] | undefined, width: number): boolean {
  if (!above || !header) return false;
  const count = filled(above);
  // “填报单位：…” names no column.
  if (count < 2 || above.some((c) => c !== null && ((shapeOf(c) !== 'text' && !isYear(c)) || /[：:]/u.test(c)))) return false;
  // Groups stand above parts: the cell right of a group is blank while the header below goes on.
  const spans = above.filter(
    (c, i) => c !== null && i + 1 < width && above[i + 1] == null && header[i] != null && header[i + 1] != null,
  ).length;
  return spans > 0;
}

/** Whether a cell of the row goes on in the header row below it: then the row is the upper level of that header and no title. */
function isMergedInto(above: readonly (string | null)[] | undefined, header: readonly (string | null)[] | undefined): boolean {
  // A title may say what the first column below it says.
  if (!above || !header || filled(above) < 2 || above.some((c) => c !== null && shapeOf(c) !== 'text' && !isYear(c))) return false;
  return above.some((c, i) => c !== null && c === header[i]);
}

/** The lowest cell of each column. */
const merged = (header: Grid, width: number): (string | null)[] =>
  header.reduce<(string | null)[]>((all, r) => Array.from({ length: width }, (_, i) => r[i] ?? all[i] ?? null), []);

function continuesHeader(header: Grid, next: readonly (string | null)[] | undefined, after: Grid, width: number): boolean {
  if (!next || filled(next) === 0) return false;
  if (next.some((c) => c !== null && shapeOf(c) !== 'text' && !isYear(c))) return false;
  const last = header.at(-1) ?? [];
  const named = merged(header, width);
  // A cell that is said again below itself is one cell over both rows.
  const own = next.map((c, i) => (c === named[i] ? null : c));
  if (filled(own) === 0) return false;
  const gaps = Array.from({ length: width }, (_, i) => i).filter((i) => last[i] == null);
  const fillsGaps = gaps.filter((i) => own[i] != null && named[i] == null).length;
  // In data the column left of a gap is filled like any other; in a header the cells that are named already stay blank below.
  const full = Array.from({ length: width }, (_, i) => i).filter((i) => last[i] != null && (i + 1 >= width || last[i + 1] != null));
  const staysBlank = full.filter((i) => own[i] == null).length;
  if (namesParts(last, next, after, width)) return true;
  if (fillsGaps > 0 && (staysBlank > 0 || (filled(last) <= width / 2 && filled(next) > filled(last)))) return !repeatsBelow(own, after);
  return false;
}

/** Groups written into every cell they span (人口, 人口): the row below names their parts, above amounts, and says the other names again or nothing. */
function namesParts(last: readonly (string | null)[], next: readonly (string | null)[], after: Grid, width: number): boolean {
  const columns = Array.from({ length: width }, (_, i) => i);
  const grouped = columns.filter((i) => last[i] != null && (last[i] === last[i + 1] || last[i] === last[i - 1]));
  if (grouped.length === 0 || !grouped.every((i) => next[i] != null && next[i] !== last[i])) return false;
  const others = columns.filter((i) => !grouped.includes(i) && last[i] != null);
  return others.every((i) => next[i] == null || next[i] === last[i]) && !repeatsBelow(next, after);
}

function isColumnNumbers(row: readonly (string | null)[] | undefined, after: Grid, width: number): boolean {
  if (!row || filled(row) < Math.max(3, width * 0.6)) return false;
  const cells = row.filter((c) => c !== null).map((c) => c?.replace(/\s/gu, '') ?? '');
  const plain = cells.map((c) => c.replace(/[()（）]/gu, ''));
  const numbers = plain.filter((c) => /^\d{1,3}$/.test(c)).map(Number);
  const letters = plain.filter((c) => /^[甲乙丙丁戊]$/u.test(c)).length;
  if (letters + numbers.length < cells.length || numbers.length < 2 || (numbers[0] ?? 0) > 2) return false;
  if (!numbers.every((n, i) => i === 0 || n === (numbers[i - 1] as number) + 1)) return false;
  if (letters > 0 || cells.some((c, i) => c !== plain[i])) return true;
  // 1, 2, 3 alone may as well be data: it numbers columns when words stand below in some of them.
  const below = after.filter((r) => filled(r) > 0).slice(0, body);
  return below.length >= 3 && row.some((c, i) => c !== null && below.filter((r) => shapeOf(r[i]) === 'text').length > 0.8 * below.length);
}
