/** The closed subset of patterns: what is in it, what is refused and why, and how it is spelled. */

import { expect, test } from 'vitest';

import { ExprError } from './error.ts';
import { fits, isPattern, lengthsOf, parsePattern, spellPattern } from './pattern.ts';
import { pattern } from './pattern-sentence.ts';

test.each([
  ['', 'empty'],
  ['a|', 'empty'],
  ['^a', 'literal'],
  ['a$', 'literal'],
  ['\\d', 'punctuation'],
  ['a+?', 'quantifier after a quantifier'],
  ['(?:a)', 'plain groups only'],
  ['(?=a)', 'plain groups only'],
  ['(a)\\1', 'punctuation'],
  ['(a', 'unclosed'],
  ['a)', 'unmatched'],
  ['[]', 'empty class'],
  ['[z-a]', 'out of order'],
  ['[[:alpha:]]', 'literal'],
  ['a{256}', '0 to 255'],
  ['a{2,1}', 'n ≤ m'],
  ['(a{100}){20}', 'multiply'],
  ['(a+)+', 'unbounded'],
  ['*', 'literal'],
  ['a\\', 'ends too early'],
  ['\ud800', 'surrogate'],
])('%j is refused: %s', (pattern, reason) => {
  expect(isPattern(pattern)).toBe(false);
  expect(() => parsePattern(pattern)).toThrow(ExprError);
  expect(() => parsePattern(pattern)).toThrow(reason);
});

test('a pattern speaks about the whole text, line breaks and all', () => {
  expect(fits('a', 'a')).toBe(true);
  expect(fits('a', 'a\n')).toBe(false);
  expect(fits('a|b', 'ab')).toBe(false);
  expect(fits('.', '\n')).toBe(true);
  expect(fits('.', '𠮷')).toBe(true);
  expect(fits('[𠀀-𪛟]{2}', '𠮷𠮷')).toBe(true);
  expect(fits('a\\-b', 'a-b')).toBe(true);
});

test('the lengths of a pattern are those of what it matches', () => {
  expect(lengthsOf('[0-9]{17}[0-9X]|[0-9]{15}')).toEqual({ least: 15, most: 18 });
  expect(lengthsOf('(a|bc){2,3}d?')).toEqual({ least: 2, most: 7 });
  expect(lengthsOf('a.*|b')).toEqual({ least: 1, most: null });
});

test('each dialect anchors and escapes in its own way', () => {
  expect(spellPattern('a.(b|c)\\-', 'duckdb')).toBe('a(?s:.)(?:b|c)\\-');
  expect(spellPattern('a.(b|c)\\-', 'postgres')).toBe('^(?:a.(?:b|c)\\-)$');
  expect(spellPattern('a.(b|c)\\-', 'trino')).toBe('\\A(?:a(?s:.)(?:b|c)\\-)\\z');
  expect(spellPattern('a.(b|c)\\-', 'javascript')).toBe('^(?:a.(?:b|c)\\x2d)$');
});

test('a pattern reads as Chinese', () => {
  expect(pattern('[1-9][0-9]{16}[0-9X]')).toEqual({
    zh: '1个“1”至“9”之一，接16个数字，接1个数字或“X”',
    en: '1 of “1” to “9”, then 16 digits, then 1 of the digits or “X”',
  });
  expect(pattern('粤[A-Z]([0-9]{5}|[DF][0-9]{5})')).toEqual({
    zh: '“粤”，接1个大写字母，接（5个数字，或 1个“D”或“F”，接5个数字）',
    en: '“粤”, then 1 capital letter, then (5 digits, or 1 of “D” or “F”, then 5 digits)',
  });
  expect(pattern('[^0-9]*.+(ab){2,3}[0-9]?').en).toBe(
    'any number of characters other than the digits, then at least 1 characters of any kind, then (“ab”) 2 to 3 times, then at most 1 digit',
  );
});
