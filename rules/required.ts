/** A text or a code must be there. */
import { ruleKind } from '#declare';
import { isBlank, not, trim, value } from '#declare/expr/index';

export default ruleKind({
  id: 'required',
  title: { zh: '必填', en: 'Required' },
  basis: 'GB/T 36344-2018 完整性',
  slots: [{ name: 'value', type: 'text', title: { zh: '必填的字段', en: 'Field that must be filled' }, elements: [] }],
  params: [],
  severity: 'block',
  proposed: 'key',
  holds: not(isBlank(trim(value))),
  reason: { zh: '“{value}”为必填项，不能为空', en: '{value} must be filled' },
  examples: { pass: [{ value: '张三' }], fail: [{ value: null }, { value: '' }, { value: ' \u3000' }] },
});
