/** What several checks have in common, computed once in a step before them: an engine computes every occurrence anew. */
import { col, type Expr, mapChildren, type Type, typeOf } from '#declare/expr/index';
import { Alike, repeatedAmong } from '#kernel/sql/duckdb-once';

/** A part that stands in a column. */
export interface Part {
  readonly expr: Expr;
  readonly column: string;
}

/** Takes parts out of the trees of checks and says how to compute them. */
export class SharedParts {
  readonly #prefix: string;
  readonly #spelled: string[] = [];

  /** @param prefix begins the names of the columns, so that two layers of one statement do not meet */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /**
   * The trees with every part that pays replaced by a column of the layer, and those parts. `spelled` spells a part over the step before;
   * `known` parts stand in columns of that step.
   */
  taken(
    trees: readonly Expr[],
    types: Readonly<Record<string, Type>>,
    spelled: (part: Expr) => string,
    known: readonly Part[],
  ): { readonly trees: readonly Expr[]; readonly parts: readonly Part[] } {
    const alike = new Alike();
    const idOf = (expr: Expr): number => alike.about(expr).id;
    const columns = new Map(known.map((k) => [idOf(k.expr), col(k.column, typeOf(k.expr, types))]));
    const replaced = (expr: Expr): Expr => columns.get(idOf(expr)) ?? mapChildren(expr, replaced);
    const inStep = { ...types, ...Object.fromEntries([...columns.values()].map((c) => [c.name, c.type])) };
    const parts = repeatedAmong(trees.map(replaced), alike).map((expr): Part => {
      const column = `${this.#prefix}${this.#spelled.length + 1}`;
      this.#spelled.push(`${spelled(expr)} as ${column}`);
      return { expr, column };
    });
    for (const { expr, column } of parts) columns.set(idOf(expr), col(column, typeOf(expr, inStep)));
    return { trees: trees.map(replaced).map(replaced), parts };
  }

  /** The layer over `step` that adds the columns; none when nothing was taken out. */
  layers(): readonly string[] {
    return this.#spelled.length === 0 ? [] : [`select *, ${this.#spelled.join(', ')} from step`];
  }
}
