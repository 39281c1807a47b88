/** How amounts are written: with thousands parted, the sign before or as brackets around (accountants' minus), the currency before, a unit behind. */
import {
  all,
  concat,
  type Expr,
  eq,
  ge,
  indexOf,
  le,
  len,
  matches,
  minus,
  not,
  num,
  plus,
  repeatText,
  replaceText,
  slice,
  startsWith,
  text,
  toNumber,
  translate,
  upper,
  value,
  when,
} from '#declare/expr/index';
import { orNone, squeezed, trimmed } from './clean.ts';

/** A number in plain digits, however many: whether it can be kept as it is, is asked of every number alike when it is governed. */
export const NUMBER = '-?[0-9]+(\\.[0-9]+)?';

/** Digits before the point, in threes or not: commas go only where they part thousands, 1,23 may be a decimal and stays for a person to see. */
const digits = '([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\\.[0-9]+)?';

/** An amount in any way of writing it, with this behind its digits (a pattern, which may be of nothing). */
const written = (behind: string, currency = '[¥￥]?'): string =>
  `([-−–+]?${currency}|[¥￥][-−–])${digits}${behind}|[(]${currency}${digits}${behind}[)]`;

/** Digits with a point at either end or within. */
const mantissa = '([0-9]+(\\.[0-9]*)?|\\.[0-9]+)';
/** As programs write very large and very small numbers. */
const scientific = `[-−–+]?${mantissa}[eE][-−–+]?[0-9]{1,3}`;
/** A point with digits on one side of it only. */
const halfPointed = '[-−–+]?([0-9]+\\.|\\.[0-9]+)';

/** What is left of an amount without all that is no digit: the bracket that opens is a minus. */
const bare = (letters: string, of: Expr = squeezed): Expr => translate(of, `−–(+,)¥￥${letters}`, '---');

/**
 * Plain digits with the point moved `by` places to the right: no number is computed, so none is rounded. Nothing but a minus may stand before them.
 */
function moved(of: Expr, by: Expr): Expr {
  const positive = replaceText(of, '-', '');
  const unsigned = when(startsWith(positive, '0.'), slice(positive, num(2), len(positive)), positive);
  const figures = replaceText(unsigned, '.', '');
  const point = indexOf(unsigned, '.');
  const place = plus(when(eq(point, num(0)), len(unsigned), minus(point, num(1))), by);
  const missing = minus(place, len(figures));
  const shifted = when(
    le(place, num(0)),
    concat('0.', repeatText('0', minus(num(0), place)), figures),
    when(
      ge(missing, num(0)),
      concat(figures, repeatText('0', missing)),
      concat(slice(figures, num(1), place), '.', slice(figures, plus(place, num(1)), len(figures))),
    ),
  );
  return concat(when(startsWith(of, '-'), text('-'), text('')), shifted);
}

/** The parts of a number in scientific writing. */
const sign = upper(translate(squeezed, '−–+', '--'));
const exponentAt = indexOf(sign, 'E');
const fromScientific = moved(slice(sign, num(1), minus(exponentAt, num(1))), toNumber(slice(sign, plus(exponentAt, num(1)), num(5))));

/** A plain number in one of its rarer writings becomes plain. Any other text stays as it stands. */
const plainly: Expr = when(
  matches(squeezed, written('')),
  bare(''),
  when(matches(squeezed, scientific), fromScientific, when(matches(squeezed, halfPointed), moved(bare(''), num(0)), squeezed)),
);

/** Blanks between figures that part no thousands: 12 5 is two numbers, and stays as it stands. */
const isSplit: Expr = all(
  matches(trimmed, '.*[0-9.] +[0-9.].*'),
  not(matches(trimmed, '[^0-9]*[0-9]{1,3}( {1,3}[0-9]{3}){1,12}([.][0-9]+)?[^0-9]*')),
);
const ofOneNumber = (amount: Expr): Expr => orNone(squeezed, when(isSplit, trimmed, amount));

/** A plain amount as it is kept; anything else as it stands. */
export const plainNumber: Expr = when(matches(value, NUMBER), value, ofOneNumber(plainly));

/** A share before a percent sign, kept as the number before it. */
export const beforePercent: Expr = when(
  matches(value, NUMBER),
  value,
  ofOneNumber(when(matches(squeezed, written('%', '')), bare('%'), plainly)),
);
export const isPercent: Expr = matches(squeezed, written('%', ''), 'fails');

/** A way in which a unit is written, a pattern, and how many of the unit that is kept it is worth: 1, 10, 100 and so on. */
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

/** Amounts of these units in the one that is kept; a number without one stays as it is. */
export const inUnit = (amounts: Amounts): Expr => {
  const { units, letters, before } = amounts;
  const cell = cellOf(amounts);
  const places = units.reduceRight<Expr>(
    (otherwise, [pattern, worth]) => when(matches(cell, written(pattern, before)), num(Math.round(Math.log10(worth))), otherwise),
    num(0),
  );
  // Most values are none: one question spares them the others.
  const asked = when(matches(cell, written(`${behindOf(units)}?`, before)), moved(bare(letters, cell), places), plainly);
  return when(matches(value, NUMBER), value, ofOneNumber(asked));
};

/** Whether a value says its unit. */
export const saysUnit = (amounts: Pick<Amounts, 'units' | 'before' | 'respelled'>): Expr =>
  matches(cellOf(amounts), written(behindOf(amounts.units), amounts.before), 'fails');
