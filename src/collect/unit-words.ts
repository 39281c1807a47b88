/** Units as tables write them: in a row of their own below the names of the columns, or once above the table. */

const counted =
  '[十百千万亿]*(人次|人|户|个|家|所|元|美元|吨|公里|千米|平方公里|平方千米|平方米|公顷|亩|立方米|千瓦时|瓦时|千瓦|台|辆|套|件|次|头|只|羽|尾|株|棵|宗|起|笔|张|床|册|岁|天|小时|年|升|千克|公斤|米)';
const word = `(${counted}|[%％‰]|℃|元[/／][\\p{Script=Han}]{1,4}|[kK]?[mM][²2]|㎡|hm[²2]|[tT]|[kK][gG])`;
const cell = new RegExp(`^[（(]?(?:单位[：:]?)?(${word})[)）]?$`, 'u');
const above = new RegExp(`单位[：:]\\s*([（(]?${word}(?:[、，,/]${word})*)`, 'u');
const behind = new RegExp(`[（(](?:单位[：:]?)?(${word})[)）]\\s*$`, 'u');
/** What stands in a row of units where a column has none, or says that it is one. */
const noUnit = /^([—-]+|[/／]|(计量)?单位|无)$/u;

/** The unit that a cell says and nothing else; null where it says anything else. */
export const unitOf = (text: string | null | undefined): string | null => cell.exec((text ?? '').replace(/\s/gu, ''))?.[1] ?? null;

/** Whether a row says units and nothing else, but for a word for what it is. */
export function isUnitRow(row: readonly (string | null)[]): boolean {
  const filled = row.filter((c) => c !== null);
  const units = filled.filter((c) => unitOf(c) !== null).length;
  return units > 0 && filled.every((c, i) => unitOf(c) !== null || noUnit.test(c) || (i === 0 && units > 1));
}

/** How a line begins that says the unit above a table, and is no heading of a group. */
export const unitLine = '^(计量)?单位[：:]';
const unitLinePattern = new RegExp(unitLine, 'u');
export const isUnitLine = (text: string): boolean => unitLinePattern.test(text);

/** The unit that is said once for a whole table, in a row above it: 单位：万元; or behind what the table is about: 生产总值（亿元）. */
export function unitAbove(titles: readonly (readonly (string | null)[])[]): string | null {
  const texts = titles.flat().map((text) => (text ?? '').normalize('NFC'));
  for (const text of texts) {
    const found = above.exec(text)?.[1];
    if (found) return found.replace(/^[（(]/u, '');
  }
  return texts.map((text) => behind.exec(text)?.[1]).find((unit) => unit !== undefined) ?? null;
}
