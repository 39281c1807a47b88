/** Three-valued logic after Kleene, and choosing between values. */

import { z } from 'zod';
import type { ExprSchema } from './node.ts';
import { node } from './node.ts';
import type { Expr } from './tree.ts';

/** What unknown is decided to be. */
export type Verdict = 'holds' | 'fails';

export type LogicNode =
  | { readonly kind: 'all'; readonly of: readonly Expr[] }
  | { readonly kind: 'any'; readonly of: readonly Expr[] }
  | { readonly kind: 'not'; readonly of: Expr }
  | { readonly kind: 'decided'; readonly of: Expr; readonly verdict: Verdict }
  | { readonly kind: 'when'; readonly condition: Expr; readonly take: Expr; readonly otherwise: Expr }
  | { readonly kind: 'coalesce'; readonly of: readonly Expr[] };
type Of<K extends LogicNode['kind']> = Extract<LogicNode, { kind: K }>;

export const logicNodes = (expr: ExprSchema) =>
  [
    z.strictObject({ kind: z.literal('all'), of: z.array(expr) }),
    z.strictObject({ kind: z.literal('any'), of: z.array(expr) }),
    z.strictObject({ kind: z.literal('not'), of: expr }),
    z.strictObject({ kind: z.literal('decided'), of: expr, verdict: z.enum(['holds', 'fails']) }),
    z.strictObject({ kind: z.literal('when'), condition: expr, take: expr, otherwise: expr }),
    z.strictObject({ kind: z.literal('coalesce'), of: z.array(expr).min(1) }),
  ] as const;

/** Fails when one fails, else unknown when one is unknown, else holds; of nothing it holds. */
export function all(...of: Expr[]): Of<'all'> {
  return node({ kind: 'all', of });
}

/** Holds when one holds, else unknown when one is unknown, else fails; of nothing it fails. */
export function any(...of: Expr[]): Of<'any'> {
  return node({ kind: 'any', of });
}

/** Turns holds and fails round; unknown stays unknown. */
export function not(of: Expr): Of<'not'> {
  return node({ kind: 'not', of });
}

/** Turns unknown into the given verdict. */
export function decided(of: Expr, verdict: Verdict): Of<'decided'> {
  return node({ kind: 'decided', of, verdict });
}

/** One of two values of the same type; an unknown condition takes `otherwise`. */
export function when(condition: Expr, take: Expr, otherwise: Expr): Of<'when'> {
  return node({ kind: 'when', condition, take, otherwise });
}

/** The first value that is not absent; the empty text is not absent. */
export function coalesce(...of: [Expr, ...Expr[]]): Of<'coalesce'> {
  return node({ kind: 'coalesce', of });
}
