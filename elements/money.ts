/** An amount of money written with its unit (100万元, 1.5亿元, ￥3,000), kept in yuan. */
import { element } from '#declare';
import {
  type Expr,
  isAbsent,
  matches,
  num,
  numberText,
  replaceText,
  text,
  times,
  toNumber,
  translate,
  value,
  when,
} from '#declare/expr/index';
import { orNone, squeezed } from './clean.ts';

const DIGITS = '-?[0-9]{1,13}(\\.[0-9]{1,6})?';
const NUMBER = '-?[0-9]{1,17}(\\.[0-9]{1,6})?';

/** Without what groups thousands, the sign of the currency and what says that nothing follows. */
const bare = translate(replaceText(squeezed, '人民币', ''), '圆,，¥￥整', '元');

/** What each unit is worth in yuan. */
const units = [
  ['元', 1],
  ['千元', 1_000],
  ['万元', 10_000],
  ['万', 10_000],
  ['百万元', 1_000_000],
  ['亿元', 100_000_000],
  ['亿', 100_000_000],
] as const;

const inYuan = units.reduceRight<Expr>(
  (otherwise, [unit, worth]) =>
    when(matches(bare, `${DIGITS}${unit}`), numberText(times(toNumber(replaceText(bare, unit, '')), num(worth))), otherwise),
  bare,
);

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
  standardise: when(matches(value, NUMBER), value, orNone(squeezed, inYuan)),
  shape: matches(value, NUMBER, 'holds'),
  telling: matches(bare, `${DIGITS}(元|千元|万元|百万元|亿元)`, 'fails'),
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
    ],
    standardised: [
      { from: '100万元', to: '1000000' },
      { from: '1.5亿元', to: '150000000' },
      { from: '人民币 3,000元整', to: '3000' },
      { from: '１２．３４万元', to: '123400' },
    ],
  },
});
