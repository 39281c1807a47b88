/** A share written with a percent sign, kept as the number before it. */
import { element } from '#declare';
import { isAbsent, matches, text, value, when } from '#declare/expr/index';
import { beforePercent, isPercent, NUMBER } from './amounts.ts';

export default element({
  id: 'percent',
  title: { zh: '百分数', en: 'Per cent' },
  // A name alone does not say whether 0.5 is a half or half a hundredth: only the sign does.
  names: [],
  basis: 'GB/T 15835-2011',
  type: 'number',
  codeList: null,
  unit: '%',
  sensitivity: 1,
  personal: false,
  mask: when(isAbsent(value), value, text('****')),
  standardise: beforePercent,
  shape: matches(value, NUMBER, 'holds'),
  telling: isPercent,
  inside: null,
  checksum: null,
  semantics: [],
  reasons: { shape: { zh: '不是百分数（如 12.5%）', en: 'no percentage such as 12.5%' }, checksum: null },
  examples: {
    valid: ['0', '12.5', '-3'],
    invalid: [
      { value: '12.5‰', verdict: 'shape' },
      { value: '约一成', verdict: 'shape' },
    ],
    standardised: [
      { from: '12.5%', to: '12.5' },
      { from: '－３．２％', to: '-3.2' },
      { from: ' +8 % ', to: '8' },
      { from: '(3.2%)', to: '-3.2' },
    ],
  },
});
