/** Of two days the first must not be later than the second. */
import { ruleKind } from '#declare';
import { col, le } from '#declare/expr/index';

export default ruleKind({
  id: 'date-order',
  title: { zh: '日期先后', en: 'Order of two dates' },
  basis: 'GB/T 36344-2018 一致性',
  slots: [
    { name: 'earlier', type: 'date', title: { zh: '较早的日期', en: 'The earlier date' }, elements: [] },
    { name: 'later', type: 'date', title: { zh: '较晚的日期', en: 'The later date' }, elements: [] },
  ],
  params: [],
  severity: 'block',
  proposed: null,
  holds: le(col('earlier', 'date'), col('later', 'date'), 'holds'),
  reason: { zh: '“{earlier}”晚于“{later}”', en: '{earlier} is after {later}' },
  examples: {
    pass: [
      { earlier: '2020-01-01', later: '2020-01-01' },
      { earlier: '2020-01-01', later: null },
    ],
    fail: [{ earlier: '2020-01-02', later: '2020-01-01' }],
  },
});
