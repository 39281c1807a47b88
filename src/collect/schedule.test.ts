/** The schedule as a pure function: what must hold for any cycle, window and history, and some days written out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { workingDays } from '#declare';
import { calendars, updateCycles } from '#elements/index';
import { lateAfter } from './lateness.ts';
import { inWindow, mostTries, nextStart, type PastRun, placeOf, type Timetable } from './schedule.ts';

const cycle = (code: string) => updateCycles.find((c) => c.id === `cycle-${code}`) ?? { every: null, grace: null };
const timed = (code: string, part: Partial<Timetable> = {}): Timetable => {
  const { every, grace } = cycle(code);
  if (!every) throw new Error(code);
  return { every, grace, window: null, place: 0.3, ...part };
};
/** Written in the city's zone. */
const at = (text: string): Date => new Date(`${text.replace(' ', 'T')}:00+08:00`);
const minute = 60_000;

const anyTime = fc
  .integer({ min: 0, max: 1439 })
  .map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`);
const anyWindow = fc.option(
  fc.record({ from: anyTime, to: anyTime }).filter((w) => w.from !== w.to),
  { nil: null },
);
const anyTimetable = fc.record({
  code: fc.constantFrom('1', '2', '3', '4', '5', '6', '7'),
  window: anyWindow,
  place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

/** How long a cycle lasts at least, in milliseconds. */
const shortest = (code: string): number =>
  ({ '1': 15 / 1440, '2': 1, '3': 7, '4': 28, '5': 90, '6': 365, '7': 181 })[code as '1'] * 86_400_000;

/** Ticks of the scheduler: gaps of some minutes and, now and then, days without power; each run takes a while and may fail. */
const anyLife = fc.array(
  fc.record({
    gap: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 90 }) },
      { weight: 1, arbitrary: fc.integer({ min: 1000, max: 90_000 }) },
    ),
    fails: fc.option(fc.integer({ min: 1, max: 7200 }), { nil: null, freq: 3 }),
    takes: fc.integer({ min: 0, max: 240 }),
  }),
  { minLength: 20, maxLength: 200 },
);

interface Started {
  readonly at: Date;
  readonly why: string;
  readonly failures: number;
  readonly nextCycle: Date;
}

/** Lives through the ticks as the scheduler does. */
function live(timetable: Timetable, ticks: readonly { gap: number; fails: number | null; takes: number }[]): Started[] {
  const started: Started[] = [];
  let runs: PastRun[] = [];
  let now = at('2026-01-01 00:00').getTime();
  for (const { gap, fails, takes } of ticks) {
    now += gap * minute;
    runs = runs.map((r) =>
      r.state === 'under-way' && r.endedAt && r.endedAt.getTime() <= now ? { ...r, state: r.again === null ? 'done' : 'failed' } : r,
    );
    const next = nextStart(timetable, runs, new Date(now));
    if (next.at === null || next.at.getTime() > now) continue;
    started.push({ at: new Date(now), why: next.why, failures: next.failures, nextCycle: next.nextCycle });
    runs = [{ state: 'under-way', begunAt: new Date(now), endedAt: new Date(now + takes * minute), again: fails }, ...runs];
  }
  return started;
}

describe('for any life of a source', () => {
  test('one start a cycle and no more than its tries again, none outside the window, none while one is under way', () => {
    fc.assert(
      fc.property(anyTimetable, anyLife, ({ code, window, place }, ticks) => {
        const started = live(timed(code, { window, place }), ticks);
        for (const s of started) expect(inWindow(window, s.at)).toBe(true);
        const cycles = Map.groupBy(started, (s) => s.nextCycle.getTime());
        for (const of of cycles.values()) {
          expect(of.filter((s) => s.why !== 'again').length).toBeLessThanOrEqual(1);
          expect(of.length).toBeLessThanOrEqual(mostTries);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a cycle ends where the next begins, as long as it is said to be', () => {
    fc.assert(
      fc.property(anyTimetable, fc.integer({ min: 0, max: 3_000_000 }), ({ code, place }, minutes) => {
        const timetable = timed(code, { place });
        const now = new Date(at('2024-01-01 00:00').getTime() + minutes * minute);
        const { nextCycle } = nextStart(timetable, [], now);
        expect(nextCycle.getTime()).toBeGreaterThan(now.getTime());
        const after = nextStart(timetable, [], nextCycle).nextCycle;
        expect(after.getTime() - nextCycle.getTime()).toBeGreaterThanOrEqual(shortest(code));
        expect(nextStart(timetable, [], new Date(after.getTime() - 1)).nextCycle).toEqual(after);
      }),
      { numRuns: 300 },
    );
  });

  test('missed means once and now, whatever was missed', () => {
    fc.assert(
      fc.property(anyTimetable, fc.integer({ min: 0, max: 3_000_000 }), ({ code, place }, minutes) => {
        const timetable = timed(code, { place });
        const now = new Date(at('2024-01-01 00:00').getTime() + minutes * minute);
        const old: PastRun = { state: 'done', begunAt: at('2020-01-01 00:00'), endedAt: at('2020-01-01 00:01'), again: null };
        expect(nextStart(timetable, [old], now)).toMatchObject({ at: now, why: 'missed' });
        const made: PastRun = { ...old, begunAt: now, endedAt: now };
        const next = nextStart(timetable, [made, old], now);
        expect(next).toMatchObject({ why: 'cycle', at: next.nextCycle });
      }),
      { numRuns: 200 },
    );
  });
});

test('the starts of many sources are spread over the window, and over the days of grace', () => {
  const window = { from: '22:00', to: '04:00' };
  const starts = (code: string): Date[] =>
    Array.from(
      { length: 600 },
      (_, i) => nextStart(timed(code, { window, place: placeOf(`source-${i}`) }), [], at('2026-03-01 12:00')).nextCycle,
    );
  const perHour = Map.groupBy(starts('2'), (d) => Math.floor(d.getTime() / 3_600_000));
  expect(perHour.size).toBe(6);
  for (const of of perHour.values()) expect(of.length).toBeGreaterThan(60);
  const perDay = Map.groupBy(starts('4'), (d) => Math.floor((d.getTime() - 12 * 3_600_000) / 86_400_000));
  expect(perDay.size).toBe(10);
  for (const of of perDay.values()) expect(of.length).toBeGreaterThan(30);
});

describe('after a failure', () => {
  const daily = timed('2', { place: 0 });
  const failed = (begun: string, again: number | null): PastRun => ({ state: 'failed', begunAt: at(begun), endedAt: at(begun), again });

  test('it is tried again, later each time, when the refusal says it may pass, and not before it says so', () => {
    expect(nextStart(daily, [failed('2026-03-02 00:00', 300)], at('2026-03-02 00:01')).at).toEqual(at('2026-03-02 00:05'));
    const two = [failed('2026-03-02 00:05', 300), failed('2026-03-02 00:00', 300)];
    expect(nextStart(daily, two, at('2026-03-02 00:06')).at).toEqual(at('2026-03-02 00:15'));
    expect(nextStart(daily, [failed('2026-03-02 00:00', 36_000)], at('2026-03-02 00:01')).at).toEqual(at('2026-03-02 10:00'));
    expect(nextStart(daily, [failed('2026-03-02 00:00', null)], at('2026-03-02 00:01'))).toMatchObject({
      at: at('2026-03-03 00:00'),
      why: 'cycle',
    });
    expect(nextStart(daily, [{ ...failed('2026-03-02 00:00', 300), state: 'cancelled' }], at('2026-03-02 00:01')).why).toBe('cycle');
  });

  test('it waits for the next cycle after so many, and for the window', () => {
    const all = Array.from({ length: mostTries }, () => failed('2026-03-02 00:10', 300));
    expect(nextStart(daily, all, at('2026-03-02 08:00'))).toMatchObject({ at: at('2026-03-03 00:00'), failures: mostTries });
    const nightly = timed('3', { place: 0, window: { from: '23:00', to: '01:00' } });
    expect(nextStart(nightly, [failed('2026-03-03 00:58', 300)], at('2026-03-03 00:59')).at).toEqual(at('2026-03-03 23:00'));
  });
});

test('a window shorter than a cycle of minutes is used every day, wherever the place of the source, and the next start lies in it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 240 }),
      anyTime,
      fc.integer({ min: 1, max: 240 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (every, from, open, place) => {
        const to = new Date(at(`2026-01-01 ${from}`).getTime() + (open + 480) * minute).toISOString().slice(11, 16);
        const window = { from, to };
        const timetable: Timetable = { every: { minutes: every }, grace: null, window, place };
        const first = at(`2026-01-01 ${from}`).getTime();
        const days = new Set<number>();
        let runs: PastRun[] = [];
        // Each start is kept to the minute, and done at once.
        for (let now = first; now < first + 5 * 86_400_000; ) {
          const next = nextStart(timetable, runs, new Date(now));
          const start = Math.max(now, next.at?.getTime() ?? now);
          expect(inWindow(window, new Date(start))).toBe(true);
          days.add(Math.floor((start - first) / 86_400_000));
          runs = [{ state: 'done', begunAt: new Date(start), endedAt: new Date(start), again: null }, ...runs.slice(0, 2)];
          now = start + minute;
        }
        expect(days.size).toBeGreaterThanOrEqual(5);
      },
    ),
    { numRuns: 100 },
  );
});

test('a missed night is made up for in the next opening, not twice in it', () => {
  const nightly = timed('2', { place: 0.5, window: { from: '22:00', to: '02:00' } });
  expect(nextStart(nightly, [], at('2026-03-02 12:00'))).toMatchObject({ at: at('2026-03-03 00:00'), why: 'cycle' });
  expect(nextStart(nightly, [], at('2026-03-02 23:00'))).toMatchObject({ at: at('2026-03-02 23:00'), why: 'missed' });
});

describe('late', () => {
  const days = workingDays(calendars);
  const late = (code: string, since: string) => lateAfter(cycle(code), at(since), days);

  test('is the cycle and its grace, arranged days off left out, weekends not', () => {
    expect(late('2', '2026-03-02 09:30').after).toEqual(at('2026-03-04 09:30'));
    expect(late('3', '2026-03-02 09:30').after).toEqual(at('2026-03-11 09:30'));
    expect(late('4', '2026-03-02 09:30').after).toEqual(at('2026-04-15 09:30'));
    expect(late('1', '2026-03-02 09:30').after).toEqual(at('2026-03-02 10:30'));
    expect(late('4', '2025-08-31 08:00').after).toEqual(at('2025-10-18 08:00'));
    expect(late('2', '2025-09-29 08:00').after).toEqual(at('2025-10-09 08:00'));
  });

  test('is never said of what is irregular or delivered once', () => {
    for (const code of ['8', '9']) expect(late(code, '2020-01-01 00:00')).toEqual({ after: null, unarranged: [] });
  });

  test('in a year without a calendar leaves out no day, and says so', () => {
    expect(late('4', '2027-01-15 08:00')).toEqual({ after: at('2027-02-25 08:00'), unarranged: ['2027'] });
    expect(late('4', '2026-12-15 08:00').unarranged).toEqual(['2027']);
  });
});
