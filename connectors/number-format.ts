/** What the number format of a cell adds to the number that is stored in it: a share its percent sign, a code its zeros, an amount its unit. */
import { type DateFormat, dateFormat, numberText, serialText } from './xlsx-cells.ts';

/** What a cell shows of the number in it. */
export interface NumberFormat {
  /** How it shows the number as a day or a time; null where it does not. */
  readonly date: DateFormat | null;
  readonly shown: Shown | null;
}

interface Shown {
  /** Times a hundred, with the sign behind it. */
  readonly isPercent: boolean;
  /** A whole number is filled up to as many digits. */
  readonly zeros: number;
  readonly before: string;
  readonly behind: string;
}

/** Formats of Excel without a code in the file that show a share. */
const percents = [9, 10];
/** A unit: what stands behind the digits in so few characters and is no digit itself. */
const unit = /^[\p{Script=Han}㎡℃%‰²a-zA-Z/]{1,6}$/u;

/** What a number format shows; `code` is the file's own for this id, if it has one. */
export const numberFormat = (id: number, code: string | undefined): NumberFormat => {
  const date = dateFormat(id, code);
  return { date, shown: date === null ? shownBy(id, code) : null };
};

/** The text of a cell that stores a number: what a person reads on the sheet, but with all the digits there are. */
export function cellText(stored: string, format: NumberFormat | undefined, from1904: boolean): string {
  const date = format?.date ? serialText(stored, format.date, from1904) : null;
  return date ?? withShown(numberText(stored), format?.shown ?? null);
}

function shownBy(id: number, code: string | undefined): Shown | null {
  if (code === undefined) return percents.includes(id) ? { isPercent: true, zeros: 0, before: '', behind: '' } : null;
  // Of several sections the first is for what is above nought. Conditions ([=1]"男") show other things than the number.
  const [section = ''] = code.split(';', 1);
  if (/\[[<>=]/.test(code)) return null;
  const plain = section
    .replace(/\[[^\]]*\]/g, '')
    .replace(/[_*]./g, '')
    .replace(/\\(.)/g, '"$1"')
    .trim();
  const found = /^((?:"[^"]*")*)([#0?,.]+)(%?)((?:"[^"]*"|[\p{Script=Han}㎡℃‰])*)$/u.exec(plain);
  const [, before = '', digits = '', sign = '', behind = ''] = found ?? [];
  // A comma behind the digits shows thousandths of what is stored.
  if (!found || /,$|,\./.test(digits)) return null;
  const [front, back] = [before, behind].map((t) => t.replaceAll('"', '').trim()) as [string, string];
  const zeros = /^0{2,}$/.test(digits) ? digits.length : 0;
  if (sign !== '') return front === '' && back === '' ? { isPercent: true, zeros: 0, before: '', behind: '' } : null;
  if (zeros > 0) return { isPercent: false, zeros, before: front, behind: back };
  return front === '' && unit.test(back) ? { isPercent: false, zeros: 0, before: '', behind: back } : null;
}

function withShown(text: string, shown: Shown | null): string {
  if (shown === null || !/^-?\d+(\.\d+)?$/.test(text)) return text;
  if (shown.isPercent) return `${numberText(movedByTwo(text))}%`;
  if (shown.zeros === 0) return `${text}${shown.behind}`;
  return /^\d+$/.test(text) ? `${shown.before}${text.padStart(shown.zeros, '0')}${shown.behind}` : text;
}

/** A hundred times a decimal, digit by digit: 0.07 times 100 is no 7 for a machine. */
function movedByTwo(text: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const digits = fraction.padEnd(2, '0');
  const left = `${whole}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, '');
  return `${sign}${left}${digits.length > 2 ? `.${digits.slice(2)}` : ''}`;
}
