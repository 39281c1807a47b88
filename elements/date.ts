/** A calendar date, from the forms in which departments really write dates. */
import { element } from '#declare';
import { any, isAbsent, not, toDate, value } from '#declare/expr/index';
import { dateShape, standardDate, yearOnly } from './date-forms.ts';

export default element({
  id: 'date',
  title: { zh: '日期', en: 'Date' },
  names: ['时间', '日', '成立时间', '登记日期', '更新日期', '发布日期', '签发日期', '办理日期', 'rq', 'date', 'day'],
  basis: 'GB/T 7408-2005',
  type: 'date',
  codeList: null,
  sensitivity: 1,
  personal: false,
  mask: yearOnly,
  standardise: standardDate,
  moment: 'instant',
  shape: dateShape,
  telling: null,
  inside: null,
  checksum: null,
  semantics: [
    {
      id: 'exists',
      title: { zh: '日期真实存在', en: 'The date exists' },
      severity: 'unlisted',
      holds: any(isAbsent(value), not(isAbsent(toDate(value)))),
      reason: { zh: '历法中没有这一天', en: 'there is no such day in the calendar' },
    },
  ],
  reasons: {
    shape: { zh: '不是可以识别的日期（年、月、日俱全，年份为四位）', en: 'no date that can be read: year of four digits, month and day' },
    checksum: null,
  },
  examples: {
    valid: ['1990-03-05', '2024-02-29'],
    invalid: [
      { value: '1990-03', verdict: 'shape' },
      { value: '90-3-5', verdict: 'shape' },
      { value: '2023-02-29', verdict: 'exists' },
      { value: '1990-13-05', verdict: 'exists' },
    ],
    standardised: [
      { from: '二〇〇三年六月十八日', to: '2003-06-18' },
      { from: '二○一二年十二月三十一日', to: '2012-12-31' },
      { from: '一九九八年十月二十日', to: '1998-10-20' },
      { from: '1990/3/5', to: '1990-03-05' },
      { from: '19900305', to: '1990-03-05' },
      { from: '1990年3月5日', to: '1990-03-05' },
      { from: '1990年 3月 5日', to: '1990-03-05' },
      { from: '1990.3.5', to: '1990-03-05' },
      { from: '1990-3-05', to: '1990-03-05' },
      { from: '1990/12/5', to: '1990-12-05' },
      { from: '１９９０－０３－０５', to: '1990-03-05' },
      { from: '　1990-03-05 ', to: '1990-03-05' },
      { from: '1990-03-05 10:20:30', to: '1990-03-05' },
      { from: '1990/3/5 0:00', to: '1990-03-05' },
      { from: '1990/3/5 上午 12:00:00', to: '1990-03-05' },
      { from: '1990年3月5日 10:20', to: '1990-03-05' },
      { from: '19900305102030', to: '1990-03-05' },
      { from: '1990-03-05T10:20:30.123+08:00', to: '1990-03-05' },
      { from: '1990-03-05 10:20:30+08', to: '1990-03-05' },
      // Summer time, and the local time of before 1901.
      { from: '1988-07-01T00:00:00.000000+09:00', to: '1988-07-01' },
      { from: '1900-06-01T00:00:00.000000+08:05:43', to: '1900-06-01' },
      { from: '1990-03-05T00:00:00.000Z', to: '1990-03-05' },
      { from: '1990-03-04T16:00:00.000Z', to: '1990-03-04T16:00:00.000Z' },
      { from: '1990年3月', to: '1990年3月' },
      { from: '32937', to: '1990-03-05' },
      { from: '32937.5', to: '1990-03-05' },
      { from: '62937', to: '62937' },
    ],
  },
});
