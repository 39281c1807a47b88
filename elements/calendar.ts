/** The working days of the State Council's yearly arrangements. A year comes in about November of the year before: a row of each file, or a new version in the console. */
import { calendar } from '#declare';
import { readTable } from './code-lists/csv.ts';

const days = readTable('holiday.csv', ['day', 'name', 'works']);

export default calendar({
  id: 'china',
  title: { zh: '全国工作日历', en: 'Working days of China' },
  years: readTable('holiday-year.csv', ['year', 'basis']).map(({ year, basis }) => ({
    year: Number(year),
    basis: basis || null,
    days: days.filter((d) => d.day.startsWith(year)).map(({ day, name, works }) => ({ day, title: { zh: name }, works: works === '1' })),
  })),
});
