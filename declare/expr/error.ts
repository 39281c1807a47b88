/** The one error of the expression language: it names a place inside the tree and says, in Chinese and English, what is wrong there. */

/** A place inside a tree: the fields and positions walked from the root, e.g. `['of', 1, 'left']`. */
export type Place = readonly (string | number)[];

/** A sentence in both languages of the product. */
export type Said = { readonly zh: string; readonly en: string };

/** Thrown by builders, typeOf, bind, evaluate and the spellings when a tree cannot mean anything. */
export class ExprError extends Error {
  readonly path: Place;
  readonly said: Said;

  constructor(said: Said, path: Place = []) {
    super(`${path.length === 0 ? '' : `${path.join('.')}: `}${said.en} / ${said.zh}`);
    this.name = 'ExprError';
    this.path = path;
    this.said = said;
  }

  /** The same complaint seen from one level further out. */
  under(...step: (string | number)[]): ExprError {
    return new ExprError(this.said, [...step, ...this.path]);
  }
}
