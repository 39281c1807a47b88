/** From delivered bytes to an object: the SQL that reads a delivery and says of every row what it is. */
import type { Layout } from '#declare';
import { literal } from '#kernel/sql/quote';
import { firstTotal, labelled, totalCharacters, totalLabel } from './total-words.ts';
import { unitLine } from './unit-words.ts';

/** What a row is. Only `data` rows are governed. */
export const rowKinds = ['data', 'title', 'header', 'blank', 'footer', 'aside', 'refused'] as const;
export type RowKind = (typeof rowKinds)[number];

/** Longer than any record a connector may yield. DuckDB reserves sixteen times this unless it is told otherwise: 4 GiB at 256 MiB (tried). */
const longestRecord = 64 * 1024 * 1024;
const narrowBlanks = [' ', '\t', '\r', '\n', '\v', '\f'];
const wideBlanks = ['\u3000', '\u00a0', '\u2003', '\ufeff'];
const allBlanks = [...narrowBlanks, ...wideBlanks];
const blanks = literal('duckdb', allBlanks.join(''));

const cells = (width: number): readonly string[] => Array.from({ length: width }, (_, i) => `c${i + 1}`);
const trimmed = (cell: string): string => `nullif(trim(${cell}, ${blanks}), '')`;

/** Whether a cell may begin with a blank, by its first character: trimming costs ten times as much as asking, and has seldom anything to do. */
const beginsBlank = (cell: string): string =>
  `ascii(${cell}) <= 32${wideBlanks.map((b) => ` or ascii(${cell}) = ${b.codePointAt(0)}`).join('')}`;
const endsBlank = (cell: string): string => allBlanks.map((b) => `suffix(${cell}, ${literal('duckdb', b)})`).join(' or ');

/** The same as `trimmed`, quicker and longer to plan. */
const quicklyTrimmed = (cell: string): string =>
  `(case when ${beginsBlank(cell)} or ${endsBlank(cell)} then ${trimmed(cell)} else ${cell} end)`;
/** Present where a cell is filled. */
const filledMark = (cell: string): string =>
  `(case when ${cell} is null or ((${beginsBlank(cell)}) and ${trimmed(cell)} is null) then null else true end)`;
/** The widest rows for which longer expressions pay. */
const narrow = 64;

const totalPattern = literal('duckdb', totalLabel);
const firstPattern = literal('duckdb', firstTotal);

const bare = (cell: string): string => `coalesce(translate(${cell}, ' \u3000\u00a0:：', ''), '')`;

/** Whether a text is one of sums; every such word has one of two characters. */
const isSum = (text: string, pattern: string): string =>
  `(case when regexp_matches(${text}, '[${totalCharacters}]') then regexp_full_match(${bare(text)}, ${pattern}) else false end)`;

/** What the rows that are no data are told by, over the first cells of a row. */
export const marksOf = (width: number) => {
  const filled = cells(width).map(width > narrow ? trimmed : quicklyTrimmed);
  const first = `coalesce(${filled.join(', ')})`;
  return {
    first,
    /** How many cells are filled: a list, as a sum of 1,600 terms is deeper than DuckDB reads. */
    count: `list_count([${(width > narrow ? filled : cells(width).map(filledMark)).join(', ')}])`,
    isTotal: `(${[isSum(first, firstPattern), ...filled.slice(1, labelled).map((c) => isSum(c, totalPattern))].join(' or ')})`,
    row: `[${filled.join(', ')}]`,
  };
};

/**
 * A delivery as a relation of `_row`, `_fault`, c1…c<width>; $1 is its path. Nothing is detected: an unquoted empty field is absent and `""`
 * is empty text because quoted text is never null. A quoted cell may hold line breaks, so one thread reads, unless no cell is `quoted`.
 */
export const deliveryRelation = (width: number, quoted = true): string =>
  `read_csv($1, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', new_line = '\\n', nullstr = '', allow_quoted_nulls = false, parallel = ${!quoted},
    max_line_size = ${longestRecord}, buffer_size = ${2 * longestRecord}, columns = {${['_row', '_fault', ...cells(width)].map((c) => `'${c}': '${c === '_row' ? 'BIGINT' : 'VARCHAR'}'`).join(', ')}})`;

/** Numbers of the last title row and of the last header row. */
export const headOf = (layout: Layout | null): { readonly titles: number; readonly head: number } => ({
  titles: layout?.titleRows ?? 0,
  head: (layout?.titleRows ?? 0) + (layout?.headerRows ?? 0),
});

/** How headings of each level begin, the highest first: a name, 一、, （一）, 1. */
const headingLevels = [
  '.',
  '^([一二三四五六七八九十百]+[、.．]|第[一二三四五六七八九十\\d]+[章节部分类组])',
  '^[（(][一二三四五六七八九十]+[)）]',
  '^\\d{1,2}[.、．]',
];
const unitLinePattern = literal('duckdb', unitLine);

