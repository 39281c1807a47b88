/** A tree read out as a Chinese sentence that a steward, a citizen and a court can read. */

import type { Absent } from './node.ts';
import type { Operation } from './number.ts';
import { patternSentence } from './pattern-sentence.ts';
import type { Comparison } from './predicate.ts';
import type { Expr, Kind, NodeOf } from './tree.ts';

/** Chinese titles for what a tree names; a name without a title is written as it is. */
export type Names = {
  readonly columns?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly codeLists?: Readonly<Record<string, string>>;
};

type Sayings = { readonly [K in Kind]: (node: NodeOf<K>, names: Names) => string };

/** The tree as a Chinese sentence, without the final full stop. */
export function sentence(expr: Expr, names: Names = {}): string {
  return (SAYINGS[expr.kind] as (node: Expr, names: Names) => string)(expr, names);
}

const SIGNS: Readonly<Record<Operation, string>> = { plus: '加', minus: '减', times: '乘以', div: '除以', mod: '除以后取余数，除数为' };
const TIMES: Readonly<Record<Comparison, string>> = { eq: '是', ne: '不是', lt: '早于', le: '不晚于', gt: '晚于', ge: '不早于' };
const SIZES: Readonly<Record<Comparison, string>> = { eq: '等于', ne: '不等于', lt: '小于', le: '不大于', gt: '大于', ge: '不小于' };
const MOST_LISTED = 12;

const calculation = (e: NodeOf<Operation>, names: Names): string => `${grouped(e.left, names)}${SIGNS[e.kind]}${grouped(e.right, names)}`;

const SAYINGS: Sayings = {
  column: (e, { columns }) => title(columns, e.name) ?? (e.name === 'value' ? '该值' : `“${e.name}”`),
  param: (e, { params }) => title(params, e.name) ?? `参数“${e.name}”`,
  text: (e) => (e.value === '' ? '空文本' : `“${e.value}”`),
  number: (e) => e.value,
  date: (e) => sayDay(e.value),
  boolean: (e) => (e.value ? '成立' : '不成立'),
  today: () => '当日',

  compare: (e, n) => `${sentence(e.left, n)}${(isDateLike(e.left) ? TIMES : SIZES)[e.op]}${sentence(e.right, n)}${sayAbsent(e.absent)}`,
  isAbsent: (e, n) => `${sentence(e.of, n)}缺失`,
  isBlank: (e, n) => `${sentence(e.of, n)}缺失或为空`,
  isIn: (e, n) => `${sentence(e.of, n)}是${listed(e.items)}之一${sayAbsent(e.absent)}`,
  inList: (e, n) => `${sentence(e.of, n)}是${codeList(n, e.list)}中的代码${sayAbsent(e.absent)}`,
  inListAt: (e, n) => `${sentence(e.of, n)}是${codeList(n, e.list)}中在${sentence(e.at, n)}有效的代码${sayAbsent(e.absent)}`,
  matches: (e, n) => `${sentence(e.of, n)}的写法为：${patternSentence(e.pattern)}${sayAbsent(e.absent)}`,
  startsWith: (e, n) => `${sentence(e.of, n)}以${sentence(e.prefix, n)}开头${sayAbsent(e.absent)}`,
  checksum: (e, n) =>
    `${sentence(e.of, n)}的末位校验码正确（前${e.weights.length}位逐位折算为“${e.alphabet}”中的序号（从0起），依次乘以${e.weights.join('、')}后求和，除以${e.modulus}的余数依次对应“${e.checkAlphabet}”）${sayAbsent(e.absent)}`,

  all: (e, n) => joined(e.of, n, '，且', '总是成立'),
  any: (e, n) => joined(e.of, n, '，或者', '总不成立'),
  not: (e, n) =>
    e.of.kind === 'isAbsent'
      ? `${sentence(e.of.of, n)}有值`
      : e.of.kind === 'isBlank'
        ? `${sentence(e.of.of, n)}有值且不为空`
        : `并非（${sentence(e.of, n)}）`,
  decided: (e, n) => `（${sentence(e.of, n)}，无法判断时视为${e.verdict === 'holds' ? '成立' : '不成立'}）`,
  when: (e, n) => `（如果${sentence(e.condition, n)}，则取${sentence(e.take, n)}，否则取${sentence(e.otherwise, n)}）`,
  coalesce: (e, n) =>
    e.of.length === 1 ? sentence(e.of[0] as Expr, n) : `（${e.of.map((part) => sentence(part, n)).join('、')}中第一个有值的）`,

  concat: (e, n) => `${e.of.map((part) => sentence(part, n)).join('接')}`,
  slice: (e, n) => `${sentence(e.of, n)}${saySlice(e, n)}`,
  len: (e, n) => `${sentence(e.of, n)}的字数`,
  upper: (e, n) => `${sentence(e.of, n)}（字母转大写）`,
  lower: (e, n) => `${sentence(e.of, n)}（字母转小写）`,
  trim: (e, n) => `${sentence(e.of, n)}（去除首尾空白）`,
  halfWidth: (e, n) => `${sentence(e.of, n)}（全角转半角）`,
  replaceText: (e, n) => `${sentence(e.of, n)}（“${e.from}”${e.to === '' ? '去除' : `换成“${e.to}”`}）`,
  translate: (e, n) => `${sentence(e.of, n)}（“${e.from}”逐字换成“${e.to}”）`,
  indexOf: (e, n) => `${sentence(e.part, n)}在${sentence(e.of, n)}中的位置`,
  repeatText: (e, n) => `${grouped(e.times, n)}个“${e.text}”`,
  padStart: (e, n) => `${sentence(e.of, n)}（左侧以“${e.pad}”补足${e.length}位）`,
  mapText: (e, n) => `${sentence(e.of, n)}（按对照表：${listed(e.entries.map(([from, to]) => `${from}→${to}`))}）`,
  lookup: (e, n) => `${sentence(e.of, n)}在${codeList(n, e.list)}中的${e.give === 'title' ? '名称' : '代码'}`,

  plus: calculation,
  minus: calculation,
  times: calculation,
  div: calculation,
  mod: (e, n) => `${grouped(e.left, n)}除以${grouped(e.right, n)}的余数`,
  round: (e, n) => `${sentence(e.of, n)}（四舍五入${e.scale === 0 ? '取整' : `到${e.scale}位小数`}）`,
  floor: (e, n) => `${sentence(e.of, n)}（向下取整）`,
  abs: (e, n) => `${sentence(e.of, n)}的绝对值`,
  toNumber: (e, n) => `${sentence(e.of, n)}所写的数`,
  numberText: (e, n) => `${sentence(e.of, n)}（写成文本）`,

  toDate: (e, n) => `${sentence(e.of, n)}所写的日期（${e.format}）`,
  dateOf: (e, n) => `${grouped(e.year, n)}年${grouped(e.month, n)}月${grouped(e.day, n)}日`,
  year: (e, n) => `${sentence(e.of, n)}的年份`,
  month: (e, n) => `${sentence(e.of, n)}的月份`,
  day: (e, n) => `${sentence(e.of, n)}的日`,
  dateText: (e, n) => `${sentence(e.of, n)}（写成 YYYY-MM-DD）`,
  addDays: (e, n) =>
    `${sentence(e.of, n)}${e.days.kind === 'number' && e.days.value.startsWith('-') ? `前${e.days.value.slice(1)}` : `后${grouped(e.days, n)}`}天`,
  daysBetween: (e, n) => `${sentence(e.from, n)}到${sentence(e.to, n)}的天数`,
  wholeYears: (e, n) => `${sentence(e.from, n)}到${sentence(e.to, n)}的周年数`,
};

