/** An area written with its unit (89.5㎡, 1.2万平方米, 3公顷), kept in square metres. */
import { element } from '#declare';
import { isAbsent, matches, text, value, when } from '#declare/expr/index';
import { type Amounts, inUnit, NUMBER, saysUnit } from './amounts.ts';

const metre = '(平方米|平米|㎡)';
/** Fifteen 亩 are a hectare: one is no decimal number of square metres, so that it is not among them. */
const units: Amounts['units'] = [
  [`${metre}?`, 1],
  [`万${metre}`, 10_000],
  ['(公顷|h㎡)', 10_000],
  ['(平方公里|平方千米|[kK]㎡)', 1_000_000],
];
const respelled: Amounts['respelled'] = ['m2', 'M2', 'm²', 'M²'].map((from) => [from, '㎡']);
const squareMetres: Amounts = { units, letters: '平方米㎡万公顷hkK里千', before: '', respelled };

export default element({
  id: 'area',
  title: { zh: '带单位的面积', en: 'Area with its unit' },
  names: [],
  basis: 'GB 3100-1993',
  type: 'number',
  codeList: null,
  unit: '平方米',
  sensitivity: 1,
  personal: false,
  mask: when(isAbsent(value), value, text('****')),
  standardise: inUnit(squareMetres),
  shape: matches(value, NUMBER, 'holds'),
  telling: saysUnit({ units: [[metre, 1], ...units.slice(1)], before: '', respelled }),
  inside: null,
  checksum: null,
  semantics: [],
  reasons: {
    shape: { zh: '不是带单位的面积（如 89.5㎡、3公顷）', en: 'no area with its unit such as 89.5㎡ or 3公顷' },
    checksum: null,
  },
  examples: {
    valid: ['0', '89.5'],
    invalid: [
      { value: '3亩', verdict: 'shape' },
      { value: '89米', verdict: 'shape' },
    ],
    standardised: [
      { from: '89.5㎡', to: '89.5' },
      { from: '1,200.5 m²', to: '1200.5' },
      { from: '89.5m2', to: '89.5' },
      { from: '2 km2', to: '2000000' },
      { from: '1.2万平方米', to: '12000' },
      { from: '3公顷', to: '30000' },
      { from: '0.5平方公里', to: '500000' },
    ],
  },
});
