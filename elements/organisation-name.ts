/** Name of an enterprise, a public body or another organisation. */
import { element } from '#declare';
import { all, matches, not, replaceText, value, when } from '#declare/expr/index';
import { isPlain, orNone, privateCharacters, spaced, trimmed, withCommonCharacters, withoutBlanks } from './clean.ts';
import { endsAsOrganisation } from './organisation-words.ts';

/** Needs no cleaning: Chinese characters and full-width parentheses. */
const PLAIN = '[\u4e00-\u9fff（）]{1,200}';
/** Beside a Latin word a blank is part of the name. */
const common = withCommonCharacters(spaced(trimmed, '[A-Za-z] | [A-Za-z]|[!-~] +[!-~]'));
/** Full-width parentheses stand in Chinese names; a Latin one keeps its own. */
const parentheses = when(matches(common, '[ -~]+'), common, replaceText(replaceText(common, '(', '（'), ')', '）'));

export default element({
  id: 'organisation-name',
  title: { zh: '机构名称', en: 'Name of an organisation' },
  names: [
    '单位名称',
    '企业名称',
    '机构名称',
    '公司名称',
    '主体名称',
    '法人名称',
    '学校名称',
    '医院名称',
    '药店名称',
    '用人单位',
    '建设单位',
    'dwmc',
    'qymc',
    'jgmc',
    'company',
    'organization',
    'organisation',
  ],
  basis: '企业名称登记管理规定（国务院令第734号）',
  type: 'text',
  codeList: null,
  sensitivity: 1,
  personal: false,
  mask: null,
  // Registered names write full-width parentheses; blanks are kept only where Latin words need them.
  standardise: when(isPlain(PLAIN), value, orNone(trimmed, parentheses)),
  // One character is a name as well: X.
  shape: all(matches(value, '[^\u0001-\u001f]{1,200}', 'holds'), not(matches(value, '[ -@]+', 'fails'))),
  telling: endsAsOrganisation(withoutBlanks(trimmed)),
  inside: null,
  checksum: null,
  semantics: [privateCharacters],
  reasons: {
    shape: { zh: '名称应为1至200个字，且不能只有数字和符号', en: 'a name has 1 to 200 characters, not digits and signs alone' },
    checksum: null,
  },
  examples: {
    valid: ['云川市青石软件有限公司', '云川（中国）商贸有限公司', 'ABC 云川有限公司', 'X', 'Stone (Cloud River) Ltd'],
    invalid: [
      { value: '12345', verdict: 'shape' },
      { value: '--12', verdict: 'shape' },
      { value: '云川市\ue000号店', verdict: 'private-character' },
    ],
    standardised: [
      { from: ' 云川市青石软件有限公司　', to: '云川市青石软件有限公司' },
      { from: '云川(中国)商贸 有限公司', to: '云川（中国）商贸有限公司' },
      { from: 'ABC 云川有限公司', to: 'ABC 云川有限公司' },
      { from: '云川\u200b市　青石软件有限公司', to: '云川市青石软件有限公司' },
      { from: 'Cloud  River\u00a0Ltd', to: 'Cloud River Ltd' },
    ],
  },
});
