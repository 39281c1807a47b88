/** A sex must be the one that the 17th digit of the identity number says: odd for men, even for women. Permanent residents’ numbers (first digit 9) say nothing of it. */
import { ruleKind } from '#declare';
import { any, col, eq, isIn, matches, not, slice, text, value, when } from '#declare/expr/index';

const number = col('number');

export default ruleKind({
  id: 'sex-matches-identity-number',
  title: { zh: '性别与公民身份号码一致', en: 'Sex agrees with identity number' },
  basis: 'GB 11643-1999 第17位',
  slots: [
    { name: 'value', type: 'text', title: { zh: '性别', en: 'Sex' }, elements: ['sex'] },
    { name: 'number', type: 'text', title: { zh: '公民身份号码', en: 'Identity number' }, elements: ['identity-number'] },
  ],
  params: [],
  severity: 'warn',
  proposed: 'elements',
  holds: any(
    not(matches(number, '[1-8][0-9]{16}[0-9X]', 'fails')),
    not(isIn(value, ['1', '2'], 'fails')),
    eq(value, when(isIn(slice(number, 17, 1), ['1', '3', '5', '7', '9']), text('1'), text('2')), 'holds'),
  ),
  reason: { zh: '“{value}”与“{number}”第17位表示的性别不一致', en: '{value} is not the sex that the 17th digit of {number} says' },
  examples: {
    pass: [
      { value: '1', number: '349901188606070015' },
      { value: '2', number: '349901188606070023' },
      { value: '0', number: '349901188606070015' },
      { value: '1', number: '911124198108030024' },
      { value: null, number: '349901188606070015' },
    ],
    fail: [
      { value: '2', number: '349901188606070015' },
      { value: '1', number: '349901188606070023' },
    ],
  },
});
