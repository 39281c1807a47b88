/** Industry: section letter and division of GB/T 4754-2017, e.g. I65, with up to two digits more for group and class. */
import { element } from '#declare';
import { coalesce, concat, type Expr, inListAt, lookup, mapText, matches, slice, today, upper, value, when } from '#declare/expr/index';
import { orNone, squeezed } from './clean.ts';
import { divisions2017 } from './code-lists/industry.ts';

const CODE = '[A-T][0-9]{2}([0-9]{1,2})?';
/** Sections of the divisions that have one number in both editions; from 79 on a bare number does not say which edition it is of. */
const SECTION = Object.fromEntries(
  divisions2017.filter(({ division }) => division < '79').map(({ division, section }) => [division, section]),
);

const cleaned = upper(squeezed);
const withSection: Expr = when(
  matches(cleaned, '[0-9]{2,4}'),
  concat(mapText(slice(cleaned, 1, 2), SECTION), cleaned),
  lookup(cleaned, 'industry', 'code'),
);

export default element({
  id: 'industry',
  title: { zh: '行业代码', en: 'Industry' },
  names: ['行业', '行业分类代码', '国民经济行业代码', 'hydm'],
  basis: 'GB/T 4754-2017',
  type: 'code',
  codeList: 'industry',
  sensitivity: 1,
  personal: false,
  mask: null,
  standardise: when(matches(value, CODE), value, orNone(cleaned, coalesce(withSection, cleaned))),
  shape: matches(value, CODE, 'holds'),
  telling: null,
  inside: null,
  checksum: null,
  semantics: [
    {
      id: 'in-force',
      title: { zh: '门类和大类在现行版之中', en: 'Section and division are of the edition in force' },
      severity: 'unlisted',
      holds: inListAt(slice(value, 1, 3), 'industry', today, 'holds'),
      reason: {
        zh: '门类和大类不在 GB/T 4754-2017 之中（自79起，2011年版与2017年版的大类编号不同）',
        en: 'section and division are not in GB/T 4754-2017 (from 79 on the edition of 2011 has other numbers)',
      },
    },
  ],
  reasons: { shape: { zh: '应为一位门类字母和二至四位数字', en: 'should be a section letter and two to four digits' }, checksum: null },
  examples: {
    valid: ['I65', 'I651', 'I6510', 'O80'],
    invalid: [
      { value: 'U01', verdict: 'shape' },
      { value: '79', verdict: 'shape' },
      { value: 'O79', verdict: 'in-force' },
      { value: 'P82', verdict: 'in-force' },
      { value: 'I99', verdict: 'in-force' },
    ],
    standardised: [
      { from: 'i65', to: 'I65' },
      { from: 'Ｉ６５１０', to: 'I6510' },
      { from: '65', to: 'I65' },
      { from: '6510', to: 'I6510' },
      { from: '软件和信息技术服务业', to: 'I65' },
      { from: '82', to: '82' },
      { from: '软件', to: '软件' },
    ],
  },
});
