/**
 * Exact decimals of the expression language, held as BigInt units of 10⁻¹⁰.
 *
 * A number has at most 17 digits before and 10 after the point: decimal(27,10) in every engine. The bounds are chosen so that sums,
 * products (scale 20) and quotients (27 + 10 + 1 digits) of two such numbers fit the 38 digits DuckDB and Trino have before they are
 * rounded. A result outside the range is absent, never an error and never an approximation. Rounding is half away from zero.
 */

import { ExprError } from './error.ts';

/** Digits after the point. */
export const SCALE = 10;
/** Digits in all. */
export const PRECISION = 27;
/** One, in units. */
export const ONE = 10n ** BigInt(SCALE);
const LIMIT = 10n ** BigInt(PRECISION);

/** What toNumber accepts: an optional minus, 1 to 17 digits, optionally a point and 1 to 10 digits. Leading zeros are accepted. */
export const NUMBER_GRAMMAR = '-?[0-9]{1,17}(?:\\.[0-9]{1,10})?';
const GRAMMAR = new RegExp(`^${NUMBER_GRAMMAR}$`, 'u');

/** Digits of a kept number after the point. */
export const KEPT_SCALE = 16;
/** Digits of a kept number in all: decimal(38,16), of which 22 stand before the point. */
export const KEPT_PRECISION = 38;
/** Kept units in one unit of computing. */
export const FINER = 10n ** BigInt(KEPT_SCALE - SCALE);
const KEPT_LIMIT = 10n ** BigInt(KEPT_PRECISION);

/**
 * A text whose number is kept as it is, without rounding: zeros in front and behind are no digits of it. Computing rounds a kept number once, to
 * decimal(27,10). Comparing, showing and telling apart use the kept number.
 */
export const KEPT_GRAMMAR = '-?0*[0-9]{1,22}(\\.[0-9]{1,16}0*)?';
const KEPT = new RegExp(`^${KEPT_GRAMMAR}$`, 'u');

/** The canonical text of the number in a text, or null when it is none or cannot be kept as it is. */
export function keptNumber(text: string): string | null {
  if (!KEPT.test(text)) return null;
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const units = BigInt(whole + fraction.slice(0, KEPT_SCALE).padEnd(KEPT_SCALE, '0'));
  return keptText(text.startsWith('-') ? -units : units);
}

/** The one way to write a kept number, from its units of 10⁻¹⁶. */
export const keptText = (units: bigint): string => written(units, KEPT_SCALE);

/** Kept units, or null when they are out of range. */
export const keptBounded = (units: bigint): bigint | null => (units > -KEPT_LIMIT && units < KEPT_LIMIT ? units : null);

/** Units of a text in the strict grammar, or null when it is not in it. */
export function parseDecimal(text: string): bigint | null {
  if (!GRAMMAR.test(text)) return null;
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const units = BigInt(whole) * ONE + BigInt(fraction.padEnd(SCALE, '0'));
  return text.startsWith('-') ? -units : units;
}

/** The one way to write a number: no exponent, no trailing zeros, no `-0`. */
export const decimalText = (units: bigint): string => written(units, SCALE);

function written(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/u, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The canonical text of a constant; refuses what is not an exact decimal of the range. */
export function constantDecimal(value: number | string): string {
  const units = parseDecimal(String(value));
  if (units !== null) return decimalText(units);
  throw new ExprError({
    zh: `“${value}”不是精确小数（整数部分至多17位，小数至多10位）`,
    en: `"${value}" is not an exact decimal (at most 17 digits before and 10 after the point)`,
  });
}

/** The value, or null when it left the range. */
export function bounded(units: bigint): bigint | null {
  return units > -LIMIT && units < LIMIT ? units : null;
}

/** dividend / divisor rounded half away from zero; the divisor is not zero. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const magnitude = (abs(dividend) * 2n + abs(divisor)) / (abs(divisor) * 2n);
  return dividend < 0n === divisor < 0n ? magnitude : -magnitude;
}

/** The largest whole number not above, in units. */
export function floorUnits(units: bigint): bigint {
  const rest = units % ONE;
  return rest === 0n ? units : units - rest - (units < 0n ? ONE : 0n);
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
