/** The layout of a grid that is not yet described: where the titles end, which rows name the columns, which columns may be filled down. */
import { filled, type Grid, lastFilled, type Said, widthOf } from './cell-shape.ts';
import { columnNames, namedByUs } from './column-names.ts';
import { filledDown } from './fill-down.ts';
import { footerOf } from './footer-marks.ts';
import { firstFullRow, headerAt } from './header-rows.ts';
import { titleOf } from './title-lines.ts';
import { isTotalRow } from './total-words.ts';
import { isUnitRow, unitAbove } from './unit-words.ts';

export interface FoundLayout {
  readonly titleRows: number;
  readonly headerRows: number;
  /** Columns of which a blank may mean the value above; nothing is filled until a person says so. */
  readonly mayFill: readonly string[];
  readonly columns: readonly string[];
  /** The unit that is said once above the table. */
  readonly unit: string | null;
  /** What the table is called above it. */
  readonly title: string | null;
  readonly said: readonly Said[];
}

/** Rows looked at to tell what is usual. */
const body = 100;

/** Finds the layout of the beginning of a file. */
export function layoutOf(grid: Grid): FoundLayout {
  const width = widthOf(grid);
  const first = firstFullRow(grid, width);
  const { from, count, said } = headerAt(grid, first, width);
  const headers = grid.slice(from, from + count);
  // A column that is named has its place though none of the rows looked at fills it.
  const columns = columnNames(headers, Math.max(width, ...headers.map(lastFilled)));
  const unit = unitAbove(grid.slice(0, from));
  const title = titleOf(grid.slice(0, from));
  const rows = grid.slice(from + count, from + count + body).filter((row) => filled(row) > 0);
  const marks = footerOf(rows, width);
  const isFooter = (row: readonly (string | null)[]): boolean => marks.some((m) => row.find((c) => c !== null)?.startsWith(m));
  const data = rows.slice(0, rows.findLastIndex((row) => !isFooter(row)) + 1);
  const mayFill = filledDown(
    data.filter((row) => !isTotalRow(row)),
    width,
  ).map((i) => columns[i] as string);
  return {
    titleRows: from,
    headerRows: count,
    mayFill,
    columns,
    unit,
    title,
    said: [
      ...(from > 0 ? [{ zh: `前 ${from} 行是标题或说明`, en: `the first ${from} rows are titles` }] : []),
      said,
      ...saidOfLonger(grid, headers, columns.length),
      ...(headers.length === 0 ? [] : saidOfNames(namedByUs(headers, columns.length))),
      ...(title === null ? [] : [{ zh: `表的上方写明“${title}”`, en: `'${title}' stands above the table` }]),
      ...(unit === null
        ? []
        : [{ zh: `表的上方写明单位“${unit}”，写入摘要`, en: `'${unit}' is said above the table to be its unit: the abstract says so` }]),
      ...(headers.slice(1).some(isUnitRow)
        ? [{ zh: '表头下面一行是计量单位，写入列名', en: 'the row below the header says units, which the names of the columns hold' }]
        : []),
      ...(mayFill.length > 0
        ? [
            {
              zh: `${mayFill.join('、')} 的空单元格像是沿用上一行的值，但文件没有声明合并：先当作空，请确认是否向下填充`,
              en: `blanks of ${mayFill.join(', ')} may mean the value above, which the file does not declare: they are read as blanks until a person has them filled down`,
            },
          ]
        : []),
    ],
  };
}

/** Words about columns that the header does not name, or not by a name of their own. */
function saidOfNames({ unnamed, numbered }: ReturnType<typeof namedByUs>): readonly Said[] {
  return [
    ...(unnamed.length === 0
      ? []
      : [
          {
            zh: `表头没有写名称的 ${unnamed.length} 列按位置称为 ${few(unnamed, '、')}，请核对`,
            en: `${unnamed.length} columns without a name in the header are called by their place: ${few(unnamed, ', ')}, please check`,
          },
        ]),
    ...(numbered.length === 0
      ? []
      : [
          {
            zh: `表头里重名的列加了序号：${few(numbered, '、')}，请核对`,
            en: `columns whose name another has are numbered: ${few(numbered, ', ')}, please check`,
          },
        ]),
  ];
}

const few = (names: readonly string[], mark: string): string => `${names.slice(0, 5).join(mark)}${names.length > 5 ? '…' : ''}`;

/** Words about rows of a text file that are longer than its header. */
function saidOfLonger(grid: Grid, headers: Grid, columns: number): readonly Said[] {
  // Where all rows are of one length no delimiter made one of them longer.
  if (new Set(grid.map((row) => row.length)).size < 2) return [];
  const beyond = (cells: number): number => grid.filter((row) => lastFilled(row) > cells).length;
  const named = Math.max(0, ...headers.map((row) => row.length));
  const [refused, unnamed] = [beyond(columns), named > 0 && named < columns ? beyond(named) : 0];
  return [
    ...(unnamed > 0
      ? [
          {
            zh: `${unnamed} 行比表头多出单元格，多出的列没有列名：如果是值里的分隔符没有加引号（如 1,234），请改正文件`,
            en: `${unnamed} rows have more cells than the header, in columns without a name: if a value holds a delimiter without quotes (1,234), please mend the file`,
          },
        ]
      : []),
    ...(refused > 0
      ? [
          {
            zh: `${refused} 行多于表头和多数行的 ${columns} 个单元格，可能是值里的分隔符没有加引号（如 1,234）：不猜测，这些行不收`,
            en: `${refused} rows have more than the ${columns} cells of the header and of most rows, perhaps by a delimiter within a value (1,234): they are refused rather than guessed`,
          },
        ]
      : []),
  ];
}
