/** A row whose label says 合计, 小计 or the like is a sum that somebody typed under the data, no record. */
import { ruleKind } from '#declare';
import { decided, halfWidth, matches, not, translate, value } from '#declare/expr/index';

/** The labels with which people head such rows. */
const TOTAL = '(本页|本表|本月|本季|本年|以上|全市|全区|全县)?(合计|小计|总计|共计|累计|总和|总数|合共)';

export default ruleKind({
  id: 'not-total-row',
  title: { zh: '不是合计行', en: 'Not a row of totals' },
  basis: 'GB/T 36344-2018 准确性',
  slots: [{ name: 'value', type: 'text', title: { zh: '可能写有“合计”的字段', en: 'Field that may hold the label' }, elements: [] }],
  params: [],
  severity: 'block',
  proposed: 'first',
  holds: not(decided(matches(translate(halfWidth(value), ' :', ''), TOTAL), 'fails')),
  reason: { zh: '这一行的“{value}”写的是合计、小计一类字样，不是数据行', en: '{value} says that the row is a total, no record' },
  examples: {
    pass: [{ value: '张三' }, { value: '合计通讯有限公司' }, { value: null }],
    fail: [{ value: '合计' }, { value: ' 小　计：' }, { value: '本页小计' }, { value: '总 计' }],
  },
});
