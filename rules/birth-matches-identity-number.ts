/** A date of birth must be the one in the identity number. Whether the number itself is right is the element’s business. */
import { ruleKind } from '#declare';
import { any, col, eq, matches, not, slice, toDate } from '#declare/expr/index';

const number = col('number');

export default ruleKind({
  id: 'birth-matches-identity-number',
  title: { zh: '出生日期与公民身份号码一致', en: 'Birth date agrees with identity number' },
  basis: 'GB 11643-1999 第7至14位',
  slots: [
    { name: 'value', type: 'date', title: { zh: '出生日期', en: 'Date of birth' }, elements: ['birth-date'] },
    { name: 'number', type: 'text', title: { zh: '公民身份号码', en: 'Identity number' }, elements: ['identity-number'] },
  ],
  params: [],
  severity: 'block',
  proposed: 'elements',
  holds: any(not(matches(number, '[0-9]{17}[0-9X]', 'fails')), eq(toDate(slice(number, 7, 8), 'YYYYMMDD'), col('value', 'date'), 'holds')),
  reason: { zh: '“{value}”与“{number}”中的出生日期不一致', en: '{value} is not the birth date in {number}' },
  examples: {
    pass: [
      { value: '1886-06-07', number: '349901188606070015' },
      { value: null, number: '349901188606070015' },
      { value: '1886-06-07', number: null },
      { value: '1886-06-07', number: '349901860607001' },
    ],
    fail: [{ value: '1886-07-06', number: '349901188606070015' }],
  },
});
