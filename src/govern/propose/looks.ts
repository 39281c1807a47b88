/** What a column looks like before anything is known of its meaning: codes, dates, the number of the line. */
import { plainName } from './evidence.ts';
import type { Profile } from './profile.ts';

/** Whether a column is called a code, a number or an id: digits in it are a name, not an amount. */
export const namesCode = (column: string): boolean =>
  /(编号|代码|编码|邮编|号码|证号|文号|号|标识|标识码|ID|code|number|zip|\bno)$/iu.test(column.trim());

/** Whether a column is called the identifier of the row itself, and not the number of something in it. */
export const namesItself = (column: string): boolean =>
  /^(id|uuid|guid|主键|唯一标识|编号|标识|标识码|记录号|流水号)$/iu.test(plainName(column));

/** Whether a column is called after the time that a row of statistics speaks of: it identifies the row together with others. */
export const namesPeriod = (column: string): boolean =>
  /(年度|年份|年|季度|月份|月|期别|期次|时间|日期|year|month|quarter|period|date)$/iu.test(plainName(column));

/** Tells whether a column is called a remark: texts told at length differ by chance. */
export const namesToldAtLength = (column: string): boolean =>
  /(备注|说明|描述|内容|摘要|简介|意见|原因|情况|范围|remark|note|comment|description|desc|memo)$/iu.test(plainName(column));

/** Whether a column is called after a day to come. */
export const namesAhead = (column: string): boolean =>
  /(至|止|截止|截至|到期|期满|失效|终止|下次|下一次|计划|预计|拟|有效期|有效日期|期限|due|expir|until|valid|next|deadline|end)/iu.test(
    plainName(column),
  );

/** Whether a column is called after a day, so that what o'clock it was is not what it is for. */
export const namesDay = (column: string): boolean => /(日期|日|date|day)$/iu.test(plainName(column));

/** Year, month and day in figures, each parted from the next: a decimal has one point. */
const writtenDay = /^\D*\d{4} ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2}(?!\d)/u;

/** Eight digits alone may be any number: a date that is not called one is written as one. */
export const looksLikeDates = (p: Profile): boolean =>
  p.commonest.every(({ value }) => writtenDay.test(value.normalize('NFKC'))) ||
  (p.rows - p.absent >= 20 && p.commonest.every(({ value }) => /^(19|20)\d{6}$/u.test(value)));

/** Whether a column is called the code of a thing: then equal digits in it are no telephone numbers. */
export const namesThing = (column: string): boolean => /(编号|代码|编码|标识|标识码|ID|code)$/iu.test(column.trim());

/** Whether a column is called the title of a thing: 名称 is said of no person. */
export const namesTitle = (column: string): boolean => /名称$/u.test(plainName(column));

/** Whether a column is called an amount or a span of time, and no day. */
export const namesAmount = (column: string): boolean =>
  /(数|量|额|值|率|价|费|款|金|税|资本|资产|总计|合计|收入|支出|利润|预算|决算|投资|负债|成本|余额|规模|面积|人口|比|时长|次|工作日|节假日|休息日|交易日|每日|(平均|累计|总|合计|耗|用|等待|响应|持续|处理|运行|排队|在线|工作|间隔)时间|amount|count|total|number|population|price|value|rate|sum|duration)$/iu.test(
    plainName(column),
  );

/**
 * Whether five digits are the days that a spreadsheet counts: the column is called so; with a fraction, which is a time of day that a date loses, only
 * where it is called after a day and no amount with a fraction stands beside it.
 */
export const countsDays = (column: string, p: Profile, isNamed: boolean, isBesideFractions: boolean): boolean =>
  isNamed && !namesAmount(column) && (p.fractions === 0 || (namesDay(column) && !isBesideFractions));

/** Whether a column of such values with fractions is called after a day or a time, so that they are no amounts. */
export const countsTimes = (column: string, p: Profile): boolean =>
  looksLikeSerials(p) && !namesAmount(column) && /(日期|日|时间|时刻|date|day|time)$/iu.test(plainName(column));

