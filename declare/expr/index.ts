/** The face of the expression language: builders, types, evaluation and the sentence. */

export { bind, codeListsOf, columnsOf, paramsOf } from './bind.ts';
export { bool, col, date, num, param, text, today, value } from './constant.ts';
export { addDays, dateOf, dateText, day, daysBetween, month, toDate, wholeYears, year } from './dates.ts';
export type { DateFormat } from './day.ts';
export type { CodeListItem, Env } from './env.ts';
export { inForce } from './env.ts';
export type { Place, Said } from './error.ts';
export { ExprError } from './error.ts';
export type { Result, Row, Value } from './evaluate.ts';
export { evaluate } from './evaluate.ts';
export { instantDay, instantText, toInstant } from './instant.ts';
export { BARE_DAY, FINER, instantRead } from './instant-read.ts';
export type { Verdict } from './logic.ts';
export { all, any, coalesce, decided, not, when } from './logic.ts';
export type { Absent, ExprSchema, NumberLike, TextLike, Type } from './node.ts';
export { ABSENT, TYPES } from './node.ts';
export { abs, div, floor, minus, mod, numberText, plus, round, times, toNumber } from './number.ts';
export { checkPattern, isPattern, lengthsOf, parsePattern, spellPattern } from './pattern.ts';
export type { ChecksumScheme, Comparison } from './predicate.ts';
export { checksum, eq, ge, gt, inList, inListAt, isAbsent, isBlank, isIn, le, lt, matches, ne, startsWith } from './predicate.ts';
export type { Names, NameWords } from './sentence.ts';
export { sentence } from './sentence.ts';
export type { Expr, Kind, NodeOf } from './tree.ts';
export { children, exprSchema, mapChildren } from './tree.ts';
export { typeOf } from './type.ts';
export {
  concat,
  halfWidth,
  indexOf,
  len,
  lookup,
  lower,
  mapText,
  padStart,
  repeatText,
  replaceText,
  slice,
  translate,
  trim,
  upper,
} from './words.ts';
export { UNSURE_HOURS } from './zone.ts';
