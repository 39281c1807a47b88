/** When a delivery that did not come is late: the update cycle and its grace after the last one, arranged days off not counted in the grace. */
import type { UpdateCycle, WorkingDays } from '#declare';
import { dayOf } from '#kernel/clock';

const minuteMs = 60_000;
const dayMs = 86_400_000;

export interface Lateness {
  /** Late after this instant; null where the cycle promises no time. */
  readonly after: Date | null;
  /** Years whose days off are not arranged yet: none of theirs is left out, and that is to be said. */
  readonly unarranged: readonly string[];
}

const next = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

/** The same day so many months later, or the last one of a month that is shorter. */
function monthsLater(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(date, last));
  return first.toISOString().slice(0, 10);
}

/** `since` is when something was last delivered, or promised for the first time. */
export function lateAfter(
  { every, grace }: Pick<UpdateCycle, 'every' | 'grace'>,
  since: Date,
  days: Pick<WorkingDays, 'isHoliday'>,
): Lateness {
  if (every === null) return { after: null, unarranged: [] };
  const begun = dayOf(since);
  let moved = 0;
  let day = begun;
  if ('minutes' in every) moved += every.minutes * minuteMs;
  else day = 'days' in every ? next(begun, every.days) : monthsLater(begun, every.months);
  const unarranged = new Set<string>();
  if (grace && 'minutes' in grace) moved += grace.minutes * minuteMs;
  let left = grace && 'days' in grace ? grace.days : 0;
  while (left > 0) {
    day = next(day, 1);
    const isOff = days.isHoliday(day);
    if (isOff === undefined) unarranged.add(day.slice(0, 4));
    if (!isOff) left -= 1;
  }
  return { after: new Date(since.getTime() + (Date.parse(day) - Date.parse(begun)) + moved), unarranged: [...unarranged] };
}
