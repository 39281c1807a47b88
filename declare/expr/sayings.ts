/** What each node of a tree says, in Chinese and in English. */

import type { Said } from './error.ts';
import type { Absent } from './node.ts';
import { pattern } from './pattern-sentence.ts';
import { joined, phrase as say } from './phrase.ts';
import type { Comparison } from './predicate.ts';
import type { Expr, Kind, NodeOf } from './tree.ts';

/** Reads the parts of a node. */
export type Reader = {
  /** A sub-expression read out. */
  readonly read: (expr: Expr) => Said;
  readonly titleOf: (kind: 'columns' | 'params' | 'codeLists', name: string) => Said | undefined;
};

type Sayings = { readonly [K in Kind]: (node: NodeOf<K>, reader: Reader) => Said };

const TIMES: Readonly<Record<Comparison, Said>> = {
  eq: { zh: '是', en: 'is' },
  ne: { zh: '不是', en: 'is not' },
  lt: { zh: '早于', en: 'is before' },
  le: { zh: '不晚于', en: 'is not after' },
  gt: { zh: '晚于', en: 'is after' },
  ge: { zh: '不早于', en: 'is not before' },
};
const SIZES: Readonly<Record<Comparison, Said>> = {
  eq: { zh: '等于', en: 'equals' },
  ne: { zh: '不等于', en: 'does not equal' },
  lt: { zh: '小于', en: 'is less than' },
  le: { zh: '不大于', en: 'is at most' },
  gt: { zh: '大于', en: 'is greater than' },
  ge: { zh: '不小于', en: 'is at least' },
};
const MOST_LISTED = 12;

