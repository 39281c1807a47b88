/** A code must be of the edition of a code list that is in force today. */
import { ruleKind } from '#declare';
import { inListAt, today, value } from '#declare/expr/index';

export default ruleKind({
  id: 'in-code-list-now',
  title: { zh: '代码现行有效', en: 'In a code list, in force today' },
  basis: 'GB/T 36344-2018 规范性',
  slots: [{ name: 'value', type: 'text', title: { zh: '代码字段', en: 'Field with the code' }, elements: [] }],
  params: [{ name: 'list', type: 'code-list', title: { zh: '代码集', en: 'Code list' } }],
  severity: 'warn',
  proposed: null,
  holds: inListAt(value, 'list', today, 'holds'),
  reason: { zh: '“{value}”不是“{list}”现行版本中的代码', en: '{value} is no code of {list} as it is in force today' },
  examples: {
    pass: [
      { value: '340104', list: 'division' },
      { value: null, list: 'division' },
    ],
    fail: [
      { value: '340823', list: 'division' },
      { value: '349999', list: 'division' },
    ],
  },
});
