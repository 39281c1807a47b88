/** Which element a column most likely is, and why: its name and its values both have a say. */
import { type Element, governedType, type Sensitivity } from '#declare';
import { evaluate } from '#declare/expr/index';
import { readsUnits, unitNamed } from '../named-unit.ts';
import type { Words } from '../plan.ts';
import type { Evidence } from './evidence.ts';
import {
  countsDays,
  holdsOtherDocuments,
  looksLikeCodes,
  looksLikeDates,
  looksLikeLists,
  looksLikeMonths,
  looksLikeSerials,
  namesCode,
  namesDay,
  namesPlace,
  namesThing,
  namesTitle,
} from './looks.ts';
import { byChance, closerThan } from './personal.ts';
import type { Profile } from './profile.ts';
import { unitDoubt, unitsSaid } from './units.ts';

export interface Choice {
  readonly element: string;
  readonly sensitivity: Sensitivity;
  readonly why: Words;
}

/** Share of present values that pass what blocks. */
export const shareOf = (e: Pick<Evidence, 'checked' | 'passed'>): number => (e.checked === 0 ? 0 : e.passed / e.checked);

/** Values alone speak for an element that has a check character or can be told by its values (so many do not pass by chance), for a date, and for a number. */
const enoughByValues = 0.8;
const enoughByHalfName = 0.6;
const enoughByName = 0.3;
/** A few words that come again and again name kinds of things and are told for nothing but a code. */
const fewWords = 5;

/**
 * The element of a column. Named as one, it is that even where many values fail: those are its faults. Where no element fits it is plain text;
 * a name that says personal while the values do not fit keeps the sensitivity of what it is called. `isBesideFractions`: another column holds amounts
 * with fractions, beside which one of this column is no day and time.
 */
export function chooseElement(
  column: string,
  elements: readonly Element[],
  evidence: readonly Evidence[],
  profile: Profile,
  isBesideFractions: boolean,
): Choice {
  const { element, sensitivity, why } = fittingElement(column, elements, evidence, profile, isBesideFractions);
  const closer = closerThan(column, element, elements, evidence, profile);
  return closer === null || closer.sensitivity <= sensitivity
    ? { element: element.id, sensitivity, why }
    : {
        element: element.id,
        sensitivity: closer.sensitivity,
        why: { zh: `${why.zh}；${closer.why.zh}`, en: `${why.en}; ${closer.why.en}` },
      };
}

function fittingElement(
  column: string,
  elements: readonly Element[],
  evidence: readonly Evidence[],
  profile: Profile,
  isBesideFractions: boolean,
): Omit<Choice, 'element'> & { readonly element: Element } {
  const plain = elements.find((e) => e.type === 'text' && e.codeList === null && e.names.length === 0 && !e.personal);
  if (!plain) throw new Error('there is no element for plain text');
  const candidates = elements.flatMap((element) => {
    const found = evidence.find((x) => x.element === element.id);
    if (!found || element === plain) return [];
    const isDays = governedType(element) !== 'date' || !looksLikeSerials(profile);
    const weight =
      isDays || countsDays(column, profile, found.name !== 'none', isBesideFractions) ? weightOf(element, found, column, profile) : 0;
    return weight > 0 ? [{ element, found, weight }] : [];
  });
  const best = candidates.sort((a, b) => b.weight - a.weight || a.element.sensitivity - b.element.sensitivity)[0];
  if (best) return { element: best.element, sensitivity: best.element.sensitivity, why: whyOf(best.element, best.found, column, profile) };
  const called = evidence
    .flatMap((e): Called[] => {
      const element = elements.find((x) => x.id === e.element);
      return element && element !== plain ? [{ found: e, element }] : [];
    })
    .sort((a, b) => nameWeight(b.found) - nameWeight(a.found) || shareOf(b.found) - shareOf(a.found));
  const likest = called.find((c) => c.found.name !== 'none');
  // What may be somebody's number is kept as close as if it were one: that it is at fault makes it no less personal.
  const close = called.find((c) => c.element.personal && isClose(c, column, profile)) ?? null;
  const instants = called.filter((c) => governedType(c.element) === 'instant' && losesTime(column, profile));
  const most = close ?? nearest(instants, column) ?? likest ?? nearest(called, column);
  return {
    element: plain,
    sensitivity: close?.element.sensitivity ?? plain.sensitivity,
    why: withLoss(doubtOf(called, column, profile) ?? whyPlain(column, most, close !== null, profile), profile),
  };
}

