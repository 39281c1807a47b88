/** What every node shares: the five types, what an absent operand means, and the making of frozen plain data. */

import { z } from 'zod';

import { ExprError } from './error.ts';
import { isStorableText } from './storable.ts';
import type { Expr } from './tree.ts';

/**
 * The five types of a value. Every value may also be absent (SQL's null).
 * - text: Unicode code points, ordered by code point. The empty text is present, not absent.
 * - number: an exact decimal with at most 17 digits before and 10 after the point (see decimal.ts). Nothing is ever a binary fraction.
 * - date: a calendar day of the proleptic Gregorian calendar, years 0001 to 9999.
 * - instant: a point of time to the microsecond; its wall clock in the zone setting (zone.ts) stands in the years 0001 to 9999.
 * - boolean: holds, fails, or, where it is absent, unknown.
 */
export const TYPES = ['text', 'number', 'date', 'instant', 'boolean'] as const;
export type Type = (typeof TYPES)[number];

/** What a predicate says when an operand is absent. */
export const ABSENT = ['holds', 'fails', 'unknown'] as const;
export type Absent = (typeof ABSENT)[number];

/** A whole number may be written where a number expression is wanted. */
export type NumberLike = Expr | number;

/** A constant text may be written where a text expression is wanted. */
export type TextLike = Expr | string;

/** A schema for sub-expressions; each family of nodes is given it so that the recursion is tied once, in tree.ts. */
export type ExprSchema = z.ZodType<Expr>;

export const absentSchema = z.enum(ABSENT);

/** Constant text: what every engine can hold. */
export const constantText = z.string().refine(isStorableText, { error: '文本常量含空字符或不成对的代理项 / NUL or unpaired surrogate' });

/** Refuses constant text that an engine could not hold exactly. */
export function storable(text: string): string {
  if (isStorableText(text)) return text;
  throw new ExprError({
    zh: '文本常量不得含空字符（U+0000）或不成对的代理项',
    en: 'constant text must not contain NUL or an unpaired surrogate',
  });
}

/** Freezes a node; sub-expressions are frozen already, arrays are frozen here. */
export function node<N extends Expr>(fields: N): N {
  for (const field of Object.values(fields)) if (Array.isArray(field)) Object.freeze(field);
  return Object.freeze(fields);
}
