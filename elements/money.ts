/** An amount of money written with its unit (100万元, 1.5亿元, ￥3,000), kept in yuan. */
import { element } from '#declare';
import { any, isAbsent, matches, text, value, when } from '#declare/expr/index';
import { type Amounts, inUnit, NUMBER, saysUnit } from './amounts.ts';

const yuan: Amounts = {
  units: [
    ['(元|圆)?整?', 1],
    ['千元', 1_000],
    ['万元?', 10_000],
    ['百万元', 1_000_000],
    ['千万元?', 10_000_000],
    ['亿元?', 100_000_000],
  ],
  letters: '元圆整千百万亿人民币',
  before: '(人民币)?[¥￥]?',
};

export default element({
  id: 'money',
  title: { zh: '带单位的金额', en: 'Amount with its unit' },
  // What is called 金额 and holds bare numbers is a number in the unit that the column says: only a unit behind the digits tells this one.
  names: [],
  basis: 'GB/T 15835-2011',
  type: 'number',
  codeList: null,
  unit: '元',
  sensitivity: 1,
  personal: false,
  mask: when(isAbsent(value), value, text('****')),
  standardise: inUnit(yuan),
  shape: matches(value, NUMBER, 'holds'),
  telling: any(
    saysUnit({ units: [['((千|万|百万|千万|亿)?元|圆)整?', 1]], before: yuan.before }),
    saysUnit({ units: [['[万亿]?', 1]], before: '(人民币|(人民币)?[¥￥])' }),
  ),
  inside: null,
  checksum: null,
  semantics: [],
  reasons: {
    shape: { zh: '不是带单位的人民币金额（如 100万元）', en: 'no amount in yuan with its unit such as 100万元' },
    checksum: null,
  },
  examples: {
    valid: ['0', '1000000', '12.5'],
    invalid: [
      { value: '100万美元', verdict: 'shape' },
      { value: '约百元', verdict: 'shape' },
      { value: '1,2万元', verdict: 'shape' },
    ],
    standardised: [
      { from: '100万元', to: '1000000' },
      { from: '1.5亿元', to: '150000000' },
      { from: '人民币 3,000元整', to: '3000' },
      { from: '１２．３４万元', to: '123400' },
      { from: '(1,234.5万元)', to: '-12345000' },
      { from: '￥1,234.50', to: '1234.50' },
      { from: '-￥5', to: '-5' },
      { from: '12345678901亿元', to: '1234567890100000000' },
      { from: '0.123456789万元', to: '1234.56789' },
    ],
  },
});