/** What most values would be, and some are not: the person may know whether those are faults. */
const nearest = (called: readonly Called[], column: string): Called | undefined =>
  called
    .filter(({ found, element }) => {
      const isTold = element.checksum !== null || (governedType(element) !== 'text' && !namesCode(column));
      return isTold && found.told !== 0 && found.passed < found.checked && shareOf(found) >= 0.5;
    })
    .sort((a, b) => shareOf(b.found) - shareOf(a.found))[0];

interface Called {
  readonly found: Evidence;
  readonly element: Element;
}

/** Whether the values of a column may be of a personal element although too many are at fault: by its name, by the form of its values, or by both. */
function isClose({ found, element }: Called, column: string, profile: Profile): boolean {
  if (found.name === 'same' || (found.name === 'part' && isCutShort(profile))) return true;
  // What it will hold once somebody fills it nobody can see: it is as close as it is called.
  if (found.checked === 0) return found.name === 'part';
  const shape = found.verdicts.find((v) => v.id === 'shape');
  const formed = shape === undefined || shape.checked === 0 ? 0 : 1 - shape.failed / shape.checked;
  if (found.name === 'part') return formed >= enoughByHalfName;
  // A code of as many digits passes a check character once in eleven times, and a person's number mostly. A column called a code, with few passes,
  // holds no number of a person.
  if (namesCode(column) && shareOf(found) < byChance && !isCutShort(profile)) return false;
  return element.checksum !== null && formed >= enoughByValues;
}

/** Amounts whose units leave in doubt what they are stay as they were written. */
function doubtOf(called: readonly Called[], column: string, profile: Profile): Words | null {
  const told = called.filter(({ element, found }) => readsUnits(element) && (found.told ?? 0) > 0.5 * found.checked);
  const doubt = told.map(({ element }) => unitDoubt(element, column, profile)).find((d) => d !== null);
  return doubt ? { zh: `${doubt.zh}：按文本处理，原样保留`, en: `${doubt.en}: plain text, as it was written` } : null;
}

/** Why a column is plain text: nothing fits, or what it is called does not fit what it holds. */
function whyPlain(column: string, called: Called | undefined, isPersonal: boolean, profile: Profile): Words {
  if (profile.absent === profile.rows && called && isPersonal)
    return {
      zh: `这一列没有一个值；列名像“${called.element.title.zh}”：按文本处理，并保留敏感级别`,
      en: `the column holds no value; it is called like ${(called.element.title.en ?? called.element.id).toLowerCase()}: plain text, with its sensitivity kept`,
    };
  if (profile.absent === profile.rows) return { zh: '这一列没有一个值，按文本处理', en: 'the column holds no value: plain text' };
  if (losesTime(column, profile) && !(called && governedType(called.element) === 'instant'))
    return {
      zh: `${profile.timed} 个值带有时刻，按日期处理会丢掉时刻：按文本处理`,
      en: `${profile.timed} values tell the time of day, which a date would lose: plain text`,
    };
  if (called === undefined && looksLikeCodes(column, profile) && !/\D/.test(profile.least ?? 'x'))
    return {
      zh: `值像${profile.longest}位数字的代码（位数相同或有前导零），不作数值：按文本处理`,
      en: `the values look like codes of ${profile.longest} digits (of one length, or with leading zeros), and no amounts: plain text`,
    };
  if (looksLikeLists(column, profile))
    return {
      zh: `每个值都有逗号，可能是并列的几个号码（如“${(profile.least ?? '').slice(0, 20)}”），不作千分位：按文本处理`,
      en: `every value holds commas, perhaps between several numbers ('${(profile.least ?? '').slice(0, 20)}'), and not of thousands: plain text`,
    };
  const [most] = profile.units;
  const unit =
    most && most.unit !== '' && most.count >= enoughByValues * (profile.rows - profile.absent)
      ? { zh: `；值写有单位“${most.unit}”`, en: `; the values say their unit, '${most.unit}'` }
      : { zh: '', en: '' };
  if (!called || called.found.checked === 0)
    return { zh: `没有数据元符合，按文本处理${unit.zh}`, en: `no data element fits: plain text${unit.en}` };
  const { found, element } = called;
  const failing = found.fails[0] === undefined ? '' : `，如“${found.fails[0].slice(0, 20)}”`;
  const kept = isPersonal ? { zh: '并保留敏感级别', en: ', with its sensitivity kept' } : { zh: '', en: '' };
  return {
    zh: `${found.name === 'none' ? '值的形式' : '列名'}像“${element.title.zh}”，但抽查 ${found.checked} 个值只有 ${found.passed} 个符合${failing}：按文本处理${kept.zh}`,
    en: `${found.name === 'none' ? 'formed' : 'called'} like ${(element.title.en ?? element.id).toLowerCase()}, but only ${found.passed} of ${found.checked} sampled values fit: plain text${kept.en}`,
  };
}

