/** The expression tree: one union of frozen plain-data nodes, its schema, and how to walk it. */

import { z } from 'zod';
import type { ConstantNode } from './constant.ts';
import { constantNodes } from './constant.ts';
import type { DateNode } from './dates.ts';
import { dateNodes } from './dates.ts';
import type { InstantNode } from './instant.ts';
import { instantNodes } from './instant.ts';
import type { LogicNode } from './logic.ts';
import { logicNodes } from './logic.ts';
import { node } from './node.ts';
import type { NumberNode } from './number.ts';
import { numberNodes } from './number.ts';
import type { PredicateNode } from './predicate.ts';
import { predicateNodes } from './predicate.ts';
import type { TextNode } from './words.ts';
import { textNodes } from './words.ts';

/** An expression about one row. */
export type Expr = ConstantNode | PredicateNode | LogicNode | TextNode | NumberNode | DateNode | InstantNode;
export type Kind = Expr['kind'];
/** The node (or nodes) of a kind. */
export type NodeOf<K extends Kind> = Narrow<Expr, K>;
type Narrow<E extends Expr, K extends Kind> = E extends Expr ? (E['kind'] & K extends never ? never : E & { readonly kind: K }) : never;

/** Reads a tree from JSON: `exprSchema.parse(JSON.parse(JSON.stringify(tree)))` deep-equals the tree, and is frozen. */
export const exprSchema: z.ZodType<Expr> = z
  .lazy(() => union.transform((made) => node(made as Expr)))
  // The name under which the reference tells of it, once for all that hold a tree.
  .meta({ id: 'Expression' });

const union = z.discriminatedUnion('kind', [
  ...constantNodes,
  ...predicateNodes(exprSchema),
  ...logicNodes(exprSchema),
  ...textNodes(exprSchema),
  ...numberNodes(exprSchema),
  ...dateNodes(exprSchema),
  ...instantNodes(exprSchema),
]);

/** The sub-expressions of a node with their places in it, in the order they are written. */
export function children(expr: Expr): [place: (string | number)[], child: Expr][] {
  return Object.entries(expr).flatMap(([field, content]: [string, unknown]): [(string | number)[], Expr][] => {
    if (isNode(content)) return [[[field], content]];
    if (!Array.isArray(content)) return [];
    return content.flatMap((item: unknown, i): [(string | number)[], Expr][] => (isNode(item) ? [[[field, i], item]] : []));
  });
}

/** The same node over other sub-expressions. */
export function mapChildren(expr: Expr, change: (child: Expr, place: (string | number)[]) => Expr): Expr {
  const fields = Object.entries(expr).map(([field, content]: [string, unknown]) => {
    if (isNode(content)) return [field, change(content, [field])];
    if (Array.isArray(content)) return [field, content.map((item: unknown, i) => (isNode(item) ? change(item, [field, i]) : item))];
    return [field, content];
  });
  return node(Object.fromEntries(fields) as Expr);
}

function isNode(content: unknown): content is Expr {
  return typeof content === 'object' && content !== null && 'kind' in content;
}
