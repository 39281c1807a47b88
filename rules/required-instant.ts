/** An instant must be there. */
import { ruleKind } from '#declare';
import { col, isAbsent, not } from '#declare/expr/index';

export default ruleKind({
  id: 'required-instant',
  title: { zh: '必填（时刻）', en: 'Required instant' },
  basis: 'GB/T 36344-2018 完整性',
  slots: [{ name: 'value', type: 'instant', title: { zh: '必填的字段', en: 'Field that must be filled' }, elements: [] }],
  params: [],
  severity: 'block',
  proposed: 'key',
  holds: not(isAbsent(col('value', 'instant'))),
  reason: { zh: '“{value}”为必填项，不能为空', en: '{value} must be filled' },
  examples: { pass: [{ value: '2024-02-29T08:00:00+08:00' }], fail: [{ value: null }] },
});
