/** Date of birth of a person: a date, masked to the year, never still to come. */
import { element } from '#declare';
import { any, decided, isAbsent, le, not, toDate, today, value } from '#declare/expr/index';
import { dateShape, standardDate, yearOnly } from './date-forms.ts';

export default element({
  id: 'birth-date',
  title: { zh: '出生日期', en: 'Date of birth' },
  names: ['生日', '出生', '出生时间', '出生年月日', '出生年月', 'csrq', 'birthday', 'birth date', 'date of birth', 'dob'],
  basis: 'GB/T 7408-2005',
  type: 'date',
  codeList: null,
  sensitivity: 3,
  personal: true,
  mask: yearOnly,
  standardise: standardDate,
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
    {
      id: 'past',
      title: { zh: '日期不晚于当日', en: 'The date is not still to come' },
      severity: 'block',
      holds: any(isAbsent(toDate(value)), decided(le(toDate(value), today), 'fails')),
      reason: { zh: '晚于当日', en: 'it is still to come' },
    },
  ],
  reasons: {
    shape: { zh: '不是可以识别的日期（年、月、日俱全，年份为四位）', en: 'no date that can be read: year of four digits, month and day' },
    checksum: null,
  },
  examples: {
    valid: ['1990-03-05'],
    invalid: [
      { value: '1990年', verdict: 'shape' },
      { value: '1990-02-30', verdict: 'exists' },
      { value: '9999-12-31', verdict: 'past' },
    ],
    standardised: [{ from: '1990年3月5日', to: '1990-03-05' }],
  },
});
