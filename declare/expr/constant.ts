/** Constants, columns, parameters and the day of asking. */

import { z } from 'zod';
import { isDay } from './day.ts';
import { constantDecimal } from './decimal.ts';
import { ExprError } from './error.ts';
import type { Type } from './node.ts';
import { constantText, node, storable, TYPES } from './node.ts';

export type ConstantNode =
  | { readonly kind: 'column'; readonly name: string; readonly type: Type }
  | { readonly kind: 'param'; readonly name: string; readonly type: Type }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: string }
  | { readonly kind: 'date'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'today' };
type Of<K extends ConstantNode['kind']> = Extract<ConstantNode, { kind: K }>;

const name = constantText.min(1);
const isCanonical = (value: string): boolean => {
  try {
    return constantDecimal(value) === value;
  } catch (error) {
    if (error instanceof ExprError) return false;
    throw error;
  }
};

export const constantNodes = [
  z.strictObject({ kind: z.literal('column'), name, type: z.enum(TYPES) }),
  z.strictObject({ kind: z.literal('param'), name, type: z.enum(TYPES) }),
  z.strictObject({ kind: z.literal('text'), value: constantText }),
  z.strictObject({
    kind: z.literal('number'),
    value: z.string().refine(isCanonical, { error: '不是规范写法的精确小数 / not a canonical exact decimal' }),
  }),
  z.strictObject({ kind: z.literal('date'), value: z.string().refine(isDay, { error: '没有这一天 / no such day' }) }),
  z.strictObject({ kind: z.literal('boolean'), value: z.boolean() }),
  z.strictObject({ kind: z.literal('today') }),
] as const;

/** A column of the row, by its name. */
export function col(name: string, type: Type = 'text'): Of<'column'> {
  return node({ kind: 'column', name: named(name), type });
}

/** The value a data element speaks about: the column named `value`, replaced by a real column through bind. */
export const value: Of<'column'> = col('value');

/** A parameter of a rule, to be replaced through bind before the tree is evaluated or spelled. */
export function param(name: string, type: Type): Of<'param'> {
  return node({ kind: 'param', name: named(name), type });
}

/** A constant text; NUL and unpaired surrogates are refused. */
export function text(value: string): Of<'text'> {
  return node({ kind: 'text', value: storable(value) });
}

/** A constant number, e.g. `num(1)` or `num('1.5')`; what is not an exact decimal of the range is refused. */
export function num(value: number | string): Of<'number'> {
  return node({ kind: 'number', value: constantDecimal(value) });
}

/** A constant day written YYYY-MM-DD. */
export function date(value: string): Of<'date'> {
  if (!isDay(value))
    throw new ExprError({
      zh: `没有“${value}”这一天（应写作 YYYY-MM-DD，公元1年至9999年）`,
      en: `there is no day "${value}" (write YYYY-MM-DD, years 0001 to 9999)`,
    });
  return node({ kind: 'date', value });
}

/** Holds or fails, constantly. */
export function bool(value: boolean): Of<'boolean'> {
  return node({ kind: 'boolean', value });
}

/** The day of asking; the caller supplies it when the tree is evaluated or spelled. */
export const today: Of<'today'> = node({ kind: 'today' });

function named(name: string): string {
  if (name === '') throw new ExprError({ zh: '名称不能为空', en: 'a name must not be empty' });
  return storable(name);
}
