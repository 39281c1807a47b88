/** Text nodes: everything counts code points, positions begin at 1, and an absent operand makes the result absent. */

import { z } from 'zod';

import { num, text } from './constant.ts';
import { ExprError } from './error.ts';
import type { ExprSchema, NumberLike, TextLike } from './node.ts';
import { constantText, node, storable } from './node.ts';
import type { Expr } from './tree.ts';

/** Positions and lengths reach this far; one beyond is absent. */
export const LONGEST = 2_147_483_647;
/** repeatText repeats at most this often; more is absent. */
export const MOST_REPEATS = 32_767;
/** ASCII white space, no-break space and the ideographic space: what trim removes. */
export const WHITE_SPACE = '\t\n\v\f\r \u00a0\u3000';

export type TextNode =
  | { readonly kind: 'concat'; readonly of: readonly Expr[] }
  | { readonly kind: 'slice'; readonly of: Expr; readonly from: Expr; readonly length: Expr }
  | { readonly kind: 'len'; readonly of: Expr }
  | { readonly kind: 'upper'; readonly of: Expr }
  | { readonly kind: 'lower'; readonly of: Expr }
  | { readonly kind: 'trim'; readonly of: Expr }
  | { readonly kind: 'halfWidth'; readonly of: Expr }
  | { readonly kind: 'replaceText'; readonly of: Expr; readonly from: string; readonly to: string }
  | { readonly kind: 'translate'; readonly of: Expr; readonly from: string; readonly to: string }
  | { readonly kind: 'indexOf'; readonly of: Expr; readonly part: Expr }
  | { readonly kind: 'repeatText'; readonly text: string; readonly times: Expr }
  | { readonly kind: 'padStart'; readonly of: Expr; readonly length: number; readonly pad: string }
  | { readonly kind: 'mapText'; readonly of: Expr; readonly entries: readonly (readonly [string, string])[] }
  | { readonly kind: 'lookup'; readonly of: Expr; readonly list: string; readonly give: LookupField };
type Of<K extends TextNode['kind']> = Extract<TextNode, { kind: K }>;

/** What lookup gives: the Chinese title of a code, or the code of a Chinese title. */
export type LookupField = 'title' | 'code';

const distinct = (items: readonly string[]): boolean => new Set(items).size === items.length;
const translation = {
  from: constantText.min(1).refine((from) => distinct([...from]), { error: '字符重复 / repeated character' }),
  to: constantText,
};
const oneCharacter = constantText.refine((pad) => [...pad].length === 1, { error: '应为一个字符 / one character' });
const padLength = z.int().min(0).max(1000);

export const textNodes = (expr: ExprSchema) =>
  [
    z.strictObject({ kind: z.literal('concat'), of: z.array(expr).min(1) }),
    z.strictObject({ kind: z.literal('slice'), of: expr, from: expr, length: expr }),
    z.strictObject({ kind: z.literal('len'), of: expr }),
    z.strictObject({ kind: z.literal('upper'), of: expr }),
    z.strictObject({ kind: z.literal('lower'), of: expr }),
    z.strictObject({ kind: z.literal('trim'), of: expr }),
    z.strictObject({ kind: z.literal('halfWidth'), of: expr }),
    z.strictObject({ kind: z.literal('replaceText'), of: expr, from: constantText.min(1), to: constantText }),
    z.strictObject({ kind: z.literal('translate'), of: expr, ...translation }),
    z.strictObject({ kind: z.literal('indexOf'), of: expr, part: expr }),
    z.strictObject({ kind: z.literal('repeatText'), text: constantText, times: expr }),
    z.strictObject({ kind: z.literal('padStart'), of: expr, length: padLength, pad: oneCharacter }),
    z.strictObject({
      kind: z.literal('mapText'),
      of: expr,
      entries: z
        .array(z.tuple([constantText, constantText]))
        .min(1)
        .refine((e) => distinct(e.map(([from]) => from)), { error: '键重复 / repeated key' }),
    }),
    z.strictObject({ kind: z.literal('lookup'), of: expr, list: constantText.min(1), give: z.enum(['title', 'code']) }),
  ] as const;

