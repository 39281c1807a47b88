/** How a row of sums is called, as regular expressions of the whole cell, blanks and colons left out. */

/** What a row of sums is called, and nothing more. */
const totalWords = ['合计', '小计', '总计', '共计', '累计', '总和'] as const;
/** Each of the words has one of these characters. */
export const totalCharacters = '计和';
export const totalLabel = `(本页|本表|本月|本季|本年|以上|全市|全区|全县)?(${totalWords.join('|')})`;

/** Or, in its first cell, the sum of one group by its name: 东河镇小计, 青石区合计. What is called 收入合计 may be a figure of its own. */
export const firstTotal = `${totalLabel}|.{1,20}小计|.{1,20}(省|市|区|县|旗|州|镇|乡|村|街道|社区|组|局|委|办|院|校|所|站|部|处|科|队|中心|公司)(合计|总计|共计)`;

/** A row of sums may name its group first: 东河镇, 小计. */
export const labelled = 3;

const first = new RegExp(`^(${firstTotal})$`, 'u');
const label = new RegExp(`^(${totalLabel})$`, 'u');
const bare = (cell: string | null | undefined): string => (cell ?? '').replace(/[ \u3000\u00a0:：]/gu, '');

/** Whether a row is one of sums. */
export const isTotalRow = (row: readonly (string | null)[]): boolean =>
  first.test(bare(row.find((c) => c !== null))) || row.slice(1, labelled).some((c) => label.test(bare(c)));
