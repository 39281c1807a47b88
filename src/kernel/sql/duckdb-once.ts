/**
 * Computing a value once where the text says it several times. DuckDB evaluates every occurrence inside a CASE anew and knows no let; a lambda
 * over a list of one value is one (75 ns a value, where `translate` takes 350 to 2,500), and the branches of a CASE stay as lazy as they were.
 */
import { children, type Expr, type Kind } from '#declare/expr/index';
import type { Spelling } from './spelling.ts';

/** What costs nothing to repeat: a column, or the name of a lambda's value. */
const REFERENCE = /^[\w."~]+$/;
/** Whether this text costs nothing to repeat. */
export const isReference = (text: string): boolean => REFERENCE.test(text);
/** What a node costs, in units of about 25 ns a value; any other node costs 1. */
const COST: Partial<Record<Kind, number>> = {
  ...{ column: 0, param: 0, text: 0, number: 0, date: 0, boolean: 0, today: 0 },
  ...{ matches: 3, trim: 3, upper: 3, lower: 3, halfWidth: 4, translate: 6, replaceText: 2, concat: 2, padStart: 3 },
  ...{ checksum: 10, toDate: 10, dateOf: 12, toNumber: 6, numberText: 6, lookup: 4, mapText: 4, div: 6, wholeYears: 12 },
  ...{ toInstant: 20, instantText: 20, instantDay: 10 },
};
/** The saving from which a lambda pays. */
const PAYS = 6;

/** The body over a reference to the operand's value: over the operand itself where that is one. */
export function once(operand: string, s: Spelling, body: (name: string) => string): string {
  if (isReference(operand)) return body(operand);
  const name = s.fresh();
  return `(list_transform([${operand}], lambda ${name}: ${body(name)})[1])`;
}

/** A sub-expression as often as it is written, wherever it is written. */
interface Found {
  readonly expr: Expr;
  readonly cost: number;
  times: number;
}

/** The facts of a node: equal sub-expressions have the same id. `listed`: a code list is asked within it. */
interface About {
  readonly id: number;
  readonly cost: number;
  readonly listed: boolean;
}

/** Tells equal sub-expressions by an id. Each node is read once: comparing their texts took a second for the elements that judge a sample. */
export class Alike {
  readonly #ids = new Map<string, number>();
  readonly #known = new WeakMap<Expr, About>();

  about(expr: Expr): About {
    const known = this.#known.get(expr);
    if (known) return known;
    const below = children(expr).map(([, child]) => this.about(child));
    const key = JSON.stringify(expr, (at, content: unknown) => {
      const about = at === '' ? undefined : this.#known.get(content as Expr);
      return about ? { id: about.id } : content;
    });
    const id = this.#ids.get(key) ?? this.#ids.size;
    this.#ids.set(key, id);
    const cost = (COST[expr.kind] ?? 1) + below.reduce((sum, b) => sum + b.cost, 0);
    const made = { id, cost, listed: expr.kind === 'inList' || expr.kind === 'inListAt' || below.some((b) => b.listed) };
    this.#known.set(expr, made);
    return made;
  }
}

/** Spells a tree so that every dear sub-expression it has several times is computed once, where the ways to its occurrences part. */
export class Sharing {
  readonly #alike: Alike;
  /** References to the values that are held by the lambdas around the present place. */
  readonly #held = new Map<number, string>();
  readonly #any: boolean;

  constructor(root: Expr, alike = new Alike()) {
    this.#alike = alike;
    this.#any = [...this.#count(root, new Map()).values()].some(pays);
  }

  /** What the trees have several times between them, the dearest first, no occurrence within another. */
  static among(trees: readonly Expr[], alike: Alike): readonly Expr[] {
    const sharing = new Sharing({ kind: 'all', of: trees }, alike);
    const found: Expr[] = [];
    for (let next = sharing.#repeatedIn(trees); next; next = sharing.#repeatedIn(trees)) {
      found.push(next);
      sharing.#held.set(sharing.#alike.about(next).id, '');
    }
    return found;
  }

  /** The text of a node; `plain` spells it as it is written. */
  of(expr: Expr, s: Spelling, plain: (expr: Expr) => string): string {
    if (!this.#any) return plain(expr);
    const held = this.#held.get(this.#alike.about(expr).id);
    if (held !== undefined) return held;
    const repeated = this.#alike.about(expr).listed ? undefined : this.#repeatedIn(children(expr).map(([, child]) => child));
    if (repeated === undefined) return plain(expr);
    const { id } = this.#alike.about(repeated);
    return once(this.of(repeated, s, plain), s, (name) => {
      this.#held.set(id, name);
      const body = this.of(expr, s, plain);
      this.#held.delete(id);
      return body;
    });
  }

  /** The dearest sub-expression that several of these have. DuckDB takes no subquery in a lambda, so none around a code list. */
  #repeatedIn(trees: readonly Expr[]): Expr | undefined {
    const parts = trees.map((tree) => this.#count(tree, new Map()));
    const together = new Map<number, Found & { parts: number }>();
    for (const [id, found] of parts.flatMap((part) => [...part])) {
      const known = together.get(id);
      together.set(id, { ...found, times: found.times + (known?.times ?? 0), parts: 1 + (known?.parts ?? 0) });
    }
    const worth = [...together.values()].filter((f) => f.parts > 1 && pays(f) && !this.#alike.about(f.expr).listed);
    return worth.sort((a, b) => b.cost - a.cost)[0]?.expr;
  }

  /** Counts sub-expressions, not looking into those that are held. */
  #count(expr: Expr, counts: Map<number, Found>): Map<number, Found> {
    const { id, cost } = this.#alike.about(expr);
    if (cost === 0 || this.#held.has(id)) return counts;
    const found = counts.get(id);
    if (found) found.times += 1;
    else counts.set(id, { expr, cost, times: 1 });
    for (const [, child] of children(expr)) this.#count(child, counts);
    return counts;
  }
}

/**
 * Sub-expressions that pay to be computed once for several trees, in a step before them: the dearest first, none around a code list, and no
 * occurrence that is counted lies within another of them.
 */
export const repeatedAmong = (trees: readonly Expr[], alike: Alike): readonly Expr[] => Sharing.among(trees, alike);

const pays = (f: Found): boolean => (f.times - 1) * f.cost >= PAYS;
