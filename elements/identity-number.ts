/** Citizen identity number: 18 characters, the 15-digit form of before 1999 upgraded, residence permits and permanent residents' cards included. */
import { element } from '#declare';
import {
  all,
  any,
  checksum,
  concat,
  date,
  decided,
  type Expr,
  indexOf,
  inListAt,
  isIn,
  le,
  len,
  lt,
  matches,
  minus,
  mod,
  not,
  num,
  plus,
  repeatText,
  slice,
  startsWith,
  text,
  times,
  toDate,
  today,
  upper,
  value,
  when,
} from '#declare/expr/index';
import { orNone, squeezed } from './clean.ts';
import { knownDivision } from './known-division.ts';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';
const EIGHTEEN = '[0-9]{17}[0-9X]';
const FIFTEEN = '[0-9]{15}';
/** With a day of birth that may be one, so that no longer number is taken for it. */
const DATED = '[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]';
/** Sequences that the 15-digit form kept for people born before 1900, who must not get the century 19. */
const OLD_SEQUENCES = ['996', '997', '998', '999'];
/** First six digits of the residence permits of Hong Kong, Macao and Taiwan residents. */
const PERMITS = ['810000', '820000', '830000'];
/** The day the Regulation on resident identity cards took effect: nobody born earlier has a number older than this. */
const FIRST_ISSUE = date('1985-09-06');

const isFifteen = matches(value, FIFTEEN, 'holds');
const isForeign = startsWith(value, '9', 'holds');
const area = slice(value, 1, 6);
const birth = toDate(slice(value, 7, 8), 'YYYYMMDD');

