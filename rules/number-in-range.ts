/** A number must lie between two others, both included. */
import { ruleKind } from '#declare';
import { all, col, ge, le, param } from '#declare/expr/index';

export default ruleKind({
  id: 'number-in-range',
  title: { zh: '数值在范围之内', en: 'Number in a range' },
  basis: 'GB/T 36344-2018 准确性',
  slots: [{ name: 'value', type: 'number', title: { zh: '数值字段', en: 'Field with the number' }, elements: [] }],
  params: [
    { name: 'least', type: 'number', title: { zh: '下限', en: 'Least' } },
    { name: 'most', type: 'number', title: { zh: '上限', en: 'Most' } },
  ],
  severity: 'block',
  proposed: null,
  holds: all(ge(col('value', 'number'), param('least', 'number'), 'holds'), le(col('value', 'number'), param('most', 'number'), 'holds')),
  reason: { zh: '“{value}”不在 {least} 至 {most} 之间', en: '{value} is not between {least} and {most}' },
  examples: {
    pass: [
      { value: '0', least: '0', most: '150' },
      { value: '150', least: '0', most: '150' },
      { value: null, least: '0', most: '150' },
    ],
    fail: [
      { value: '-0.01', least: '0', most: '150' },
      { value: '151', least: '0', most: '150' },
    ],
  },
});
