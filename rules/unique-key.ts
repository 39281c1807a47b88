/** Of the rows of a delivery that have the same key one is kept; compiled by the machine because it compares rows. */
import { ruleKind } from '#declare';

export default ruleKind({
  id: 'unique-key',
  title: { zh: '主键唯一', en: 'Unique key' },
  basis: 'GB/T 36344-2018 准确性（数据唯一性）',
  slots: [],
  params: [],
  severity: 'block',
  proposed: 'table',
  holds: { compiled: 'unique-key' },
  reason: { zh: '本批中已有主键相同的行', en: 'another row of the delivery has the same key' },
  examples: { pass: [], fail: [] },
});
