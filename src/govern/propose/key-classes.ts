/** What a column may do for a key, by its meaning, its name and its values. */
import { type Element, governedType, type Sensitivity } from '#declare';
import { isRunningNumber, namesAmount, namesCode, namesItself, namesPeriod, namesToldAtLength, numbersLines } from './looks.ts';
import { type Profile, shownCharacters } from './profile.ts';

/**
 * `record`: the number of the record itself. `code`: of a thing. `dimension`: what a row is about, text or a number of few values. `period`: when.
 * `name`: of a thing. `human`: name, address or telephone of a person. `person`: the number of the person a row is about. `other`: the number of a person beside the row's thing (its operator).
 * `line`: the number of the line. `measure`, `told`: an amount, a remark; they differ by chance. `none`: not taken.
 */
export type KeyClass =
  | 'record'
  | 'code'
  | 'dimension'
  | 'period'
  | 'name'
  | 'human'
  | 'person'
  | 'other'
  | 'line'
  | 'measure'
  | 'told'
  | 'none';

/** Text of more characters identifies nothing. */
const longestKey = 50;

/** Persons who do something for what a row is about: their numbers are no keys of it. */
const namesHelper =
  /(法定代表|法人|负责|经办|联系|操作|填报|审核|审批|登记人|办理人|受理人|监护|代理|委托|担保|网格员|管理员|采集|录入|户主|配偶|父亲|母亲)/u;

/** Those of them that have numbers of their own which are no numbers of persons by form: 操作员工号. A number of what they do (受理号) is of the record. */
const namesClerk = /((经办|操作|填报|审核|审批|办理|受理|录入|采集)(人|员|者|工号|账号)|管理员|网格员|登记人|负责人|联系人)/u;

/** Codes of where letters and calls go: many share one, and it says nothing of a row. */
const namesPost = (column: string): boolean => /(邮编|邮政编码|区号|zip|postcode|postal ?code)$/iu.test(column.trim());

/** Documents by which persons are told, of any kind. */
const namesDocument = (column: string): boolean => /证件|身份证|护照|passport/iu.test(column);

/** A column as its class is told by. */
export interface Classed {
  readonly column: string;
  readonly isFirst: boolean;
  readonly isTaken: boolean;
  readonly element: Element;
  /** As it is proposed: a card number is as close as the person who holds it. */
  readonly sensitivity: Sensitivity;
  readonly profile: Profile;
}

/** The class of a column in a table of so many rows. */
export function keyClassOf({ column, isFirst, isTaken, element, sensitivity, profile }: Classed, rows: number): KeyClass {
  if (!isTaken) return 'none';
  const type = governedType(element);
  const present = profile.rows - profile.absent;
  if (present === 0) return 'none';
  if (isNested(profile)) return 'told';
  const isCode = type === 'text' && namesCode(column);
  if (element.personal && (element.checksum !== null || isCode)) return namesHelper.test(column) ? 'other' : 'person';
  if (element.personal && !['date', 'number'].includes(type)) return namesHelper.test(column) ? 'told' : 'human';
  // The number of a document of any kind is the number of whom the row is about, unless it is called the document of a helper.
  if (isCode && sensitivity >= 4 && namesDocument(column) && !namesHelper.test(column)) return 'person';
  if (isCode && (namesClerk.test(column) || sensitivity >= 4)) return 'other';
  if (isRunningNumber(column)) return 'line';
  if (namesPost(column)) return 'told';
  if (isCode && (namesItself(column) || (isFirst && profile.distinct === profile.rows))) return 'record';
  if (element.checksum !== null || isCode || (element.codeList !== null && !element.personal)) return 'code';
  if (numbersLines(column, profile, rows)) return 'line';
  if (type === 'date' || type === 'instant' || namesPeriod(column) || profile.timed > 0.5 * present || isYears(profile)) return 'period';
  if (type !== 'text' && isFirst && countsUp(profile, rows)) return 'line';
  if (type !== 'text') return isWhole(profile) && profile.distinct <= 0.5 * present && !namesAmount(column) ? 'dimension' : 'measure';
  if (isMeasured(profile) || profile.fractions > 0.5 * present) return 'measure';
  if (profile.longest > longestKey || namesToldAtLength(column)) return 'told';
  return /(名称|姓名|名字|name|title)$/iu.test(column.trim()) ? 'name' : 'dimension';
}

/** 5, 6, 7 …: each row the next number, wherever they begin. */
const countsUp = ({ fractions, distinct, least, greatest }: Profile, rows: number): boolean =>
  fractions === 0 && distinct === rows && Number(greatest) - Number(least) === rows - 1;

/** Numbers without a fraction. */
const isWhole = (p: Profile): boolean => p.fractions === 0;

/** Values that a profile shows, the commonest and both ends. */
const seenOf = (p: Profile): string[] => [...p.commonest.map((c) => c.value), ...[p.least, p.greatest].filter((v) => v !== null)];

/** Lists and objects of JSON in a cell say something of a row and are no name of it; [1] may be one. */
const isNested = (p: Profile): boolean => {
  const seen = seenOf(p);
  return seen.every((v) => v.length >= shownCharacters || /^(\[.*\]|\{.*\})$/su.test(v)) && seen.some((v) => /^(\{|\[.*[",{])/u.test(v));
};

const isYears = (p: Profile): boolean => {
  const seen = seenOf(p);
  return seen.length > 0 && seen.every((v) => /^(19|20)\d{2}年?$/u.test(v));
};

/** Amounts that are text only because their units or digits leave in doubt what they are. */
const isMeasured = (p: Profile): boolean => {
  const amounts = p.units.filter(({ unit }) => unit !== '' && !/[年月日号幢栋楼室期届班级]$/u.test(unit));
  return amounts.reduce((n, u) => n + u.count, 0) > 0.5 * (p.rows - p.absent);
};
