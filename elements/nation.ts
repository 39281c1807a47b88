/** Nation (ethnic group): the two-digit code of GB/T 3304, from codes, letters, and names with or without 族. */
import { element } from '#declare';
import { coalesce, inList, mapText, matches, text, upper, value, when } from '#declare/expr/index';
import { orNone, squeezed } from './clean.ts';
import { nations } from './code-lists/nation.ts';

const CODE = '[0-9]{2}';

/** Names that people write instead of the standard ones. */
const ALSO = { 维族: '05', 维: '05', 蒙族: '02', 蒙: '02', 朝族: '10', 外国血统: '98', 外籍入籍: '98' };

/** Name with 族, without it, letters, and a code without its leading zero. */
const WRITTEN: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    nations.flatMap(({ code, name, letters }) => [
      [name, code],
      [name.replace(/族$/u, ''), code],
      ...(letters ? [[letters, code]] : []),
      ...(code.startsWith('0') ? [[code.slice(1), code]] : []),
    ]),
  ),
  ...ALSO,
};

const cleaned = upper(squeezed);

export default element({
  id: 'nation',
  title: { zh: '民族', en: 'Nation' },
  names: ['民族代码', 'mz', 'ethnicity'],
  basis: 'GB/T 3304-1991',
  type: 'code',
  codeList: 'nation',
  sensitivity: 3,
  personal: true,
  mask: when(matches(value, '.+'), text('**'), value),
  standardise: when(
    matches(value, CODE),
    value,
    coalesce(mapText(value, WRITTEN), orNone(cleaned, coalesce(mapText(cleaned, WRITTEN), cleaned))),
  ),
  shape: matches(value, CODE, 'holds'),
  telling: matches(squeezed, '.{1,6}族|汉', 'fails'),
  inside: null,
  checksum: null,
  semantics: [
    {
      id: 'listed',
      title: { zh: '民族代码在标准之中', en: 'The code is listed' },
      severity: 'unlisted',
      holds: inList(value, 'nation', 'holds'),
      reason: { zh: '民族代码不在 GB/T 3304 之中', en: 'the code is not in GB/T 3304' },
    },
  ],
  reasons: { shape: { zh: '不是两位民族代码，也不是可以对应的民族名称', en: 'neither a two-digit code nor a known name' }, checksum: null },
  examples: {
    valid: ['01', '56', '97'],
    invalid: [
      { value: '汉人', verdict: 'shape' },
      { value: '57', verdict: 'listed' },
    ],
    standardised: [
      { from: '汉族', to: '01' },
      { from: '汉', to: '01' },
      { from: '1', to: '01' },
      { from: ' 土家族', to: '15' },
      { from: '土', to: '30' },
      { from: '西域人', to: '西域人' },
      { from: '０３', to: '03' },
      { from: 'UG', to: '05' },
    ],
  },
});