/** The sayings, by kind of node. */
export const SAYINGS: Sayings = {
  column: (e, { titleOf }) => titleOf('columns', e.name) ?? (e.name === 'value' ? say('该值', 'the value') : say('“{0}”', '“{0}”', e.name)),
  param: (e, { titleOf }) => titleOf('params', e.name) ?? say('参数“{0}”', 'parameter “{0}”', e.name),
  text: (e) => (e.value === '' ? say('空文本', 'empty text') : say('“{0}”', '“{0}”', e.value)),
  number: (e) => say('{0}', '{0}', e.value),
  date: (e) => say('{0}年{1}月{2}日', '{3}', ...e.value.split('-').map(Number), e.value),
  boolean: (e) => (e.value ? say('成立', 'true') : say('不成立', 'false')),
  today: () => say('当日', 'today'),

  compare: (e, r) =>
    say('{0}{1}{2}{3}', '{0} {1} {2}{3}', r.read(e.left), (isDateLike(e.left) ? TIMES : SIZES)[e.op], r.read(e.right), absent(e.absent)),
  isAbsent: (e, r) => say('{0}缺失', '{0} is absent', r.read(e.of)),
  isBlank: (e, r) => say('{0}缺失或为空', '{0} is absent or empty', r.read(e.of)),
  isIn: (e, r) =>
    say(
      '{0}是{1}之一{2}',
      e.items.length === 1 ? '{0} is {1}{2}' : '{0} is one of {1}{2}',
      r.read(e.of),
      listed(e.items),
      absent(e.absent),
    ),
  inList: (e, r) => say('{0}是{1}中的代码{2}', '{0} is a code of {1}{2}', r.read(e.of), codeList(r, e.list), absent(e.absent)),
  inListAt: (e, r) =>
    say(
      '{0}是{1}中在{2}有效的代码{3}',
      e.at.kind === 'today' ? '{0} is a code of {1} in force today{3}' : '{0} is a code of {1} in force on {2}{3}',
      r.read(e.of),
      codeList(r, e.list),
      r.read(e.at),
      absent(e.absent),
    ),
  matches: (e, r) => say('{0}的写法为：{1}{2}', '{0} is written as {1}{2}', r.read(e.of), pattern(e.pattern), absent(e.absent)),
  startsWith: (e, r) => say('{0}以{1}开头{2}', '{0} begins with {1}{2}', r.read(e.of), r.read(e.prefix), absent(e.absent)),
  checksum: (e, r) =>
    say(
      '{0}的末位校验码正确（前{1}位逐位折算为“{2}”中的序号（从0起），依次乘以{3}后求和，除以{4}的余数依次对应“{5}”）{6}',
      'the last character of {0} is its right check character (each of the first {1} is taken as its place in “{2}”, counted from 0, and multiplied by {3} in turn; the sum’s remainder by {4} is a place in “{5}”){6}',
      r.read(e.of),
      e.weights.length,
      e.alphabet,
      say(e.weights.join('、'), e.weights.join(', ')),
      e.modulus,
      e.checkAlphabet,
      absent(e.absent),
    ),

  all: (e, r) => (e.of.length === 0 ? say('总是成立', 'always holds') : joined(parts(e.of, r), '，且', ', and ')),
  any: (e, r) => (e.of.length === 0 ? say('总不成立', 'never holds') : joined(parts(e.of, r), '，或者', ', or ')),
  not: (e, r) =>
    e.of.kind === 'isAbsent'
      ? say('{0}有值', '{0} is present', r.read(e.of.of))
      : e.of.kind === 'isBlank'
        ? say('{0}有值且不为空', '{0} is present and not empty', r.read(e.of.of))
        : say('并非（{0}）', 'not ({0})', r.read(e.of)),
  decided: (e, r) =>
    e.verdict === 'holds'
      ? say('（{0}，无法判断时视为成立）', '({0}; holds where it cannot be told)', r.read(e.of))
      : say('（{0}，无法判断时视为不成立）', '({0}; fails where it cannot be told)', r.read(e.of)),
  when: (e, r) =>
    say('（如果{0}，则取{1}，否则取{2}）', '(if {0}, then {1}, otherwise {2})', r.read(e.condition), r.read(e.take), r.read(e.otherwise)),
  coalesce: (e, r) =>
    e.of.length === 1
      ? r.read(e.of[0] as Expr)
      : say('（{0}中第一个有值的）', '(the first of {0} that is present)', joined(e.of.map(r.read), '、', ', ')),

  concat: (e, r) => joined(e.of.map(r.read), '接', ' followed by '),
  slice: (e, r) => saySlice(e, r),
  len: (e, r) => say('{0}的字数', 'the length of {0}', r.read(e.of)),
  upper: (e, r) => say('{0}（字母转大写）', '{0} (in capital letters)', r.read(e.of)),
  lower: (e, r) => say('{0}（字母转小写）', '{0} (in small letters)', r.read(e.of)),
  trim: (e, r) => say('{0}（去除首尾空白）', '{0} (without blanks at either end)', r.read(e.of)),
  halfWidth: (e, r) => say('{0}（全角转半角）', '{0} (full-width characters made half-width)', r.read(e.of)),
  replaceText: (e, r) =>
    e.to === ''
      ? say('{0}（“{1}”去除）', '{0} (without “{1}”)', r.read(e.of), e.from)
      : say('{0}（“{1}”换成“{2}”）', '{0} (“{1}” replaced by “{2}”)', r.read(e.of), e.from, e.to),
  translate: (e, r) =>
    say('{0}（“{1}”逐字换成“{2}”）', '{0} (“{1}” replaced by “{2}”, character by character)', r.read(e.of), e.from, e.to),
  indexOf: (e, r) => say('{0}在{1}中的位置', 'the place of {0} in {1}', r.read(e.part), r.read(e.of)),
  repeatText: (e, r) => say('{0}个“{1}”', '{0} × “{1}”', grouped(e.times, r), e.text),
  padStart: (e, r) =>
    say('{0}（左侧以“{1}”补足{2}位）', '{0} (filled with “{1}” on the left to {2} characters)', r.read(e.of), e.pad, e.length),
  mapText: (e, r) =>
    say('{0}（按对照表：{1}）', '{0} (by the table {1})', r.read(e.of), listed(e.entries.map(([from, to]) => `${from}→${to}`))),
  lookup: (e, r) =>
    e.give === 'title'
      ? say('{0}在{1}中的名称', 'the title of {0} in {1}', r.read(e.of), codeList(r, e.list))
      : say('{0}在{1}中的代码', 'the code of {0} in {1}', r.read(e.of), codeList(r, e.list)),

  plus: (e, r) => say('{0}加{1}', '{0} plus {1}', grouped(e.left, r), grouped(e.right, r)),
  minus: (e, r) => say('{0}减{1}', '{0} minus {1}', grouped(e.left, r), grouped(e.right, r)),
  times: (e, r) => say('{0}乘以{1}', '{0} times {1}', grouped(e.left, r), grouped(e.right, r)),
  div: (e, r) => say('{0}除以{1}', '{0} divided by {1}', grouped(e.left, r), grouped(e.right, r)),
  mod: (e, r) => say('{0}除以{1}的余数', 'the remainder of {0} divided by {1}', grouped(e.left, r), grouped(e.right, r)),
  round: (e, r) =>
    e.scale === 0
      ? say('{0}（四舍五入取整）', '{0} (rounded to a whole number)', r.read(e.of))
      : say('{0}（四舍五入到{1}位小数）', '{0} (rounded to {1} decimals)', r.read(e.of), e.scale),
  floor: (e, r) => say('{0}（向下取整）', '{0} (rounded down to a whole number)', r.read(e.of)),
  abs: (e, r) => say('{0}的绝对值', 'the absolute value of {0}', r.read(e.of)),
  toNumber: (e, r) => say('{0}所写的数', 'the number written in {0}', r.read(e.of)),
  numberText: (e, r) => say('{0}（写成文本）', '{0} (written as text)', r.read(e.of)),

  toDate: (e, r) => say('{0}所写的日期（{1}）', 'the date written in {0} ({1})', r.read(e.of), e.format),
  dateOf: (e, r) => say('{0}年{1}月{2}日', 'day {2} of month {1} of year {0}', grouped(e.year, r), grouped(e.month, r), grouped(e.day, r)),
  year: (e, r) => say('{0}的年份', 'the year of {0}', r.read(e.of)),
  month: (e, r) => say('{0}的月份', 'the month of {0}', r.read(e.of)),
  day: (e, r) => say('{0}的日', 'the day of the month of {0}', r.read(e.of)),
  dateText: (e, r) => say('{0}（写成 YYYY-MM-DD）', '{0} (written as YYYY-MM-DD)', r.read(e.of)),
  addDays: (e, r) =>
    e.days.kind === 'number' && e.days.value.startsWith('-')
      ? say('{0}前{1}天', '{1} days before {0}', r.read(e.of), e.days.value.slice(1))
      : say('{0}后{1}天', '{1} days after {0}', r.read(e.of), grouped(e.days, r)),
  daysBetween: (e, r) => say('{0}到{1}的天数', 'the number of days from {0} to {1}', r.read(e.from), r.read(e.to)),
  wholeYears: (e, r) => say('{0}到{1}的周年数', 'the number of whole years from {0} to {1}', r.read(e.from), r.read(e.to)),

  toInstant: (e, r) => say('{0}所写的时刻', 'the instant written in {0}', r.read(e.of)),
  instantText: (e, r) => say('{0}（写成当地时间）', '{0} (written as local time)', r.read(e.of)),
  instantDay: (e, r) => say('{0}的日期', 'the day of {0}', r.read(e.of)),
};

