/** A day must not be earlier than a given one. */
import { ruleKind } from '#declare';
import { col, ge, param } from '#declare/expr/index';

export default ruleKind({
  id: 'date-not-before',
  title: { zh: '不早于指定日期', en: 'Not before a given day' },
  basis: 'GB/T 36344-2018 准确性',
  slots: [{ name: 'value', type: 'date', title: { zh: '日期字段', en: 'Field with the date' }, elements: [] }],
  params: [{ name: 'earliest', type: 'date', title: { zh: '最早日期', en: 'Earliest day' } }],
  severity: 'block',
  proposed: null,
  holds: ge(col('value', 'date'), param('earliest', 'date'), 'holds'),
  reason: { zh: '“{value}”早于 {earliest}', en: '{value} is before {earliest}' },
  examples: {
    pass: [
      { value: '1900-01-01', earliest: '1900-01-01' },
      { value: null, earliest: '1900-01-01' },
    ],
    fail: [{ value: '1899-12-31', earliest: '1900-01-01' }],
  },
});