const nameWeight = (found: Evidence): number => (found.name === 'same' ? 2 : found.name === 'part' ? 1 : 0);

/** Share of values that pass, formulas that failed apart: they say nothing of what the column is. */
function shareWithoutErrors(found: Evidence, p: Profile): number {
  const errors = p.errors / Math.max(1, p.rows - p.absent);
  return errors < 1 ? Math.min(1, shareOf(found) / (1 - errors)) : 0;
}

/** A date that is read of these values would lose what o'clock it was, and the column is not called after a day. */
const losesTime = (column: string, p: Profile): boolean => p.timed > 0.1 * (p.rows - p.absent) && !namesDay(column);

function weightOf(element: Element, found: Evidence, column: string, profile: Profile): number {
  const share = shareWithoutErrors(found, profile);
  const named = nameWeight(found);
  if (unitDoubt(element, column, profile) !== null) return 0;
  if (governedType(element) === 'date' && losesTime(column, profile)) return 0;
  // A day among them counts as its first moment, and is told.
  if (governedType(element) === 'instant' && found.checked > 0)
    return losesTime(column, profile) && share >= enoughByValues ? 0.6 + share + named : 0;
  // A column without a single value says nothing but its name.
  if (found.checked === 0) return found.name === 'same' ? 1 : 0;
  // Numbers that a spreadsheet has cut short are no person's any more. Their rows hold other values, which withholding would lose.
  if (element.checksum && isCutShort(profile) && share < enoughByValues) return 0;
  // Some say their unit and the others mean the same: read as plain numbers, those that say it would be faults.
  if (named === 0 && saysOwnUnit(element, found, column) && share >= 0.95) return 2 + share;
  // A passport is no fault of a column for documents of every kind.
  if (element.checksum && element.personal && holdsOtherDocuments(column, found.fails)) return 0;
  if (named === 2 && share >= enoughByName) return 2 + share;
  // buildingNumber may count or name: what is not all amounts are names.
  const isName = governedType(element) === 'number' && namesCode(column) && share < 1;
  if (named === 1 && share >= enoughByHalfName && !isName) return 1 + share;
  if (named > 0 || share < enoughByValues) return 0;
  if (element.checksum) return isCompleted(element, profile) ? 0 : 1.5 + share;
  if (found.told !== null) {
    if (element.namesPersons === true && (namesPlace(column) || namesTitle(column))) return 0;
    // So few digits are an age or a count as well.
    if (isFewDigits(profile) && !namesCode(column)) return 0;
    if (element.personal && namesThing(column)) return 0;
    // 3床 under 床号 is the name of a bed, a number of a deed tells the place where it was issued.
    if (namesCode(column) && !element.names.some(namesCode)) return 0;
    const varied =
      element.codeList !== null || readsUnits(element) || profile.distinct >= Math.min(fewWords, profile.rows - profile.absent);
    return varied && found.told >= enoughByValues * found.checked ? 0.9 + share : 0;
  }
  const type = governedType(element);
  if (type === 'date') return looksLikeDates(profile) ? 0.5 + share : 0;
  if (type === 'number')
    return share >= 0.95 &&
      !namesCode(column) &&
      !looksLikeCodes(column, profile) &&
      !looksLikeMonths(column, profile) &&
      !isListed(profile) &&
      !looksLikeLists(column, profile) &&
      !failAsCodes(found)
      ? 0.4 + share
      : 0;
  return 0;
}

/** Values that write their unit beside such as do not, where the name of the column says that unit or most values do. */
const saysOwnUnit = (element: Element, found: Evidence, column: string): boolean =>
  readsUnits(element) && !namesCode(column) && (found.told ?? 0) > (unitNamed(column, element) === null ? 0.2 * found.checked : 0);

/** Standardising gives most values the check character that they lack: then it proves nothing, and any code of that length would become such a number. */
function isCompleted(element: Element, { commonest, least, greatest }: Profile): boolean {
  const seen = [...commonest.map((c) => c.value), ...[least, greatest].filter((v) => v !== null)];
  const longer = seen.filter((value) => {
    const standard = evaluate(element.standardise, { value }, { today: '2000-01-01', codeList: () => [] });
    return typeof standard === 'string' && standard.length > value.length;
  });
  return longer.length > 0.5 * seen.length;
}

/** Letters among the digits of what is no number: the others are numbers of things, and no amounts. */
const failAsCodes = (found: Evidence): boolean =>
  found.fails.some((v) => /^[A-Za-z\d_/-]*\d[A-Za-z\d_/-]*$/.test(v) && /[A-Za-z]/.test(v) && !/^[\d.]+[eE][+-]?\d+$/.test(v));

