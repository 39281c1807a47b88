/** Identifiers for Chinese words: the initials of their pinyin, as departments have always named their columns (gmsfhm, xm). */
import { isInherited } from '#declare';

/** The first character of each initial in pinyin order; what stands before the first of them has none. */
const firsts: readonly (readonly [string, string])[] = [
  ['阿', 'a'],
  ['八', 'b'],
  ['嚓', 'c'],
  ['哒', 'd'],
  ['妸', 'e'],
  ['发', 'f'],
  ['旮', 'g'],
  ['哈', 'h'],
  ['讥', 'j'],
  ['咔', 'k'],
  ['垃', 'l'],
  ['妈', 'm'],
  ['拿', 'n'],
  ['噢', 'o'],
  ['妑', 'p'],
  ['七', 'q'],
  ['呥', 'r'],
  ['仨', 's'],
  ['他', 't'],
  ['哇', 'w'],
  ['夕', 'x'],
  ['丫', 'y'],
  ['匝', 'z'],
];
const byPinyin = new Intl.Collator('zh-u-co-pinyin');

const initialOf = (char: string): string => {
  if (/[a-z0-9]/.test(char)) return char;
  if (!/\p{Script=Han}/u.test(char)) return '';
  return firsts.findLast(([first]) => byPinyin.compare(first, char) <= 0)?.[1] ?? '';
};

/** Letters and digits for a title: initials of what is Chinese, the rest in lower case; what is in brackets is left out. May be empty. */
export function initialsOf(title: string): string {
  const plain = title
    .normalize('NFKC')
    .replace(/\(.*?\)|\[.*?\]|【.*?】/gu, '')
    .toLowerCase();
  return [...plain].map(initialOf).join('').slice(0, 40);
}

/**
 * Returns a lower-camel word for a column: its own name where that is one already, else the initials. `taken` words are not given again, in upper or
 * lower case.
 */
export function fieldNameFor(title: string, taken: ReadonlySet<string>): string {
  const words = title.normalize('NFKC').split(/[^A-Za-z0-9]+/u);
  const ascii = /^[\x20-\x7e]+$/.test(title) ? words.filter((w) => w !== '').map((w, i) => (i === 0 ? lower(w) : upper(w))) : [];
  const wanted = (ascii.join('') || initialsOf(title)).replace(/^[^a-z]+/, '').slice(0, 50) || 'field';
  const folded = new Set([...taken].map((name) => name.toLowerCase()));
  return free(
    wanted,
    (name) => folded.has(name.toLowerCase()) || isInherited(name),
    (base, n) => `${base}${n}`,
  );
}

/** An id of lower-case words for a document, from a title; `taken` are not given again. */
export function documentIdFor(title: string, taken: ReadonlySet<string>): string {
  const words = /^[\x20-\x7e]+$/.test(title) ? title.toLowerCase().split(/[^a-z0-9]+/) : [initialsOf(title)];
  const wanted =
    words
      .filter((w) => w !== '')
      .join('-')
      .replace(/^[^a-z]+/, '')
      .slice(0, 50)
      .replace(/-+$/, '') || 'table';
  return free(
    wanted,
    (name) => taken.has(name),
    (base, n) => `${base}-${n}`,
  );
}

const free = (wanted: string, isTaken: (name: string) => boolean, next: (base: string, n: number) => string): string => {
  for (let n = 1, name = wanted; ; name = next(wanted, ++n)) if (!isTaken(name)) return name;
};
const lower = (word: string): string => (/^[A-Z0-9]+$/.test(word) ? word.toLowerCase() : word[0]?.toLowerCase() + word.slice(1));
const upper = (word: string): string => word[0]?.toUpperCase() + (/^[A-Z0-9]+$/.test(word) ? word.slice(1).toLowerCase() : word.slice(1));
