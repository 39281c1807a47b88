/** Words for no value in a column: which texts may be one, and which of them its element reads as absent. */
import type { Element } from '#declare';
import { codeListsOf, evaluate } from '#declare/expr/index';
import type { Snapshot } from '#kernel/documents/documents';
import type { Words } from '../plan.ts';
import type { Profile } from './profile.ts';

/** Values of a column that are told. */
const toldValues = 5;

/** Whether governing reads a text that is not blank as absent under an element. */
function readsAsAbsent(snapshot: Snapshot, element: Element, word: string): boolean {
  const env = { today: '2000-01-01', codeList: (id: string) => snapshot.codeList(id) };
  return evaluate(element.standardise, { value: word }, env) === null;
}

const wide = (word: string): string => word.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));

/** Code lists that standardising asks, by element: trees of many thousand nodes are walked once. */
const asked = new WeakMap<Element, readonly string[]>();

function listsOf(element: Element): readonly string[] {
  const known = asked.get(element) ?? codeListsOf(element.standardise);
  asked.set(element, known);
  return known;
}

/**
 * Texts that some element may read as absent, in capitals, half and full width: the code lists that standardising asks and of which most are no
 * values to an element that asks. Whether the element of a column reads one so is told by `asElement`.
 */
export function wordsOf(snapshot: Snapshot): readonly string[] {
  const elements = snapshot.list('element');
  const words = [...new Set(elements.flatMap(listsOf))].flatMap((list) => {
    const asking = elements.find((e) => listsOf(e).includes(list)) as Element;
    const codes = snapshot.codeList(list).map((item) => item.code);
    const absent = codes.filter((code) => readsAsAbsent(snapshot, asking, code));
    return absent.length > 0.5 * codes.length ? codes : [];
  });
  return [...new Set(words.flatMap((w) => [w, w.toUpperCase(), wide(w).toUpperCase()]))];
}

/** The profile of a column of this element: words that it reads as values are counted as such again. */
export function asElement(snapshot: Snapshot, profile: Profile, element: Element): Profile {
  const words = profile.words.filter(({ word }) => readsAsAbsent(snapshot, element, word));
  const values = profile.words.filter((w) => !words.includes(w));
  if (values.length === 0) return profile;
  const texts = values.map((v) => v.word).sort();
  const ends = (own: string | null, other: string | undefined, isOwn: (a: string, b: string) => boolean): string | null =>
    own === null || (other !== undefined && !isOwn(own, other)) ? (other ?? null) : own;
  return {
    ...profile,
    words,
    absent: profile.absent - values.reduce((n, v) => n + v.count, 0),
    distinct: profile.distinct + values.length,
    least: ends(profile.least, texts[0], (a, b) => a <= b),
    greatest: ends(profile.greatest, texts.at(-1), (a, b) => a >= b),
    longest: Math.max(profile.longest, ...texts.map((t) => t.length)),
    commonest: [...profile.commonest, ...values.map((v) => ({ value: v.word, count: v.count }))]
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, toldValues),
  };
}

/** Words that are said of one column; more are summed up. */
const saidWords = 5;

/** Why a column is what it is, with the words in it that are read as absent. */
export function wordsSaid({ words }: Profile, why: Words): Words {
  if (words.length === 0) return why;
  const rest = words.slice(saidWords).reduce((n, w) => n + w.count, 0);
  const told = (mark: (word: string) => string, between: string): string =>
    words
      .slice(0, saidWords)
      .map((w) => `${mark(w.word)}×${w.count}`)
      .join(between);
  return {
    zh: `${why.zh}；${told((w) => `“${w}”`, '、')}${rest > 0 ? `，另有 ${rest} 个，` : ''}是没有值的写法，当作缺失`,
    en: `${why.en}; ${told((w) => `'${w}'`, ', ')}${rest > 0 ? ` and ${rest} others` : ''} are words for no value, read as absent`,
  };
}
