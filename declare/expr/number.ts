/** Number nodes: exact decimals; an absent operand, an overflow or a division by zero makes the result absent. */

import { z } from 'zod';

import { SCALE } from './decimal.ts';
import { ExprError } from './error.ts';
import type { ExprSchema, NumberLike } from './node.ts';
import { node } from './node.ts';
import type { Expr } from './tree.ts';
import { numeric } from './words.ts';

export const OPERATIONS = ['plus', 'minus', 'times', 'div', 'mod'] as const;
export type Operation = (typeof OPERATIONS)[number];

export type NumberNode =
  | { readonly kind: Operation; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'round'; readonly of: Expr; readonly scale: number }
  | { readonly kind: 'floor'; readonly of: Expr }
  | { readonly kind: 'abs'; readonly of: Expr }
  | { readonly kind: 'toNumber'; readonly of: Expr }
  | { readonly kind: 'numberText'; readonly of: Expr };
type Of<K extends NumberNode['kind']> = Extract<NumberNode, { kind: K }>;

const places = z.int().min(0).max(SCALE);

export const numberNodes = (expr: ExprSchema) =>
  [
    z.strictObject({ kind: z.enum(OPERATIONS), left: expr, right: expr }),
    z.strictObject({ kind: z.literal('round'), of: expr, scale: places }),
    z.strictObject({ kind: z.literal('floor'), of: expr }),
    z.strictObject({ kind: z.literal('abs'), of: expr }),
    z.strictObject({ kind: z.literal('toNumber'), of: expr }),
    z.strictObject({ kind: z.literal('numberText'), of: expr }),
  ] as const;

const operation = (kind: Operation) => (left: NumberLike, right: NumberLike) => node({ kind, left: numeric(left), right: numeric(right) });

/** The sum. */
export const plus = operation('plus');
/** The difference. */
export const minus = operation('minus');
/** The product, rounded half away from zero to ten places. */
export const times = operation('times');
/** The quotient, rounded half away from zero to ten places; absent when divided by zero. */
export const div = operation('div');
/** What is left of a division cut towards zero: it has the sign of the first; absent when divided by zero. */
export const mod = operation('mod');

/** Rounded half away from zero to 0–10 places. */
export function round(of: Expr, scale: number): Of<'round'> {
  if (!places.safeParse(scale).success) throw new ExprError({ zh: `小数位数须为0至${SCALE}`, en: `round to 0 to ${SCALE} places` });
  return node({ kind: 'round', of, scale });
}

/** The largest whole number not above. */
export function floor(of: Expr): Of<'floor'> {
  return node({ kind: 'floor', of });
}

/** Without its sign. */
export function abs(of: Expr): Of<'abs'> {
  return node({ kind: 'abs', of });
}

/** The number written in a text: an optional minus, 1–17 ASCII digits, optionally a point and 1–10 digits; anything else is absent. */
export function toNumber(of: Expr): Of<'toNumber'> {
  return node({ kind: 'toNumber', of });
}

/** The number as text: no exponent, no trailing zeros. */
export function numberText(of: Expr): Of<'numberText'> {
  return node({ kind: 'numberText', of });
}
