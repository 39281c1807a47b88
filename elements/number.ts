/** A decimal number, from the ways in which spreadsheets and forms write one. */
import { element } from '#declare';
import { isAbsent, matches, text, value, when } from '#declare/expr/index';
import { NUMBER, plainNumber } from './amounts.ts';

export default element({
  id: 'number',
  title: { zh: '数值', en: 'Number' },
  // What is called a number of something may be its name: buildingNumber.
  names: ['数量', '金额', '合计', '面积', '人数', '总数', '数值', 'amount', 'count', 'total'],
  basis: 'GB/T 15835-2011',
  type: 'number',
  codeList: null,
  sensitivity: 1,
  personal: false,
  mask: when(isAbsent(value), value, text('****')),
  standardise: plainNumber,
  shape: matches(value, NUMBER, 'holds'),
  telling: null,
  inside: null,
  checksum: null,
  semantics: [],
  reasons: {
    shape: { zh: '不是数值', en: 'no number' },
    checksum: null,
  },
  examples: {
    valid: ['0', '-1.5', '1000000', '116.39712345678', '123456789012345678'],
    invalid: [
      { value: '1,23', verdict: 'shape' },
      { value: '100元', verdict: 'shape' },
      { value: '1.2E', verdict: 'shape' },
      { value: '1E+1234', verdict: 'shape' },
      { value: '5+3', verdict: 'shape' },
      { value: '(1,234.50', verdict: 'shape' },
      { value: '(-5)', verdict: 'shape' },
      { value: '12 5', verdict: 'shape' },
      { value: '1 2 3', verdict: 'shape' },
      { value: '3 .5', verdict: 'shape' },
    ],
    standardised: [
      { from: ' 1,234.50 ', to: '1234.50' },
      { from: '12 345 678.5', to: '12345678.5' },
      { from: '12 5', to: '12 5' },
      { from: '１２３．４', to: '123.4' },
      { from: '+5', to: '5' },
      { from: '－5', to: '-5' },
      { from: '.5', to: '0.5' },
      { from: '-.5', to: '-0.5' },
      { from: '5.', to: '5' },
      { from: '1.2E+05', to: '120000' },
      { from: '-1.25e3', to: '-1250' },
      { from: '5e-05', to: '0.00005' },
      { from: '3.E2', to: '300' },
      { from: '0.0000001234', to: '0.0000001234' },
      { from: '(1,234.50)', to: '-1234.50' },
      { from: '（１，２３４．５０）', to: '-1234.50' },
      { from: '￥1,234.00', to: '1234.00' },
      { from: '-¥ 3', to: '-3' },
      { from: '(￥3)', to: '-3' },
    ],
  },
});
