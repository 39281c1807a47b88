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

/** Units of a text in the strict grammar, or null when it is not in it. */
export function parseDecimal(text: string): bigint | null {
  if (!GRAMMAR.test(text)) return null;
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const units = BigInt(whole) * ONE + BigInt(fraction.padEnd(SCALE, '0'));
  return text.startsWith('-') ? -units : units;
}

/** The one way to write a number: no exponent, no trailing zeros, no `-0`. */
export function decimalText(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(SCALE + 1, '0');
  const fraction = digits.slice(-SCALE).replace(/0+$/u, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -SCALE)}${fraction === '' ? '' : `.${fraction}`}`;
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
