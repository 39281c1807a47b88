/** A code must be of a code list, in force or not. The parameter `list` stands where the id of the list will. */
import { ruleKind } from '#declare';
import { inList, value } from '#declare/expr/index';

export default ruleKind({
  id: 'in-code-list',
  title: { zh: '代码在代码集之中', en: 'In a code list' },
  basis: 'GB/T 36344-2018 规范性',
  slots: [{ name: 'value', type: 'text', title: { zh: '代码字段', en: 'Field with the code' }, elements: [] }],
  params: [{ name: 'list', type: 'code-list', title: { zh: '代码集', en: 'Code list' } }],
  severity: 'warn',
  proposed: null,
  holds: inList(value, 'list', 'holds'),
  reason: { zh: '“{value}”不是“{list}”中的代码', en: '{value} is no code of {list}' },
  examples: {
    pass: [
      { value: '1', list: 'sex' },
      { value: '340823', list: 'division' },
      { value: null, list: 'sex' },
    ],
    fail: [
      { value: '3', list: 'sex' },
      { value: '', list: 'sex' },
    ],
  },
});
