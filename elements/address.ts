/** Address as one text, from the province or city down to the room. */
import { element } from '#declare';
import {
  all,
  any,
  concat,
  type Expr,
  gt,
  indexOf,
  isIn,
  le,
  len,
  matches,
  minus,
  not,
  num,
  replaceText,
  slice,
  text,
  value,
  when,
} from '#declare/expr/index';
import { isPlain, orNone, privateCharacters, spaced, trimmed, withCommonCharacters } from './clean.ts';
import { endsAsOrganisation } from './organisation-words.ts';

/** Needs no cleaning: Chinese characters, digits, letters, hyphens and full-width parentheses. */
const PLAIN = '[\u4e00-\u9fff0-9A-Za-z（）-]{1,200}';
/** What stands before 区 where it is no district: 小区, 社区, 园区, 厂区, 校区, 院区, 库区, 片区, 景区. */
const NOT_DISTRICT = ['小', '社', '园', '厂', '校', '院', '库', '片', '景', '新'];
const PLACEHOLDERS = ['同上', '同前', '待定'];

const common = withCommonCharacters(spaced(trimmed));
/** Blanks vanish save between Latin words and numbers. Variants of 号 and parentheses become one. A text that is all Latin keeps its own. */
const cleaned = when(matches(common, '[ -~]+'), common, replaceText(replaceText(replaceText(common, '號', '号'), '(', '（'), ')', '）'));
const district = indexOf(value, '区');
const county = indexOf(value, '县');
const city = indexOf(value, '市');

export default element({
  id: 'address',
  title: { zh: '地址', en: 'Address' },
  names: [
    '住址',
    '住所',
    '地址',
    '详细地址',
    '经营场所',
    '注册地址',
    '居住地址',
    '通讯地址',
    '单位地址',
    '户籍地址',
    '机构地址',
    '家庭住址',
    '户籍所在地',
    'zz',
    'dz',
    'hjdz',
    'jtzz',
    'txdz',
    'address',
    'location',
  ],
  basis: 'GB/T 23705-2009',
  type: 'text',
  codeList: null,
  sensitivity: 3,
  ofBodies: 1,
  personal: true,
  mask: when(
    all(near(district), not(isIn(slice(value, minus(district, 1), 1), NOT_DISTRICT))),
    upTo(district),
    when(near(county), upTo(county), when(near(city), upTo(city), when(gt(len(value), num(0)), text('****'), value))),
  ),
  standardise: when(isPlain(PLAIN), value, orNone(trimmed, cleaned)),
  shape: all(matches(value, '[^\u0001-\u001f]{2,200}', 'holds'), not(matches(value, '[0-9!-/:-@ ]+', 'fails'))),
  telling: all(
    any(
      matches(cleaned, '.*(省|市|区|县|旗|镇|乡|州).*[0-9一二三四五六七八九十甲乙](号|幢|栋|室|组|单元|楼|弄).*', 'fails'),
      matches(cleaned, '.*(省|市|县|区).*(镇|乡|街道).*(村|社区|居委会)', 'fails'),
    ),
    not(endsAsOrganisation(cleaned)),
  ),
  inside: null,
  checksum: null,
  semantics: [
    {
      id: 'not-placeholder',
      title: { zh: '不是代替地址的字样', en: 'Not a word written instead of an address' },
      severity: 'warn',
      holds: not(isIn(value, PLACEHOLDERS, 'fails')),
      reason: {
        zh: '填写的是“同上”“待定”一类字样，不是地址',
        en: 'a word such as “as above” or “to be decided” stands where the address should be',
      },
    },
    privateCharacters,
  ],
  reasons: {
    shape: { zh: '地址应为2至200个字，且不能只有数字和符号', en: 'an address has 2 to 200 characters, not digits and signs alone' },
    checksum: null,
  },
  examples: {
    valid: ['云川市云岭区青石街道幸福路12号3幢201室', '云川市清溪县茶亭乡', '10 Elm St Cloud River ZZ 01000'],
    invalid: [
      { value: '12-3', verdict: 'shape' },
      { value: '路', verdict: 'shape' },
      { value: '同上', verdict: 'not-placeholder' },
      { value: '云岭区\ue000街道', verdict: 'private-character' },
    ],
    standardised: [
      { from: '10 Elm  St (East)   Cloud River', to: '10 Elm St (East) Cloud River' },
      { from: '云川市云岭区 幸福路12 3幢', to: '云川市云岭区 幸福路12 3幢' },
      { from: '云川市云岭区 幸福路 12\u200b 号', to: '云川市云岭区幸福路12号' },
      { from: ' 云川市　云岭区青石街道 幸福路１２號', to: '云川市云岭区青石街道幸福路12号' },
      { from: '云川市云岭区(青石街道)', to: '云川市云岭区（青石街道）' },
    ],
  },
});

/** The word stands where a city, county or district is named: after something, within the first twelve characters. */
function near(position: Expr): Expr {
  return all(gt(position, num(1)), le(position, num(12)));
}

function upTo(position: Expr): Expr {
  return concat(slice(value, 1, position), '****');
}
