/** Plain text, without blanks at its ends. */
import { element } from '#declare';
import { all, eq, indexOf, isAbsent, le, len, num, text, trim, value, when } from '#declare/expr/index';
import { orNull } from './clean.ts';

/** More than any cell that can be read: a drawing or a whole document is text as well. */
const longest = 16_000_000;

/** Nowhere in the text. */
const none = (part: string) => eq(indexOf(value, part), num(0), 'holds');

export default element({
  id: 'text',
  title: { zh: '文本', en: 'Text' },
  names: [],
  basis: 'GB/T 18391.1-2009',
  type: 'text',
  codeList: null,
  sensitivity: 1,
  personal: false,
  mask: when(isAbsent(value), value, text('****')),
  standardise: orNull(trim(value)),
  shape: le(len(value), num(longest), 'holds'),
  telling: null,
  inside: null,
  checksum: null,
  semantics: [
    {
      id: 'readable',
      title: { zh: '没有乱码', en: 'No garbled characters' },
      severity: 'warn',
      holds: all(none('\ufffd'), none('锟斤拷')),
      reason: { zh: '含有编码转换失败留下的乱码', en: 'it holds characters that a failed conversion of encoding left behind' },
    },
  ],
  reasons: { shape: { zh: '文本超过1600万字', en: 'longer than 16,000,000 characters' }, checksum: null },
  examples: {
    valid: ['云岭区', 'a b'],
    invalid: [{ value: '锟斤拷锟斤拷', verdict: 'readable' }],
    standardised: [{ from: '　云岭区 ', to: '云岭区' }],
  },
});