/**
 * Returns SQL of the rows of a delivery in their order, with `_kind` and the first `declared` cells of each. After them comes the heading above,
 * behind those of higher levels, where the layout makes a column of it. Where the header comes again below each heading, the last title is the first
 * of them. A row of a table is data, with any cells. Of a file a row without a filled cell is blank. A row that the layout calls an aside is one, as
 * is every row after the gap where the table ends. The rows at its end that begin with a footer mark are its footer. A refused row among them that
 * does not begin so ends the search, as it was data for all we know.
 */
export function gridSql(layout: Layout | null, width: number, declared: number, quoted = true): string {
  const delivery = deliveryRelation(width, quoted);
  const { titles, head } = headOf(layout);
  const { first, count, isTotal, row } = marksOf(width);
  const asides = new Set(layout?.asides);
  const marks = (layout?.footer ?? []).map((mark) => `starts_with(${first}, ${literal('duckdb', mark)})`);
  const isFooter = marks.length === 0 ? null : `(${marks.join(' or ')})`;
  const lastData = `(select coalesce(max(_row), 0) from ${delivery} where ${first} is not null and not ${isFooter})`;
  const gap = `(select min(_row) from ${delivery} where _row > ${head + 1} and _fault is null and ${count} < 2)`;
  const kinds = [
    ...(titles > 0 ? [`when _row <= ${titles} then 'title'`] : []),
    ...(layout?.ends === 'gap' ? [`when _row >= ${gap} then 'aside'`] : []),
    `when _fault is not null then 'refused'`,
    ...(head > titles ? [`when _row <= ${head} then 'header'`] : []),
    ...(layout ? [`when (c1 is null or ${beginsBlank('c1')}) and ${first} is null then 'blank'`] : []),
    ...(asides.has('unit') ? [`when _row = ${head + 1} then 'aside'`] : []),
    ...(asides.has('header') && head > titles
      ? [`when ${row} in (select ${row} from ${delivery} where _row > ${titles} and _row <= ${head}) then 'header'`]
      : []),
    ...(isFooter ? [`when ${isFooter} and _row > ${lastData} then 'footer'`] : []),
    ...(asides.has('total') ? [`when ${isTotal} then 'aside'`] : []),
    ...(asides.has('heading') ? [`when ${count} = 1 then 'aside'`] : []),
  ];
  const kind = kinds.length === 0 ? `'data'` : `case ${kinds.join(' ')} else 'data' end`;
  const told = ['_row', '_kind', '_fault', ...cells(declared)].join(', ');
  const rows = `select _row, ${kind} as _kind, _fault, ${cells(declared).join(', ')}`;
  if (layout?.groupColumn === undefined) return `${rows} from ${delivery}`;
  const isHeading = `${count} = 1 and not ${isTotal} and not regexp_matches(${first}, ${unitLinePattern})`;
  const heads = asides.has('header') ? `('aside', 'title')` : `('aside')`;
  const levels = headingLevels.map((_, i) => i);
  // Of each level the last heading, and none that stands before the last one of a higher level.
  const last = levels.map((i) => `last_value(case when _level = ${i} then {r: _row, t: _heading} end ignore nulls) over above as h${i}`);
  const part = levels.map((i) => {
    const higher = levels.slice(0, i).map((j) => `coalesce(h${j}.r, 0) < h${i}.r`);
    return `case when ${['true', ...higher].join(' and ')} then h${i}.t end`;
  });
  const level = `case ${headingLevels
    .map((p, i) => `when regexp_matches(_heading, ${literal('duckdb', p)}) then ${i}`)
    .reverse()
    .join(' ')} end`;
  return `select ${told}, case when _kind = 'data' then nullif(concat_ws('·', ${part.join(', ')}), '') end as c${declared + 1}
    from (select *, ${last.join(', ')} from (select *, case when _kind in ${heads} then ${level} end as _level
      from (${rows}, case when ${isHeading} then ${first} end as _heading from ${delivery})) window above as (order by _row rows unbounded preceding))`;
}

/** The header rows of a delivery or of an object (`from`), every cell trimmed. They are its first rows: the limit ends the reading there. */
export const headerSql = (layout: Layout, width: number, from: string): string => {
  const { titles, head } = headOf(layout);
  return `select ${cells(width)
    .map((c) => `${trimmed(c)} as ${c}`)
    .join(
      ', ',
    )} from (select * from ${from} limit ${head}) where _row > ${titles} and _row <= ${head} and _fault is null order by _row desc`;
};

/** Which of the cells beyond the declared ones hold anything below the header, one boolean each. */
export const beyondSql = (layout: Layout | null, width: number, declared: number): string =>
  `select ${cells(width)
    .slice(declared)
    .map((c) => `coalesce(bool_or(${trimmed(c)} is not null), false) as ${c}`)
    .join(', ')} from ${deliveryRelation(width)} where _fault is null and _row > ${headOf(layout).head}`;
