/** A code must be of the edition of a code list that was in force on the day of another field. */
import { ruleKind } from '#declare';
import { col, inListAt, value } from '#declare/expr/index';

export default ruleKind({
  id: 'in-code-list-at',
  title: { zh: '代码在当时有效', en: 'In a code list, in force on that day' },
  basis: 'GB/T 36344-2018 规范性',
  slots: [
    { name: 'value', type: 'text', title: { zh: '代码字段', en: 'Field with the code' }, elements: ['division'] },
    { name: 'at', type: 'date', title: { zh: '作为基准日的字段', en: 'Field with the day' }, elements: [] },
  ],
  params: [{ name: 'list', type: 'code-list', title: { zh: '代码集', en: 'Code list' } }],
  severity: 'warn',
  proposed: null,
  holds: inListAt(value, 'list', col('at', 'date'), 'holds'),
  reason: { zh: '“{value}”在“{at}”当日不是“{list}”中有效的代码', en: '{value} was no code of {list} on the day of {at}' },
  examples: {
    pass: [
      { value: '340823', at: '2010-01-01', list: 'division' },
      { value: 'O79', at: '2016-05-01', list: 'industry' },
      { value: 'O79', at: null, list: 'industry' },
    ],
    fail: [
      { value: '340823', at: '2024-01-01', list: 'division' },
      { value: 'O79', at: '2018-05-01', list: 'industry' },
    ],
  },
});