const codeList = ({ titleOf }: Reader, id: string): Said => say('《{0}》', '“{0}”', titleOf('codeLists', id) ?? id);

const absent = (verdict: Absent): Said =>
  verdict === 'unknown'
    ? say('', '')
    : verdict === 'holds'
      ? say('（缺失时视为符合）', ' (holds when absent)')
      : say('（缺失时视为不符合）', ' (fails when absent)');

function listed(items: readonly string[]): Said {
  if (items.length === 0) return say('（空）', '(nothing)');
  const shown = joined(
    items.slice(0, MOST_LISTED).map((item) => say('“{0}”', '“{0}”', item)),
    '、',
    ', ',
  );
  return items.length > MOST_LISTED ? say('{0}等{1}项', '{0} and others, {1} in all', shown, items.length) : shown;
}

/** The parts of a conjunction or disjunction; in brackets where one stands within the other. */
const parts = (of: readonly Expr[], r: Reader): readonly Said[] =>
  of.map((part) => ((part.kind === 'all' || part.kind === 'any') && of.length > 1 ? say('（{0}）', '({0})', r.read(part)) : r.read(part)));

function saySlice(e: NodeOf<'slice'>, r: Reader): Said {
  const of = r.read(e.of);
  if (e.from.kind !== 'number' || e.length.kind !== 'number')
    return say('{0}从第{1}位起的{2}位', 'the text of {2} characters from place {1} of {0}', of, grouped(e.from, r), grouped(e.length, r));
  const [from, length] = [Number(e.from.value), Number(e.length.value)];
  if (length === 1) return say('{0}的第{1}位', 'character {1} of {0}', of, from);
  return from === 1
    ? say('{0}的前{1}位', 'the text of the first {1} characters of {0}', of, length)
    : say('{0}的第{1}至{2}位', 'the text of characters {1} to {2} of {0}', of, from, from + length - 1);
}

/** In brackets where it would otherwise run into its neighbours. */
function grouped(expr: Expr, r: Reader): Said {
  const simple = expr.kind === 'number' || expr.kind === 'column' || expr.kind === 'param';
  return simple ? r.read(expr) : say('（{0}）', '({0})', r.read(expr));
}

const DATES: ReadonlySet<Kind> = new Set<Kind>(['date', 'today', 'toDate', 'dateOf', 'addDays', 'toInstant', 'instantDay']);

function isDateLike(expr: Expr): boolean {
  return DATES.has(expr.kind) || ((expr.kind === 'column' || expr.kind === 'param') && (expr.type === 'date' || expr.type === 'instant'));
}