function title(titles: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return titles !== undefined && Object.hasOwn(titles, name) ? titles[name] : undefined;
}

function codeList(names: Names, id: string): string {
  return `《${title(names.codeLists, id) ?? id}》`;
}

function sayAbsent(absent: Absent): string {
  return absent === 'unknown' ? '' : `（缺失时视为${absent === 'holds' ? '符合' : '不符合'}）`;
}

function sayDay(day: string): string {
  const [y, m, d] = day.split('-').map(Number);
  return `${y}年${m}月${d}日`;
}

function listed(items: readonly string[]): string {
  const shown = items
    .slice(0, MOST_LISTED)
    .map((item) => `“${item}”`)
    .join('、');
  return items.length > MOST_LISTED ? `${shown}等${items.length}项` : items.length === 0 ? '（空）' : shown;
}

function joined(parts: readonly Expr[], names: Names, link: string, nothing: string): string {
  if (parts.length === 0) return nothing;
  return parts
    .map((part) =>
      (part.kind === 'all' || part.kind === 'any') && parts.length > 1 ? `（${sentence(part, names)}）` : sentence(part, names),
    )
    .join(link);
}

function saySlice(e: NodeOf<'slice'>, names: Names): string {
  if (e.from.kind !== 'number' || e.length.kind !== 'number') return `从第${grouped(e.from, names)}位起的${grouped(e.length, names)}位`;
  const [from, length] = [Number(e.from.value), Number(e.length.value)];
  if (length === 1) return `的第${from}位`;
  return from === 1 ? `的前${length}位` : `的第${from}至${from + length - 1}位`;
}

/** In brackets where it would otherwise run into its neighbours. */
function grouped(expr: Expr, names: Names): string {
  const simple = expr.kind === 'number' || expr.kind === 'column' || expr.kind === 'param';
  return simple ? sentence(expr, names) : `（${sentence(expr, names)}）`;
}

const DATES: ReadonlySet<Kind> = new Set<Kind>(['date', 'today', 'toDate', 'dateOf', 'addDays']);

function isDateLike(expr: Expr): boolean {
  return DATES.has(expr.kind) || (expr.kind === 'column' && expr.type === 'date') || (expr.kind === 'param' && expr.type === 'date');
}
