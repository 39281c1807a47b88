/** How the rows below a table begin: sums, notes, signatures. */
import { filled, type Grid } from './cell-shape.ts';

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

/** Those of them that other words begin with. */
const loose: ReadonlySet<string> = new Set(['累计', '截止', '以上']);

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
      // 经办人：王芳, 负责人：李伟 below a wide table, under any such label.
      (width >= 4 && filled(row) <= width / 2 ? /^[\p{Script=Han}（）()]{2,10}[：:]/u.exec(plain)?.[0] : undefined);
    const isTotal = mark !== undefined && /计$/u.test(mark);
    // 截止阀 is a valve and 累计完成投资 an indicator: such a word begins a footer before a figure, a sign, or nothing.
    if (mark !== undefined && loose.has(mark) && !/^(至|到|时间|日期|数)?([^\p{Script=Han}]|$)/u.test(plain.slice(mark.length))) break;
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
