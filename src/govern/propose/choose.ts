/** Which element a column most likely is, and why: its name and its values both have a say. */
import { type Element, governedType, type Sensitivity } from '#declare';
import type { Words } from '../plan.ts';
import type { Evidence } from './evidence.ts';
import type { Profile } from './profile.ts';

export interface Choice {
  readonly element: string;
  readonly sensitivity: Sensitivity;
  readonly why: Words;
}

/** Whether a column is called a code, a number or an id: digits in it are a name, not an amount. */
export const namesCode = (column: string): boolean =>
  /(编号|代码|编码|号码|证号|文号|号|标识|标识码|ID|code|number|\bno)$/iu.test(column.trim());

/** Share of present values that pass what blocks. */
export const shareOf = (e: Pick<Evidence, 'checked' | 'passed'>): number => (e.checked === 0 ? 0 : e.passed / e.checked);

/** Values alone speak for an element that has a check character (so many do not pass by chance), for a date, and for a number. */
const enoughByValues = 0.8;
const enoughByHalfName = 0.6;
const enoughByName = 0.3;

/**
 * The element of a column. Named as one, it is that even where many values fail: those are its faults. Where no element fits it is plain text;
 * a name that says personal while the values do not fit keeps the sensitivity of what it is called.
 */
export function chooseElement(column: string, elements: readonly Element[], evidence: readonly Evidence[], profile: Profile): Choice {
  const plain = elements.find((e) => e.type === 'text' && e.codeList === null && e.names.length === 0 && !e.personal);
  if (!plain) throw new Error('there is no element for plain text');
  const candidates = elements.flatMap((element) => {
    const found = evidence.find((x) => x.element === element.id);
    if (!found || element === plain) return [];
    const share = shareOf(found);
    const weight = weightOf(element, found, share, { profile, isCode: namesCode(column) });
    return weight > 0 ? [{ element, found, share, weight }] : [];
  });
  const best = candidates.sort((a, b) => b.weight - a.weight || a.element.sensitivity - b.element.sensitivity)[0];
  if (best) return { element: best.element.id, sensitivity: best.element.sensitivity, why: whyOf(best.element, best.found) };
  const called = evidence.find((e) => e.name === 'same' && elements.find((x) => x.id === e.element)?.personal);
  const sensitivity = elements.find((e) => e.id === called?.element)?.sensitivity ?? plain.sensitivity;
  return {
    element: plain.id,
    sensitivity,
    why:
      called && profile.absent < profile.rows
        ? {
            zh: '名称像个人信息，但多数值不符合其格式，按文本处理并保留敏感级别',
            en: 'named like personal information but most values do not fit: text, with its sensitivity kept',
          }
        : { zh: '没有数据元符合，按文本处理', en: 'no data element fits: plain text' },
  };
}

function weightOf(element: Element, found: Evidence, share: number, column: { profile: Profile; isCode: boolean }): number {
  const { profile } = column;
  const named = found.name === 'same' ? 2 : found.name === 'part' ? 1 : 0;
  // A column without a single value says nothing but its name.
  if (found.checked === 0) return found.name === 'same' ? 1 : 0;
  if (named === 2 && share >= enoughByName) return 2 + share;
  if (named === 1 && share >= enoughByHalfName) return 1 + share;
  if (named > 0 || share < enoughByValues) return 0;
  if (element.checksum) return 1.5 + share;
  const type = governedType(element);
  if (type === 'date') return looksLikeDates(profile) ? 0.5 + share : 0;
  if (type === 'number') return share >= 0.95 && !column.isCode && !looksLikeCodes(profile) ? 0.4 + share : 0;
  return 0;
}

/** Eight digits alone may be any number: a date that is not called one is written as one. */
const looksLikeDates = (p: Profile): boolean =>
  p.commonest.every(({ value }) => /[-/.年]/u.test(value)) ||
  (p.rows - p.absent >= 20 && p.commonest.every(({ value }) => /^(19|20)\d{6}$/u.test(value)));

/** Digits that are a name, not an amount: a leading zero, or many digits all of one length and mostly different. */
const looksLikeCodes = (p: Profile): boolean =>
  p.commonest.some(({ value }) => /^0\d/.test(value)) ||
  (p.longest >= 6 &&
    p.distinct > 0.9 * (p.rows - p.absent) &&
    p.commonest.every(({ value }) => /^\d+$/.test(value) && value.length === p.longest));

function whyOf(element: Element, found: Evidence): Words {
  const title = element.title.zh;
  const name: Words =
    found.name === 'same'
      ? { zh: `列名就是“${title}”的叫法`, en: 'it is called so' }
      : found.name === 'part'
        ? { zh: `列名含有“${title}”的叫法`, en: 'its name holds what it is called' }
        : { zh: '列名没有线索', en: 'its name says nothing' };
  const values: Words =
    found.checked === 0
      ? { zh: '没有可检查的值', en: 'there is no value to judge' }
      : { zh: `抽查 ${found.checked} 个值，${found.passed} 个符合`, en: `${found.passed} of ${found.checked} sampled values fit` };
  return { zh: `${name.zh}；${values.zh}`, en: `${name.en}; ${values.en}` };
}
