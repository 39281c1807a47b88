/** A pattern read out, for people who do not read patterns. */

import type { Said } from './error.ts';
import type { Pattern, Ranges } from './pattern.ts';
import { parsePattern } from './pattern.ts';
import { joined, phrase as say } from './phrase.ts';

type Class = { readonly negated: boolean; readonly ranges: Ranges };

const FAMILIAR: Readonly<Record<string, Said>> = {
  '0-9': { zh: '数字', en: 'digit' },
  'A-Z': { zh: '大写字母', en: 'capital letter' },
  'a-z': { zh: '小写字母', en: 'small letter' },
  '一-龥': { zh: '汉字', en: 'Chinese character' },
  '一-鿿': { zh: '汉字', en: 'Chinese character' },
};

/** E.g. `[1-9][0-9]{5}` reads 1个“1”至“9”之一，接6个数字; in English: 1 of “1” to “9”, then 6 digits. */
export const pattern = (written: string): Said => read(parsePattern(written));

function read(part: Pattern): Said {
  switch (part.kind) {
    case 'any':
      return say('1个任意字符', '1 character of any kind');
    case 'class': {
      const only = literal(part);
      return only === undefined ? counted(part, 1, 1) : say('“{0}”', '“{0}”', only);
    }
    case 'sequence':
      return sequence(part.of);
    case 'choice':
      return say('（{0}）', '({0})', joined(part.of.map(read), '，或 ', ', or '));
    case 'repeat': {
      const count = times(part.min, part.max);
      if (part.of.kind === 'any') return say('{0}个任意字符', '{0} characters of any kind', count);
      if (part.of.kind === 'class') return counted(part.of, part.min, part.max);
      return say('（{0}）{1}次', part.min === 0 && part.max === 1 ? 'optionally ({0})' : '({0}) {1} times', read(part.of), count);
    }
  }
}

function sequence(parts: readonly Pattern[]): Said {
  const said: Said[] = [];
  let word = '';
  const flush = (): void => {
    if (word !== '') said.push(say('“{0}”', '“{0}”', word));
    word = '';
  };
  for (const part of parts) {
    const fixed = part.kind === 'class' ? literal(part) : undefined;
    if (fixed !== undefined) {
      word += fixed;
      continue;
    }
    flush();
    said.push(read(part));
  }
  flush();
  return joined(said, '，接', ', then ');
}

/** The one character that a class stands for. */
function literal({ negated, ranges }: Class): string | undefined {
  const [only] = ranges;
  return !negated && ranges.length === 1 && only !== undefined && only[0] === only[1] ? character(only[0]) : undefined;
}

function counted(of: Class, min: number, max: number | null): Said {
  const count = times(min, max);
  const characters = joined(of.ranges.map(range), '或', ' or ');
  if (of.negated) return say('{0}个不是{1}的字符', '{0} characters other than {1}', count, characters);
  const [only] = of.ranges;
  const familiar = of.ranges.length === 1 && only !== undefined && familiarRange(only);
  // What has a name is counted by it; of anything else one says how many of what.
  if (familiar) return say('{0}个{1}', max === 1 ? '{0} {1}' : '{0} {1}s', count, familiar);
  const isOnlyOne = literal(of) !== undefined || (max === null && min === 0);
  return say('{0}个{1}', isOnlyOne ? '{0} {1}' : '{0} of {1}', count, characters);
}

/** A character as it is seen, or its number where it cannot be. */
const character = (code: number): string =>
  code < 0x20 || (code >= 0x7f && code < 0xa0) ? `U+${code.toString(16).toUpperCase().padStart(4, '0')}` : String.fromCodePoint(code);

const familiarRange = ([from, to]: Ranges[number]): Said | undefined =>
  FAMILIAR[`${String.fromCodePoint(from)}-${String.fromCodePoint(to)}`];

function range(of: Ranges[number]): Said {
  const [from, to] = of;
  if (from === to) return say('“{0}”', '“{0}”', character(from));
  const familiar = familiarRange(of);
  if (familiar) return say('{0}', 'the {0}s', familiar);
  return say('“{0}”至“{1}”之一', '“{0}” to “{1}”', String.fromCodePoint(from), character(to));
}

function times(min: number, max: number | null): Said {
  if (max === null) return min === 0 ? say('任意多', 'any number of') : say('至少{0}', 'at least {0}', min);
  return min === max ? say('{0}', '{0}', min) : min === 0 ? say('至多{0}', 'at most {0}', max) : say('{0}至{1}', '{0} to {1}', min, max);
}
