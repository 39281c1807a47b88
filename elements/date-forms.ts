/** Bringing a date as people and systems write it to YYYY-MM-DD; shared by the date elements. */
import {
  addDays,
  concat,
  date,
  dateText,
  type Expr,
  matches,
  padStart,
  replaceText,
  slice,
  text,
  toNumber,
  translate,
  trim,
  value,
  when,
} from '#declare/expr/index';
import { orNone, trimmed } from './clean.ts';

const ISO = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const MARKED = '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}';
/** Forms without a blank or a full-width character, as most columns are written throughout. */
const COMMON = '[0-9]{4}[/年.-][0-9]{1,2}[/月.-][0-9]{1,2}日?';
/** A day alone, in a form that stands for one day only. */
export const BARE_FORMS = `${COMMON}|[0-9]{8}`;
/** A day of these forms as YYYY-MM-DD. */
export const bareDay = (of: Expr): Expr => when(matches(of, '[0-9]{8}'), cut(of), padded(of));
/** As databases write the moment of a change. */
const MOMENT = `${ISO} [0-9]{2}:[0-9]{2}(:[0-9]{2})?`;

/**
 * A time behind the date. With Z only midnight is taken for a plain date (what spreadsheets export): any other hour in UTC may be
 * another day here, and which day was meant is not guessed.
 */
const TIME =
  ' (上午|下午)? ?[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(-[0-9]{1,9})?)? ?([AP]M)?(\\+08(:?00)?|\\+09:00|\\+08:05:43)?| 00:00(:00(-0{1,9})?)?Z';
/** The day of the week behind the date, as workbooks show it; 日 is gone by then. */
const WEEKDAY = ' ?\\(?(星期|周|礼拜)[一二三四五六天]?\\)?';
/** The same as eight digits, or fourteen with the time. */
const DIGITS = '[0-9]{8}([0-9]{6})?';
/** What a spreadsheet leaves of a date whose format was lost: the days since the end of 1899, of the years 1927 to 2064, with the part of the day. */
const SERIAL = '[1-5][0-9]{4}(\\.[0-9]{1,15})?';
const SERIAL_ORIGIN = date('1899-12-30');
/** As official papers write a day (GB/T 9704-2012, 7.3.5.4, before 2012): 二〇〇三年六月十八日. */
const SPELLED = '[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日';
/** Tens that stand for a digit beside others, or for two. */
const TENS = [
  ['三十日', '30日'],
  ['二十日', '20日'],
  ['十日', '10日'],
  ['十月', '10月'],
  ['三十', '3'],
  ['二十', '2'],
  ['十', '1'],
] as const;

/** Written YYYY-MM-DD where the form is known, else as received without blanks at its ends. */
export const standardDate: Expr = when(
  matches(value, ISO),
  value,
  when(
    matches(value, COMMON),
    padded(value),
    when(matches(value, MOMENT), slice(value, 1, 10), when(matches(value, DIGITS), cut(value), orNone(trimmed, rarer()))),
  ),
);

/** The shape of a standardised date. */
export const dateShape: Expr = matches(value, ISO, 'holds');

/** The usual mask of a date: the year only. */
export const yearOnly: Expr = when(dateShape, concat(slice(value, 1, 4), '-**-**'), text('****-**-**'));

/** A spelled day with its numerals as digits. */
function figures(of: Expr): Expr {
  const tens = TENS.reduce((read, [word, digits]) => replaceText(read, word, digits), of);
  return translate(tens, '〇○零一二三四五六七八九', '000123456789');
}

/** Blanks, full width, a time behind the date. */
function rarer(): Expr {
  const marked = trim(replaceText(hyphened(trimmed), '- ', '-'));
  return when(
    matches(marked, `${MARKED}(${WEEKDAY})?(${TIME})?`),
    padded(marked),
    when(
      matches(trimmed, DIGITS),
      cut(trimmed),
      when(
        matches(trimmed, SERIAL),
        dateText(addDays(SERIAL_ORIGIN, toNumber(trimmed))),
        when(matches(trimmed, SPELLED), padded(figures(trimmed)), trimmed),
      ),
    ),
  );
}

/** Hyphens instead of any other mark; a T before the time becomes a blank. */
function hyphened(of: Expr): Expr {
  return translate(of, '年月/.T日号', '---- ');
}

/** Year, month and day by their places, whatever single characters stand between: month and day in two digits each, without what follows. */
function padded(of: Expr): Expr {
  const shortMonth = matches(slice(of, 7, 1), '[^0-9]');
  const month = when(shortMonth, concat('0', slice(of, 6, 1)), slice(of, 6, 2));
  const day = translate(when(shortMonth, slice(of, 8, 2), slice(of, 9, 2)), '日 星周礼(', '');
  return concat(slice(of, 1, 4), '-', month, '-', padStart(day, 2, '0'));
}

function cut(digits: Expr): Expr {
  return concat(slice(digits, 1, 4), '-', slice(digits, 5, 2), '-', slice(digits, 7, 2));
}
