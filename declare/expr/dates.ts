/** Date nodes: calendar days of the years 0001 to 9999; an absent operand or a day outside that range makes the result absent. */

import { z } from 'zod';
import type { DateFormat } from './day.ts';
import { DATE_FORMATS } from './day.ts';
import { ExprError } from './error.ts';
import type { ExprSchema, NumberLike } from './node.ts';
import { node } from './node.ts';
import type { Expr } from './tree.ts';
import { numeric } from './words.ts';

export const DATE_PARTS = ['year', 'month', 'day'] as const;
export type DatePart = (typeof DATE_PARTS)[number];

export type DateNode =
  | { readonly kind: 'toDate'; readonly of: Expr; readonly format: DateFormat }
  | { readonly kind: 'dateOf'; readonly year: Expr; readonly month: Expr; readonly day: Expr }
  | { readonly kind: DatePart; readonly of: Expr }
  | { readonly kind: 'dateText'; readonly of: Expr }
  | { readonly kind: 'addDays'; readonly of: Expr; readonly days: Expr }
  | { readonly kind: 'daysBetween'; readonly from: Expr; readonly to: Expr }
  | { readonly kind: 'wholeYears'; readonly from: Expr; readonly to: Expr };
type Of<K extends DateNode['kind']> = Extract<DateNode, { kind: K }>;

export const dateNodes = (expr: ExprSchema) =>
  [
    z.strictObject({ kind: z.literal('toDate'), of: expr, format: z.enum(DATE_FORMATS) }),
    z.strictObject({ kind: z.literal('dateOf'), year: expr, month: expr, day: expr }),
    z.strictObject({ kind: z.enum(DATE_PARTS), of: expr }),
    z.strictObject({ kind: z.literal('dateText'), of: expr }),
    z.strictObject({ kind: z.literal('addDays'), of: expr, days: expr }),
    z.strictObject({ kind: z.literal('daysBetween'), from: expr, to: expr }),
    z.strictObject({ kind: z.literal('wholeYears'), from: expr, to: expr }),
  ] as const;

/** The day written in a text, in exactly this format; absent when it is not so written or there is no such day. */
export function toDate(of: Expr, format: DateFormat = 'YYYY-MM-DD'): Of<'toDate'> {
  if (!DATE_FORMATS.includes(format)) throw new ExprError({ zh: `不支持日期格式“${format}”`, en: `no date format "${format}"` });
  return node({ kind: 'toDate', of, format });
}

/** The day of this year, month and day; absent when there is no such day. */
export function dateOf(year: NumberLike, month: NumberLike, day: NumberLike): Of<'dateOf'> {
  return node({ kind: 'dateOf', year: numeric(year), month: numeric(month), day: numeric(day) });
}

const part = (kind: DatePart) => (of: Expr) => node({ kind, of });

/** The year of a day. */
export const year = part('year');
/** The month of a day, 1 to 12. */
export const month = part('month');
/** The day of the month, 1 to 31. */
export const day = part('day');

/** The day as text YYYY-MM-DD. */
export function dateText(of: Expr): Of<'dateText'> {
  return node({ kind: 'dateText', of });
}

/** So many days later, or earlier when negative; fractions are cut down. */
export function addDays(of: Expr, days: NumberLike): Of<'addDays'> {
  return node({ kind: 'addDays', of, days: numeric(days) });
}

/** Days from the first day to the second; negative when the second is earlier. */
export function daysBetween(from: Expr, to: Expr): Of<'daysBetween'> {
  return node({ kind: 'daysBetween', from, to });
}

/**
 * Completed years from the first day to the second. A year is complete on the anniversary's month and day; who was born on
 * 29 February completes a common year on 1 March. Negative when the second day is earlier (one day earlier is −1).
 */
export function wholeYears(from: Expr, to: Expr): Of<'wholeYears'> {
  return node({ kind: 'wholeYears', from, to });
}
