/** Predicates: what holds, fails or is unknown of one row, each saying what an absent operand means. */

import { z } from 'zod';

import { text } from './constant.ts';
import { ExprError } from './error.ts';
import type { Absent, ExprSchema, TextLike } from './node.ts';
import { absentSchema, constantText, node, storable } from './node.ts';
import { checkPattern, isPattern } from './pattern.ts';
import type { Expr } from './tree.ts';

export const COMPARISONS = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** A weighted check-character scheme; every alphabet is printable ASCII. */
export type ChecksumScheme = {
  readonly alphabet: string;
  readonly weights: readonly number[];
  readonly modulus: number;
  readonly checkAlphabet: string;
};

export type PredicateNode =
  | { readonly kind: 'compare'; readonly op: Comparison; readonly left: Expr; readonly right: Expr; readonly absent: Absent }
  | { readonly kind: 'isAbsent'; readonly of: Expr }
  | { readonly kind: 'isBlank'; readonly of: Expr }
  | { readonly kind: 'isIn'; readonly of: Expr; readonly items: readonly string[]; readonly absent: Absent }
  | { readonly kind: 'inList'; readonly of: Expr; readonly list: string; readonly absent: Absent }
  | { readonly kind: 'inListAt'; readonly of: Expr; readonly list: string; readonly at: Expr; readonly absent: Absent }
  | { readonly kind: 'matches'; readonly of: Expr; readonly pattern: string; readonly absent: Absent }
  | { readonly kind: 'startsWith'; readonly of: Expr; readonly prefix: Expr; readonly absent: Absent }
  | ({ readonly kind: 'checksum'; readonly of: Expr; readonly absent: Absent } & ChecksumScheme);
type Of<K extends PredicateNode['kind']> = Extract<PredicateNode, { kind: K }>;

const list = constantText.min(1);
const scheme = {
  alphabet: z.string(),
  weights: z.array(z.int().min(0).max(1_000_000)).min(1).max(64),
  modulus: z.int().min(2).max(94),
  checkAlphabet: z.string(),
};

export const predicateNodes = (expr: ExprSchema) =>
  [
    z.strictObject({ kind: z.literal('compare'), op: z.enum(COMPARISONS), left: expr, right: expr, absent: absentSchema }),
    z.strictObject({ kind: z.literal('isAbsent'), of: expr }),
    z.strictObject({ kind: z.literal('isBlank'), of: expr }),
    z.strictObject({ kind: z.literal('isIn'), of: expr, items: z.array(constantText), absent: absentSchema }),
    z.strictObject({ kind: z.literal('inList'), of: expr, list, absent: absentSchema }),
    z.strictObject({ kind: z.literal('inListAt'), of: expr, list, at: expr, absent: absentSchema }),
    z.strictObject({
      kind: z.literal('matches'),
      of: expr,
      pattern: constantText.refine(isPattern, { error: '模式不在允许的子集内 / pattern outside the closed subset' }),
      absent: absentSchema,
    }),
    z.strictObject({ kind: z.literal('startsWith'), of: expr, prefix: expr, absent: absentSchema }),
    z
      .strictObject({ kind: z.literal('checksum'), of: expr, absent: absentSchema, ...scheme })
      .refine((n) => schemeFault(n) === undefined, { error: '校验码方案不成立 / impossible checksum scheme' }),
  ] as const;

const comparison =
  (op: Comparison) =>
  (left: Expr, right: Expr, absent: Absent = 'unknown'): Of<'compare'> =>
    node({ kind: 'compare', op, left, right, absent });

/** Equal; text is compared by code points, exactly. */
export const eq = comparison('eq');
/** Not equal. */
export const ne = comparison('ne');
/** Before: less, earlier, or lower in code-point order. */
export const lt = comparison('lt');
/** Before or equal. */
export const le = comparison('le');
/** After: greater, later, or higher in code-point order. */
export const gt = comparison('gt');
/** After or equal. */
export const ge = comparison('ge');

/** Whether there is no value. Never unknown. */
export function isAbsent(of: Expr): Of<'isAbsent'> {
  return node({ kind: 'isAbsent', of });
}

/** Whether there is no text or the empty text. Never unknown. */
export function isBlank(of: Expr): Of<'isBlank'> {
  return node({ kind: 'isBlank', of });
}

/** Whether the text is one of these. */
export function isIn(of: Expr, items: readonly string[], absent: Absent = 'unknown'): Of<'isIn'> {
  return node({ kind: 'isIn', of, items: items.map(storable), absent });
}

/** Whether the text is a code of the code list, in force or not. */
export function inList(of: Expr, list: string, absent: Absent = 'unknown'): Of<'inList'> {
  return node({ kind: 'inList', of, list: storable(list), absent });
}

/** Whether the text is a code of the code list in force on that day (validFrom and validTo both inclusive, null is open). */
export function inListAt(of: Expr, list: string, at: Expr, absent: Absent = 'unknown'): Of<'inListAt'> {
  return node({ kind: 'inListAt', of, list: storable(list), at, absent });
}

/** Whether the whole text fits the pattern (see pattern.ts for the closed subset). */
export function matches(of: Expr, pattern: string, absent: Absent = 'unknown'): Of<'matches'> {
  checkPattern(pattern);
  return node({ kind: 'matches', of, pattern, absent });
}

/** Whether the text begins with this one; every text begins with the empty text. */
export function startsWith(of: Expr, prefix: TextLike, absent: Absent = 'unknown'): Of<'startsWith'> {
  return node({ kind: 'startsWith', of, prefix: typeof prefix === 'string' ? text(prefix) : prefix, absent });
}

/**
 * Whether the last character is the check character of the characters before it: with v = place in `alphabet`,
 * `checkAlphabet[(Σ v·weight) mod modulus]`. Wrong length or a character outside the alphabet fails.
 */
export function checksum(
  of: Expr,
  { alphabet, weights, modulus, checkAlphabet }: ChecksumScheme,
  absent: Absent = 'unknown',
): Of<'checksum'> {
  const made = { alphabet, weights: [...weights], modulus, checkAlphabet };
  const fault = schemeFault(made);
  if (fault !== undefined) throw new ExprError(fault);
  return node({ kind: 'checksum', of, ...made, absent });
}

function schemeFault({ alphabet, weights, modulus, checkAlphabet }: ChecksumScheme): ExprError['said'] | undefined {
  const distinct = (text: string): boolean => /^[0-9A-Za-z]+$/u.test(text) && new Set(text).size === text.length;
  if (!distinct(alphabet)) return { zh: '校验码字符集须为不重复的数字与字母', en: 'the alphabet must be distinct digits and letters' };
  if (!distinct(checkAlphabet) || checkAlphabet.length !== modulus)
    return {
      zh: '校验字符表须为不重复的数字与字母，个数等于模数',
      en: 'the check alphabet must be distinct digits and letters, as many as the modulus',
    };
  if (weights.length === 0 || weights.length > 64 || weights.some((w) => !Number.isInteger(w) || w < 0 || w > 1_000_000))
    return { zh: '权重须为1至64个非负整数', en: 'weights must be 1 to 64 whole numbers, none negative' };
  return Number.isInteger(modulus) && modulus >= 2 && modulus <= 62
    ? undefined
    : { zh: '模数须为2至62', en: 'the modulus must be 2 to 62' };
}
