/** Division code: the six digits of a province, prefecture or county. */
import { element } from '#declare';
import { all, any, concat, inList, inListAt, matches, slice, text, today, value, when } from '#declare/expr/index';
import { orNone, squeezed } from './clean.ts';
import { knownDivision } from './known-division.ts';

const SIX = '[0-9]{6}';

/**
 * What only statistics count as a division, in no edition of the standard: zones (71 to 80 in the last two digits), the one prefecture of a
 * municipality (01, 02) and counties right below their province (90).
 */
const statistical = any(
  all(matches(value, '[0-9]{4}(7[1-9]|80)', 'holds'), inList(concat(slice(value, 1, 4), text('00')), 'division')),
  all(matches(value, '[0-9]{2}(01|02|90)00', 'holds'), inList(concat(slice(value, 1, 2), text('0000')), 'division')),
);

export default element({
  id: 'division',
  title: { zh: '行政区划代码', en: 'Division code' },
  names: [
    '行政区划',
    '区划代码',
    '行政区代码',
    '区县代码',
    '地区代码',
    '所属区划',
    'xzqh',
    'xzqhdm',
    'adcode',
    'area code',
    'city code',
    'province code',
    'county code',
    'district code',
    'division code',
  ],
  basis: 'GB/T 2260',
  type: 'code',
  codeList: 'division',
  sensitivity: 1,
  personal: false,
  mask: null,
  // Statistical systems write a county with the zeros of the township and village levels behind it, a province or city without its own.
  standardise: when(
    matches(value, SIX),
    value,
    orNone(
      squeezed,
      when(
        matches(squeezed, '[0-9]{6}(000){1,2}'),
        slice(squeezed, 1, 6),
        when(
          matches(squeezed, '[0-9]{4}'),
          concat(squeezed, text('00')),
          when(matches(squeezed, '[0-9]{2}'), concat(squeezed, text('0000')), squeezed),
        ),
      ),
    ),
  ),
  shape: matches(value, SIX, 'holds'),
  // Six digits alone may be anything: that nearly all of them stand in the list is what `known` says.
  telling: any(matches(squeezed, `${SIX}(000){0,2}`, 'fails'), matches(squeezed, '([0-9]{2}){1,2}', 'fails')),
  inside: null,
  checksum: null,
  semantics: [
    {
      id: 'known',
      title: { zh: '代码曾经存在', en: 'The code has existed' },
      severity: 'unlisted',
      holds: any(knownDivision(value), statistical),
      on: today,
      reason: { zh: '从未作为行政区划代码使用过', en: 'this was never a division code' },
    },
    {
      id: 'in-force',
      title: { zh: '代码现行有效', en: 'The code is in force' },
      severity: 'warn',
      holds: any(inListAt(value, 'division', today, 'holds'), statistical),
      reason: { zh: '该行政区划代码已经撤销或变更，现已不再使用', en: 'this division code has been abolished or replaced' },
    },
  ],
  reasons: { shape: { zh: '应为6位数字', en: 'should be six digits' }, checksum: null },
  examples: {
    valid: ['340104', '340000', '340172', '419000'],
    invalid: [
      { value: '34010', verdict: 'shape' },
      { value: '蜀山区', verdict: 'shape' },
      { value: '340524', verdict: 'known' },
      { value: '340823', verdict: 'in-force' },
    ],
    standardised: [
      { from: '３４０１０４', to: '340104' },
      { from: ' 340104', to: '340104' },
      { from: '340104000000', to: '340104' },
      { from: '34', to: '340000' },
      { from: '3401', to: '340100' },
      { from: '340104001', to: '340104001' },
    ],
  },
});
