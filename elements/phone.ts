/** Telephone number in China: mobile, landline with or without area code, service number. */
import { element } from '#declare';
import {
  any,
  concat,
  type Expr,
  indexOf,
  isIn,
  len,
  matches,
  minus,
  not,
  plus,
  repeatText,
  slice,
  translate,
  value,
  when,
} from '#declare/expr/index';
import { orNone, squeezed } from './clean.ts';

const MOBILE = '1[3-9][0-9]{9}';
const LANDLINE = '0[0-9]{2,3}-[0-9]{7,8}(-[0-9]{1,6})?';
const LOCAL = '[2-8][0-9]{6,7}';
const SERVICE = '[48]00[0-9]{7}|1[0-2][0-9]{1,3}|9[56][0-9]{3,6}';
/** What may stand before and behind a number inside a longer text: no letter or digit and no sign that joins it to one. */
const BEFORE = '[^0-9A-Za-z._-]|[^0-9A-Za-z._]-|[^0-9A-Za-z]\\+?86-?|[+]86-?|(tel|Tel|TEL|phone|Phone|mobile|Mobile)[:.]?';
const BEHIND = '[^0-9A-Za-z._-]';
/** Numbers typed to get past a form that wants one. */
const PLACEHOLDERS = [
  '13000000000',
  '13800000000',
  '13800138000',
  '13888888888',
  '13900000000',
  '13999999999',
  '13811111111',
  '15888888888',
  '18888888888',
];

/** Digits alone, for mobiles; with hyphens after area code and before extension, for landlines. */
const digits = translate(squeezed, '()-+', '');
const hyphened = translate(squeezed, ')转*(', '---');

export default element({
  id: 'phone',
  title: { zh: '联系电话', en: 'Telephone number' },
  names: [
    '电话',
    '手机',
    '手机号',
    '手机号码',
    '电话号码',
    '联系方式',
    '固定电话',
    '移动电话',
    'lxdh',
    'dhhm',
    'sjhm',
    'tel',
    'phone',
    'phone number',
    'telephone',
    'mobile',
  ],
  basis: '电信网编号计划（2017年版）',
  type: 'text',
  codeList: null,
  sensitivity: 3,
  ofBodies: 1,
  personal: true,
  mask: when(
    matches(value, MOBILE),
    concat(slice(value, 1, 3), '****', slice(value, 8, 4)),
    when(
      matches(value, LANDLINE),
      concat(slice(value, 1, indexOf(value, '-')), '****', last(4)),
      concat(repeatText('*', minus(len(value), 2)), last(2)),
    ),
  ),
  standardise: when(
    matches(value, MOBILE),
    value,
    orNone(
      squeezed,
      when(
        matches(digits, `(0086|86|0)?${MOBILE}`),
        slice(digits, minus(len(digits), 10), 11),
        when(
          matches(hyphened, LANDLINE),
          hyphened,
          when(
            matches(digits, '0(10|2[0-9])[0-9]{8}'),
            areaCode(3),
            when(matches(digits, '0[3-9][0-9]{9,10}'), areaCode(4), when(matches(digits, `${LOCAL}|${SERVICE}`), digits, squeezed)),
          ),
        ),
      ),
    ),
  ),
  shape: matches(value, `${MOBILE}|${LANDLINE}|${LOCAL}|${SERVICE}`, 'holds'),
  telling: any(matches(digits, `(0086|86)?${MOBILE}`, 'fails'), matches(hyphened, LANDLINE, 'fails')),
  // Eleven digits of a decimal, a code or a reference are none.
  inside: matches(value, `(.*(${BEFORE}))?${MOBILE}(${BEHIND}.*|[.])?`, 'fails'),
  checksum: null,
  semantics: [
    {
      id: 'not-placeholder',
      title: { zh: '不是凑数的号码', en: 'Not a number made up to fill a form' },
      severity: 'warn',
      holds: not(isIn(value, PLACEHOLDERS, 'fails')),
      reason: { zh: '像是为了填表凑数的号码，请核实', en: 'it looks like a number made up to fill a form' },
    },
  ],
  reasons: { shape: { zh: '不是手机号码、固定电话或者服务号码', en: 'no mobile, landline or service number' }, checksum: null },
  examples: {
    valid: ['13812345678', '0551-62345678', '010-62345678', '0551-62345678-801', '62345678', '12345', '4001234567'],
    invalid: [
      { value: '12812345678', verdict: 'shape' },
      { value: '1381234567', verdict: 'shape' },
      { value: '13812345678/13912345678', verdict: 'shape' },
      { value: '13800000000', verdict: 'not-placeholder' },
    ],
    standardised: [
      { from: '138 1234 5678', to: '13812345678' },
      { from: '+86-138-1234-5678', to: '13812345678' },
      { from: '008613812345678', to: '13812345678' },
      { from: '013812345678', to: '13812345678' },
      { from: '１３８１２３４５６７８', to: '13812345678' },
      { from: '（0551）62345678', to: '0551-62345678' },
      { from: '055162345678', to: '0551-62345678' },
      { from: '01062345678', to: '010-62345678' },
      { from: '0551-62345678转801', to: '0551-62345678-801' },
      { from: '400-123-4567', to: '4001234567' },
    ],
  },
});

/** The last characters of the number. */
function last(count: number): Expr {
  return slice(value, minus(plus(len(value), 1), count), count);
}

/** A landline written without a hyphen, cut after the area code. */
function areaCode(length: number): Expr {
  return concat(slice(digits, 1, length), '-', slice(digits, length + 1, 8));
}
