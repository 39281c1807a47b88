/** A tree read out as a sentence, in Chinese and in English, that a steward, a citizen and a court can read. */

import type { Said } from './error.ts';
import { type Reader, SAYINGS } from './sayings.ts';
import type { Expr } from './tree.ts';

/** A title; without an English one the Chinese stands in both sentences. */
export type NameWords = { readonly zh: string; readonly en?: string | undefined };

/** Titles for what a tree names; a name without a title is written as it is. */
export type Names = {
  readonly columns?: Readonly<Record<string, NameWords>>;
  readonly params?: Readonly<Record<string, NameWords>>;
  readonly codeLists?: Readonly<Record<string, NameWords>>;
};

/** The tree as a sentence in both languages, without the final full stop. The tree is walked once. */
export function sentence(expr: Expr, names: Names = {}): Said {
  const reader: Reader = {
    read: (e) => (SAYINGS[e.kind] as (node: Expr, reader: Reader) => Said)(e, reader),
    titleOf: (kind, name) => {
      const titles = names[kind];
      const title = titles !== undefined && Object.hasOwn(titles, name) ? titles[name] : undefined;
      return title && { zh: title.zh, en: title.en ?? title.zh };
    },
  };
  return reader.read(expr);
}
