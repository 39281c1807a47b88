/** The unit that a column is named with, and what follows from it for the amounts in the column: what a bare number is, and which units are none of it. */
import type { Element } from '#declare';
import { all, bind, concat, evaluate, matches, not, value, when } from '#declare/expr/index';

/** An element that reads amounts with their unit. */
export const readsUnits = (e: Element): boolean => e.type === 'number' && e.telling !== null;

/** 1.2万人: what multiplies before what is counted; 千克 and 千瓦 are what is. */
const multiple = /^(百万|千万|万|亿|千(?!克|瓦)|百)/u;
export const thingOf = (unit: string): string => unit.replace(multiple, '');

/** What the name of a column says in brackets at its end. */
export const inBrackets = /[（(](?:单位[：:])?([^（()）]*)[)）]$/u;

/** How many of the element's unit one of this is worth; null where it does not read it. */
export function worthOf(element: Element, unit: string): number | null {
  const read = evaluate(element.standardise, { value: `1${unit}` }, { today: '2000-01-01', codeList: () => [] });
  return typeof read === 'string' && /^\d+(\.\d+)?$/.test(read) ? Number(read) : null;
}

/** The unit that the name of a column says, where it is one of the element's. */
export function unitNamed(column: string, element: Element): string | null {
  const said = inBrackets.exec(column)?.[1]?.trim() ?? '';
  return said !== '' && worthOf(element, said) !== null ? said : null;
}

const blank = '[ \u3000]*';
/** A number without any unit. */
const bareNumber = `${blank}[-−–+－＋]?[¥￥]?[0-9０-９][0-9０-９,，]*([.．][0-9０-９]+)?${blank}`;
const letter = '一-鿿A-Za-z℃㎡';

/**
 * The element as it reads one column: a bare number is in the unit that the column of the source is named with (投资（万元）), and what is counted
 * is what the title of the field says (成交（套）), so that 12件 among them are a fault.
 */
export function asNamed(means: Element, column: string, title: string): Element {
  if (!readsUnits(means)) return means;
  const unit = unitNamed(column, means);
  const ofBare =
    unit === null || worthOf(means, unit) === 1
      ? means.standardise
      : when(matches(value, bareNumber), bind(means.standardise, { value: concat(value, unit) }), means.standardise);
  const thing = means.unit === undefined ? thingOf(unitNamed(title, means) ?? '') : '';
  if (thing === '') return ofBare === means.standardise ? means : { ...means, standardise: ofBare };
  const counts = `[^${letter}]*[十百千万亿]*(${thing})?[^${letter}]*`;
  const isOther = all(matches(value, '.*[0-9０-９].*', 'fails'), not(matches(value, counts, 'fails')));
  return {
    ...means,
    standardise: when(isOther, value, ofBare),
    reasons: { ...means.reasons, shape: { zh: `不是以“${thing}”为单位的数量`, en: `no quantity in ${thing}` } },
  };
}
