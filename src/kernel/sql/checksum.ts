/** What the engines' spellings of the checksum node share. */

import { type NodeOf, spellPattern } from '#declare/expr/index';

/** Whether a character's value is the digit itself. */
export function isDigits({ alphabet }: NodeOf<'checksum'>): boolean {
  return alphabet === '0123456789';
}

/** The pattern of a text that has a check character at all: the right length, and only characters of the alphabets. */
export function checkCharacterPattern({ alphabet, weights, checkAlphabet }: NodeOf<'checksum'>, dialect: 'postgres' | 'trino'): string {
  return spellPattern(`${characters(alphabet)}{${weights.length}}${characters(checkAlphabet)}`, dialect);
}

/** The weighted sum as `value(1)*w1 + …`, the value of the i-th character (from 1) being spelled by the engine. */
export function weightedSum({ weights }: NodeOf<'checksum'>, value: (position: number) => string): string {
  return weights.flatMap((weight, i) => (weight === 0 ? [] : [`${value(i + 1)} * ${weight}`])).join(' + ') || '0';
}

/** As a character class every dialect reads alike: the alphabets are digits and letters, runs of which become ranges. */
export function characters(alphabet: string): string {
  const runs: [number, number][] = [];
  for (const code of [...alphabet].map((char) => char.charCodeAt(0)).sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === code - 1) last[1] = code;
    else runs.push([code, code]);
  }
  return `[${runs.map(([from, to]) => (from === to ? char(from) : `${char(from)}-${char(to)}`)).join('')}]`;
}

const char = (code: number): string => String.fromCharCode(code);
