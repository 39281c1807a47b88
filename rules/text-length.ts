/** A text must have so many characters, counted as people count them. */
import { ruleKind } from '#declare';
import { all, ge, le, len, param, value } from '#declare/expr/index';

export default ruleKind({
  id: 'text-length',
  title: { zh: '文本长度在范围之内', en: 'Length of a text' },
  basis: 'GB/T 36344-2018 规范性',
  slots: [{ name: 'value', type: 'text', title: { zh: '文本字段', en: 'Field with the text' }, elements: [] }],
  params: [
    { name: 'least', type: 'number', title: { zh: '最少字数', en: 'Fewest characters' } },
    { name: 'most', type: 'number', title: { zh: '最多字数', en: 'Most characters' } },
  ],
  severity: 'block',
  proposed: null,
  holds: all(ge(len(value), param('least', 'number'), 'holds'), le(len(value), param('most', 'number'), 'holds')),
  reason: { zh: '“{value}”应为 {least} 至 {most} 个字', en: '{value} should have {least} to {most} characters' },
  examples: {
    pass: [
      { value: '张三', least: '2', most: '4' },
      { value: '𠮷田', least: '2', most: '2' },
      { value: null, least: '2', most: '4' },
    ],
    fail: [
      { value: '张', least: '2', most: '4' },
      { value: '一二三四五', least: '2', most: '4' },
    ],
  },
});
