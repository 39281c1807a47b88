/** The update cycles of the catalog with the grace this city grants before a delivery is late. */
import { type UpdateCycle, updateCycle } from '#declare';

/**
 * Codes 1 to 6 are the guide's of 2017, 7 to 9 practice. The grace of days is the city's own rule (日 1、周 2、月 10、季 15、年 60); that of
 * half a year lies between quarter and year, that of real time between two readings; both unconfirmed.
 */
export const updateCycles: readonly UpdateCycle[] = [
  updateCycle({ id: 'cycle-1', title: { zh: '实时', en: 'Real time' }, every: { minutes: 15 }, grace: { minutes: 45 } }),
  updateCycle({ id: 'cycle-2', title: { zh: '每日', en: 'Daily' }, every: { days: 1 }, grace: { days: 1 } }),
  updateCycle({ id: 'cycle-3', title: { zh: '每周', en: 'Weekly' }, every: { days: 7 }, grace: { days: 2 } }),
  updateCycle({ id: 'cycle-4', title: { zh: '每月', en: 'Monthly' }, every: { months: 1 }, grace: { days: 10 } }),
  updateCycle({ id: 'cycle-5', title: { zh: '每季度', en: 'Quarterly' }, every: { months: 3 }, grace: { days: 15 } }),
  updateCycle({ id: 'cycle-7', title: { zh: '每半年', en: 'Half-yearly' }, every: { months: 6 }, grace: { days: 30 } }),
  updateCycle({ id: 'cycle-6', title: { zh: '每年', en: 'Yearly' }, every: { months: 12 }, grace: { days: 60 } }),
  updateCycle({ id: 'cycle-8', title: { zh: '不定期', en: 'Irregular' }, every: null, grace: null }),
  updateCycle({ id: 'cycle-9', title: { zh: '一次性', en: 'One-off' }, every: null, grace: null }),
];
