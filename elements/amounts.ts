/** How amounts are written: with thousands parted, the sign before or as brackets around (accountants' minus), the currency before, a unit behind. */
import {
  coalesce,
  concat,
  type Expr,
  matches,
  num,
  numberText,
  replaceText,
  times,
  toNumber,
  translate,
  value,
  when,
} from '#declare/expr/index';
import { orNone, squeezed } from './clean.ts';

/** A number as it is kept. */
export const NUMBER = '-?[0-9]{1,17}(\\.[0-9]{1,6})?';

/** Digits before the point, in threes or not: commas go only where they part thousands, 1,23 may be a decimal and stays for a person to see. */
const digits = (most: number): string => `([0-9]{1,${most}}|[0-9]{1,3}(,[0-9]{3}){1,5})(\\.[0-9]{1,6})?`;

/** An amount in any way of writing it, with this behind its digits (a pattern, which may be of nothing). */
const written = (behind: string, most: number, currency = '[¥￥]?'): string =>
  `([-−–+]?${currency}|[¥￥][-−–])${digits(most)}${behind}|[(]${currency}${digits(most)}${behind}[)]`;

/** What is left of an amount without all that is no digit: the bracket that opens is a minus. */
const bare = (letters: string, of: Expr = squeezed): Expr => translate(of, `−–(+,)¥￥${letters}`, '---');

/** A plain amount as it is kept; anything else as it stands. */
export const plainNumber: Expr = when(
  matches(value, NUMBER),
  value,
  orNone(
    squeezed,
    when(matches(squeezed, written('', 17)), bare(''), when(matches(squeezed, '\\.[0-9]{1,6}'), concat('0', squeezed), squeezed)),
  ),
);

/** A share before a percent sign, kept as the number before it. */
export const beforePercent: Expr = when(
  matches(value, NUMBER),
  value,
  orNone(squeezed, when(matches(squeezed, written('%', 17, '')), bare('%'), squeezed)),
);
export const isPercent: Expr = matches(squeezed, written('%', 17, ''), 'fails');

/** A way in which a unit is written, a pattern, and how many of the unit that is kept it is worth. */
export type Unit = readonly [pattern: string, worth: number];

/** Amounts with a unit. */
export interface Amounts {
  readonly units: readonly Unit[];
  /** Every character that a unit is written with. */
  readonly letters: string;
  /** What may stand before the digits, a pattern. */
  readonly before: string;
  /** Units that are spelled with digits, and how they are without. */
  readonly respelled?: readonly (readonly [from: string, to: string])[];
}

const cellOf = ({ respelled = [] }: Pick<Amounts, 'respelled'>): Expr =>
  respelled.reduce<Expr>((of, [from, to]) => replaceText(of, from, to), squeezed);

const behindOf = (units: readonly Unit[]): string => `(${units.map(([pattern]) => pattern).join('|')})`;

/** Amounts of these units in the one that is kept; a number without one stays as it is. An amount of too many digits stays as it stands, to be refused. */
export const inUnit = (amounts: Amounts): Expr => {
  const { units, letters, before } = amounts;
  const cell = cellOf(amounts);
  const chain = units.reduceRight<Expr>((otherwise, [pattern, worth]) => {
    const most = 17 - Math.ceil(Math.log10(worth));
    const amount = bare(letters, cell);
    // What is too large to be multiplied stays as it stands, or it would be no value at all.
    const kept = worth === 1 ? amount : coalesce(numberText(times(toNumber(amount), num(worth))), squeezed);
    return when(matches(cell, written(pattern, most, before)), kept, otherwise);
  }, squeezed);
  // Most values are none: one question spares them the others.
  const asked = when(matches(cell, written(`${behindOf(units)}?`, 17, before)), chain, squeezed);
  return when(matches(value, NUMBER), value, orNone(squeezed, asked));
};

/** Whether a value says its unit. */
export const saysUnit = (amounts: Pick<Amounts, 'units' | 'before' | 'respelled'>): Expr =>
  matches(cellOf(amounts), written(behindOf(amounts.units), 17, amounts.before), 'fails');
