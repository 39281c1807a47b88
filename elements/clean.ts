/**
 * Pieces of standardisation that several elements share: taking blanks out, and turning a blank text into no value. Replacing characters is
 * dear and needed by few values, so a pattern asks first whether there is anything to replace.
 */
import {
  all,
  any,
  type Expr,
  halfWidth,
  inList,
  isBlank,
  mapText,
  matches,
  not,
  replaceText,
  text,
  translate,
  trim,
  upper,
  value,
  when,
} from '#declare/expr/index';

/** Blanks met inside values once full width has become half width: ASCII ones, no-break and typographic spaces, fillers that look like one. */
const BLANKS =
  ' \t\n\v\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u2800\u3164\uffa0';
/** Invisible characters: soft hyphens, marks of width, joining and direction, byte order marks. Two texts that differ by them look the same. */
const INVISIBLE =
  '\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\ufeff';
/** What spreadsheets put before a code to keep it text. */
const APOSTROPHES = "'`\u2019";
/** Full-width forms and the ideographic space. */
const WIDE = '\uff01-\uff5e\u3000';

/** No value: a closed table without the entry, because the expression language has no constant for what is absent. */
const nothing: Expr = mapText(text(''), { '-': '-' });

/** Half width and no blank anywhere; also without the apostrophe that spreadsheets put before a code to keep it text. */
export const squeezed: Expr = when(
  matches(value, `[^${WIDE}${BLANKS}${INVISIBLE}${APOSTROPHES}]+`),
  value,
  translate(halfWidth(value), `${BLANKS}${INVISIBLE}${APOSTROPHES}`, ''),
);

/** Half width, every kind of blank an ASCII one and none at either end, nothing invisible. */
export const trimmed: Expr = when(
  matches(value, `[^${WIDE}${BLANKS}${INVISIBLE}]+`),
  value,
  trim(translate(halfWidth(value), `${BLANKS.slice(1)}${INVISIBLE}`, ' '.repeat(BLANKS.length - 1))),
);

/** What is blank becomes absent: whether a value must be there is the business of a rule, and a blank cell is none. */
export function orAbsent(cleaned: Expr, result: Expr = cleaned): Expr {
  return when(isBlank(cleaned), nothing, result);
}

/** Whether a cleaned text is a word for no value: one of the list that content keeps (code-lists/no-value.ts), to which a city may add. */
const isNoValue = (cleaned: Expr): Expr => inList(upper(cleaned), 'no-value', 'fails');

/** As `orAbsent`, for elements of which no right value is a sign or a word: what is written in the place of a value is none. */
export function orNone(cleaned: Expr, result: Expr = cleaned): Expr {
  return when(any(isBlank(cleaned), isNoValue(cleaned)), nothing, result);
}

/** As `orNone` for plain text, where only what programs write is no value. */
export function orNull(cleaned: Expr): Expr {
  return when(any(isBlank(cleaned), inList(cleaned, 'no-value-in-text', 'fails')), nothing, cleaned);
}

/** Whether a value is in this plain form, and no word for no value. */
export const isPlain = (pattern: string): Expr => all(matches(value, pattern), not(isNoValue(value)));

/** The text without any blank inside. */
export function withoutBlanks(of: Expr): Expr {
  return translate(of, BLANKS, '');
}

/** Runs of up to 32 blanks become one. */
const single = (of: Expr): Expr => Array.from({ length: 5 }).reduce<Expr>((text) => replaceText(text, '  ', ' '), of);

/** A blank that parts Latin words or numbers, which would read as another word or number without it. */
const BETWEEN = '[!-~] +[!-~]';

/** A trimmed text without blanks, which mean nothing between Chinese characters; one with a blank that parts (`kept`, a pattern) keeps its blanks, one at a time. */
export function spaced(of: Expr, kept: string = BETWEEN): Expr {
  return when(matches(of, '[^ ]+'), of, when(matches(of, `.*(${kept}).*`), single(of), withoutBlanks(of)));
}

/** Parts of characters and compatibility forms that look like a common character, and are another to a machine (⼤ for 大). */
const LOOKALIKES = [...span(0x2e80, 0x2fdf), ...span(0xf900, 0xfaff)].filter((c) => {
  const common = c.normalize('NFKC');
  return common !== c && [...common].length === 1;
});
const lookalike = `.*[\u2e80-\u2fdf\uf900-\ufaff].*`;

/** The common characters that a text looks to be written with. */
export function withCommonCharacters(of: Expr): Expr {
  return when(matches(of, lookalike), translate(of, LOOKALIKES.join(''), LOOKALIKES.map((c) => c.normalize('NFKC')).join('')), of);
}

function span(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i));
}

/** Holds unless a text has a character that only the system which made it can show (private use). */
export const shownEverywhere: Expr = not(matches(value, '.*[\ue000-\uf8ff].*', 'fails'));
/** The warning of an element about such a character. The character that was meant cannot be told, so the text is kept. */
export const privateCharacters = {
  id: 'private-character',
  title: { zh: '没有自造字', en: 'No character of private use' },
  severity: 'warn' as const,
  holds: shownEverywhere,
  reason: {
    zh: '含有造字区的字符，别的系统显示不出来：请提供部门改用标准字符',
    en: 'it holds a character of private use, which no other system shows: to be written with a standard one',
  },
};
