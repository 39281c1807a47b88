/** How often each kind is drawn among those that give a type, tuned so that no kind is rare among the nodes. */

import type { Type } from '#declare/expr/index';

export const WEIGHTS_OF: Readonly<Record<Type, Readonly<Record<string, number>>>> = {
  boolean: { compareText: 11, compareNumber: 11, compareDate: 11, compareVerdict: 11, isAbsent: 49, isBlank: 47, isIn: 50, inList: 48, inListAt: 50, matches: 51, startsWith: 51, checksum: 49, all: 73, any: 74, not: 75, decided: 59, when: 1, coalesce: 1 },
  text: { concat: 65, slice: 1, upper: 16, lower: 66, trim: 1, halfWidth: 17, replaceText: 69, translate: 66, repeatText: 67, padStart: 67, mapText: 68, lookup: 69, numberText: 68, dateText: 1, when: 1, coalesce: 1 },
  number: { len: 24, indexOf: 58, plus: 57, minus: 57, times: 59, div: 56, mod: 58, round: 57, floor: 57, abs: 58, toNumber: 57, year: 4, month: 1, day: 1, daysBetween: 59, wholeYears: 57, when: 1, coalesce: 1 },
  date: { toDate: 31, dateOf: 25, addDays: 33, when: 87, coalesce: 24 },
};
