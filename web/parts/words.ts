/** The two languages of the screens: every sentence stands where it is used, in both. */
import { createContext, useContext } from 'react';

export type Language = 'zh' | 'en';
export interface Words {
  readonly zh: string;
  readonly en?: string | undefined;
}

export const LanguageContext = createContext<{ language: Language; set(language: Language): void }>({
  language: 'zh',
  set: () => undefined,
});

/** Says a sentence in the language of the moment; what has no English is said in Chinese. */
export function useSay(): (words: Words) => string {
  const { language } = useContext(LanguageContext);
  return (words) => (language === 'en' ? (words.en ?? words.zh) : words.zh);
}

/** The language chosen in this browser, Chinese first. */
export const storedLanguage = (): Language => (localStorage.getItem('language') === 'en' ? 'en' : 'zh');

/** Puts a series into one line, with the comma of the language of the moment. */
export function useListed(): (items: readonly (string | number)[]) => string {
  const { language } = useContext(LanguageContext);
  return (items) => items.join(language === 'en' ? ', ' : '、');
}

/** Puts a remark behind a word, in the brackets of the language of the moment. */
export function useRemarked(): (word: string, remark: string | number) => string {
  const { language } = useContext(LanguageContext);
  return (word, remark) => (language === 'en' ? `${word} (${remark})` : `${word}（${remark}）`);
}

/** A title as a form gives it: without an English one where none was written. */
export const titleFrom = ({ zh, en }: Words): Words => (en?.trim() ? { zh, en: en.trim() } : { zh });
