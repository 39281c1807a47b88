/** Organisation code of GB 11714: eight characters and a check character, still found in tables from before 2015 and inside every credit code. */
import { element } from '#declare';
import { type ChecksumScheme, checksum, matches, translate, upper, value, when } from '#declare/expr/index';
import { orNone, squeezed } from './clean.ts';

/** GB 11714-1997: 11 less the remainder, 10 written X and 11 written 0; letters count on from A = 10 through all 26. */
export const organisationScheme: ChecksumScheme = {
  alphabet: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  weights: [3, 7, 9, 10, 5, 8, 4, 2],
  modulus: 11,
  checkAlphabet: '0X987654321',
};

const SHAPE = '[0-9A-Z]{8}[0-9X]';
const cleaned = upper(translate(squeezed, '-', ''));

export default element({
  id: 'organisation-code',
  title: { zh: '组织机构代码', en: 'Organisation code' },
  names: ['组织机构代码证', '机构代码', 'zzjgdm'],
  basis: 'GB 11714-1997',
  type: 'text',
  codeList: null,
  sensitivity: 1,
  personal: false,
  mask: null,
  standardise: when(matches(value, SHAPE), value, orNone(cleaned)),
  shape: matches(value, SHAPE, 'holds'),
  telling: null,
  inside: null,
  checksum: checksum(value, organisationScheme, 'holds'),
  semantics: [],
  reasons: {
    shape: { zh: '应为8位数字或大写字母，加一位数字或X', en: 'should be eight digits or capitals and a digit or X' },
    checksum: { zh: '末位校验码与前8位不符', en: 'the check character does not agree with the first eight' },
  },
  examples: {
    valid: ['594672399', '71526726X', 'MA62K0260'],
    invalid: [
      { value: '59467239', verdict: 'shape' },
      { value: '594672398', verdict: 'checksum' },
    ],
    standardised: [
      { from: '71526726-x', to: '71526726X' },
      { from: ' ５９４６７２３９－９', to: '594672399' },
    ],
  },
});
