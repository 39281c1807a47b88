/** What all three engines spell alike. Every spelling is total: it never raises an error, whatever the row holds. */

import { type CodeListItem, type Expr, ExprError, type NodeOf } from '#declare/expr/index';
import { balanced, kept, type Spelling, type Spellings, withAbsent } from './spelling.ts';

/** What upper, lower and halfWidth replace, and by what: no engine's own rules for letters, which differ. */
export const SMALL = 'abcdefghijklmnopqrstuvwxyz';
export const LARGE = SMALL.toUpperCase();
export const ASCII = Array.from({ length: 94 }, (_, i) => String.fromCharCode(0x21 + i)).join('');
export const WIDE = Array.from({ length: 94 }, (_, i) => String.fromCharCode(0xff01 + i)).join('');

const SIGNS = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' } as const;

/** `left sign right` with what absence means. */
export function comparison(e: NodeOf<'compare'>, left: string, right: string): string {
  return withAbsent(`(${left} ${SIGNS[e.op]} ${right})`, e.absent);
}

/** The spellings shared by every engine. */
export const STANDARD = {
  param: (e) => {
    throw new ExprError({ zh: `参数“${e.name}”尚未给定`, en: `parameter "${e.name}" is not bound` });
  },
  text: (e, s) => s.text(e.value),
  date: (e) => `date '${e.value}'`,
  boolean: (e) => String(e.value),
  today: (_, s) => `date '${s.env.today}'`,

  compare: (e, s) => comparison(e, kept(e.left, s), kept(e.right, s)),
  isAbsent: (e, s) => `(${kept(e.of, s)} is null)`,
  isBlank: (e, s) => `(coalesce(${s.of(e.of)}, '') = '')`,
  isIn: (e, s) => withAbsent(oneOf(s.of(e.of), e.items, s), e.absent),
  inList: (e, s) => withAbsent(oneOf(s.of(e.of), codes(s.env.codeList(e.list)), s), e.absent),
  startsWith: (e, s) => withAbsent(`starts_with(${s.of(e.of)}, ${s.of(e.prefix)})`, e.absent),

  all: (e, s) => (e.of.length === 0 ? 'true' : balanced(each(e.of, s), 'and')),
  any: (e, s) => (e.of.length === 0 ? 'false' : balanced(each(e.of, s), 'or')),
  not: (e, s) => `(not ${s.of(e.of)})`,
  decided: (e, s) => `coalesce(${s.of(e.of)}, ${e.verdict === 'holds'})`,
  when: (e, s) => `(case when ${s.of(e.condition)} then ${s.of(e.take)} else ${s.of(e.otherwise)} end)`,
  coalesce: (e, s) => (e.of.length === 1 ? s.of(e.of[0] as Expr) : `coalesce(${each(e.of, s).join(', ')})`),

  concat: (e, s) => balanced(each(e.of, s), '||'),
  upper: (e, s) => `translate(${s.of(e.of)}, '${SMALL}', '${LARGE}')`,
  lower: (e, s) => `translate(${s.of(e.of)}, '${LARGE}', '${SMALL}')`,
  halfWidth: (e, s) => `translate(${s.of(e.of)}, ${s.text(`${WIDE}\u3000`)}, ${s.text(`${ASCII} `)})`,
  replaceText: (e, s) => `replace(${s.of(e.of)}, ${s.text(e.from)}, ${s.text(e.to)})`,
  translate: (e, s) => `translate(${s.of(e.of)}, ${s.text(e.from)}, ${s.text(e.to)})`,
  mapText: (e, s) => table(e.of, e.entries, s),
  lookup: (e, s) => table(e.of, entries(s.env.codeList(e.list), e.give), s),
} satisfies Partial<Spellings>;

/** The distinct codes of a list, in order. */
export function codes(items: readonly CodeListItem[]): string[] {
  return [...new Set(items.map((item) => item.code))].sort();
}

/** Membership in a constant set; an absent operand is unknown even of the empty set. */
export function oneOf(operand: string, items: readonly string[], s: Spelling): string {
  if (items.length === 0) return `(case when ${operand} is not null then false end)`;
  return `(${operand} in (${items.map((item) => s.text(item)).join(', ')}))`;
}

function each(parts: readonly Expr[], s: Spelling): string[] {
  return parts.map((part) => s.of(part));
}

/** What lookup maps, the first item listed winning. */
export function entries(items: readonly CodeListItem[], give: 'title' | 'code'): [string, string][] {
  const found = new Map<string, string>();
  for (const { code, title } of items) {
    const [from, to] = give === 'title' ? [code, title.zh] : [title.zh, code];
    if (!found.has(from)) found.set(from, to);
  }
  return [...found];
}

function table(of: Expr, pairs: readonly (readonly [string, string])[], s: Spelling): string {
  const operand = s.of(of);
  if (pairs.length === 0) return `(case when ${operand} is null then ${operand} end)`;
  return `(case ${operand} ${pairs.map(([from, to]) => `when ${s.text(from)} then ${s.text(to)}`).join(' ')} end)`;
}
