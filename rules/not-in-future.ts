/** A day must not be later than today. */
import { ruleKind } from '#declare';
import { col, le, today } from '#declare/expr/index';

export default ruleKind({
  id: 'not-in-future',
  title: { zh: '不晚于当日', en: 'Not in the future' },
  basis: 'GB/T 36344-2018 准确性',
  slots: [{ name: 'value', type: 'date', title: { zh: '日期字段', en: 'Field with the date' }, elements: ['date'] }],
  params: [],
  severity: 'block',
  proposed: 'elements',
  holds: le(col('value', 'date'), today, 'holds'),
  reason: { zh: '“{value}”晚于当日', en: '{value} is still to come' },
  examples: {
    pass: [{ value: '2024-02-29' }, { value: null }],
    fail: [{ value: '9999-12-31' }],
  },
});
