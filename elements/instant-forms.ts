/**
 * Bringing an instant as people and systems write it to its standard text. A day alone stays a day, and so do decimals beyond the microsecond and
 * times of an hour that the clocks left out or had twice. Verdicts tell of them, as the kept value is one of several that may be meant.
 */
import {
  addDays,
  coalesce,
  concat,
  dateText,
  type Expr,
  instantText,
  len,
  matches,
  minus,
  mod,
  numberText,
  padStart,
  plus,
  replaceText,
  slice,
  text,
  toDate,
  toInstant,
  toNumber,
  translate,
  trim,
  UNSURE_HOURS,
  upper,
  value,
  when,
} from '#declare/expr/index';
import { orNone, trimmed } from './clean.ts';
import { BARE_FORMS, bareDay } from './date-forms.ts';

const TIME = '([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}';
/** As databases write it: nearly all values. */
const PLAIN = `[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]${TIME}(\\.[0-9]{1,6})?(Z|[+\\-][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?`;
/** As workbooks and forms show it. */
const COMMON = '[0-9]{4}[/\\-][0-9]{1,2}[/\\-][0-9]{1,2} ([01]?[0-9]|2[0-3]):[0-9]{2}(:[0-9]{2})?';
const DOTTED = '[0-9]{4}\\.[0-9]{1,2}\\.[0-9]{1,2}[^0-9].*';
const HALF_DAY = '.*(上午|下午|AM|PM).*';
/** Longer than any of the forms. */
const most = 60;
const END = '~';
const digits = [...'0123456789'];

/** A time without an offset in an hour that was left out or came twice, as PLAIN and COMMON write it. */
const UNSURE = `(${UNSURE_HOURS.map((hour) => {
  const [year, month, day, at] = hour.split(/[- :]/).map(Number);
  return `${year}[/\\-]0?${month}[/\\-]0?${day}[ T]0?${at}`;
}).join('|')}):[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6})?)?`;
/** The same in standard text, which has no offset then. */
export const STANDARD_UNSURE = `(${UNSURE_HOURS.map((hour) => hour.slice(0, 13).replace(' ', 'T')).join('|')}):[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?`;

/** More decimals than are kept, as databases write them; in another form such a text stays as it is, and is told. */
const FINER_PLAIN = `[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]${TIME}\\.[0-9]{7,12} ?(Z|[+\\-][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?`;
const FINER_ANY = '.*[.,][0-9]{7,}.*';

/** The text of the instant in the zone setting where the form is known, else as received without blanks at its ends. */
export const standardInstant: Expr = when(
  matches(value, `${PLAIN}|${COMMON}`),
  when(matches(value, UNSURE), parted(), coalesce(instantText(toInstant(parted())), value)),
  orNone(
    trimmed,
    when(
      matches(trimmed, BARE_FORMS),
      bareDay(trimmed),
      when(
        matches(trimmed, FINER_ANY),
        when(matches(trimmed, FINER_PLAIN), concat(slice(trimmed, 1, 10), 'T', replaceText(slice(trimmed, 12, most), ' ', '')), trimmed),
        coalesce(instantText(toInstant(rarer(upper(trimmed)))), trimmed),
      ),
    ),
  ),
);

/** A plain or common form as day and time in their places. */
function parted(): Expr {
  return when(matches(value, PLAIN), concat(slice(value, 1, 10), 'T', slice(value, 12, most)), common());
}

/** A common form by its places: what has one digit moves what follows by one. */
function common(): Expr {
  const part = (written: Expr, mark: string): { two: Expr; behind: Expr } => {
    const isShort = matches(slice(written, 2, 1), `[${mark}]`);
    return {
      two: when(isShort, concat('0', slice(written, 1, 1)), slice(written, 1, 2)),
      behind: when(isShort, slice(written, 3, most), slice(written, 4, most)),
    };
  };
  const month = part(slice(value, 6, most), '/\\-');
  const day = part(month.behind, ' ');
  const hour = part(day.behind, ':');
  const seconds = when(matches(hour.behind, '[0-9]{2}'), text(':00'), text(''));
  return concat(slice(value, 1, 4), '-', month.two, '-', day.two, 'T', hour.two, ':', hour.behind, seconds);
}

/** The forms of people: other marks, one digit, no seconds, morning and afternoon, an offset behind a blank. */
function rarer(written: Expr): Expr {
  const cut = (from: number, length: number): Expr => slice(written, from, length);
  const together = concat(cut(1, 4), '-', cut(5, 2), '-', cut(7, 2), 'T', cut(9, 2), ':', cut(11, 2), ':', cut(13, 2));
  return when(matches(written, '[0-9]{14}'), together, strict(withOffset(inTwoDigits(written)), written));
}

/**
 * Writes every part in two digits, so that day and time have their places. Each step reads the one before it once: an engine without another way
 * computes a repeated part of a tree again.
 */
function inTwoDigits(written: Expr): Expr {
  const dashed = when(matches(written, DOTTED), translate(written, '.', '-'), written);
  const marked = trim(translate(dashed, '年月/日号T时点分,秒上下午AMP', '---   :::.'));
  const single = (of: Expr, before: string, after: string): Expr =>
    digits.reduce<Expr>((t, d) => replaceText(t, `${before}${d}${after}`, `${before}0${d}${after}`), of);
  const parted = replaceText(replaceText(concat(marked, END), '  ', ' '), '  ', ' ');
  const padded = (
    [
      ['-', '-'],
      ['-', ' '],
      [' ', ':'],
      [':', ':'],
      [':', END],
    ] as const
  ).reduce<Expr>((t, [before, after]) => single(t, before, after), parted);
  return translate(replaceText(padded, `:${END}`, END), END, '');
}

/** +08, +0800 and an offset behind a blank as +08:00. */
function withOffset(parts: Expr): Expr {
  const joined = replaceText(replaceText(replaceText(parts, ' +', '+'), ' -', '-'), ' Z', 'Z');
  const short = when(
    matches(joined, '.*[+\\-][0-9]{4}'),
    concat(slice(joined, 1, minus(len(joined), 2)), ':', slice(joined, minus(len(joined), 1), 2)),
    joined,
  );
  return when(matches(joined, '.{13,}[+\\-][0-9]{2}'), concat(joined, ':00'), short);
}

/** What toInstant reads of a day and a time in their places. */
function strict(parts: Expr, written: Expr): Expr {
  const day = slice(parts, 1, 10);
  const twelve = mod(toNumber(slice(parts, 12, 2)), 12);
  const ofHalf = padStart(numberText(when(matches(written, '.*(下午|PM).*'), plus(twelve, 12), twelve)), 2, '0');
  const hour = when(matches(written, HALF_DAY), ofHalf, slice(parts, 12, 2));
  const behind = slice(parts, 14, most);
  const seconds = when(matches(behind, ':[0-9]{2}:[0-9]{2}.*'), behind, concat(slice(behind, 1, 3), ':00', slice(behind, 4, most)));
  return when(
    matches(parts, '.{10} 24(:00){0,2}(\\.0+)?'),
    concat(dateText(addDays(toDate(day), 1)), 'T00:00:00'),
    concat(day, 'T', hour, when(matches(behind, ':.*'), seconds, text(':00:00'))),
  );
}