/** (1), (2), (3): numbers of items, and no amounts below nought. */
const isListed = (p: Profile): boolean =>
  p.bracketed > 0.5 * (p.rows - p.absent) && p.commonest.every(({ value }) => /^([(（]\d{1,3}[)）]|\d+)$/u.test(value));

/** Numbers of up to four digits. */
const isFewDigits = (p: Profile): boolean => p.longest <= 4 && [p.least, p.greatest].every((v) => /^\d+$/.test(v ?? ''));

/** Most values have lost their last digits. */
const isCutShort = (p: Profile): boolean => p.rounded > 0.5 * (p.rows - p.absent);

/** The reason with a word about lost digits, where some may be lost: of numbers that count by tens some end in zeros. */
const withLoss = (why: Words, p: Profile): Words =>
  p.rounded === 0 || p.rounded < 0.1 * (p.rows - p.absent)
    ? why
    : !isCutShort(p)
      ? {
          zh: `${why.zh}；${p.rounded} 个值第15位以后全是零，可能曾以数字形式保存而丢失了末几位，请核对`,
          en: `${why.en}; ${p.rounded} values have nothing but zeros after their 15th digit and may have been kept as numbers and lost their last digits, please check`,
        }
      : {
          zh: `${why.zh}；${p.rounded} 个值以数字形式保存，15位以后的数字已经丢失，无法恢复：请提供部门把这一列设为文本格式后重新导出`,
          en: `${why.en}; ${p.rounded} values were kept as numbers and have lost what follows their 15th digit for good: have the column exported again as text`,
        };

function whyOf(element: Element, found: Evidence, column: string, profile: Profile): Words {
  const title = element.title.zh;
  const name: Words =
    found.name === 'same'
      ? { zh: `列名就是“${title}”的叫法`, en: 'it is called so' }
      : found.name === 'part'
        ? { zh: `列名含有“${title}”的叫法`, en: 'its name holds what it is called' }
        : found.told !== null
          ? { zh: `列名没有线索，但 ${found.told} 个值一看就是“${title}”`, en: `its name says nothing, but ${found.told} values tell it` }
          : { zh: '列名没有线索', en: 'its name says nothing' };
  const values: Words =
    found.checked === 0
      ? { zh: '没有可检查的值', en: 'there is no value to judge' }
      : { zh: `抽查 ${found.checked} 个值，${found.passed} 个符合`, en: `${found.passed} of ${found.checked} sampled values fit` };
  const time: Words =
    governedType(element) === 'date' && profile.timed > 0
      ? { zh: `；${profile.timed} 个值带有时刻，时刻将被去掉`, en: `; ${profile.timed} values tell the time of day, which is left out` }
      : { zh: '', en: '' };
  const errors: Words =
    profile.errors > 0
      ? { zh: `；${profile.errors} 个值是公式错误`, en: `; ${profile.errors} values are errors of a formula` }
      : { zh: '', en: '' };
  const serials: Words =
    governedType(element) === 'date' && profile.serials > 0
      ? {
          zh: `；${profile.serials} 个值是电子表格的日期序号，从1899年12月30日数起读成日期${profile.fractions > 0 ? `，其中 ${profile.fractions} 个带有时刻，时刻将被去掉` : ''}`,
          en: `; ${profile.serials} values are days as a spreadsheet counts them, read as days from 1899-12-30 on${profile.fractions > 0 ? `; ${profile.fractions} of them tell the time of day, which is left out` : ''}`,
        }
      : { zh: '', en: '' };
  const units = unitsSaid(element, column, profile);
  const brackets: Words =
    element.type === 'number' && profile.bracketed > 0
      ? { zh: `；${profile.bracketed} 个值写在括号里，按负数读`, en: `; ${profile.bracketed} values in brackets are read as below nought` }
      : { zh: '', en: '' };
  const commas: Words =
    element.type === 'number' && profile.grouped > 0
      ? { zh: `；${profile.grouped} 个值里的逗号按千分位读`, en: `; commas in ${profile.grouped} values are read as those of thousands` }
      : { zh: '', en: '' };
  const warned: readonly Words[] =
    governedType(element) === 'instant'
      ? element.semantics.flatMap((s) => {
          const failed = found.verdicts.find((v) => v.id === s.id)?.failed ?? 0;
          return failed > 0 ? [{ zh: `；${failed} 个值${s.reason.zh}`, en: `; ${failed} values: ${s.reason.en ?? s.reason.zh}` }] : [];
        })
      : [];
  const beside = [time, ...warned, serials, errors, units, commas, brackets];
  const zh = [`${name.zh}；${values.zh}`, ...beside.map((w) => w.zh)].join('');
  return withLoss({ zh, en: [`${name.en}; ${values.en}`, ...beside.map((w) => w.en)].join('') }, profile);
}
