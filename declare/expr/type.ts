/** The type of a tree, or the place where it has none. */

import type { Place } from './error.ts';
import { ExprError } from './error.ts';
import type { Type } from './node.ts';
import type { Expr, Kind } from './tree.ts';
import { children } from './tree.ts';

/** What an operand must be: a type, anything, or whatever its fellow operands marked `same` are. */
type Want = Type | 'same' | 'anything';
/** Operands by field, and what the node gives: a type, that of its `same` operands, or its own `type` field. */
type Signature = { readonly wants: Readonly<Record<string, Want>>; readonly gives: Type | 'same' | 'own' };

const signature = (gives: Signature['gives'], wants: Signature['wants'] = {}): Signature => ({ wants, gives });

const ofText = (gives: Type) => signature(gives, { of: 'text' });
const ofNumber = (gives: Type) => signature(gives, { of: 'number' });
const ofDate = (gives: Type) => signature(gives, { of: 'date' });
const ofInstant = (gives: Type) => signature(gives, { of: 'instant' });
const arithmetic = signature('number', { left: 'number', right: 'number' });
const between = signature('number', { from: 'date', to: 'date' });

const SIGNATURES: Readonly<Record<Kind, Signature>> = {
  column: signature('own'),
  param: signature('own'),
  text: signature('text'),
  number: signature('number'),
  date: signature('date'),
  boolean: signature('boolean'),
  today: signature('date'),
  compare: signature('boolean', { left: 'same', right: 'same' }),
  isAbsent: signature('boolean', { of: 'anything' }),
  isBlank: ofText('boolean'),
  isIn: ofText('boolean'),
  inList: ofText('boolean'),
  inListAt: signature('boolean', { of: 'text', at: 'date' }),
  matches: ofText('boolean'),
  startsWith: signature('boolean', { of: 'text', prefix: 'text' }),
  checksum: ofText('boolean'),
  all: signature('boolean', { of: 'boolean' }),
  any: signature('boolean', { of: 'boolean' }),
  not: signature('boolean', { of: 'boolean' }),
  decided: signature('boolean', { of: 'boolean' }),
  when: signature('same', { condition: 'boolean', take: 'same', otherwise: 'same' }),
  coalesce: signature('same', { of: 'same' }),
  concat: ofText('text'),
  slice: signature('text', { of: 'text', from: 'number', length: 'number' }),
  len: ofText('number'),
  upper: ofText('text'),
  lower: ofText('text'),
  trim: ofText('text'),
  halfWidth: ofText('text'),
  replaceText: ofText('text'),
  translate: ofText('text'),
  indexOf: signature('number', { of: 'text', part: 'text' }),
  repeatText: signature('text', { times: 'number' }),
  padStart: ofText('text'),
  mapText: ofText('text'),
  lookup: ofText('text'),
  plus: arithmetic,
  minus: arithmetic,
  times: arithmetic,
  div: arithmetic,
  mod: arithmetic,
  round: ofNumber('number'),
  floor: ofNumber('number'),
  abs: ofNumber('number'),
  toNumber: ofText('number'),
  numberText: ofNumber('text'),
  toDate: ofText('date'),
  dateOf: signature('date', { year: 'number', month: 'number', day: 'number' }),
  year: ofDate('number'),
  month: ofDate('number'),
  day: ofDate('number'),
  dateText: ofDate('text'),
  addDays: signature('date', { of: 'date', days: 'number' }),
  daysBetween: between,
  wholeYears: between,
  toInstant: ofText('instant'),
  instantText: ofInstant('text'),
  instantDay: ofInstant('date'),
};

const TITLES: Readonly<Record<Type, string>> = { text: '文本', number: '数', date: '日期', instant: '时刻', boolean: '判断' };

/**
 * The type of a tree. Throws ExprError naming the place when an operand has the wrong type or a column is missing or of another type.
 * @param columns the types of the row's columns; left out, every column is taken at its word.
 */
export function typeOf(expr: Expr, columns?: Readonly<Record<string, Type>>): Type {
  return check(expr, columns, []);
}

function check(expr: Expr, columns: Readonly<Record<string, Type>> | undefined, path: Place): Type {
  const { wants, gives } = SIGNATURES[expr.kind];
  let same: Type | undefined;
  for (const [place, child] of children(expr)) {
    const at = [...path, ...place];
    const found = check(child, columns, at);
    const want = wants[String(place[0])] ?? 'anything';
    const expected = want === 'same' ? (same ?? found) : want;
    if (want === 'same') same = expected as Type;
    if (expected !== 'anything' && found !== expected) throw mismatch(expected, found, at);
  }
  if (expr.kind === 'compare' && same === 'boolean' && expr.op !== 'eq' && expr.op !== 'ne')
    throw new ExprError({ zh: '判断之间只能比较是否相同，没有先后', en: 'verdicts can be equal or not, but have no order' }, path);
  if (expr.kind === 'column' && columns !== undefined) checkColumn(expr.name, expr.type, columns, path);
  if (gives === 'own') return (expr as Extract<Expr, { type: Type }>).type;
  return gives === 'same' ? (same as Type) : gives;
}

function checkColumn(name: string, type: Type, columns: Readonly<Record<string, Type>>, path: Place): void {
  const actual = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (actual === undefined) throw new ExprError({ zh: `没有名为“${name}”的列`, en: `there is no column "${name}"` }, path);
  if (actual !== type) throw mismatch(type, actual, path);
}

function mismatch(expected: Type, found: Type, path: Place): ExprError {
  return new ExprError({ zh: `此处应为${TITLES[expected]}，却是${TITLES[found]}`, en: `expected ${expected} here, found ${found}` }, path);
}
