/** Phrases in both languages at once: the parts are read once and set into the words of each. */

import type { Said } from './error.ts';

/** What is set into a phrase: a phrase, or what is the same in both languages. */
export type Part = Said | string | number;

/** Fills the places `{0}`, `{1}` … of both wordings. */
export const phrase = (zh: string, en: string, ...parts: readonly Part[]): Said => ({
  zh: filled(zh, parts, 'zh'),
  en: filled(en, parts, 'en'),
});

/** One phrase after another, with the words of each language between them. */
export const joined = (parts: readonly Said[], zh: string, en: string): Said => ({
  zh: parts.map((p) => p.zh).join(zh),
  en: parts.map((p) => p.en).join(en),
});

const filled = (words: string, parts: readonly Part[], language: keyof Said): string =>
  words.replace(/\{(\d)\}/g, (_, place: string) => {
    const part = parts[Number(place)] as Part;
    return typeof part === 'object' ? part[language] : String(part);
  });
