/** Every rule kind of the product. */
import type { RuleKind } from '#declare';
import birthMatchesIdentityNumber from './birth-matches-identity-number.ts';
import dateNotBefore from './date-not-before.ts';
import dateOrder from './date-order.ts';
import exactDuplicate from './exact-duplicate.ts';
import inCodeList from './in-code-list.ts';
import inCodeListAt from './in-code-list-at.ts';
import inCodeListNow from './in-code-list-now.ts';
import notInFuture from './not-in-future.ts';
import notTotalRow from './not-total-row.ts';
import numberInRange from './number-in-range.ts';
import required from './required.ts';
import requiredDate from './required-date.ts';
import requiredInstant from './required-instant.ts';
import requiredNumber from './required-number.ts';
import sexMatchesIdentityNumber from './sex-matches-identity-number.ts';
import textLength from './text-length.ts';
import uniqueKey from './unique-key.ts';

export const ruleKinds: readonly RuleKind[] = [
  required,
  requiredDate,
  requiredInstant,
  requiredNumber,
  inCodeList,
  inCodeListNow,
  inCodeListAt,
  notInFuture,
  dateNotBefore,
  dateOrder,
  birthMatchesIdentityNumber,
  sexMatchesIdentityNumber,
  numberInRange,
  textLength,
  notTotalRow,
  uniqueKey,
  exactDuplicate,
];