/** Whether most values are five digits that may count days. */
export const looksLikeSerials = (p: Profile): boolean => p.serials > 0.5 * (p.rows - p.absent);

/** Whether a column is called after a place: what begins like a name there is none of a person. */
export const namesPlace = (column: string): boolean =>
  /(省份?|市|区|县|镇|乡|村|街道|社区|地区|城市|区划|籍贯|产地|地点|站点?|城区|片区|国家|region|city|province|county|place|area|district|town|village|country)$/iu.test(
    plainName(column),
  );

/** 2018.10 is October: as a number it would be January. One digit behind the point may be an amount as well, unless the column is called after a time. */
export function looksLikeMonths(column: string, p: Profile): boolean {
  const seen = [...p.commonest.map((c) => c.value), ...[p.least, p.greatest].filter((v) => v !== null)];
  const month = namesPeriod(column) ? /^(19|20)\d{2}\.(0?[1-9]|1[0-2])$/ : /^(19|20)\d{2}\.(0[1-9]|1[0-2])$/;
  return seen.length > 0 && seen.every((v) => month.test(v));
}

/** From so many digits on, equally long and different numbers are names: few amounts have so many. */
const longCode = 9;

/**
 * Digits that are a name, not an amount: a leading zero, or many digits all of one length and mostly different, of which the least and the
 * greatest begin alike (a code begins with what it is a code of; amounts of one length begin with any digit).
 */
export function looksLikeCodes(column: string, p: Profile): boolean {
  if (p.commonest.some(({ value }) => /^0\d/.test(value))) return true;
  const { least, greatest } = p;
  if (least === null || greatest === null || p.longest < 6) return false;
  if (![least, greatest].every((v) => /^\d+$/.test(v) && v.length === p.longest)) return false;
  // No amount has so many digits to the unit, however few of them there are.
  if (p.longest >= 12) return true;
  if (namesAmount(column)) return false;
  if (p.distinct <= 0.9 * (p.rows - p.absent)) return false;
  return p.longest >= longCode || least.slice(0, 2) === greatest.slice(0, 2);
}

/** Commas in every value, as between the numbers of several things: 101,102. Amounts have some below a thousand, a fraction, or a name of amounts. */
export const looksLikeLists = (column: string, p: Profile): boolean =>
  p.grouped > 0 &&
  p.grouped === p.rows - p.absent &&
  !namesAmount(column) &&
  p.commonest.every(({ value }) => /^\d{1,3}([,，]\d{3})+$/u.test(value));

/** Whether a column is called the number of documents of any kind, and these values read as numbers of passports or permits. */
export const holdsOtherDocuments = (column: string, values: readonly string[]): boolean =>
  /证件|证照|passport|document/iu.test(column) &&
  !/身份证|身份号/u.test(column) &&
  values.some((v) => /^[A-Z]{1,2}\d{6,10}$/iu.test(v.trim()) || /^[A-Z]\d{6}[(（][\dA-Z][)）]$/iu.test(v.trim()));

/** Whether a column is called the number of the line, and nothing else. */
export const isRunningNumber = (column: string): boolean => /^(序号|序|行号|no|#)$/iu.test(plainName(column));

/**
 * Tells whether 1, 2, 3 … is the number of the line. A value with zeros before it was made as a code. `rows` counts the whole table, of which the
 * profile may have seen a part. `evenCodes` takes also columns that are called codes.
 */
export function numbersLines(column: string, p: Profile, rows: number, evenCodes = false): boolean {
  if (isRunningNumber(column)) return true;
  const { least, greatest, distinct } = p;
  // One row in 14 picked of 1, 2, 3 … begins within the first few hundred.
  const first = p.rows === rows ? 1 : 20 * (rows / p.rows);
  return (
    /^(0|[1-9]\d*)$/.test(least ?? '') &&
    Number(least) <= first &&
    /^[1-9]\d*$/.test(greatest ?? '') &&
    Number(greatest) - Number(least) <= rows &&
    distinct >= 0.9 * p.rows &&
    (evenCodes || !/(编码|代码|编号|code)$/iu.test(plainName(column)))
  );
}
