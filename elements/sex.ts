/** Sex: the code of GB/T 2261.1, from the words and letters that departments write. */
import { element } from '#declare';
import { coalesce, isIn, mapText, matches, text, upper, value, when } from '#declare/expr/index';
import { orNone, squeezed } from './clean.ts';

const CODE = '[0129]';

/** What is really written. A bare 0 is left alone: some systems mean women by it, and this element does not guess. */
const WRITTEN = {
  ...Object.fromEntries(['男', '男性', '男的', 'M', 'MALE', '01', '1男', '1-男', '1男性'].map((from) => [from, '1'])),
  ...Object.fromEntries(['女', '女性', '女的', 'F', 'FEMALE', '02', '2女', '2-女', '2女性'].map((from) => [from, '2'])),
  ...Object.fromEntries(['未知', '未知的性别', '未知性别', '性别不明', '00', '0未知', '0-未知'].map((from) => [from, '0'])),
  ...Object.fromEntries(['未说明', '未说明的性别', '未说明性别', '09', '9未说明', '9-未说明'].map((from) => [from, '9'])),
};

const cleaned = upper(squeezed);

export default element({
  id: 'sex',
  title: { zh: '性别', en: 'Sex' },
  names: ['性别代码', 'xb', 'gender'],
  basis: 'GB/T 2261.1-2003',
  type: 'code',
  codeList: 'sex',
  sensitivity: 2,
  personal: true,
  mask: when(matches(value, '.+'), text('*'), value),
  standardise: when(
    matches(value, CODE),
    value,
    coalesce(mapText(value, WRITTEN), orNone(cleaned, coalesce(mapText(cleaned, WRITTEN), cleaned))),
  ),
  shape: matches(value, CODE, 'holds'),
  telling: isIn(squeezed, ['男', '女', '男性', '女性'], 'fails'),
  inside: null,
  checksum: null,
  semantics: [],
  reasons: {
    shape: {
      zh: '不是性别代码（0未知、1男、2女、9未说明），也不是可以对应的写法',
      en: 'neither a code (0, 1, 2, 9) nor a known way of writing one',
    },
    checksum: null,
  },
  examples: {
    valid: ['0', '1', '2', '9'],
    invalid: [
      { value: '3', verdict: 'shape' },
      { value: '其他', verdict: 'shape' },
    ],
    standardised: [
      { from: '男', to: '1' },
      { from: ' 女 ', to: '2' },
      { from: 'f', to: '2' },
      { from: 'Ｍ', to: '1' },
      { from: '未知', to: '0' },
    ],
  },
});
