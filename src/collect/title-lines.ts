/** What the rows above a table call it. */
import { type Grid, isYear, shapeOf } from './cell-shape.ts';

/** 指标：年末人口 says what the table is about; the other words before a colon say who made it, when, or in which unit. */
const named = /^(?:指标|指标名称|表名|标题|名称)[：:]\s*(.+)$/u;
const labelled = /^[\p{Script=Han}（）()A-Za-z]{1,10}[：:]/u;
const attached = /^(附件|附表|附)\s*[\d一二三四五六七八九十]*[：:]?$/u;
/** A line for spreadsheets, which names the delimiter. */
const separator = /^sep=/iu;
const longest = 100;

/** Whether a cell beside a title says something else: a unit, who reports, a day or a year. */
const isBeside = (cell: string): boolean => labelled.test(cell) || isYear(cell) || shapeOf(cell) !== 'text';

/** The title of a table from the rows above its header: an indicator named there, or the longest line that says nothing else. Null where none is. */
export function titleOf(titles: Grid): string | null {
  const lines = titles
    .map((row) => row.filter((c) => c !== null))
    .map((cells) => (cells.length > 1 && !cells.some((c) => /[：:]$/u.test(c)) ? cells.filter((c) => !isBeside(c)) : cells))
    .filter((cells) => cells.length === 1)
    .map(([cell]) => (cell ?? '').replace(/\s+/gu, ' ').trim());
  const indicator = titles.flat().map((cell) => named.exec(cell ?? '')?.[1]);
  const plain = lines.filter((line) => !labelled.test(line) && !attached.test(line) && !separator.test(line) && /\p{L}{2}/u.test(line));
  const found = indicator.find((text) => text !== undefined) ?? plain.sort((a, b) => b.length - a.length)[0] ?? null;
  return found !== null && found.length <= longest ? found : null;
}
