/** Every data element, code list and calendar of the product. */
import type { Calendar, CodeList, Element } from '#declare';
import address from './address.ts';
import area from './area.ts';
import birthDate from './birth-date.ts';
import workCalendar from './calendar.ts';
import creditCodeCategory from './code-lists/credit-code-category.ts';
import divisionList from './code-lists/division.ts';
import industryList from './code-lists/industry.ts';
import nationList from './code-lists/nation.ts';
import { noValue, noValueInText } from './code-lists/no-value.ts';
import sexList from './code-lists/sex.ts';
import count from './count.ts';
import creditCode from './credit-code.ts';
import date from './date.ts';
import division from './division.ts';
import identityNumber from './identity-number.ts';
import industry from './industry.ts';
import instant from './instant.ts';
import money from './money.ts';
import name from './name.ts';
import nation from './nation.ts';
import number from './number.ts';
import organisationCode from './organisation-code.ts';
import organisationName from './organisation-name.ts';
import percent from './percent.ts';
import phone from './phone.ts';
import sex from './sex.ts';
import text from './text.ts';

export const elements: readonly Element[] = [
  identityNumber,
  creditCode,
  organisationCode,
  division,
  industry,
  sex,
  nation,
  birthDate,
  instant,
  // Names `instant`, which must be there first.
  date,
  name,
  phone,
  address,
  organisationName,
  number,
  percent,
  money,
  count,
  area,
  text,
];

export const codeLists: readonly CodeList[] = [divisionList, industryList, sexList, nationList, creditCodeCategory, noValue, noValueInText];

/** Calendars of working days. */
export const calendars: readonly Calendar[] = [workCalendar];

export { updateCycles } from './update-cycles.ts';
