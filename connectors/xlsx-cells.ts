/** What a stored cell of a workbook says as text: numbers, dates by number format, escaped characters (ECMA-376 part 1, 18.8.30 and 22.9.2.19). */

/** What a number format shows of a serial day number; null for a format that shows a number. */
export interface DateFormat {
  readonly day: boolean;
  readonly time: boolean;
  /** Hours, minutes or seconds counted beyond a day, as in `[h]:mm`. */
  readonly elapsed: boolean;
}

const day: DateFormat = { day: true, time: false, elapsed: false };
const time: DateFormat = { day: false, time: true, elapsed: false };
const both: DateFormat = { day: true, time: true, elapsed: false };

/** Formats without a code in the file: 14-22 and 45-47 everywhere, 27-36 and 50-58 the dates of Chinese, Japanese and Korean Excel. */
const builtIn: ReadonlyMap<number, DateFormat> = new Map([
  ...[14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id) => [id, day] as const),
  ...[18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56].map((id) => [id, time] as const),
  [22, both],
  [46, { day: false, time: true, elapsed: true }],
]);

/** Tells whether a number format shows a date or a time. `code` is the file's own format code for this id, if it has one. */
export function dateFormat(id: number, code: string | undefined): DateFormat | null {
  if (code === undefined) return builtIn.get(id) ?? null;
  const elapsed = /\[(h+|m+|s+)\]/i.test(code);
  const letters = code
    .replace(/"[^"]*"?/g, '')
    .replace(/[\\_*]./g, '')
    .replace(/\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi, '')
    .split(';', 1)
    .join('')
    .replace(/general/gi, '')
    .replace(/AM\/PM|A\/P|上午\/下午/gi, 'h')
    .replace(/[0#?][.,0#?]*E[+-]/gi, '')
    .toLowerCase();
  const showsTime = elapsed || /[hs]/.test(letters);
  // aaa and aaaa show the day of the week in Chinese.
  const showsDay = /[yd]|a{3}/.test(letters) || (/m/.test(letters) && !showsTime);
  return showsDay || showsTime ? { day: showsDay, time: showsTime, elapsed } : null;
}

/**
 * A serial day number as `YYYY-MM-DD`, `YYYY-MM-DD HH:MM:SS` (when the format shows a time or the number holds one) or `HH:MM:SS` (a time
 * without a day; elapsed hours may exceed 24), to the nearest second; null when the number is no day of the system (negative, day 0,
 * after 9999-12-31). In the 1900 system day 60 is 1900-02-29, which never was: it comes out as stored by the sheet, for a rule to find.
 */
export function serialText(stored: string, format: DateFormat, from1904: boolean): string | null {
  const serial = Number(stored);
  if (!(serial >= 0) || serial >= 2_958_466) return null;
  const seconds = Math.round(serial * 86_400);
  const days = Math.floor(seconds / 86_400);
  const clock = seconds - days * 86_400;
  if (format.elapsed && !format.day) return clockText(seconds);
  if (days === 0 && !format.day) return clockText(clock);
  if (days === 0 && !from1904) return null;
  const calendar = from1904 ? utcDay(1904, 0, 1 + days) : days === 60 ? '1900-02-29' : utcDay(1899, 11, (days < 60 ? 31 : 30) + days);
  if (calendar.length > 10) return null;
  return format.time || clock > 0 ? `${calendar} ${clockText(clock)}` : calendar;
}

const utcDay = (year: number, month: number, dayOfMonth: number): string =>
  new Date(Date.UTC(year, month, dayOfMonth)).toISOString().split('T', 1).join('');

const clockText = (seconds: number): string =>
  [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((n) => String(n).padStart(2, '0')).join(':');

/** Digits of a number that a sheet shows, and of one that a double holds. */
const shownDigits = 15;
const mostDigits = 17;

/**
 * Writes a stored number as plain decimal text, as a sheet shows it: with 15 significant digits. The noise of binary fractions (0.1 + 0.2 is stored
 * as `0.30000000000000004`) is so none of it. An integer without an exponent and a number of more digits than a double holds stay as stored. A whole
 * number of more than 15 digits that was stored with an exponent has lost its last ones (18-digit codes typed as numbers). It keeps the exponent, as
 * a sheet shows it, so that the rest is not taken for the code. Text that is no number is returned as it is.
 */
export function numberText(stored: string): string {
  const text = stored.trim();
  if (/^-?[1-9]\d*$/.test(text) || text === '0') return text;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text)) return stored;
  const digits = text.replace(/e.*$/i, '').replace(/[^\d]/g, '').replace(/^0+/, '').length;
  const value = Number(Number(text).toPrecision(shownDigits));
  if (!Number.isFinite(value)) return stored;
  if (isCutShort(value)) return text.toUpperCase().includes('E') ? value.toExponential().replace('e', 'E') : withoutExponent(text);
  return withoutExponent(digits > mostDigits ? text : String(value));
}

/** A whole number of which a sheet holds no more than the first 15 digits. */
export const isCutShort = (value: number): boolean => Math.abs(value) >= 1e15;

function withoutExponent(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const negative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const point = whole.length + Number(exponent);
  const all = whole + fraction;
  const left = point <= 0 ? '' : all.slice(0, point).padEnd(point, '0');
  const right = (point <= 0 ? '0'.repeat(-point) + all : all.slice(point)).replace(/0+$/, '');
  const result = (left.replace(/^0+/, '') || '0') + (right === '' ? '' : `.${right}`);
  return negative && result !== '0' ? `-${result}` : result;
}

/** Undoes the `_xHHHH_` escapes of characters that XML cannot hold; `_x005F_` is the underscore that keeps such a text literal. */
export const unescapeText = (text: string): string =>
  text.includes('_x') ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text;

/** 1-based column of a cell reference such as `AB12`; 0 when there are no letters. */
export function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) & 0xdf;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return column;
}

/** A boolean attribute or cell of SpreadsheetML. */
export const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true';
