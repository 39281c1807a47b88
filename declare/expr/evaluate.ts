/** What a tree says of one row, by TypeScript alone: to explain a case, to preview in the browser, and to hold the engines to. */

import type { DatePart } from './dates.ts';
import { DATE_MARKS, dayNumber, dayOfNumber, dayPattern, isDay } from './day.ts';
import {
  bounded,
  decimalText,
  divideRounded,
  FINER,
  floorUnits,
  KEPT_SCALE,
  keptBounded,
  keptText,
  ONE,
  parseDecimal,
  SCALE,
} from './decimal.ts';
import type { CodeListItem, Env } from './env.ts';
import { inForce } from './env.ts';
import { ExprError } from './error.ts';
import { instantWritten, parseInstant } from './instant.ts';
import type { Absent, Type } from './node.ts';
import type { Operation } from './number.ts';
import { fits } from './pattern.ts';
import type { Comparison } from './predicate.ts';
import type { Expr, Kind, NodeOf } from './tree.ts';
import { LONGEST, MOST_REPEATS, WHITE_SPACE } from './words.ts';

/** A value as callers hold it: a number is its decimal text (numbers and bigints are read too), a date is YYYY-MM-DD, an instant as toInstant reads it, absent is null. */
export type Value = string | number | bigint | boolean | null;
export type Row = Readonly<Record<string, Value | undefined>>;
/** A value given back: text, canonical decimal text, YYYY-MM-DD, an instant as `2026-05-01T00:00:00.000000Z`, a verdict, or null for absent or unknown. */
export type Result = string | boolean | null;

/** Inside, a number is a bigint of 10⁻¹⁰ units; where it is only compared or written, of 10⁻¹⁶ units. */
type Inner = string | bigint | boolean | null;
type Context = { readonly row: Row; readonly env: Env };
type Evaluators = { readonly [K in Kind]: (node: NodeOf<K>, at: Context) => Inner };

/** What the tree says of the row. Throws ExprError for a column the row lacks or a value that is not of the column's type. */
export function evaluate(expr: Expr, row: Row, env: Env): Result {
  const found = run(expr, { row, env });
  return typeof found === 'bigint' ? decimalText(found) : found;
}

/**
 * Returns the value of an expression that is only compared or written, in kept units. A number column gives its kept value, any other number
 * expression the computed one.
 */
function kept(expr: Expr, at: Context): Inner {
  if (expr.kind === 'column' && expr.type === 'number') return keptColumn(at.row, expr.name);
  const found = run(expr, at);
  return typeof found === 'bigint' ? found * FINER : found;
}

function run(expr: Expr, at: Context): Inner {
  return (EVALUATORS[expr.kind] as (node: Expr, at: Context) => Inner)(expr, at);
}

/** Computes from operands that are all present; absent otherwise. */
function strict<T extends Inner[]>(
  operands: { [I in keyof T]: Expr },
  at: Context,
  compute: (...values: { [I in keyof T]: NonNullable<T[I]> }) => Inner,
  read: typeof run = run,
): Inner {
  const values = (operands as Expr[]).map((operand) => read(operand, at));
  return values.includes(null) ? null : (compute as (...values: Inner[]) => Inner)(...values);
}

/** A predicate over operands that must be present, saying what absence means. */
function verdict<T extends Inner[]>(
  absent: Absent,
  operands: { [I in keyof T]: Expr },
  at: Context,
  compute: (...values: { [I in keyof T]: NonNullable<T[I]> }) => Inner,
  read: typeof run = run,
): Inner {
  return strict(operands, at, compute, read) ?? (absent === 'unknown' ? null : absent === 'holds');
}

const ofText = (of: Expr, at: Context, compute: (text: string) => Inner): Inner => strict<[string]>([of], at, compute);
const ofUnits = (of: Expr, at: Context, compute: (units: bigint) => Inner): Inner => strict<[bigint]>([of], at, compute);
const operate =
  (compute: (a: bigint, b: bigint) => bigint | null) =>
  (e: NodeOf<Operation>, at: Context): Inner =>
    strict<[bigint, bigint]>([e.left, e.right], at, (a, b) => {
      const units = compute(a, b);
      return units === null ? null : bounded(units);
    });
