/**
 * Calendar days as text YYYY-MM-DD, proleptic Gregorian, years 0001 to 9999.
 *
 * One regular expression says which days exist, leap years included, because PostgreSQL has no cast that fails softly: every
 * engine first extracts by this expression and casts only what it let through.
 */

const YEAR = '(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)';
const LEAP_PAIR = '(?:0[48]|[2468][048]|[13579][26])';
const LEAP_YEAR = `(?:[0-9]{2}${LEAP_PAIR}|${LEAP_PAIR}00)`;

/** The formats toDate reads. */
export const DATE_FORMATS = ['YYYY-MM-DD', 'YYYYMMDD', 'YYYY/MM/DD', 'YYYY年MM月DD日'] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

/** What stands before the month, before the day and at the end. */
export const DATE_MARKS: Readonly<Record<DateFormat, readonly [string, string, string]>> = {
  'YYYY-MM-DD': ['-', '-', ''],
  YYYYMMDD: ['', '', ''],
  'YYYY/MM/DD': ['/', '/', ''],
  YYYY年MM月DD日: ['年', '月', '日'],
};

/** A regular expression, in the dialect all engines share, for exactly the days that exist, written with these marks; `lead` stands before each number. */
export function dayPattern([beforeMonth, beforeDay, end]: readonly [string, string, string], lead = ''): string {
  const [m, d] = [`${beforeMonth}${lead}`, `${beforeDay}${lead}`];
  const common = `(?:(?:0[13578]|1[02])${d}(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)${d}(?:0[1-9]|[12][0-9]|30)|02${d}(?:0[1-9]|1[0-9]|2[0-8]))`;
  return `${lead}(?:${YEAR}${m}${common}|${LEAP_YEAR}${m}02${d}29)${end}`;
}

const DAY = new RegExp(`^${dayPattern(['-', '-', ''])}$`, 'u');

/** Whether this text is an existing day written YYYY-MM-DD. */
export function isDay(text: string): boolean {
  return DAY.test(text);
}

const MS_PER_DAY = 86_400_000;
/** Days from 0001-01-01 to 9999-12-31. */
export const LAST_DAY = 3_652_058;
const FIRST = Date.parse('0001-01-01T00:00:00Z');

/** Whole days since 0001-01-01. */
export function dayNumber(day: string): number {
  return (Date.parse(`${day}T00:00:00Z`) - FIRST) / MS_PER_DAY;
}

/** The day that many days after 0001-01-01, or null outside 0001 to 9999. */
export function dayOfNumber(number: bigint): string | null {
  if (number < 0n || number > BigInt(LAST_DAY)) return null;
  return new Date(FIRST + Number(number) * MS_PER_DAY).toISOString().slice(0, 10);
}
