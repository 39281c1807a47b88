/** Replacing columns and parameters of a tree, and listing what it reads. */

import type { Expr } from './tree.ts';
import { children, mapChildren } from './tree.ts';

/**
 * The tree with every column and parameter of these names replaced; names not given stay.
 * Replacements are not searched again, so a column may be replaced by an expression over a column of the same name.
 */
export function bind(expr: Expr, replacements: Readonly<Record<string, Expr>>): Expr {
  if (expr.kind === 'column' || expr.kind === 'param')
    return Object.hasOwn(replacements, expr.name) ? (replacements[expr.name] ?? expr) : expr;
  return mapChildren(expr, (child) => bind(child, replacements));
}

/** The names of the columns the tree reads, each once, in the order they are met. */
export function columnsOf(expr: Expr): string[] {
  return collect(expr, (e) => (e.kind === 'column' ? e.name : undefined));
}

/** The names of the parameters still to be bound. */
export function paramsOf(expr: Expr): string[] {
  return collect(expr, (e) => (e.kind === 'param' ? e.name : undefined));
}

/** The ids of the code lists the tree consults. */
export function codeListsOf(expr: Expr): string[] {
  return collect(expr, (e) => ('list' in e ? e.list : undefined));
}

function collect(expr: Expr, pick: (expr: Expr) => string | undefined): string[] {
  const found = new Set<string>();
  const walk = (e: Expr): void => {
    const picked = pick(e);
    if (picked !== undefined) found.add(picked);
    for (const [, child] of children(e)) walk(child);
  };
  walk(expr);
  return [...found];
}
