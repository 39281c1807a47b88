/**
 * When a source is read by itself: a pure function of its update cycle, its window, its former runs and now. Cycles are counted by the calendar
 * of the city (days, weeks from Monday, months from the first). In each a source has one start of its own, spread over grace and window.
 */
import { createHash } from 'node:crypto';
import type { Span, UpdateCycle, Window } from '#declare';
import { dayOf, instantOf, zoneOffset } from '#kernel/clock';

/** What the starts of one source follow. */
export interface Timetable {
  readonly every: Span;
  readonly grace: UpdateCycle['grace'];
  readonly window: Window | null;
  /** Place of the source among all, from 0 to below 1, so that they do not start at once. */
  readonly place: number;
}

/** A collection that was begun, by the schedule or by a person. */
export interface PastRun {
  readonly state: 'under-way' | 'done' | 'failed' | 'cancelled';
  readonly begunAt: Date;
  readonly endedAt: Date | null;
  /** Seconds after which what it failed for may have passed by itself; null where it does not. */
  readonly again: number | null;
}

/** The next start. */
export interface NextStart {
  /** Not later than now: it is due. Null while a collection is under way. */
  readonly at: Date | null;
  /** `cycle` the start of a cycle, `missed` its start went by without one, `again` after a failure. */
  readonly why: 'cycle' | 'missed' | 'again' | 'under-way';
  /** The next start of a cycle that has not begun yet. */
  readonly nextCycle: Date;
  /** Failures of this cycle. */
  readonly failures: number;
}

/** A cycle is given up after so many failures; the next one begins as if nothing had been. */
export const mostTries = 5;
const longestWaitMs = 6 * 3600_000;
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** A place from 0 to below 1 for every id, always the same. */
export const placeOf = (id: string): number => createHash('sha256').update(id).digest().readUInt32BE(0) / 2 ** 32;

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const openMs = ({ from, to }: Window): number => ((minutesOf(to) - minutesOf(from) + 1440) % 1440) * minuteMs;

/** How long the window has been open; null while it is shut. */
function sinceOpened(window: Window, at: number): number | null {
  const wall = (at + zoneOffset(at)) % dayMs;
  const since = (wall - minutesOf(window.from) * minuteMs + dayMs) % dayMs;
  return since < openMs(window) ? since : null;
}

/** Whether a source may be read now. */
export const inWindow = (window: Window | null, at: Date): boolean => window === null || sinceOpened(window, at.getTime()) !== null;

/** When the window that is open shuts; null where there is none, or it is shut. */
export function shutsAt(window: Window | null, at: Date): Date | null {
  const since = window && sinceOpened(window, at.getTime());
  return window && since !== null ? new Date(at.getTime() + openMs(window) - since) : null;
}

/** The first instant from `at` on that lies in the window. */
export function entering(window: Window | null, at: number): number {
  if (window === null || sinceOpened(window, at) !== null) return at;
  const today = instantOf(dayOf(new Date(at)), minutesOf(window.from) * minuteMs).getTime();
  return today >= at ? today : today + dayMs;
}

const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / dayMs;
const dayText = (number: number): string => new Date(number * dayMs).toISOString().slice(0, 10);
/** 1970-01-05 was a Monday. */
const monday = 4;

/** Number of the cycle of days or months that a day lies in. */
function cycleAt(every: Exclude<Span, { minutes: number }>, day: string): number {
  if ('days' in every) return Math.floor((dayNumber(day) - monday) / every.days);
  return Math.floor((Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1) / every.months);
}

/** The first day of a cycle. */
function firstDay(every: Exclude<Span, { minutes: number }>, cycle: number): string {
  if ('days' in every) return dayText(cycle * every.days + monday);
  const month = cycle * every.months;
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}

/** The start in a cycle of days or months: on one of the days of grace, somewhere in the window. */
function startOf({ every, grace, window, place }: Timetable, cycle: number): number {
  const days = grace && 'days' in grace ? grace.days : 1;
  const part = place * days;
  const first = dayNumber(firstDay(every as Exclude<Span, { minutes: number }>, cycle));
  const [from, length] = window ? [minutesOf(window.from) * minuteMs, openMs(window)] : [0, dayMs];
  const into = Math.floor(((part - Math.floor(part)) * length) / 1000) * 1000;
  return instantOf(dayText(first + Math.floor(part)), from + into).getTime();
}

/** The cycle that can be kept. A window no longer than a cycle of minutes may miss its starts: it is used once each time it opens. */
const spanOf = ({ every, window }: Timetable): Span =>
  'minutes' in every && window !== null && every.minutes * minuteMs >= openMs(window) ? { days: 1 } : every;

/** The last start of a cycle up to `now`, and the first one after it. */
function startsAround(timetable: Timetable, now: number): readonly [last: number, next: number] {
  const { window, place } = timetable;
  const every = spanOf(timetable);
  if ('minutes' in every) {
    const length = every.minutes * minuteMs;
    const shift = Math.floor((place * length) / 1000) * 1000 - zoneOffset(now);
    const last = Math.floor((now - shift) / length) * length + shift;
    // A reading every few minutes has no start while the window is shut.
    const open = (start: number, step: number): number => {
      let at = start;
      for (let i = 0; i * length < dayMs && window && sinceOpened(window, at) === null; i++) at += step;
      return at;
    };
    return [open(last, -length), open(last + length, length)];
  }
  let cycle = cycleAt(every, dayOf(new Date(now))) + 1;
  let next = startOf({ ...timetable, every }, cycle + 1);
  for (;;) {
    const start = startOf({ ...timetable, every }, cycle);
    if (start <= now) return [start, next];
    next = start;
    cycle -= 1;
  }
}

/**
 * The next start of a source. `runs` are its collections, newest first, at least those of this cycle. A cycle that was missed, one or many,
 * is made up for once, now. A collection that a person began counts for the cycle from the last start to the next.
 */
export function nextStart(timetable: Timetable, runs: readonly PastRun[], now: Date): NextStart {
  const { window } = timetable;
  const at = now.getTime();
  const [last, following] = startsAround(timetable, at);
  const nextCycle = new Date(following);
  const ofCycle = runs.filter((r) => r.begunAt.getTime() >= last);
  const failures = ofCycle.filter((r) => r.state === 'failed').length;
  const later: NextStart = { at: nextCycle, why: 'cycle', nextCycle, failures };
  if (runs[0]?.state === 'under-way') return { ...later, at: null, why: 'under-way' };
  const [latest] = ofCycle;
  if (!latest) {
    const start = entering(window, at);
    // Where the window must be waited for, the next cycle may begin in that same opening: then one start is enough.
    const isSoon = window !== null && start > at && following < start + openMs(window);
    return isSoon ? later : { ...later, at: new Date(start), why: 'missed' };
  }
  if (latest.state !== 'failed' || latest.again === null || failures >= mostTries || ofCycle.some((r) => r.state === 'done')) return later;
  const wait = Math.min(latest.again * 1000 * 2 ** (failures - 1), Math.max(longestWaitMs, latest.again * 1000));
  const again = entering(window, Math.max((latest.endedAt ?? latest.begunAt).getTime() + wait, at));
  return again < following ? { ...later, at: new Date(again), why: 'again' } : later;
}
