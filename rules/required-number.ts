/** A number must be there; zero is one. */
import { ruleKind } from '#declare';
import { col, isAbsent, not } from '#declare/expr/index';

export default ruleKind({
  id: 'required-number',
  title: { zh: '必填（数值）', en: 'Required number' },
  basis: 'GB/T 36344-2018 完整性',
  slots: [{ name: 'value', type: 'number', title: { zh: '必填的字段', en: 'Field that must be filled' }, elements: [] }],
  params: [],
  severity: 'block',
  proposed: 'key',
  holds: not(isAbsent(col('value', 'number'))),
  reason: { zh: '“{value}”为必填项，不能为空', en: '{value} must be filled' },
  examples: { pass: [{ value: '0' }], fail: [{ value: null }] },
});
