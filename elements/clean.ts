/**
 * Pieces of standardisation that several elements share: taking blanks out, and turning a blank text into no value. Replacing characters is
 * dear and needed by few values, so a pattern asks first whether there is anything to replace.
 */
import { any, type Expr, halfWidth, isBlank, isIn, mapText, matches, text, translate, trim, upper, value, when } from '#declare/expr/index';

/** Blanks met inside values once full width has become half width: ASCII ones, no-break and typographic spaces, zero-width marks. */
const BLANKS = ' \t\n\v\f\r\u00a0\u2002\u2003\u2009\u200b\ufeff';
/** What spreadsheets put before a code to keep it text. */
const APOSTROPHES = "'`\u2019";
/** Full-width forms and the ideographic space. */
const WIDE = '\uff01-\uff5e\u3000';

/** No value: a closed table without the entry, because the expression language has no constant for what is absent. */
const nothing: Expr = mapText(text(''), { '-': '-' });

/** Half width and no blank anywhere; also without the apostrophe that spreadsheets put before a code to keep it text. */
export const squeezed: Expr = when(
  matches(value, `[^${WIDE}${BLANKS}${APOSTROPHES}]+`),
  value,
  translate(halfWidth(value), `${BLANKS}${APOSTROPHES}`, ''),
);

/** Half width, every kind of blank an ASCII one, and none at either end. */
export const trimmed: Expr = when(
  matches(value, `[^${WIDE}${BLANKS}]+`),
  value,
  trim(translate(halfWidth(value), BLANKS.slice(1), ' '.repeat(BLANKS.length - 1))),
);

/** What is blank becomes absent: whether a value must be there is the business of a rule, and a blank cell is none. */
export function orAbsent(cleaned: Expr, result: Expr = cleaned): Expr {
  return when(isBlank(cleaned), nothing, result);
}

/** What forms and systems write where there is no value. Words that say that the value is unknown (不详) are for a rule to find, not for cleaning. */
const NO_VALUE = ['-', '--', '—', '——', '/', '//', '\\', '无', '暂无', '空', 'NULL', '(NULL)', 'N/A', '#N/A', 'NA', 'NONE', 'NAN'];

/** As `orAbsent`, for elements of which no right value is a sign or a word: what is written in the place of a value is none. */
export function orNone(cleaned: Expr, result: Expr = cleaned): Expr {
  return when(any(isBlank(cleaned), isIn(upper(cleaned), NO_VALUE, 'fails')), nothing, result);
}

/** The text without any blank inside. */
export function withoutBlanks(of: Expr): Expr {
  return translate(of, BLANKS, '');
}
