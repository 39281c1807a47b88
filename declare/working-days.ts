/**
 * Counting working days. The day on which something begins does not count (Civil Code 201), the next working day is the first one. A day of
 * a year whose arrangement is not known is never guessed. Days are text, so no zone can move them.
 */
import type { Calendar } from './calendar.ts';

/** The days of every year that some calendar knows. */
export interface WorkingDays {
  /** Whether a day is worked; undefined in a year that no calendar knows. */
  isWorked(day: string): boolean | undefined;
  /** Whether a day is off by arrangement, a plain weekend is not; undefined in a year that no calendar knows. */
  isHoliday(day: string): boolean | undefined;
  /** The last of so many working days after a day; undefined when they run into a year that is not known. */
  after(day: string, count: number): string | undefined;
  /** Working days from `from` (not counted) to `to` (counted); negative when `to` lies before `from`. Undefined as above. */
  between(from: string, to: string): number | undefined;
  /** The last year known without a gap from the first. */
  readonly lastYear: number | undefined;
}

const dayMs = 86_400_000;

/** The day after. */
const next = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);

/** Saturday or Sunday. */
const isWeekend = (day: string): boolean => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());

/** Counts over calendars, which add up: of a year that two of them know, the later one says. */
export function workingDays(calendars: readonly Pick<Calendar, 'years'>[]): WorkingDays {
  const years = new Map(calendars.flatMap((c) => c.years.filter((y) => y.basis !== null).map((y) => [y.year, y])));
  const arranged = new Map([...years.values()].flatMap((y) => y.days.map((d) => [d.day, d.works])));
  const isWorked = (day: string): boolean | undefined =>
    years.has(Number(day.slice(0, 4))) ? (arranged.get(day) ?? !isWeekend(day)) : undefined;
  const between = (from: string, to: string): number | undefined => {
    if (to < from) {
      const back = between(to, from);
      return back === undefined ? undefined : -back;
    }
    let worked = 0;
    for (let day = from; day < to; ) {
      day = next(day);
      const works = isWorked(day);
      if (works === undefined) return undefined;
      if (works) worked += 1;
    }
    return worked;
  };
  const first = Math.min(...years.keys());
  let lastYear = years.size === 0 ? undefined : first;
  while (lastYear !== undefined && years.has(lastYear + 1)) lastYear += 1;
  return {
    isWorked,
    isHoliday: (day) => (years.has(Number(day.slice(0, 4))) ? arranged.get(day) === false : undefined),
    between,
    lastYear,
    after(start, count) {
      let day = start;
      for (let worked = 0; worked < count; ) {
        day = next(day);
        const works = isWorked(day);
        if (works === undefined) return undefined;
        if (works) worked += 1;
      }
      return day;
    },
  };
}
