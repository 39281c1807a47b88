/** The layout of a grid nobody has described: where the titles end, which rows name the columns, what is filled down, where the footer begins. */
import { columnNames } from './column-names.ts';
import { isTotalRow } from './total-words.ts';
import { isUnitRow, unitAbove, unitOf } from './unit-words.ts';

/** Rows of a grid from its first, every cell trimmed, absent where blank. */
export type Grid = readonly (readonly (string | null)[])[];

export interface Said {
  readonly zh: string;
  readonly en: string;
}

export interface FoundLayout {
  readonly titleRows: number;
  readonly headerRows: number;
  readonly fillDown: readonly string[];
  readonly columns: readonly string[];
  /** The unit that is said once above the table. */
  readonly unit: string | null;
  readonly said: readonly Said[];
}

/** No layout has more. */
const mostTitles = 50;
const mostHeaders = 5;
/** Rows looked at to tell what is usual. */
const body = 100;

const filled = (row: readonly (string | null)[] | undefined): number => (row ?? []).filter((c) => c !== null).length;

export type Shape = 'number' | 'date' | 'code' | 'text' | 'none';

/** What a cell looks like; a header is made of words. */
export function shapeOf(cell: string | null | undefined): Shape {
  if (cell == null) return 'none';
  const plain = cell.normalize('NFKC').trim();
  if (/^[-+]?[\d,]*\.?\d+%?$/.test(plain)) return 'number';
  if (/^\d{2,4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?( .*)?$/u.test(plain)) return 'date';
  if (/^[A-Z]{0,4}-?\d[\dA-Za-z\-/:*]{2,}$/.test(plain)) return 'code';
  return 'text';
}

/** Finds the layout of the beginning of a file. */
export function layoutOf(grid: Grid): FoundLayout {
  const width = widthOf(grid);
  const first = firstFullRow(grid, width);
  const { from, count, said } = headerAt(grid, first, width);
  const headers = grid.slice(from, from + count);
  // A column that is named has its place though none of the rows looked at fills it.
  const columns = columnNames(headers, Math.max(width, ...headers.map(lastFilled)));
  const unit = unitAbove(grid.slice(0, from));
  const rows = grid.slice(from + count, from + count + body).filter((row) => filled(row) > 0);
  const marks = footerOf(rows, width);
  const isFooter = (row: readonly (string | null)[]): boolean => marks.some((m) => row.find((c) => c !== null)?.startsWith(m));
  const data = rows.slice(0, rows.findLastIndex((row) => !isFooter(row)) + 1);
  const down = filledDown(
    data.filter((row) => !isTotalRow(row)),
    width,
  ).map((i) => columns[i] as string);
  return {
    titleRows: from,
    headerRows: count,
    fillDown: down,
    columns,
    unit,
    said: [
      ...(from > 0 ? [{ zh: `前 ${from} 行是标题或说明`, en: `the first ${from} rows are titles` }] : []),
      said,
      ...(unit === null
        ? []
        : [{ zh: `表的上方写明“单位：${unit}”，写入摘要`, en: `'${unit}' is said above the table to be its unit: the abstract says so` }]),
      ...(headers.slice(1).some(isUnitRow)
        ? [{ zh: '表头下面一行是计量单位，写入列名', en: 'the row below the header says units, which the names of the columns hold' }]
        : []),
      ...(down.length > 0
        ? [
            {
              zh: `${down.join('、')} 是合并单元格，空着的取上一行的值`,
              en: `${down.join(', ')}: merged cells, blanks take the value above`,
            },
          ]
        : []),
    ],
  };
}

/** Columns up to the last that is filled in more than a stray row. */
export function widthOf(grid: Grid): number {
  const widest = Math.max(1, ...grid.map((row) => lastFilled(row)));
  for (let width = widest; width > 1; width--) {
    const holding = grid.filter((row) => row[width - 1] != null).length;
    if (holding > 1 || grid.filter((row) => filled(row) > 0).length < 8) return width;
  }
  return 1;
}

const lastFilled = (row: readonly (string | null)[]): number => row.findLastIndex((c) => c !== null) + 1;

/** The first row as full as rows here usually are: the header, or the first row of data. Titles before it fill a cell or two. */
function firstFullRow(grid: Grid, width: number): number {
  const counts = grid
    .map(filled)
    .filter((n) => n > 0)
    .sort((a, b) => a - b);
  const usual = counts[Math.floor(counts.length / 2)] ?? 0;
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

/** Cells that end with a colon, each with what is filled in beside it. */
const isForm = (row: readonly (string | null)[]): boolean => {
  const labels = row.filter((c) => c !== null && /[：:]$/u.test(c)).length;
  return /[：:]$/u.test(row.find((c) => c !== null) ?? '') && labels >= filled(row) / 2;
};

/** The header rows from the first full row on; none where that row already looks like the rows below it. */
function headerAt(grid: Grid, first: number, width: number): { from: number; count: number; said: Said } {
  const none = { from: first, count: 0, said: { zh: '没有表头，第一行就是数据', en: 'there is no header: the first row is data' } };
  const row = grid[first];
  if (!row) return { ...none, from: 0 };
  const below = grid.slice(first + 1, first + 1 + body).filter((r) => filled(r) > 0);
  if (looksLikeData(row, below, width)) return none;
  let from = first;
  // A row of groups above a full header: it spans what is named below.
  while (from > 0 && isGroupRow(grid[from - 1], merged(grid.slice(from, first + 1), width), width)) from--;
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

/** A row of units below the names: amounts stand below what it says, so that it is no data of words. */
function isUnitsBelow(grid: Grid, at: number): boolean {
  const row = grid[at];
  if (!row || !isUnitRow(row)) return false;
  const below = grid.slice(at + 1, at + 1 + body).filter((r) => filled(r) > 0 && !isTotalRow(r));
  return row.every((c, i) => c === null || !unitCell(c) || below.every((r) => r[i] == null || isAmount(r[i]))) && below.length > 0;
}
const isAmount = (cell: string | null | undefined): boolean => shapeOf(cell) === 'number' || /^[-—/]+$/u.test(cell ?? '');
const unitCell = (cell: string): boolean => unitOf(cell) !== null;

/** A first row is data when, in the columns that hold amounts, dates or codes below, it holds such a value too. */
function looksLikeData(row: readonly (string | null)[], below: Grid, width: number): boolean {
  // A row alone says nothing of what rows are like here.
  if (below.length === 0) return false;
  if (width === 1 && shapeOf(row[0]) === 'text') {
    const word = columnWord(row[0]);
    return word === undefined || below.filter((r) => columnWord(r[0]) === word).length > below.length / 2;
  }
  // The values of a row of words come again below when they are values. A header that is printed again on every page comes again whole.
  if (
    filled(row) > 1 &&
    repeatsBelow(
      row,
      below.filter((r) => r.some((c, i) => c !== (row[i] ?? null))),
    )
  )
    return true;
  let spoken = 0;
  let same = 0;
  for (let i = 0; i < width; i++) {
    const shapes = below.map((r) => shapeOf(r[i])).filter((s) => s !== 'none');
    const marked = shapes.filter((s) => s !== 'text').length;
    if (shapes.length === 0 || marked < 0.8 * shapes.length) continue;
    spoken++;
    const own = shapeOf(row[i]);
    // Years head the columns of a table of years: a number above numbers proves nothing by itself when it is a year and they are not.
    if (own !== 'text' && own !== 'none' && !(isYear(row[i]) && !below.every((r) => r[i] == null || isYear(r[i])))) same++;
  }
  return spoken > 0 ? same > spoken / 2 : wordsLikeBelow(row, below, width);
}

/** How values of one kind end: 云岭区, 青石区, 东湖县. */
const fewEndings = 3;
/** Rows from which on an ending says anything. */
const enoughRows = 3;

/** A first row of words is data when each column whose values end alike has such a word there too, and none of the words names a column. */
function wordsLikeBelow(row: readonly (string | null)[], below: Grid, width: number): boolean {
  if (namesColumns(row, below)) return false;
  let alike = 0;
  for (let i = 0; i < width; i++) {
    const own = row[i] ?? null;
    const values = below.flatMap((r) => r[i] ?? []).filter((v) => v.length > 1);
    const endings = new Set(values.map((v) => v.at(-1)));
    if (values.length < Math.max(enoughRows, 0.8 * below.length) || endings.size > fewEndings || endings.size > values.length / 2) continue;
    if (own === null || own.length < 2 || !endings.has(own.at(-1))) return false;
    alike++;
  }
  return alike > 0;
}

/** Whether a word of the row says what a column is about and is not how the values below end as well. */
const namesColumns = (row: readonly (string | null)[], below: Grid): boolean =>
  row.some((cell, i) => {
    const word = columnWord(cell);
    return word !== undefined && below.filter((r) => columnWord(r[i]) === word).length <= below.length / 2;
  });

/** With what the name of a column ends; of a list of words nothing else tells whether the first is one of them or says what they are. */
const columnWords =
  /(名|名称|名单|名录|清单|编号|代码|编码|号|号码|电话|手机|地址|住址|住所|日期|时间|年份|类型|类别|种类|状态|备注|说明|金额|数量|单位|部门|机构|企业|公司|地区|城市|区县|街道|社区|学校|项目|标题|内容|所[在属][省市县区地]|行政区|县区|市区|区域|省份|乡镇|人员|对象|学生|教师|职工|成员|户主|家庭|儿童|老人|党员|序号|字段|指标|性别|民族|邮箱|网址|id|name|code|no|number|phone|tel|mobile|city|title|url|email|date|time|type|address|value)$/iu;
const columnWord = (cell: string | null | undefined): string | undefined =>
  columnWords.exec((cell ?? '').replace(/[（(【[].*$/u, '').trim())?.[1];

const isYear = (cell: string | null | undefined): boolean => /^(19|20)\d{2}年?$/u.test(cell?.trim() ?? '');

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

/** The lowest cell of each column. */
const merged = (header: Grid, width: number): (string | null)[] =>
  header.reduce<(string | null)[]>((all, r) => Array.from({ length: width }, (_, i) => r[i] ?? all[i] ?? null), []);

function continuesHeader(header: Grid, next: readonly (string | null)[] | undefined, after: Grid, width: number): boolean {
  if (!next || filled(next) === 0) return false;
  if (next.some((c) => c !== null && shapeOf(c) !== 'text' && !isYear(c))) return false;
  const last = header.at(-1) ?? [];
  const named = merged(header, width);
  const gaps = Array.from({ length: width }, (_, i) => i).filter((i) => last[i] == null);
  const fillsGaps = gaps.filter((i) => next[i] != null && named[i] == null).length;
  // In data the column left of a gap is filled like any other; in a header the cells that are named already stay blank below.
  const full = Array.from({ length: width }, (_, i) => i).filter((i) => last[i] != null && (i + 1 >= width || last[i + 1] != null));
  const staysBlank = full.filter((i) => next[i] == null).length;
  if (namesParts(last, next, after, width)) return true;
  if (fillsGaps > 0 && (staysBlank > 0 || (filled(last) <= width / 2 && filled(next) > filled(last)))) return !repeatsBelow(next, after);
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

/** Whether most cells of a row are values that come again below: then it is data. */
function repeatsBelow(row: readonly (string | null)[], after: Grid): boolean {
  const cells = row.flatMap((c, i) => (c === null ? [] : [[c, i] as const]));
  const again = cells.filter(([c, i]) => after.some((r) => r[i] === c)).length;
  return again > cells.length / 2;
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

/**
 * Columns at the left whose blanks take the value above: mostly blank, never the same twice running, and the columns beside them full. A column
 * of remarks is blank too, but stands at the right.
 */
function filledDown(data: Grid, width: number): number[] {
  if (data.length < 4) return [];
  const found: number[] = [];
  for (let i = 0; i < width - 1; i++) {
    const cells = data.map((row) => row[i] ?? null);
    const count = cells.filter((c) => c !== null).length;
    if (count === data.length) {
      // A running number before the group is no reason to stop; a full column of anything else is.
      if (cells.every((c) => /^\d+$/.test(c ?? ''))) continue;
      break;
    }
    const right = data.filter((row) => row.slice(i + 1).some((c) => c !== null)).length;
    const nextFull = data.filter((row) => (row[i + 1] ?? null) !== null).length;
    const values = cells.filter((c) => c !== null);
    const repeats = values.some((c, n) => n > 0 && c === values[n - 1]);
    if (cells[0] === null || count === 0 || count > 0.67 * data.length || right < data.length || repeats) break;
    if (
      nextFull < 0.9 * data.length &&
      filledDown(
        data.map((r) => r.slice(i + 1)),
        width - i - 1,
      ).length === 0
    )
      break;
    found.push(i);
  }
  return found;
}

/** How rows below the data begin. */
const footerMarks = [
  '合计',
  '总计',
  '小计',
  '共计',
  '累计',
  '注：',
  '注:',
  '注1',
  '备注：',
  '备注:',
  '说明：',
  '填表说明',
  '填写说明',
  '说明:',
  '数据来源',
  '资料来源',
  '来源：',
  '来源:',
  '填表人',
  '制表',
  '填报',
  '审核人',
  '单位负责人',
  '负责人：',
  '联系人：',
  '填报单位',
  '统计时间',
  '截止',
  '以上',
  '*',
] as const;

/**
 * Marks of the footer, from the last rows of a file: rows that begin as a footer does and, but for a total, fill no more than a cell or two.
 * A total in the middle of the data is not a footer: the search ends at the first row from below that does not begin so.
 */
export function footerOf(tail: Grid, width: number): string[] {
  const marks = new Set<string>();
  for (const row of [...tail].reverse()) {
    if (filled(row) === 0) continue;
    const start = row.find((c) => c !== null) ?? '';
    const plain = start.replace(/\s/gu, '');
    // “全社会用电总计” is a total by its end.
    const mark =
      footerMarks.find((m) => plain.startsWith(m)) ??
      (/^.{1,10}(合计|总计|小计|共计)$/u.test(plain) ? plain : undefined) ??
      // 经办人：王芳, 负责人：李伟 below a wide table, whatever they are called.
      (width >= 4 && filled(row) <= width / 2 ? /^[\p{Script=Han}（）()]{2,10}[：:]/u.exec(plain)?.[0] : undefined);
    const isTotal = mark !== undefined && /计$/u.test(mark);
    // Signatures share a row: “填表人：… 审核人：… 填报日期：…”.
    const spoken = row.filter((c) => c !== null && /[：:]/u.test(c)).length;
    if (mark === undefined || (!isTotal && filled(row) > Math.max(2, width / 3) && spoken < filled(row) / 2)) break;
    if (isTotal && plain.length > mark.length + 4) break;
    // The machine compares beginnings as they stand: a blank inside the mark is kept.
    marks.add(start.slice(0, lengthWithin(start, mark)));
  }
  return [...marks];
}

/** How many characters of the text hold the mark, blanks counted. */
function lengthWithin(text: string, mark: string): number {
  let seen = 0;
  for (let i = 0; i < text.length; i++) {
    if (!/\s/u.test(text[i] as string)) seen++;
    if (seen === mark.length) return i + 1;
  }
  return text.length;
}
