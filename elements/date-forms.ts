/** Bringing a date as people and systems write it to YYYY-MM-DD; shared by the date elements. */
import { concat, type Expr, matches, padStart, replaceText, slice, startsWith, text, translate, trim, value, when } from '#declare/expr/index';
import { orAbsent, trimmed } from './clean.ts';

const ISO = '[0-9]{4}-[0-9]{2}-[0-9]{2}';

/**
 * A time behind the date. With Z only midnight is taken for a plain date (what spreadsheets export): any other hour in UTC may be
 * another day here, and which day was meant is not guessed.
 */
const TIME = ' (上午|下午)? ?[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(-[0-9]{1,9})?)? ?([AP]M)?(\\+08(:?00)?)?| 00:00(:00(-0{1,9})?)?Z';

/** Year, month, day with hyphens between, whatever stood there; a T before the time becomes a blank. */
const marked = trim(replaceText(translate(trimmed, '年月/.T日号', '---- '), '- ', '-'));
/** The month has one digit. */
const shortMonth = startsWith(slice(marked, 7, 1), '-');
const month = when(shortMonth, slice(marked, 6, 1), slice(marked, 6, 2));
const day = trim(when(shortMonth, slice(marked, 8, 2), slice(marked, 9, 2)));

/** Written YYYY-MM-DD where the form is known, else as received without blanks at its ends. */
export const standardDate: Expr = when(
  matches(value, ISO),
  value,
  orAbsent(
    trimmed,
    when(
      matches(marked, `[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(${TIME})?`),
      concat(slice(marked, 1, 5), padStart(month, 2, '0'), '-', padStart(day, 2, '0')),
      when(
        matches(trimmed, '[0-9]{8}([0-9]{6})?'),
        concat(slice(trimmed, 1, 4), '-', slice(trimmed, 5, 2), '-', slice(trimmed, 7, 2)),
        trimmed,
      ),
    ),
  ),
);

/** The shape of a standardised date. */
export const dateShape: Expr = matches(value, ISO, 'holds');

/** The usual mask of a date: the year only. */
export const yearOnly: Expr = when(dateShape, concat(slice(value, 1, 4), '-**-**'), text('****-**-**'));