const datePart =
  (from: number, to: number) =>
  (e: NodeOf<DatePart>, at: Context): Inner =>
    ofText(e.of, at, (day) => whole(Number(day.slice(from, to))));
const quantified = (e: NodeOf<'all' | 'any'>, at: Context, decisive: boolean): Inner => {
  let found: Inner = !decisive;
  for (const part of e.of) {
    const said = run(part, at);
    if (said === decisive) return decisive;
    if (said === null) found = null;
  }
  return found;
};

const EVALUATORS: Evaluators = {
  column: (e, { row }) => columnValue(row, e.name, e.type),
  param: (e) => {
    throw new ExprError({ zh: `参数“${e.name}”尚未给定`, en: `parameter "${e.name}" is not bound` });
  },
  text: (e) => e.value,
  number: (e) => parseDecimal(e.value),
  date: (e) => e.value,
  boolean: (e) => e.value,
  today: (_, { env }) => env.today,

  compare: (e, at) =>
    verdict<[string | bigint | boolean, string | bigint | boolean]>(
      e.absent,
      [e.left, e.right],
      at,
      (a, b) => COMPARE[e.op](order(a, b)),
      kept,
    ),
  isAbsent: (e, at) => kept(e.of, at) === null,
  isBlank: (e, at) => (run(e.of, at) ?? '') === '',
  isIn: (e, at) => verdict<[string]>(e.absent, [e.of], at, (text) => e.items.includes(text)),
  inList: (e, at) => verdict<[string]>(e.absent, [e.of], at, (text) => index(at.env.codeList(e.list)).has(text)),
  inListAt: (e, at) =>
    verdict<[string, string]>(
      e.absent,
      [e.of, e.at],
      at,
      (text, day) =>
        index(at.env.codeList(e.list))
          .get(text)
          ?.some((item) => inForce(item, day)) ?? false,
    ),
  matches: (e, at) => verdict<[string]>(e.absent, [e.of], at, (text) => fits(e.pattern, text)),
  startsWith: (e, at) => verdict<[string, string]>(e.absent, [e.of, e.prefix], at, (text, prefix) => text.startsWith(prefix)),
  checksum: (e, at) => verdict<[string]>(e.absent, [e.of], at, (text) => hasCheckCharacter(e, text)),

  all: (e, at) => quantified(e, at, false),
  any: (e, at) => quantified(e, at, true),
  not: (e, at) => strict<[boolean]>([e.of], at, (said) => !said),
  decided: (e, at) => run(e.of, at) ?? e.verdict === 'holds',
  when: (e, at) => run(run(e.condition, at) === true ? e.take : e.otherwise, at),
  coalesce: (e, at) => {
    for (const part of e.of) {
      const found = run(part, at);
      if (found !== null) return found;
    }
    return null;
  },

  concat: (e, at) => strict<string[]>(e.of as Expr[], at, (...texts) => texts.join('')),
  slice: (e, at) =>
    strict<[string, bigint, bigint]>([e.of, e.from, e.length], at, (text, from, length) => {
      const [start, count] = [atLeast(from, 1), atLeast(length, 0)];
      return start > LONGEST || count > LONGEST ? null : [...text].slice(start - 1, start - 1 + count).join('');
    }),
  len: (e, at) => ofText(e.of, at, (text) => whole([...text].length)),
  upper: (e, at) => ofText(e.of, at, (text) => text.replace(/[a-z]+/gu, (letters) => letters.toUpperCase())),
  lower: (e, at) => ofText(e.of, at, (text) => text.replace(/[A-Z]+/gu, (letters) => letters.toLowerCase())),
  trim: (e, at) => ofText(e.of, at, trimmed),
  halfWidth: (e, at) =>
    ofText(e.of, at, (text) =>
      text.replace(/[\uff01-\uff5e]/gu, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)).replaceAll('\u3000', ' '),
    ),
  replaceText: (e, at) => ofText(e.of, at, (text) => text.split(e.from).join(e.to)),
  translate: (e, at) =>
    ofText(e.of, at, (text) => {
      const [from, to] = [[...e.from], [...e.to]];
      return [...text].map((char) => (from.includes(char) ? (to[from.indexOf(char)] ?? '') : char)).join('');
    }),
  indexOf: (e, at) =>
    strict<[string, string]>([e.of, e.part], at, (text, part) => {
      const found = text.indexOf(part);
      return whole(found < 0 ? 0 : [...text.slice(0, found)].length + 1);
    }),
  repeatText: (e, at) =>
    ofUnits(e.times, at, (units) => {
      const times = atLeast(units, 0);
      return times > MOST_REPEATS ? null : e.text.repeat(times);
    }),
  padStart: (e, at) => ofText(e.of, at, (text) => e.pad.repeat(Math.max(e.length - [...text].length, 0)) + text),
  mapText: (e, at) => ofText(e.of, at, (text) => e.entries.find(([from]) => from === text)?.[1] ?? null),
  lookup: (e, at) =>
    ofText(e.of, at, (text) => {
      const items = at.env.codeList(e.list);
      return (
        (e.give === 'title' ? items.find((item) => item.code === text)?.title.zh : items.find((item) => item.title.zh === text)?.code) ??
        null
      );
    }),

  plus: operate((a, b) => a + b),
  minus: operate((a, b) => a - b),
  times: operate((a, b) => divideRounded(a * b, ONE)),
  div: operate((a, b) => (b === 0n ? null : divideRounded(a * ONE, b))),
  mod: operate((a, b) => (b === 0n ? null : a % b)),
  round: (e, at) =>
    ofUnits(e.of, at, (units) => {
      const step = 10n ** BigInt(SCALE - e.scale);
      return bounded(divideRounded(units, step) * step);
    }),
  floor: (e, at) => ofUnits(e.of, at, (units) => bounded(floorUnits(units))),
  abs: (e, at) => ofUnits(e.of, at, (units) => (units < 0n ? -units : units)),
  toNumber: (e, at) => ofText(e.of, at, parseDecimal),
  numberText: (e, at) => strict<[bigint]>([e.of], at, keptText, kept),

  toDate: (e, at) =>
    ofText(e.of, at, (text) =>
      new RegExp(`^${dayPattern(DATE_MARKS[e.format])}$`, 'u').test(text)
        ? text.replace(/^([0-9]{4})[^0-9]?([0-9]{2})[^0-9]?([0-9]{2}).?$/u, '$1-$2-$3')
        : null,
    ),
  dateOf: (e, at) =>
    strict<[bigint, bigint, bigint]>([e.year, e.month, e.day], at, (...parts) => {
      const [y = '', m = '', d = ''] = parts.map(decimalText);
      const day = `${y.padStart(4, '0')}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
      return isDay(day) ? day : null;
    }),
  year: datePart(0, 4),
  month: datePart(5, 7),
  day: datePart(8, 10),
  dateText: (e, at) => run(e.of, at),
  addDays: (e, at) =>
    strict<[string, bigint]>([e.of, e.days], at, (day, days) => dayOfNumber(BigInt(dayNumber(day)) + floorUnits(days) / ONE)),
  daysBetween: (e, at) => strict<[string, string]>([e.from, e.to], at, (from, to) => whole(dayNumber(to) - dayNumber(from))),
  wholeYears: (e, at) =>
    strict<[string, string]>([e.from, e.to], at, (from, to) => whole(Math.floor((compact(to) - compact(from)) / 10_000))),

  toInstant: (e, at) => ofText(e.of, at, parseInstant),
  instantText: (e, at) => ofText(e.of, at, instantWritten),
  instantDay: (e, at) => ofText(e.of, at, (instant) => instantWritten(instant).slice(0, 10)),
};

const COMPARE: Readonly<Record<Comparison, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
};

function order(a: string | bigint | boolean, b: string | bigint | boolean): number {
  if (typeof a === 'string' && typeof b === 'string') return orderByCodePoint(a, b);
  return a === b ? 0 : a < b ? -1 : 1;
}

/** JavaScript's own `<` compares UTF-16 units and would put U+10000 and above before U+E000. */
function orderByCodePoint(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at > 0 && isHighSurrogate(a.charCodeAt(at - 1))) at--;
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function columnValue(row: Row, name: string, type: Type): Inner {
  const found = Object.hasOwn(row, name) ? row[name] : undefined;
  if (found === undefined) throw new ExprError({ zh: `此行没有“${name}”列`, en: `the row has no column "${name}"` });
  if (found === null) return null;
  if (type === 'number' && typeof found !== 'boolean') {
    const units = readNumber(found, name);
    return units === null ? null : bounded(divideRounded(units, FINER));
  }
  if (type === 'date' && typeof found === 'string' && isDay(found)) return found;
  const instant = type === 'instant' && typeof found === 'string' ? parseInstant(found) : null;
  if (instant !== null) return instant;
  if (type === 'text' && typeof found === 'string') return found;
  if (type === 'boolean' && typeof found === 'boolean') return found;
  throw notOfType(name, type);
}

/** The kept value of a number column, in kept units. */
function keptColumn(row: Row, name: string): bigint | null {
  const found = row[name];
  // Everything but a number is read, or refused, as any column is.
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'bigint'
    ? readNumber(found, name)
    : (columnValue(row, name, 'number') as null);
}

/**
 * Reads a number as an engine or JSON hands it over, in kept units. As the engines' casts do, it rounds finer digits and takes a number out of range
 * as absent.
 */
function readNumber(found: string | number | bigint, name: string): bigint | null {
  const written = typeof found === 'number' && Math.abs(found) < 1e21 ? found.toFixed(20) : String(found);
  const parts = /^(-?)([0-9]+)(?:\.([0-9]+))?$/u.exec(written);
  if (parts === null) throw notOfType(name, 'number');
  const [, sign = '', digits = '', fraction = ''] = parts;
  const magnitude = divideRounded(BigInt(digits + fraction) * 10n ** BigInt(KEPT_SCALE), 10n ** BigInt(fraction.length));
  return keptBounded(sign === '-' ? -magnitude : magnitude);
}

function notOfType(name: string, type: Type): ExprError {
  return new ExprError({
    zh: `“${name}”列的值不是声明的类型（${type}）`,
    en: `the value of column "${name}" is not of its type (${type})`,
  });
}

const indexes = new WeakMap<readonly CodeListItem[], Map<string, CodeListItem[]>>();

function index(items: readonly CodeListItem[]): Map<string, CodeListItem[]> {
  let found = indexes.get(items);
  if (found === undefined) {
    found = Map.groupBy(items, (item) => item.code);
    indexes.set(items, found);
  }
  return found;
}

function hasCheckCharacter(e: NodeOf<'checksum'>, text: string): boolean {
  const chars = [...text];
  if (chars.length !== e.weights.length + 1) return false;
  const values = chars.slice(0, -1).map((char) => e.alphabet.indexOf(char));
  const sum = values.reduce((total, value, i) => total + value * (e.weights[i] ?? 0), 0);
  return !values.includes(-1) && e.checkAlphabet[sum % e.modulus] === chars.at(-1);
}

function trimmed(text: string): string {
  const chars = [...text];
  const first = chars.findIndex((char) => !WHITE_SPACE.includes(char));
  return first < 0 ? '' : chars.slice(first, chars.findLastIndex((char) => !WHITE_SPACE.includes(char)) + 1).join('');
}

function whole(number: number): bigint {
  return BigInt(number) * ONE;
}

/** Cut down to a whole number, and no lower than the least. */
function atLeast(units: bigint, least: number): number {
  return Math.max(Number(floorUnits(units) / ONE), least);
}

function compact(day: string): number {
  return Number(day.replaceAll('-', ''));
}
