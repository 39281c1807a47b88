/** How many of something, written with what is counted (4375套, 12人, 1.2亿人), kept as the number of single ones. */
import { element } from '#declare';
import { isAbsent, matches, text, value, when } from '#declare/expr/index';
import { type Amounts, inUnit, NUMBER, saysUnit } from './amounts.ts';

/**
 * What is counted or measured. A column is of one of them, which its name keeps: another one among its values is a fault. None that numbers things as well
 * (3幢, 2号, 3月 and 第2期 are names).
 */
const things =
  '(人次|人|户次|户|个月|个|名|位|家|所|台|辆|套|件|宗|起|例|项|株|棵|头|只|条|笔|份|处|张|床|册|次|车次|班次|场|门|学时|课时|岁|天|小时|分钟|吨|公斤|千克|公里|米|亩|升|立方米|千瓦时|千瓦|℃|美元|欧元|港元|日元|英镑)';

const counted: Amounts = {
  units: [
    [`${things}?`, 1],
    [`千${things}`, 1_000],
    [`万${things}?`, 10_000],
    [`百万${things}`, 1_000_000],
    [`千万${things}?`, 10_000_000],
    [`亿${things}?`, 100_000_000],
  ],
  letters: [...new Set(`${things}十百千万亿`.replace(/[()|]/gu, ''))].join(''),
  before: '',
};

export default element({
  id: 'count',
  title: { zh: '带单位的数量', en: 'Quantity with its unit' },
  // What is counted goes into the name of the column, which is all that keeps it: a column that counts in several is none of these.
  names: [],
  basis: 'GB/T 15835-2011',
  type: 'number',
  codeList: null,
  sensitivity: 1,
  personal: false,
  mask: when(isAbsent(value), value, text('****')),
  standardise: inUnit(counted),
  shape: matches(value, NUMBER, 'holds'),
  telling: saysUnit({ units: [[`((千|百万)${things}|(万|千万|亿)${things}?|${things})`, 1]], before: '' }),
  inside: null,
  checksum: null,
  semantics: [],
  reasons: {
    shape: { zh: '不是带单位的数量（如 4375套、1.2万人）', en: 'no quantity with its unit such as 4375套' },
    checksum: null,
  },
  examples: {
    valid: ['0', '12', '3.5'],
    invalid: [
      { value: '3幢', verdict: 'shape' },
      { value: '5斗', verdict: 'shape' },
      { value: '约12人', verdict: 'shape' },
    ],
    standardised: [
      { from: '4375套', to: '4375' },
      { from: ' 12 人', to: '12' },
      { from: '3.5万户', to: '35000' },
      { from: '1.2亿', to: '120000000' },
      { from: '１，２３４人次', to: '1234' },
      { from: '-3户', to: '-3' },
      { from: '50.5公斤', to: '50.5' },
      { from: '100万美元', to: '1000000' },
    ],
  },
});
