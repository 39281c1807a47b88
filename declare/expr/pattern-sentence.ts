/** A pattern read out in Chinese, for people who do not read patterns. */

import type { Pattern, Ranges } from './pattern.ts';
import { parsePattern } from './pattern.ts';

const FAMILIAR: Readonly<Record<string, string>> = {
  '0-9': '数字',
  'A-Z': '大写字母',
  'a-z': '小写字母',
  '一-龥': '汉字',
  '一-鿿': '汉字',
};

/** E.g. `[1-9][0-9]{5}` reads 1个“1”至“9”之一，接6个数字. */
export function patternSentence(pattern: string): string {
  return say(parsePattern(pattern));
}

function say(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'any':
      return '1个任意字符';
    case 'class':
      return literal(pattern) ?? `1个${characters(pattern)}`;
    case 'sequence':
      return saySequence(pattern.of);
    case 'choice':
      return `（${pattern.of.map(say).join('，或 ')}）`;
    case 'repeat': {
      const count = times(pattern.min, pattern.max);
      if (pattern.of.kind === 'any') return `${count}个任意字符`;
      return pattern.of.kind === 'class' ? `${count}个${characters(pattern.of)}` : `（${say(pattern.of)}）${count}次`;
    }
  }
}

function saySequence(parts: readonly Pattern[]): string {
  const said: string[] = [];
  let word = '';
  const flush = (): void => {
    if (word !== '') said.push(`“${word}”`);
    word = '';
  };
  for (const part of parts) {
    const fixed = part.kind === 'class' ? literal(part) : undefined;
    if (fixed !== undefined) {
      word += fixed.slice(1, -1);
      continue;
    }
    flush();
    said.push(say(part));
  }
  flush();
  return said.join('，接');
}

function literal({ negated, ranges }: { negated: boolean; ranges: Ranges }): string | undefined {
  const [only] = ranges;
  return !negated && ranges.length === 1 && only !== undefined && only[0] === only[1] ? `“${String.fromCodePoint(only[0])}”` : undefined;
}

function characters({ negated, ranges }: { negated: boolean; ranges: Ranges }): string {
  const said = ranges.map(([from, to]) => {
    const [a, b] = [String.fromCodePoint(from), String.fromCodePoint(to)];
    return from === to ? `“${a}”` : (FAMILIAR[`${a}-${b}`] ?? `“${a}”至“${b}”之一`);
  });
  return `${negated ? '不是' : ''}${said.join('或')}${negated ? '的字符' : ''}`;
}

function times(min: number, max: number | null): string {
  if (max === null) return min === 0 ? '任意多' : `至少${min}`;
  return min === max ? `${min}` : min === 0 ? `至多${max}` : `${min}至${max}`;
}
