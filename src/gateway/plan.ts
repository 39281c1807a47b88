/** Plan: a pure function from a compiled grant and the body of a call to what is read. */
import { keptValue } from '#declare';
import { type Env, evaluate } from '#declare/expr/index';
import { isRefusal, Refusal } from '#kernel/errors';
import type { CompiledGrant, CompiledKey } from './compile.ts';
import type { Statement } from './statement.ts';

/** One key to be read, and the page of its rows. */
export interface Plan {
  readonly statement: Statement;
  /** The standardised value: text, YYYY-MM-DD, or the canonical text of a number. */
  readonly value: string;
  readonly limit: number;
  readonly offset: number;
}

/** Longest value asked for, in code units; a serving key is never longer. */
const longestValue = 200;
/** Paging further than this is not asking by key any more. */
export const farthestOffset = 100_000;

/** `body` is a refusal where the door could not read it. @throws Refusal GATEWAY_BODY, GATEWAY_FIELD, GATEWAY_VALUE, GATEWAY_PAGE, or that refusal */
export function planCall(grant: Pick<CompiledGrant, 'keys' | 'limit' | 'env'>, body: unknown): Plan {
  // The door could not read it.
  if (isRefusal(body)) throw body;
  const example = grant.keys.keys().next().value ?? '';
  const refuse = (zh: string, en: string): never => {
    throw new Refusal('GATEWAY_BODY', { fault: zh, faultEn: en, example });
  };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return refuse('收到的不是对象', 'it is not an object');
  const { field, value, limit = grant.limit, offset = 0, ...others } = body as Readonly<Record<string, unknown>>;
  const foreign = Object.keys(others)[0];
  if (foreign !== undefined) return refuse(`不认识“${foreign.slice(0, 60)}”`, `'${foreign.slice(0, 60)}' is not known`);
  if (typeof field !== 'string') return refuse('缺少 field', 'field is missing');
  const key = grant.keys.get(field);
  if (!key) throw new Refusal('GATEWAY_FIELD', { field: field.slice(0, 63), keys: [...grant.keys.keys()].join(', ') });
  if (!isWhole(limit, 1, grant.limit) || !isWhole(offset, 0, farthestOffset))
    throw new Refusal('GATEWAY_PAGE', { limit: grant.limit, offset: farthestOffset });
  return { statement: key.statement, value: standardValue(key, value, grant.env), limit, offset };
}

const isWhole = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

const expected = {
  text: [`不超过 ${longestValue} 个字符的非空文本`, `a text of 1 to ${longestValue} characters`],
  date: ['写作 YYYY-MM-DD 的日期', 'a day written YYYY-MM-DD'],
  instant: ['写作 2026-05-01 08:00:00 的时刻（可带时区）', 'an instant written 2026-05-01 08:00:00 (an offset may follow)'],
  number: ['数，或写成文本的精确小数', 'a number, or an exact decimal written as text'],
} as const;

/** The value as it is stored: standardised by the element as governance did, then read in the type of the field. */
function standardValue(key: CompiledKey, value: unknown, env: Env): string {
  const [zh, en] = expected[key.type];
  const wrong = (): never => {
    throw new Refusal('GATEWAY_VALUE', { field: key.field, expected: zh, expectedEn: en });
  };
  const written = typeof value === 'number' && key.type === 'number' && Number.isFinite(value) ? String(value) : value;
  if (typeof written !== 'string' || written.length > longestValue || !isStorable(written)) return wrong();
  const standard = evaluate(key.standardise, { value: written }, env);
  if (typeof standard !== 'string' || standard === '' || !isStorable(standard)) return wrong();
  return keptValue(key.type, standard) ?? wrong();
}

/** PostgreSQL holds no NUL and no half of a surrogate pair; one such value would spoil the batch it is read in. */
const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