/** The texts one after another; absent when one is absent. */
export function concat(...of: [TextLike, ...TextLike[]]): Of<'concat'> {
  return node({ kind: 'concat', of: of.map(textual) });
}

/**
 * `length` code points from position `from` (the first is 1). Fractions are cut down; a `from` below 1 counts as 1, a negative `length` as 0,
 * either beyond 2³¹−1 makes the result absent.
 */
export function slice(of: Expr, from: NumberLike, length: NumberLike): Of<'slice'> {
  return node({ kind: 'slice', of, from: numeric(from), length: numeric(length) });
}

/** How many code points. */
export function len(of: Expr): Of<'len'> {
  return node({ kind: 'len', of });
}

/** a–z to A–Z; nothing else changes. */
export function upper(of: Expr): Of<'upper'> {
  return node({ kind: 'upper', of });
}

/** A–Z to a–z; nothing else changes. */
export function lower(of: Expr): Of<'lower'> {
  return node({ kind: 'lower', of });
}

/** Without the white space at both ends: ASCII, no-break (U+00A0) and ideographic (U+3000). */
export function trim(of: Expr): Of<'trim'> {
  return node({ kind: 'trim', of });
}

/** Full-width forms U+FF01–FF5E and the ideographic space to their ASCII twins. */
export function halfWidth(of: Expr): Of<'halfWidth'> {
  return node({ kind: 'halfWidth', of });
}

/** Every occurrence of a constant replaced, from the left, without overlap. */
export function replaceText(of: Expr, from: string, to: string): Of<'replaceText'> {
  if (from === '') throw new ExprError({ zh: '要替换的文本不能为空', en: 'the text to replace must not be empty' });
  return node({ kind: 'replaceText', of, from: storable(from), to: storable(to) });
}

/** Each character of `from` becomes the one at its place in `to`, or vanishes where `to` is shorter. */
export function translate(of: Expr, from: string, to: string): Of<'translate'> {
  if (from === '' || !distinct([...from]))
    throw new ExprError({ zh: '对照字符不能为空或重复', en: 'the characters to translate must be distinct and at least one' });
  return node({ kind: 'translate', of, from: storable(from), to: storable(to) });
}

/** The position (1 is the first) where `part` first occurs, 0 when nowhere; the empty text occurs at 1. */
export function indexOf(of: Expr, part: TextLike): Of<'indexOf'> {
  return node({ kind: 'indexOf', of, part: textual(part) });
}

/** A constant text so many times; fractions are cut down, below 0 counts as 0, above 32,767 is absent. */
export function repeatText(text: string, times: NumberLike): Of<'repeatText'> {
  return node({ kind: 'repeatText', text: storable(text), times: numeric(times) });
}

/** Filled on the left with one character up to `length`; a longer text stays as it is. */
export function padStart(of: Expr, length: number, pad: string): Of<'padStart'> {
  if ([...pad].length !== 1 || !padLength.safeParse(length).success)
    throw new ExprError({ zh: '补位须为一个字符，长度0至1000', en: 'pad with one character, to a length of 0 to 1000' });
  return node({ kind: 'padStart', of, length, pad: storable(pad) });
}

/** A closed table: the text that stands for this one, absent when the table has no such entry. */
export function mapText(of: Expr, table: Readonly<Record<string, string>>): Of<'mapText'> {
  const entries = Object.entries(table).map(([from, to]) => Object.freeze([storable(from), storable(to)] as const));
  if (entries.length === 0) throw new ExprError({ zh: '对照表不能为空', en: 'the table must not be empty' });
  return node({ kind: 'mapText', of, entries });
}

/** The Chinese title of a code, or the code of a Chinese title, by a code list; absent when it has none. The first item listed wins. */
export function lookup(of: Expr, list: string, give: LookupField): Of<'lookup'> {
  return node({ kind: 'lookup', of, list: storable(list), give });
}

/** A number written plainly becomes a constant. */
export function numeric(number: NumberLike): Expr {
  return typeof number === 'number' ? num(number) : number;
}

function textual(part: TextLike): Expr {
  return typeof part === 'string' ? text(part) : part;
}