export default element({
  id: 'identity-number',
  title: { zh: '公民身份号码', en: 'Citizen identity number' },
  names: [
    '身份证号',
    '身份证号码',
    '身份证',
    '公民身份证号',
    '证件号码',
    '证件号',
    '居民身份证号码',
    '居民身份证',
    '居民身份证号',
    '身份证件号码',
    '身份证件号',
    '公民身份证号码',
    'gmsfhm',
    'sfzh',
    'sfzhm',
    'id card',
    'identity card',
  ],
  basis: 'GB 11643-1999',
  type: 'text',
  codeList: null,
  sensitivity: 4,
  personal: true,
  mask: when(
    matches(value, '.{15,}'),
    concat(slice(value, 1, 6), repeatText('*', minus(len(value), 10)), slice(value, minus(len(value), 3), 4)),
    repeatText('*', len(value)),
  ),
  standardise: when(
    matches(value, EIGHTEEN),
    value,
    when(matches(value, FIFTEEN), upgraded(value), orNone(upper(squeezed), upgraded(upper(squeezed)))),
  ),
  shape: matches(value, `${EIGHTEEN}|${FIFTEEN}`, 'holds'),
  telling: null,
  // A text of nothing but 18 digits proves itself. A decimal, and digits behind a letter or before more of them, are other numbers.
  inside: when(
    matches(value, EIGHTEEN),
    checksum(value, { alphabet: '0123456789', weights: WEIGHTS, modulus: 11, checkAlphabet: CHECK_CHARACTERS }, 'fails'),
    matches(value, `(.*[^0-9A-Za-z.])?${DATED}([0-9]{2})?([^0-9A-Za-z].*)?`, 'fails'),
  ),
  checksum: any(
    isFifteen,
    checksum(value, { alphabet: '0123456789', weights: WEIGHTS, modulus: 11, checkAlphabet: CHECK_CHARACTERS }, 'holds'),
  ),
  semantics: [
    {
      id: 'birth-date',
      title: { zh: '出生日期真实存在', en: 'The birth date exists' },
      severity: 'block',
      holds: any(isFifteen, decided(le(birth, today), 'fails')),
      reason: { zh: '第7至14位不是真实存在的日期，或者晚于当日', en: 'characters 7 to 14 are no existing date, or a date still to come' },
    },
    {
      id: 'area-known',
      title: { zh: '行政区划代码曾经存在', en: 'The division code has existed' },
      severity: 'unlisted',
      holds: any(isForeign, isIn(area, PERMITS), knownDivision(area)),
      on: birth,
      reason: { zh: '前6位从未作为行政区划代码使用过', en: 'the first six digits were never a division code' },
    },
    {
      id: 'area-in-force',
      title: { zh: '行政区划代码在出生或首次编号时有效', en: 'The division code was in force at birth or first issue' },
      severity: 'warn',
      holds: any(
        isFifteen,
        isForeign,
        isIn(area, PERMITS),
        inListAt(area, 'division', birth, 'holds'),
        all(lt(birth, FIRST_ISSUE), inListAt(area, 'division', FIRST_ISSUE)),
      ),
      reason: {
        zh: '前6位的行政区划代码在出生时和首次编号时均未使用，请核实',
        en: 'the division code of the first six digits was not in use at birth, nor when numbers were first issued',
      },
    },
    {
      id: 'century-known',
      title: { zh: '能够确定出生世纪', en: 'The century of birth is known' },
      severity: 'warn',
      holds: any(not(isFifteen), matches(value, '.{18}', 'holds')),
      reason: {
        zh: '15位号码的顺序码为996至999，可能是1900年以前出生的人，不能自动升为18位，请人工核实',
        en: 'a 15-digit number with sequence 996 to 999 may belong to a person born before 1900 and is not upgraded: to be verified by hand',
      },
    },
  ],
  reasons: {
    shape: { zh: '应为18位公民身份号码（前17位为数字，末位为数字或X）', en: 'should be 18 characters: 17 digits and a digit or X' },
    checksum: { zh: '末位校验码与前17位不符', en: 'the check character does not agree with the first 17 digits' },
  },
  examples: {
    valid: ['11010519491231002X', '340102188606070016', '342401188506070053', '810000199408230021', '911124198108030024'],
    invalid: [
      { value: '34010218860607001', verdict: 'shape' },
      { value: 'X10105194912310021', verdict: 'shape' },
      { value: '340102188606070017', verdict: 'checksum' },
      { value: '340603188902290017', verdict: 'birth-date' },
      { value: '34052419800101001X', verdict: 'area-known' },
      { value: '340102050607996', verdict: 'century-known' },
    ],
    standardised: [
      { from: '130503670401001', to: '130503196704010016' },
      { from: '１１０１０５４９１２３１００２', to: '11010519491231002X' },
      { from: '11010519491231002x', to: '11010519491231002X' },
      { from: ' 110105 19491231 002X\u3000', to: '11010519491231002X' },
      { from: "'11010519491231002X", to: '11010519491231002X' },
      { from: '340102050607996', to: '340102050607996' },
    ],
  },
});

/** A 15-digit number in its 18-character form; anything else as it is. */
function upgraded(t: Expr): Expr {
  const body = concat(slice(t, 1, 6), text('19'), slice(t, 7, 9));
  return when(all(matches(t, FIFTEEN), not(isIn(slice(t, 13, 3), OLD_SEQUENCES))), concat(body, checkCharacter(t)), t);
}

/** The check character that the 15-digit number gets: `CHECK_CHARACTERS[Σ digit·weight mod 11]` with 1 and 9 as digits 7 and 8. */
function checkCharacter(fifteen: Expr): Expr {
  const digit = (position: number): Expr => minus(indexOf(text('0123456789'), slice(fifteen, position, 1)), 1);
  const weighted = (position: number, weight: number): Expr => times(digit(position), weight);
  const century = num(1 * (WEIGHTS[6] ?? 0) + 9 * (WEIGHTS[7] ?? 0));
  const sum = WEIGHTS.reduce<Expr>((total, weight, i) => {
    if (i === 6 || i === 7) return total;
    return plus(total, weighted(i < 6 ? i + 1 : i - 1, weight));
  }, century);
  return slice(text(CHECK_CHARACTERS), plus(mod(sum, 11), 1), 1);
}
