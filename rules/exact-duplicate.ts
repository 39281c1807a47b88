/** A row that repeats another of its delivery in every column counts once; compiled by the machine because it compares rows. */
import { ruleKind } from '#declare';

export default ruleKind({
  id: 'exact-duplicate',
  title: { zh: '没有完全重复的行', en: 'No exact duplicate' },
  basis: 'GB/T 36344-2018 准确性（数据唯一性）',
  slots: [],
  params: [],
  severity: 'block',
  proposed: 'table',
  holds: { compiled: 'exact-duplicate' },
  reason: { zh: '与本批中另一行完全相同', en: 'the row repeats another of the delivery in every column' },
  examples: { pass: [], fail: [] },
});
