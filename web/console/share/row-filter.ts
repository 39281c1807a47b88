/** Conditions as an applicant chooses them, and the expression they come to. */
import { isDay } from '../../../declare/expr/day.ts';
import { decimalText, parseDecimal } from '../../../declare/expr/decimal.ts';
import { type NameWords, sentence } from '../../../declare/expr/sentence.ts';
import type { Expr } from '../../../declare/expr/tree.ts';
import type { Words } from '../../parts/words.ts';

/** A field by which rows can be told apart. */
export interface FilterField {
  readonly field: string;
  readonly title: NameWords;
  readonly type: 'text' | 'number' | 'date' | 'instant';
  readonly codeList: string | null;
}

/** How a field is compared. */
export type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'startsWith' | 'isIn';

/** One line of the form; a line half filled in has no expression yet. */
export interface Condition {
  readonly field?: string | undefined;
  readonly comparison?: Comparison | undefined;
  readonly value?: string | readonly string[] | undefined;
}

const ofDays = [
  { value: 'eq', words: { zh: '是', en: 'is' } },
  { value: 'gt', words: { zh: '晚于', en: 'is after' } },
  { value: 'ge', words: { zh: '不早于', en: 'is not before' } },
  { value: 'lt', words: { zh: '早于', en: 'is before' } },
  { value: 'le', words: { zh: '不晚于', en: 'is not after' } },
] as const;

/** The comparisons of each type of field, in words; an instant is told apart by its day. */
export const comparisons: Readonly<Record<FilterField['type'], readonly { readonly value: Comparison; readonly words: Words }[]>> = {
  text: [
    { value: 'eq', words: { zh: '等于', en: 'equals' } },
    { value: 'ne', words: { zh: '不等于', en: 'does not equal' } },
    { value: 'isIn', words: { zh: '是其中之一', en: 'is one of' } },
    { value: 'startsWith', words: { zh: '开头是', en: 'begins with' } },
  ],
  number: [
    { value: 'eq', words: { zh: '等于', en: 'equals' } },
    { value: 'ne', words: { zh: '不等于', en: 'does not equal' } },
    { value: 'gt', words: { zh: '大于', en: 'is greater than' } },
    { value: 'ge', words: { zh: '不小于', en: 'is at least' } },
    { value: 'lt', words: { zh: '小于', en: 'is less than' } },
    { value: 'le', words: { zh: '不大于', en: 'is at most' } },
  ],
  date: ofDays,
  instant: ofDays,
};

/** What is wrong with a value for a field; undefined when it can be compared. */
export function valueFault(value: Condition['value'], type: FilterField['type'] | undefined): Words | undefined {
  if (itemsOf(value).length === 0) return { zh: '请写值', en: 'give a value' };
  const text = textOf(value);
  if (type === 'number' && parseDecimal(text) === null) return { zh: '请写数，如 12.5', en: 'write a number, such as 12.5' };
  if ((type === 'date' || type === 'instant') && !isDay(text))
    return { zh: '请写作 年-月-日，如 2026-01-31', en: 'write it as YYYY-MM-DD, such as 2026-01-31' };
  return undefined;
}

/** Several values in one line are parted by commas. */
const itemsOf = (value: Condition['value']): readonly string[] =>
  (typeof value === 'string' ? value.split(/[,，、;；]/u) : (value ?? [])).map((v) => v.trim()).filter((v) => v !== '');

const textOf = (value: Condition['value']): string => (typeof value === 'string' ? value : (value ?? []).join('')).trim();

/** The expression that all the lines come to together; null when there is none, or while one is not whole. */
export function filterOf(conditions: readonly Condition[], fields: readonly FilterField[]): Expr | null {
  const made = conditions.map((c) => conditionOf(c, fields));
  const whole = made.filter((e) => e !== null);
  if (whole.length === 0 || whole.length < made.length) return null;
  return whole.length === 1 ? (whole[0] ?? null) : { kind: 'all', of: whole };
}

function conditionOf(condition: Condition | undefined, fields: readonly FilterField[]): Expr | null {
  const field = fields.find((f) => f.field === condition?.field);
  const comparison = condition?.comparison;
  if (!field || !comparison || valueFault(condition.value, field.type)) return null;
  const column = { kind: 'column', name: field.field, type: field.type } as const;
  const items = itemsOf(condition.value);
  if (comparison === 'isIn') return { kind: 'isIn', of: column, items, absent: 'unknown' };
  const text = textOf(condition.value);
  if (comparison === 'startsWith') return { kind: 'startsWith', of: column, prefix: { kind: 'text', value: text }, absent: 'unknown' };
  const value = field.type === 'number' ? decimalText(parseDecimal(text) ?? 0n) : text;
  const byDay = field.type === 'instant';
  const left = byDay ? ({ kind: 'instantDay', of: column } as const) : column;
  const kind = byDay ? 'date' : (field.type as 'text' | 'number' | 'date');
  return { kind: 'compare', op: comparison, left, right: { kind, value }, absent: 'unknown' };
}

/** The lines that come to a filter, for whoever changes it; undefined where it is no such list of conditions. */
export function conditionsOf(filter: Expr | null): readonly Condition[] | undefined {
  if (filter === null) return [];
  const lines = (filter.kind === 'all' ? filter.of : [filter]).map(lineOf);
  return lines.some((l) => l === undefined) ? undefined : lines.flatMap((l) => l ?? []);
}

function lineOf(part: Expr): Condition | undefined {
  const compared = part.kind === 'compare' ? (part.left.kind === 'instantDay' ? part.left.of : part.left) : undefined;
  if (
    part.kind === 'compare' &&
    compared?.kind === 'column' &&
    ['text', 'number', 'date'].includes(part.right.kind) &&
    'value' in part.right
  )
    return { field: compared.name, comparison: part.op, value: String(part.right.value) };
  if (part.kind === 'isIn' && part.of.kind === 'column') return { field: part.of.name, comparison: 'isIn', value: [...part.items] };
  if (part.kind === 'startsWith' && part.of.kind === 'column' && part.prefix.kind === 'text')
    return { field: part.of.name, comparison: 'startsWith', value: part.prefix.value };
  return undefined;
}

/** The expression as the platform reads it out. */
export const filterSentence = (filter: Expr, fields: readonly FilterField[]): { zh: string; en: string } =>
  sentence(filter, { columns: Object.fromEntries(fields.map((f) => [f.field, f.title])) });
