/** Unified social credit code: 18 characters with two check characters, the code's own and that of the organisation code inside. */
import { element } from '#declare';
import { all, any, checksum, inList, isIn, matches, slice, today, translate, upper, value, when } from '#declare/expr/index';
import { orNone, squeezed } from './clean.ts';
import { knownDivision } from './known-division.ts';
import { organisationScheme } from './organisation-code.ts';

/** GB 32100-2015, 4.3: digits and capitals without I, O, S, V, Z; a character's value is its place. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const SHAPE = '[1-9ANY][0-9A-Z][0-9]{6}[0-9A-HJ-NP-RT-UW-Y]{8}[0-9X][0-9A-HJ-NP-RT-UW-Y]';

/** The check character is the value that brings the sum to a multiple of 31: by remainder, the alphabet backwards after 0. */
const outer = { alphabet: ALPHABET, weights: WEIGHTS, modulus: 31, checkAlphabet: `0${[...ALPHABET.slice(1)].reverse().join('')}` };

const cleaned = upper(translate(squeezed, '-', ''));
const division = slice(value, 3, 6);

export default element({
  id: 'credit-code',
  title: { zh: '统一社会信用代码', en: 'Unified social credit code' },
  names: ['社会信用代码', '信用代码', '统一信用代码', '纳税人识别号', '营业执照号', 'uscc', 'tyshxydm', 'shxydm', 'usci'],
  basis: 'GB 32100-2015; GB 11714-1997',
  type: 'text',
  codeList: null,
  sensitivity: 1,
  personal: false,
  mask: null,
  standardise: when(matches(value, SHAPE), value, orNone(cleaned)),
  shape: matches(value, SHAPE, 'holds'),
  telling: null,
  inside: null,
  checksum: all(checksum(value, outer, 'holds'), checksum(slice(value, 9, 9), organisationScheme, 'holds')),
  semantics: [
    {
      id: 'category-known',
      title: { zh: '登记管理部门和机构类别在标准之中', en: 'Authority and body category are of the standard' },
      severity: 'warn',
      holds: inList(slice(value, 1, 2), 'credit-code-category', 'holds'),
      reason: {
        zh: '前2位不是标准中的登记管理部门代码和机构类别代码',
        en: 'the first two characters are no authority and category of the standard',
      },
    },
    {
      id: 'division-known',
      title: { zh: '登记管理机关行政区划代码曾经存在', en: 'The division code has existed' },
      severity: 'warn',
      holds: any(isIn(division, ['100000'], 'holds'), knownDivision(division)),
      on: today,
      reason: { zh: '第3至8位从未作为行政区划代码使用过', en: 'characters 3 to 8 were never a division code' },
    },
  ],
  reasons: {
    shape: {
      zh: '应为18位统一社会信用代码（数字和大写字母，不含I、O、S、V、Z）',
      en: 'should be 18 digits and capitals, without I, O, S, V and Z',
    },
    checksum: {
      zh: '末位校验码不符，或者其中的组织机构代码（第9至17位）校验码不符',
      en: 'the check character is wrong, or that of the organisation code in characters 9 to 17',
    },
  },
  examples: {
    valid: ['91350100M000100Y43', '12441500196720244T', '11100000000013338W'],
    invalid: [
      { value: '91340000711771143I', verdict: 'shape' },
      { value: '9134000071177114J', verdict: 'shape' },
      { value: '91310000MA1K35CU1G', verdict: 'checksum' },
    ],
    standardised: [
      { from: ' 91350100m000100y43 ', to: '91350100M000100Y43' },
      { from: '９１３５０１００Ｍ０００１００Ｙ４３', to: '91350100M000100Y43' },
      { from: '91350100-M000100Y4-3', to: '91350100M000100Y43' },
    ],
  },
});
